//! The only way into the mail queue: a letter is sealed and queued in the transaction of the act that it reports, within the
//! daily limit of its mailbox.

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::table::{Bound, Recipient, SendOrder};
use super::text::{Desk, text};
use super::{Addressed, Letter, LetterHelp};
use crate::change::Change;
use crate::limits::{self, Limit, seconds_until, take_first, take_unsaid};
use crate::refusal::Refusal;
use crate::{Failure, Fault, Outcome};
use domain::counted_mailbox::CountedMailbox;
use domain::user_address::MailReader;
use storage::Stored;
use storage::accounts::accounts_of;
use storage::mails::insert_mail;

/// Binds sealed mails to their kind; the row is the mail's id.
pub const PURPOSE: &str = "mail";
const DAY: i64 = 24 * 60 * 60;
/// Days that a letter may wait for room in its mailbox. An invitation's link lives for seven.
const MOST_DAYS: i64 = 6;
/// The longest that a letter waits for that, in seconds.
pub const LONGEST_WAIT: i64 = (MOST_DAYS + 1) * DAY;

impl Change<'_> {
    /// Queues a letter; none to a user who has lost their address. To one whose address nobody has proven goes what tells and
    /// what proves the mailbox (`AtUnproven`), within a limit of the mailbox; in place of what gives a right over the
    /// user a decoy is queued, whatever its use case has asked. Where its mailbox has had enough of the kind for today, it
    /// waits for the first day with room, and that moment is given: whoever caused it is told. Only an invitation waits: no
    /// act depends on room in a mailbox, since who fills one, their own among them, must not keep an account from removing
    /// them.
    ///
    /// # Errors
    /// Faults; the refusal of the limit where no day of the next week has room for an invitation, which is nothing without its letter.
    pub async fn queue<'t>(
        &self,
        to: impl Into<Addressed<'t>>,
        letter: &Letter<'_>,
    ) -> Outcome<Option<Timestamp>> {
        self.queue_by(to, letter, None).await
    }

    /// As `queue`, for a letter that one user may send only so many of to one mailbox.
    ///
    /// # Errors
    /// As `queue`.
    pub async fn queue_by<'t>(
        &self,
        to: impl Into<Addressed<'t>>,
        letter: &Letter<'_>,
        by: Option<UserId>,
    ) -> Outcome<Option<Timestamp>> {
        let (to, now) = (to.into(), self.services.now());
        let Some(email) = to.email else {
            return Ok(None);
        };
        if to.reader == MailReader::Anybody
            && (!letter.kind().rule().at_unproven.is_sent_to(to.reader)
                || is_spent_at_unproven(self, email, letter).await?)
        {
            self.queue_for_nobody(email, Some(to), letter).await?;
            return Ok(None);
        }
        let Some(due) = due_at(self, email, letter, by).await? else {
            let wait = seconds_until(next_day(now), now);
            return Err(Limit::MailboxOfInvitations.refusal(wait).into());
        };
        put(self, (to, ""), letter, due).await?;
        Ok((due > now).then_some(due))
    }

    /// Queues a decoy in place of a letter to an address, so that one without a user causes the same work after the answer. It
    /// greets `like`, if given, to be as long as the letter. The worker takes it, opens it, waits as long as a mail to the domain
    /// takes, and discards it.
    ///
    /// # Errors
    /// Faults.
    pub async fn queue_for_nobody(
        &self,
        address: &str,
        like: Option<Addressed<'_>>,
        letter: &Letter<'_>,
    ) -> Outcome<()> {
        let nobody = Addressed {
            name: like.and_then(|like| like.name),
            email: None,
            // As long as one to somebody, when it is sealed.
            user: like.and_then(|like| like.user),
            reader: like.map_or(MailReader::Anybody, |like| like.reader),
        };
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let due = self.services.now();
        put(self, (nobody, domain), letter, due).await
    }
}

/// Takes a letter off what strangers may send to a mailbox today, at a door that refuses beyond it: the refusal when
/// nothing is left, until the next day begins. A network that has not asked today always gets one: strangers must
/// not keep somebody from giving their own mailbox.
///
/// # Errors
/// Faults.
pub async fn take_mailbox(change: &Change<'_>, email: &EmailAddress) -> Stored<Option<Refusal>> {
    let now = change.services.now();
    let today = day_of(now);
    let bucket = Limit::MailboxOfStrangers.of_mailbox(&email.into(), today);
    if take_first(change, ("change of address", email)).await? {
        take_unsaid(change.services, change.db(), &[bucket]).await?;
        return Ok(None);
    }
    let spent = change.take(&bucket).await?;
    let wait = seconds_until(next_day(now), now);
    Ok(spent.map(|_| Limit::MailboxOfStrangers.refusal(wait)))
}

/// Takes a link by which a user proves the address in use off what they may ask for, at a door that refuses beyond it:
/// the refusal when nothing is left. What strangers send to the mailbox takes nothing from it, and a
/// network that has not asked today always gets one, as above.
///
/// # Errors
/// Faults.
pub async fn take_own_link(change: &Change<'_>, email: &EmailAddress) -> Stored<Option<Refusal>> {
    let bucket = Limit::OwnAddressLinks.of_mailbox_at_any_time(&email.into());
    if take_first(change, ("own address", email)).await? {
        take_unsaid(change.services, change.db(), &[bucket]).await?;
        return Ok(None);
    }
    change.take(&bucket).await
}

const fn next_day(now: Timestamp) -> Timestamp {
    Timestamp((day_of(now) + 1) * DAY)
}

/// Days since 1970, UTC.
const fn day_of(at: Timestamp) -> i64 {
    at.seconds().div_euclid(DAY)
}

/// Stores a letter, and has the commit wake the worker: nobody else does either.
async fn put(
    change: &Change<'_>,
    (to, nobody_at): (Addressed<'_>, &str),
    letter: &Letter<'_>,
    due: Timestamp,
) -> Outcome<()> {
    let services = change.services;
    let help = help_for(change, to, letter).await?;
    let desk = Desk::new(&services.settings, services.now()).helped_by(help);
    let id = services.new_uuid();
    let mut mail = text(letter, to, desk);
    nobody_at.clone_into(&mut mail.nobody_at);
    let plain = mail
        .to_bytes()
        .map_err(|_| Failure::Fault(Fault::Broken("a letter does not serialise")))?;
    let keys = services.keys.sealing(change.db()).await?;
    let sealed = keys.seal(services.random.as_ref(), PURPOSE, &id.to_string(), &plain);
    let key_id = keys.current().to_string();
    // How long it is tried counts from when it is due: it may have waited for room in its mailbox for days.
    let goes_first = letter.kind().rule().order == SendOrder::First && due <= services.now();
    insert_mail(change.db(), (id, sealed, key_id), due, goes_first).await?;
    change.note_mail();
    Ok(())
}

/// Who can help the reader of a letter, where it may say so.
async fn help_for(
    change: &Change<'_>,
    to: Addressed<'_>,
    letter: &Letter<'_>,
) -> Stored<LetterHelp> {
    match to.user {
        Some(user) if letter.kind().rule().may_name_help() => {
            let accounts = accounts_of(change.db(), user).await?;
            let owners = accounts.iter().map(|one| one.account.owner);
            Ok(LetterHelp::of(user, owners))
        }
        _ => Ok(LetterHelp::default()),
    }
}

/// Takes a letter to a user, whose address nobody has proven, off what the mailbox gets today: whether nothing was left. It
/// is left out then and does not wait: whoever has such a user can cause many, and must not fill the days in which an
/// invitation to the mailbox could wait.
///
/// What is about the user's own password, factor and address is counted apart, so that no stranger keeps it from them. It is
/// counted by mailbox alone: who deletes the user that has the address and makes another, or one at the address with a tag,
/// sends no more.
async fn is_spent_at_unproven(
    change: &Change<'_>,
    email: &str,
    letter: &Letter<'_>,
) -> Outcome<bool> {
    let rule = letter.kind().rule();
    let is_counted = match rule.bound {
        // Counted already, by who asks or by what strangers may send.
        Bound::Asked | Bound::Mailbox | Bound::Invitation | Bound::Sms => false,
        Bound::Nothing
        | Bound::OneAnHour
        | Bound::OneADay
        | Bound::OneADayOfAccount
        | Bound::Offers
        | Bound::TenADay
        | Bound::Acts
        | Bound::CodesOfMailbox => rule.to.is_user(),
    };
    let Some(email) = EmailAddress::parse(email).ok().filter(|_| is_counted) else {
        return Ok(false);
    };
    let limit = match rule.to {
        Recipient::Themselves => Limit::MailboxOfUnproven,
        Recipient::Member
        | Recipient::FormerMember
        | Recipient::TypedAddress
        | Recipient::Phone => Limit::MailboxOfStrangers,
    };
    let bucket = limit.of_mailbox(&(&email).into(), day_of(change.services.now()));
    // The log says that it is spent: nobody else is told that a letter was left out.
    Ok(change.take(&bucket).await?.is_some())
}

/// When a letter goes out: now, or with the first day (UTC) on which each of its bounds has room; none where there is no
/// such day within a week.
async fn due_at(
    change: &Change<'_>,
    email: &str,
    letter: &Letter<'_>,
    by: Option<UserId>,
) -> Outcome<Option<Timestamp>> {
    let now = change.services.now();
    let bounds: &[Limit] = match letter.kind().rule().bound {
        Bound::Invitation => &[Limit::MailboxOfStrangers, Limit::MailboxOfInvitations],
        // The use case has counted before it queued the letter, or no limit applies.
        Bound::Nothing
        | Bound::Asked
        | Bound::Mailbox
        | Bound::OneAnHour
        | Bound::OneADay
        | Bound::OneADayOfAccount
        | Bound::TenADay
        | Bound::Offers
        | Bound::Acts
        | Bound::CodesOfMailbox
        | Bound::Sms => return Ok(Some(now)),
    };
    let Ok(email) = EmailAddress::parse(email) else {
        return Ok(Some(now));
    };
    let mailbox = CountedMailbox::from(&email);
    let today = day_of(now);
    let of_day = |day| {
        let mut buckets: Vec<_> = bounds
            .iter()
            .map(|limit| limit.of_mailbox(&mailbox, day))
            .collect();
        if let Some(user) = by {
            buckets.push(Limit::MailboxOfInviter.of_mailbox_and_user(&mailbox, user, day));
            if day > today {
                buckets.push(Limit::InvitationsWaiting.of_mailbox_by(&mailbox, user));
            }
        }
        buckets
    };
    let days: Vec<_> = (today..=today + MOST_DAYS).collect();
    let choices: Vec<Vec<_>> = days.iter().map(|day| of_day(*day)).collect();
    let taken = limits::take_one_of(change.services, change.db(), &choices).await?;
    Ok(taken.map(|index| now.max(Timestamp(days[index] * DAY))))
}
