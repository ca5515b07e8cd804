//! The first step: address and password, and what follows from them.

use app::error::{ApiError, Field, Problem};
use app::types::email::EmailAddress;
use app::types::ids::{TrustedBrowserId, UserId};
use app::types::secret_text::SecretText;
use app::types::two_factor::LetInBy;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::pending::await_code;
use super::turns::Turn;
use super::{FinishedSignIn, Stepped, finish, leave, link};
use crate::crypto::password::Verdict;
use crate::domain::password_policy::LONGEST_PASSWORD;
use crate::domain::sign_in::{
    AfterPassword, FactorState, MailedLink, Password, Trust, after_password,
};
use crate::metrics::Proof;
use crate::service::audit::{Event, record_own};
use crate::service::browsers::{FromBrowser, Held, TrustedWith, known_to, trust_of};
use crate::service::first_factor::allowance;
use crate::service::letters::{Addressed, Letter, queue, queue_for_nobody};
use crate::service::limits::{self, Bucket, Limit, give_back, paused, take_each};
use crate::service::refusal_log::name_user;
use crate::service::second_factor::open;
use crate::service::{Failure, Fault, Outcome, Services, factor_set};
use crate::storage::second_factors::SecondFactor;
use crate::storage::users::{
    User, find_user_or_stand_in, find_who_signs_in, lock_user, update_password_hash,
};
use crate::storage::{Savepoint, WriteTransaction};

/// How often one password is compared, where the stored hash changes meanwhile.
const MOST_COMPARED: usize = 3;

/// Checks a password as it comes in: empty or longer than any we store costs no hash.
///
/// # Errors
/// Says which of the two.
pub fn check_length(password: &SecretText) -> Result<(), ApiError> {
    let text = password.expose();
    if text.is_empty() {
        return Err(ApiError::field(Field::Password, Problem::Missing));
    }
    if text.nfc().nth(LONGEST_PASSWORD as usize).is_some() {
        return Err(ApiError::field(
            Field::Password,
            Problem::TooLong {
                most: LONGEST_PASSWORD,
            },
        ));
    }
    Ok(())
}

/// Tries taken before the password is looked at, so that as many at once are as many one after the other.
pub(super) struct Tries {
    /// What they were taken off.
    pub(super) taken: Vec<Bucket>,
    /// Whether the password counts; when it does not, the answer is that of a wrong one, at the same cost.
    is_heard: bool,
    /// Kept until the tries are settled: many correct passwords at once must not use up the tries left for wrong ones.
    _turn: Option<Turn>,
}

/// Checks address and password; the session that this browser had ends.
///
/// # Errors
/// One refusal for an unknown address, a wrong password, a disabled user and one that strangers have guessed at.
pub async fn with_password(
    services: &Services,
    email: &str,
    password: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let email = EmailAddress::parse(email)
        .map_err(|_| ApiError::field(Field::Email, Problem::NotAnEmail))?;
    check_length(password)?;
    let user = find_who_signs_in(&services.database, &email).await?;
    if let Some(user) = &user {
        name_user(user.id);
    }
    let tries = take_tries(services, &email, user.as_ref(), from).await?;
    look_at(services, user, password, &tries, from).await
}

/// Compares the password and continues with the next step when it is correct.
async fn look_at(
    services: &Services,
    user: Option<User>,
    password: &SecretText,
    tries: &Tries,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let mut user = user;
    for _ in 0..MOST_COMPARED {
        let heard = user.as_ref().filter(|_| tries.is_heard);
        let stored = heard.map(|user| user.password_hash.as_str());
        let verdict = match services.hasher.verify(password.expose(), stored).await {
            Ok(verdict) => verdict,
            Err(busy) => {
                give_tries_back(services, tries).await?;
                return Err(busy.into());
            }
        };
        let (found, rehash) = match (user, verdict) {
            (Some(user), Verdict::Right { rehash }) if !user.is_disabled => (user, rehash),
            _ => break,
        };
        let stronger = if rehash {
            // Too busy for it now means that the next sign-in does it.
            services.hasher.hash(password.expose()).await.ok()
        } else {
            None
        };
        match enter(services, &found, stronger, tries, from).await? {
            PasswordAccepted::Stepped(stepped) => return Ok(*stepped),
            // Another hash is stored since it was read: of the same password, or of another.
            PasswordAccepted::OtherHash(now) => user = Some(*now),
        }
    }
    Err(ApiError::WrongCredentials.into())
}

/// The result of a correct password.
enum PasswordAccepted {
    /// The next step.
    Stepped(Box<Stepped>),
    /// The stored hash has changed meanwhile; the password must be compared with the new one.
    OtherHash(Box<User>),
}

pub(super) async fn take_tries(
    services: &Services,
    email: &EmailAddress,
    user: Option<&User>,
    from: &FromBrowser<'_>,
) -> Outcome<Tries> {
    // Looked up for unknown addresses too: a faster answer would reveal that there is no user.
    let whose = user.map_or(UserId::new(Uuid::nil()), |user| user.id);
    let known = known_to(services.database.read(), whose, from.held).await?;
    if let Some(hash) = known {
        let own = Limit::PasswordsOfBrowser.of_browser(whose, &hash);
        limits::admit(services, &own).await?;
        return Ok(Tries {
            taken: vec![own],
            is_heard: true,
            _turn: None,
        });
    }
    let client = Limit::PasswordsOfClient.of_client(from.visitor);
    let strangers = Limit::PasswordsOfStrangers.of_email(email);
    let (turn, wanted) = match services.turns.stand(email.as_str()).at_once() {
        Ok(turn) => (turn, vec![client, strangers]),
        Err(place) => {
            // The try is taken before waiting for a turn, so that a client with no tries left does not delay others.
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
        tell_of_guessing(services, &transaction, email, user, from).await?;
    }
    transaction.commit().await?;
    if !is_heard {
        services.mail_queued.notify_one();
    }
    let mut taken = vec![client];
    taken.extend(is_heard.then_some(strangers));
    Ok(Tries {
        taken,
        is_heard,
        _turn: Some(turn),
    })
}

/// Mails the user, once a day, that strangers have used up the wrong passwords for their address, and how they can still
/// sign in. An address without a user costs the same.
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

/// What follows the right password; `stronger` is its hash under today's parameters, where they have grown.
async fn enter(
    services: &Services,
    user: &User,
    stronger: Option<String>,
    tries: &Tries,
    from: &FromBrowser<'_>,
) -> Outcome<PasswordAccepted> {
    let transaction = services.database.begin_write().await?;
    let mut locked = lock_user(&transaction, user.id)
        .await?
        .filter(|now| !now.is_disabled)
        .ok_or(Failure::Refused(ApiError::WrongCredentials))?;
    if locked.password_hash != user.password_hash {
        return Ok(PasswordAccepted::OtherHash(Box::new(locked)));
    }
    let sign_ins = match known_to(&transaction, user.id, from.held).await? {
        Some(hash) => Limit::SignIns.of_browser(user.id, &hash),
        None => Limit::SignIns.of_client_with(user.id, from.visitor),
    };
    give_back(&transaction, &tries.taken).await?;
    if let Some(stronger) = stronger {
        strengthen(services, &transaction, &mut locked, stronger).await?;
    }
    let stepped = match sign_ins.take(services, &transaction).await? {
        Some(until) => Err(paused(services, until).into()),
        None => step(services, &transaction, &locked, from).await,
    };
    match &stepped {
        Ok(_) => {
            let Held {
                session, pending, ..
            } = from.held;
            leave(&transaction, session.as_ref(), pending.as_ref()).await?;
        }
        // Commits the tries that were given back, although the sign-in is refused.
        Err(Failure::Refused(_)) => {}
        Err(Failure::Fault(_)) => {
            return stepped.map(|stepped| PasswordAccepted::Stepped(Box::new(stepped)));
        }
    }
    transaction.commit().await?;
    services.mail_queued.notify_one();
    stepped.map(|stepped| PasswordAccepted::Stepped(Box::new(stepped)))
}

/// The next step, by the rules.
async fn step(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let kept = factor_set::load(services, transaction, user.id).await?;
    let (factor, trusted) =
        standing_of(services, transaction, user, kept.as_ref(), from.held).await?;
    let trust = trusted.map_or(Trust::None, |_| Trust::Good);
    let let_in = match kept {
        Some(_) => None,
        None => allowance::waiting(services, transaction, user.id).await?,
    };
    let link = match (user.is_sign_in_link_due, let_in) {
        (false, _) => MailedLink::NotDue,
        (true, Some(LetInBy::Operator)) => MailedLink::Waived,
        // An owner lets in nobody who had a factor.
        (true, Some(LetInBy::Owner) | None) => MailedLink::Due,
    };
    match after_password(Password::Right, factor, trust, link) {
        AfterPassword::Refused => Err(ApiError::WrongCredentials.into()),
        AfterPassword::Unreadable => Err(ApiError::FactorUnreadable.into()),
        AfterPassword::SecondFactorDue => {
            let kept = kept.ok_or(Failure::Fault(Fault::Broken("no second factor")))?;
            await_code(services, transaction, (user, &kept), from.held).await
        }
        AfterPassword::LinkDue => link::send(services, transaction, user, from).await,
        AfterPassword::SignedIn => {
            let mut how = FinishedSignIn::by(Event::SignedIn, Proof::Password);
            how.is_let_in = let_in.is_some();
            finish(services, transaction, user, from, how).await
        }
        AfterPassword::SignedInByTrust => {
            let mut how =
                FinishedSignIn::by(Event::SignedInFromTrustedBrowser, Proof::TrustedBrowser);
            how.opened.trusted_browser = trusted;
            finish(services, transaction, user, from, how).await
        }
    }
}

/// What the rules ask of the second factor, and which trusted browser skips it.
async fn standing_of(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    factor: Option<&SecondFactor>,
    held: &Held,
) -> Outcome<(FactorState, Option<TrustedBrowserId>)> {
    let Some(factor) = factor else {
        return Ok((FactorState::Off, None));
    };
    let Ok(opened) = open(services, user.id, factor) else {
        return Ok((FactorState::Unreadable, None));
    };
    let keys = services.keys.sealing(transaction).await?;
    let trusted_with = TrustedWith::new(&keys, &user.password_hash, &opened, factor);
    let trusted = trust_of(services, transaction, user.id, &trusted_with, held).await?;
    Ok((FactorState::On, trusted))
}

/// Stores the password under today's parameters. It is the same password, so trusted browsers stay trusted.
async fn strengthen(
    services: &Services,
    transaction: &WriteTransaction,
    user: &mut User,
    hash: String,
) -> Outcome<()> {
    let factor = match factor_set::load(services, transaction, user.id).await {
        Ok(factor) => factor,
        // Not the program's own: whoever signs in is told so, and no browser is trusted with it.
        Err(Failure::Refused(_)) => None,
        Err(fault) => return Err(fault),
    };
    if let Some(factor) = factor
        && let Ok(opened) = open(services, user.id, &factor)
    {
        let keys = services.keys.sealing(transaction).await?;
        let from = TrustedWith::new(&keys, &user.password_hash, &opened, &factor);
        let to = TrustedWith::new(&keys, &hash, &opened, &factor);
        from.replace_by(transaction, user.id, &to).await?;
    }
    update_password_hash(transaction, user.id, &user.password_hash, hash.clone()).await?;
    user.password_hash = hash;
    Ok(())
}
