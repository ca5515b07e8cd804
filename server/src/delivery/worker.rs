//! The mail worker: takes due mails out of the queue one by one, under a lease, until none is due.

use std::sync::Arc;
use std::time::Duration;

use app::types::timestamp::Timestamp;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::mail::{MailNotSent, Mailer};
use crypto::seal::UnsealProblem;
use service::letters::ground::stands;
use service::letters::queue::PURPOSE;
use service::mail_text::MailText;
use service::metrics::MailFate;
use service::{Failure, Fault, Outcome, Services};
use settings::MAIL_LEASE;
use storage::WriteTransaction;
use storage::lost_addresses::has_lost;
use storage::mails::{QueuedMail, TakenMail, delay_mail, delete_mail, is_mail_due, take_due_mail};
use storage::refused_mailboxes::{forget_refused_mailbox, note_refused_mailbox};

/// Seconds until the second try; each further one takes twice as long.
const FIRST_DELAY: i64 = 15;
/// The longest delay, in seconds.
const LONGEST_DELAY: i64 = 3600;
/// Seconds after which a mail is given up.
const GIVE_UP_AFTER: i64 = 3 * 24 * 3600;
/// How often the queue is looked at when nobody wakes the worker.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long the worker waits once it is woken. The answer to whoever woke it is given by then: were the mail sent beside
/// it, how long it took would tell whether there was one.
const PAUSE: Duration = Duration::from_millis(5);

/// How long it waits before it writes a second time what became of a mail; each further pause is twice as long, up to the longest.
/// Together they are over before the lease is.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Sends mail until the server leaves, four at once: a slow answer to one does not hold up the others. What is on its way by
/// then is seen through: whoever cut it off would leave a mail that nobody may touch until its lease is over, and that may
/// have gone out.
pub async fn run(services: Arc<Services>, mailer: Mailer) {
    let taking = Mutex::new(IsKnownDue(false));
    let line = || Box::pin(work(&services, &mailer, &taking));
    tokio::join!(line(), line(), line(), line());
}

/// One of the four: sends what is due, rests, and looks again, whatever the others have on their way.
async fn work(services: &Services, mailer: &Mailer, taking: &Mutex<IsKnownDue>) {
    loop {
        if let Err(failure) = send_in_turn(services, mailer, &services.leaving, taking).await {
            tracing::error!(?failure, "the mail queue could not be worked on");
        }
        // A mail of another server or one that was put back is found by looking.
        let woken = services.mail_queued.notified();
        if !services.rest(woken, LOOK_EVERY).await {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends everything that is due now, and gives how many left: one round of what `run` does. Once `leaving` is cancelled, no
/// further one is taken.
pub async fn send_due(
    services: &Services,
    mailer: &Mailer,
    leaving: &CancellationToken,
) -> Outcome<u32> {
    // Most who wake the worker have queued nothing.
    if !is_mail_due(&services.database, services.now()).await? {
        return Ok(0);
    }
    // That one is due was asked just now: whoever takes first does not ask again.
    let taking = Mutex::new(IsKnownDue(true));
    // On the heap: together they are larger than a stack should carry.
    let line = || Box::pin(send_in_turn(services, mailer, leaving, &taking));
    // Not `try_join`: a fault in one line must not cut off what the others have on its way.
    let (a, b, c, d) = tokio::join!(line(), line(), line(), line());
    Ok(a? + b? + c? + d?)
}

/// Whether it is known, without asking, that a mail is due.
struct IsKnownDue(bool);

async fn send_in_turn(
    services: &Services,
    mailer: &Mailer,
    leaving: &CancellationToken,
    taking: &Mutex<IsKnownDue>,
) -> Outcome<u32> {
    let mut sent = 0;
    while !leaving.is_cancelled() {
        let Some((mail, now)) = take_next(services, taking).await? else {
            return Ok(sent);
        };
        // Who queues several wakes one line; each that finds one wakes the next.
        services.mail_queued.notify_one();
        sent += u32::from(send_one(services, mailer, mail, now).await?);
    }
    Ok(sent)
}

/// Takes the next mail that is due, and says when it did: the time is that of its turn, for which it may have waited. One line of this server takes at a time, and opens a transaction only for a mail that
/// is there: most often there is one alone, and the other lines would each begin a write for nothing.
async fn take_next(
    services: &Services,
    taking: &Mutex<IsKnownDue>,
) -> Outcome<Option<(QueuedMail, Timestamp)>> {
    let mut held = taking.lock().await;
    let now = services.now();
    let is_known = std::mem::replace(&mut held.0, false);
    if !is_known && !is_mail_due(&services.database, now).await? {
        return Ok(None);
    }
    loop {
        let transaction = services.database.begin_write().await?;
        let taken = take_due_mail(&transaction, now, now + MAIL_LEASE).await?;
        transaction.commit().await?;
        match taken {
            TakenMail::None => return Ok(None),
            TakenMail::Mail(mail) => return Ok(Some((mail, now))),
            TakenMail::SetAside => {
                tracing::error!(
                    "a row of the mail queue cannot be read, as after an edit of the database by hand: it is set aside"
                );
                services.metrics.count_mail(MailFate::SetAside);
            }
        }
    }
}

async fn send_one(
    services: &Services,
    mailer: &Mailer,
    mail: QueuedMail,
    now: Timestamp,
) -> Outcome<bool> {
    // What follows changes nothing when the lease ran out meanwhile and another server has the mail.
    let (result, to) = match open(services, &mail) {
        Ok(mail_text) => match nobody_gets(services, &mail, &mail_text, now).await {
            Ok(true) => {
                let result = mailer.rehearse(mail.id, &mail_text).await;
                // No mailbox has taken it.
                (result, Some(String::new()))
            }
            Ok(false) => {
                let result = mailer.send(mail.id, &mail_text).await;
                (result, Some(mail_text.to))
            }
            // A row that the question rests on can be mended; until then this mail is one that waits.
            Err(failure) if failure.is_unreadable() => {
                (Err(MailNotSent::Later(failure.to_string())), None)
            }
            Err(failure) => return Err(failure),
        },
        Err(unreadable) => (Err(unreadable.into()), None),
    };
    let sent = (&result, to.as_deref());
    settle_patiently(services, &mail, sent, now).await
}

/// Whether nobody gets a mail, so that nobody misses it: what is done and written about it is the same as for a mail to
/// somebody.
async fn nobody_gets(
    services: &Services,
    mail: &QueuedMail,
    mail_text: &MailText,
    now: Timestamp,
) -> Outcome<bool> {
    // Asked now, not when it was queued: the mailbox may be somebody else's by now.
    let is_lost = has_lost_its_reader(services, mail_text).await?;
    // And what it leads to may have been withdrawn, spent or replaced while it waited.
    let is_void = mail.has_waited(now) && !stands(services, mail_text).await?;
    Ok(mail_text.is_for_nobody() || is_lost || is_void)
}

/// Whether the user whom a mail is for has lost the address that it goes to.
async fn has_lost_its_reader(services: &Services, mail: &MailText) -> Outcome<bool> {
    let db = services.database.read();
    Ok(match mail.user {
        Some(user) => has_lost(db, user, &mail.to).await?,
        None => false,
    })
}

/// Writes what became of a mail, and again where the database cannot be used for the moment: nobody else may touch the mail before
/// its lease is over, and one that has left would be sent a second time then.
async fn settle_patiently(
    services: &Services,
    mail: &QueuedMail,
    sent: (&Result<(), MailNotSent>, Option<&str>),
    now: Timestamp,
) -> Outcome<bool> {
    let mut pause = FIRST_PAUSE;
    loop {
        match settle(services, mail, sent, now).await {
            Err(Failure::Fault(Fault::Storage(error)))
                if error.is_transient() && pause <= LONGEST_PAUSE =>
            {
                tracing::warn!(mail.id = %mail.id, error = error.detail(), "what became of a mail could not be written yet");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            done => return done,
        }
    }
}

async fn settle(
    services: &Services,
    mail: &QueuedMail,
    (result, to): (&Result<(), MailNotSent>, Option<&str>),
    now: Timestamp,
) -> Outcome<bool> {
    let transaction = services.database.begin_write().await?;
    if let Some(to) = to {
        note_mailbox(&transaction, to, result, now).await?;
    }
    let fate = match result {
        Ok(()) => {
            delete_mail(&transaction, mail).await?;
            MailFate::Sent
        }
        Err(MailNotSent::Later(reason)) if now.since(mail.created_at) < GIVE_UP_AFTER => {
            tracing::warn!(mail.id = %mail.id, tries = mail.tries + 1, reason, "a mail waits");
            delay_mail(&transaction, mail, now + delay(mail.tries)).await?;
            MailFate::Delayed
        }
        Err(
            MailNotSent::Later(reason)
            | MailNotSent::Never(reason)
            | MailNotSent::NoMailbox(reason),
        ) => {
            tracing::error!(mail.id = %mail.id, reason, "a mail was given up");
            delete_mail(&transaction, mail).await?;
            MailFate::GivenUp
        }
    };
    transaction.commit().await?;
    services.metrics.count_mail(fate);
    Ok(fate == MailFate::Sent)
}

/// Keeps in mind whose mailbox has refused the last letter: an offer that only a letter makes is not made to them. What was
/// refused for its content says nothing of the mailbox.
async fn note_mailbox(
    transaction: &WriteTransaction,
    to: &str,
    result: &Result<(), MailNotSent>,
    now: Timestamp,
) -> Outcome<()> {
    match result {
        Ok(()) => forget_refused_mailbox(transaction, to).await?,
        Err(MailNotSent::NoMailbox(_)) => note_refused_mailbox(transaction, to, now).await?,
        Err(MailNotSent::Later(_) | MailNotSent::Never(_)) => {}
    }
    Ok(())
}

/// Why a queued mail cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    /// Its key is missing, or what is sealed was changed.
    #[error(transparent)]
    Sealed(#[from] UnsealProblem),
    /// It opens, and is no mail of this version.
    #[error("it opens, but is no mail that this version knows")]
    Unknown,
}

impl From<Unreadable> for MailNotSent {
    fn from(unreadable: Unreadable) -> Self {
        let reason = unreadable.to_string();
        match unreadable {
            // The operator can bring the key back; while versions are exchanged, a server of the newer one reads it.
            Unreadable::Sealed(UnsealProblem::NoSuchKey(_)) | Unreadable::Unknown => {
                Self::Later(reason)
            }
            Unreadable::Sealed(UnsealProblem::Tampered) => Self::Never(reason),
        }
    }
}

fn open(services: &Services, mail: &QueuedMail) -> Result<MailText, Unreadable> {
    let plain = services
        .keys
        .open(PURPOSE, &mail.id.to_string(), &mail.sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Unreadable::Unknown)
}

fn delay(tries: u32) -> i64 {
    FIRST_DELAY
        .saturating_mul(1_i64 << tries.min(20))
        .min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_waits_twice_as_long_up_to_an_hour() {
        let delays: Vec<_> = (0..11).map(delay).collect();
        assert_eq!(delays[..4], [15, 30, 60, 120]);
        assert_eq!(delays[10], LONGEST_DELAY);
    }
}
