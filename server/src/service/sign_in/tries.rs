//! Tries, taken before a password is looked at, so that as many at once are as many one after the other.
//!
//! An address can be that of two users: of the one who has it, and of one who has lost it and signs in by it for a while.
//! In a browser that is known to one of them, that one's password is looked at on the browser's own count; the other's, as
//! everybody's in a browser that is known to neither, on that of strangers for the address. So whoever is known to one has
//! no more tries at the other than a stranger has.

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use uuid::Uuid;

use super::turns::Turn;
use crate::service::audit::{Event, record_own};
use crate::service::browsers::{FromBrowser, known_to};
use crate::service::letters::{Addressed, Letter, queue, queue_for_nobody};
use crate::service::limits::{self, Bucket, Limit, give_back, take_each};
use crate::service::{Failure, Outcome, Services};
use crate::storage::users::{User, find_user_or_stand_in};
use crate::storage::{Savepoint, WriteTransaction};

/// Whose password is looked at for an address.
#[derive(Clone, Copy)]
pub(super) struct Claimants<'a> {
    /// The user who has the address.
    pub(super) holder: Option<&'a User>,
    /// The user who has lost it and signs in by it.
    pub(super) loser: Option<&'a User>,
    /// Whether anybody signs in by any address that they have lost.
    pub(super) is_anybody_loser: bool,
}

impl<'a> Claimants<'a> {
    /// One who has the address.
    pub(super) const fn holder(user: Option<&'a User>) -> Self {
        Self {
            holder: user,
            loser: None,
            is_anybody_loser: false,
        }
    }
}

/// What was taken, and whose password counts for it.
pub(super) struct Tries {
    /// What they were taken off.
    pub(super) taken: Vec<Bucket>,
    /// Whether the password of whoever has the address counts; when it does not, the answer is that of a wrong one, at the
    /// same cost.
    pub(super) hears_holder: bool,
    /// The same of whoever has lost it.
    pub(super) hears_loser: bool,
    /// Held until they are settled: many right passwords at once must not use up what is left for wrong ones.
    _turn: Option<Turn>,
}

/// Takes a try for each claimant.
///
/// # Errors
/// `Paused` where nobody's password would be looked at.
pub(super) async fn take_tries(
    services: &Services,
    email: &EmailAddress,
    claimants: Claimants<'_>,
    from: &FromBrowser<'_>,
) -> Outcome<Tries> {
    // Looked up for nobody too: an answer that came sooner would say that there is no user.
    let nobody = UserId::new(Uuid::nil());
    let whose = claimants.holder.map_or(nobody, |user| user.id);
    let holder = of_browser(services, whose, from).await?;
    let loser = match (claimants.loser, claimants.is_anybody_loser) {
        (Some(user), _) => Some(of_browser(services, user.id, from).await?),
        (None, true) => {
            of_browser(services, nobody, from).await?;
            None
        }
        (None, false) => None,
    };
    let all: Vec<_> = std::iter::once(&holder).chain(&loser).collect();
    let mut taken: Vec<_> = all.iter().filter_map(|own| own.taken()).collect();
    let (mut turn, mut hears_strangers) = (None, false);
    if all.iter().any(|own| matches!(own, Own::Unknown)) {
        match of_strangers(services, email, claimants.holder, from).await {
            Ok(strangers) => {
                hears_strangers = strangers.is_heard;
                taken.extend(strangers.taken);
                turn = Some(strangers.turn);
            }
            // The network has no try left, and the browser is known to one of them.
            Err(Failure::Refused(_)) if !taken.is_empty() => {}
            Err(failure) => return Err(failure),
        }
    }
    let hears_holder = holder.is_heard(hears_strangers);
    let hears_loser = loser
        .as_ref()
        .is_some_and(|own| own.is_heard(hears_strangers));
    if taken.is_empty() {
        for own in std::iter::once(holder).chain(loser) {
            own.refuse()?;
        }
    }
    Ok(Tries {
        taken,
        hears_holder,
        hears_loser,
        _turn: turn,
    })
}

/// What the browser's own count with a user says.
enum Own {
    /// The browser is not known to the user.
    Unknown,
    /// A try of it was taken.
    Taken(Bucket),
    /// None is left.
    Spent(Failure),
}

impl Own {
    const fn taken(&self) -> Option<Bucket> {
        match self {
            Self::Taken(bucket) => Some(*bucket),
            Self::Unknown | Self::Spent(_) => None,
        }
    }

    const fn is_heard(&self, hears_strangers: bool) -> bool {
        match self {
            Self::Unknown => hears_strangers,
            Self::Taken(_) => true,
            Self::Spent(_) => false,
        }
    }

    fn refuse(self) -> Outcome<()> {
        match self {
            Self::Spent(failure) => Err(failure),
            Self::Unknown | Self::Taken(_) => Ok(()),
        }
    }
}

async fn of_browser(services: &Services, user: UserId, from: &FromBrowser<'_>) -> Outcome<Own> {
    let known = known_to(services.database.read(), user, from.held).await?;
    let Some(hash) = known else {
        return Ok(Own::Unknown);
    };
    let own = Limit::PasswordsOfBrowser.of_browser(user, &hash);
    match limits::admit(services, &own).await {
        Ok(()) => Ok(Own::Taken(own)),
        Err(refused @ Failure::Refused(_)) => Ok(Own::Spent(refused)),
        Err(fault) => Err(fault),
    }
}

/// What strangers have taken.
struct OfStrangers {
    taken: Vec<Bucket>,
    is_heard: bool,
    turn: Turn,
}

async fn of_strangers(
    services: &Services,
    email: &EmailAddress,
    holder: Option<&User>,
    from: &FromBrowser<'_>,
) -> Outcome<OfStrangers> {
    let client = Limit::PasswordsOfClient.of_client(from.visitor);
    let strangers = Limit::PasswordsOfStrangers.of_email(email);
    let (turn, wanted) = match services.turns.stand(email.as_str()).at_once() {
        Ok(turn) => (turn, vec![client, strangers]),
        Err(place) => {
            // Paid first: who has no try left stands in nobody's way.
            limits::admit(services, &client).await?;
            let turn = place.wait().await;
            if !turn.is_one() {
                tracing::debug!("a password of a stranger is looked at without a turn");
            }
            (turn, vec![strangers])
        }
    };
    let transaction = services.database.begin_write().await?;
    let spent = take_each(services, &transaction, &wanted).await?;
    let of_client = wanted.iter().zip(&spent).find(|(one, _)| **one == client);
    // What was taken of the other goes back with the transaction.
    if let Some(until) = of_client.and_then(|(_, spent)| *spent) {
        return Err(client.refusal(services, until).into());
    }
    let is_heard = spent.iter().all(Option::is_none);
    if !is_heard {
        tell_of_guessing(services, &transaction, email, holder, from).await?;
    }
    transaction.commit().await?;
    if !is_heard {
        services.mail_queued.notify_one();
    }
    let mut taken = vec![client];
    taken.extend(is_heard.then_some(strangers));
    Ok(OfStrangers {
        taken,
        is_heard,
        turn,
    })
}

/// Strangers have used up their wrong passwords for an address: once a day its user hears of it, and of the way in that
/// is left. Nobody's user costs the same.
async fn tell_of_guessing(
    services: &Services,
    transaction: &WriteTransaction,
    email: &EmailAddress,
    user: Option<&User>,
    from: &FromBrowser<'_>,
) -> Outcome<()> {
    let told = Limit::GuessingMails.of_email(email);
    if told.take(services, transaction).await?.is_some() {
        return Ok(());
    }
    let stand_in = match user {
        Some(_) => None,
        None => find_user_or_stand_in(transaction, email).await?,
    };
    let whose = user.or(stand_in.as_ref());
    let is_meant = user.is_some_and(|user| !user.is_disabled);
    let letter = Letter::PasswordGuessed;
    if let Some(whose) = whose {
        let part = Savepoint::begin(transaction).await?;
        let event = Event::PasswordGuessed;
        record_own(services, part.work(), whose, &event, from.visitor).await?;
        if is_meant {
            queue(services, part.work(), whose.into(), &letter).await?;
        }
        part.end(is_meant).await?;
    }
    if !is_meant {
        let like = whose.map(Addressed::from);
        queue_for_nobody(services, transaction, like, &letter).await?;
    }
    Ok(())
}

/// In a transaction of its own.
pub(super) async fn give_tries_back(services: &Services, tries: &Tries) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    give_back(&transaction, &tries.taken).await?;
    transaction.commit().await?;
    Ok(())
}
