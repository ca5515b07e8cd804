//! The first step: address and password, and what follows from them.

use crate::change::Change;
use crate::refusal::{Refusal, Wrong};
use app::types::email::EmailAddress;
use app::types::ids::TrustedBrowserId;
use app::types::secret_text::SecretText;
use app::types::two_factor::LetInBy;
use unicode_normalization::UnicodeNormalization;

use super::counted::take_by_password;
use super::pending::await_code;
use super::tries::{Tries, TriesTaken, claimants, give_tries_back};
use super::{FinishedSignIn, Stepped, finish, leave, link};
use crate::audit::Event;
use crate::browsers::{FromBrowser, Held, TrustedWith, trust_of};
use crate::first_factor::allowance;
use crate::limits::{Limit, give_back};
use crate::metrics::Proof;
use crate::refusal_log::name_user;
use crate::second_factor::open;
use crate::{Failure, Outcome, Services, factor_set};
use crypto::password::Verdict;
use domain::factor_set::StampedFactors;
use domain::password_policy::{LONGEST_PASSWORD, PasswordProblem};
use domain::sign_in::{AfterPassword, FactorState, MailedLink, Password, Trust, after_password};
use storage::known_browsers::KnownTo;
use storage::lost_addresses::find_who_has_lost;
use storage::users::{User, find_who_signs_in, lock_user, update_password_hash};

/// How often one password is compared, where the stored hash changes meanwhile.
const MOST_COMPARED: usize = 3;

/// Checks a password as it comes in: empty or longer than any we store costs no hash.
///
/// # Errors
/// Says which of the two.
pub fn check_length(password: &SecretText) -> Result<(), Wrong> {
    let text = password.expose();
    if text.is_empty() {
        return Err(Wrong::Password(PasswordProblem::Missing));
    }
    if text.nfc().nth(LONGEST_PASSWORD as usize).is_some() {
        return Err(Wrong::Password(PasswordProblem::TooLong));
    }
    Ok(())
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
    let email = EmailAddress::parse(email).map_err(|_| Wrong::Email)?;
    check_length(password)?;
    let holder = find_who_signs_in(&services.database, &email).await?;
    let lost = find_who_has_lost(&services.database, &email, services.now()).await?;
    if let Some(user) = holder.as_ref().or(lost.user.as_ref()) {
        name_user(user.id);
    }
    let (mut tries, mut paused) = (Tries::at(&email), None);
    for claimant in claimants(services, holder, lost, from).await? {
        let taken = match tries.take(services, &claimant, from).await {
            Ok(taken) => taken,
            // The other's password may still be the one.
            Err(refused @ Failure::Refused(_)) if claimant.is_known() => {
                paused = Some(refused);
                continue;
            }
            Err(failure) => return Err(failure),
        };
        if paused.is_some() && !taken.is_heard {
            break;
        }
        let user = claimant.user.filter(|_| taken.is_heard);
        if let Some(stepped) = look_at(services, user, password, &taken, from).await? {
            return Ok(stepped);
        }
    }
    Err(paused.unwrap_or_else(|| Refusal::WrongCredentials.into()))
}

/// Compares the password with that of a user, or of nobody at the same cost, and lets who has the right one go on; nothing
/// where it is wrong.
async fn look_at(
    services: &Services,
    user: Option<User>,
    password: &SecretText,
    taken: &TriesTaken,
    from: &FromBrowser<'_>,
) -> Outcome<Option<Stepped>> {
    let mut user = user;
    for _ in 0..MOST_COMPARED {
        let stored = user.as_ref().map(|user| user.password_hash.as_str());
        let verdict = match services.hasher.verify(password.expose(), stored).await {
            Ok(verdict) => verdict,
            Err(busy) => {
                give_tries_back(services, taken).await?;
                return Err(busy.into());
            }
        };
        let (found, rehash) = match (user, verdict) {
            (Some(user), Verdict::Right { rehash }) if !user.is_disabled => (user, rehash),
            _ => return Ok(None),
        };
        let stronger = if rehash {
            // Too busy for it now means that the next sign-in does it.
            services.hasher.hash(password.expose()).await.ok()
        } else {
            None
        };
        match enter(services, &found, stronger, taken, from).await? {
            PasswordAccepted::Stepped(stepped) => return Ok(Some(*stepped)),
            // Another hash is stored since it was read: of the same password, or of another.
            PasswordAccepted::OtherHash(now) => user = Some(*now),
        }
    }
    Ok(None)
}

/// The result of a correct password.
enum PasswordAccepted {
    /// The next step.
    Stepped(Box<Stepped>),
    /// The stored hash has changed meanwhile; the password must be compared with the new one.
    OtherHash(Box<User>),
}

/// What follows the right password; `stronger` is its hash under today's parameters, where they have grown.
async fn enter(
    services: &Services,
    user: &User,
    stronger: Option<String>,
    taken: &TriesTaken,
    from: &FromBrowser<'_>,
) -> Outcome<PasswordAccepted> {
    let change = Change::by_visitor(services, from.visitor).await?;
    let mut locked = lock_user(change.db(), user.id)
        .await?
        .filter(|now| !now.is_disabled)
        .ok_or(Failure::Refused(Refusal::WrongCredentials))?;
    if locked.password_hash != user.password_hash {
        return Ok(PasswordAccepted::OtherHash(Box::new(locked)));
    }
    // Counted by what no other token changes, so that it may have been read before the lock.
    let sign_ins = match taken.known {
        Some(known) => Limit::SignIns.of_browser(known.key),
        None => Limit::SignIns.of_client_with(user.id, from.visitor),
    };
    give_back(change.db(), &taken.buckets).await?;
    if let Some(stronger) = stronger {
        strengthen(&change, &mut locked, stronger).await?;
    }
    let stepped = match change.take(&sign_ins).await? {
        Some(refusal) => Err(refusal.into()),
        None => step(&change, &locked, taken.known, from).await,
    };
    match &stepped {
        Ok(_) => {
            let Held {
                session, pending, ..
            } = from.held;
            leave(&change, session.as_ref(), pending.as_ref()).await?;
        }
        // Commits the tries that were given back, although the sign-in is refused.
        Err(Failure::Refused(_)) => {}
        Err(Failure::Fault(_)) => {
            return stepped.map(|stepped| PasswordAccepted::Stepped(Box::new(stepped)));
        }
    }
    change.commit().await?;
    stepped.map(|stepped| PasswordAccepted::Stepped(Box::new(stepped)))
}

/// The next step, by the rules.
async fn step(
    change: &Change<'_>,
    user: &User,
    known: Option<KnownTo>,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let kept = factor_set::load(change.services, change.db(), user.id).await?;
    let (factor, trusted) = standing_of(change, user, &kept, from.held).await?;
    let trust = trusted.map_or(Trust::None, |_| Trust::Good);
    let let_in = if kept.is_on() {
        None
    } else {
        allowance::waiting(change.services, change.db(), user.id).await?
    };
    let link = match (user.is_sign_in_link_due, let_in) {
        (false, _) => MailedLink::NotDue,
        (true, Some(LetInBy::Operator)) => MailedLink::Waived,
        // An owner lets in nobody who had a factor.
        (true, Some(LetInBy::Owner) | None) => MailedLink::Due,
    };
    match after_password(Password::Right, factor, trust, link) {
        AfterPassword::Refused => Err(Refusal::WrongCredentials.into()),
        AfterPassword::Unreadable => Err(Refusal::FactorUnreadable.into()),
        AfterPassword::SecondFactorDue => await_code(change, (user, &kept), known).await,
        AfterPassword::LinkDue => link::send(change, user, known).await,
        AfterPassword::SignedIn => {
            take_by_password(change, user, known).await?;
            let mut how = FinishedSignIn::by(Event::SignedIn, Proof::Password, known);
            how.is_let_in = let_in.is_some();
            finish(change, user, from.held, how).await
        }
        AfterPassword::SignedInByTrust => {
            take_by_password(change, user, known).await?;
            let event = Event::SignedInFromTrustedBrowser;
            let mut how = FinishedSignIn::by(event, Proof::TrustedBrowser, known);
            how.opened.trusted_browser = trusted;
            finish(change, user, from.held, how).await
        }
    }
}

/// What the rules ask of the second factors, and which trusted browser skips them.
async fn standing_of(
    change: &Change<'_>,
    user: &User,
    factors: &StampedFactors,
    held: &Held,
) -> Outcome<(FactorState, Option<TrustedBrowserId>)> {
    if !factors.is_on() {
        return Ok((FactorState::Off, None));
    }
    let is_readable = |factor| open(change.services, user.id, factor).is_ok();
    // Of a key nothing is secret, so that nothing has to be opened.
    if factors.keys().is_empty() && !factors.offered().any(is_readable) {
        return Ok((FactorState::Unreadable, None));
    }
    let trusted = trust_of(change, user, factors, held).await?;
    Ok((FactorState::On, trusted))
}

/// Stores the password under today's parameters. It is the same password, so trusted browsers stay trusted.
async fn strengthen(change: &Change<'_>, user: &mut User, hash: String) -> Outcome<()> {
    match factor_set::load(change.services, change.db(), user.id).await {
        Ok(factors) if factors.is_on() => {
            let keys = change.services.keys.sealing(change.db()).await?;
            let with = |hash| TrustedWith::new(change.services, &keys, (user.id, hash), &factors);
            let (from, to) = (with(&user.password_hash), with(&hash));
            from.replace_by(change.db(), user.id, &to).await?;
        }
        // Those that are not the program's own: whoever signs in is told so, and no browser is trusted with them.
        Ok(_) | Err(Failure::Refused(_)) => {}
        Err(fault) => return Err(fault),
    }
    update_password_hash(change.db(), user.id, &user.password_hash, hash.clone()).await?;
    user.password_hash = hash;
    Ok(())
}
