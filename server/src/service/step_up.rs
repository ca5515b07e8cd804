//! Step-up: proof that the user is present, the same for every sensitive act. It takes the password, and a code where a
//! second factor is on and was not proven recently.

use app::error::ApiError;
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::audit::{About, Actor, Event, record, record_own};
use super::letters::{Letter, queue};
use super::second_factor::{self, Attempt, Checked, GivenCode, tell_wrong};
use super::sessions::{self, SignedIn};
use super::sign_in::check_length;
use super::{Failure, Fault, Outcome, Services, factor_set};
use crate::config::StepUpCode;
use crate::crypto::password::Verdict;
use crate::storage::second_factors::find_second_factor;
use crate::storage::sessions::{
    clear_step_up_failures, end_without_tries, give_step_up_try_back, take_step_up_try,
};
use crate::storage::sms_codes::CodeFor;
use crate::storage::users::{User, lock_user};
use crate::storage::{ConnectionTrait, Stored, WriteTransaction};

/// Seconds for which a proven second factor counts as fresh.
const FRESH: i64 = 15 * 60;
/// Wrong passwords in a row after which the session ends: a stolen session cannot guess on.
const WRONG_PASSWORDS: i32 = 10;
/// Seconds after which to try again when too many passwords are looked at in one session.
const RETRY: u32 = 5;

/// Witness of a password that was just verified; the first half of a step-up.
pub struct PasswordProof(());

/// Whether a step-up of this session needs a code besides the password.
pub async fn needs_code(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Stored<bool> {
    let is_on = find_second_factor(db, caller.user.id).await?.is_some();
    Ok(is_on
        && is_due(
            services.settings.step_up_code,
            caller.session.second_factor_at,
            services.now(),
        ))
}

fn is_due(rule: StepUpCode, proven_at: Option<Timestamp>, now: Timestamp) -> bool {
    match rule {
        StepUpCode::Never => false,
        StepUpCode::Always => true,
        StepUpCode::Stale => proven_at.is_none_or(|at| now.since(at) > FRESH || at > now),
    }
}

/// Checks the password, outside of any transaction, since hashing takes long. A try is taken before it, so that parallel
/// guesses are limited like sequential ones; it takes a turn before that, so that correct ones at once do not use up the
/// tries of their session.
///
/// # Errors
/// Refuses a wrong one; the tenth in a row ends the session. `Busy` when so many are looked at that no try is left for
/// one more.
pub async fn prove_password(
    services: &Services,
    caller: &SignedIn,
    given: &StepUp,
) -> Outcome<PasswordProof> {
    check_length(&given.password)?;
    let line = format!("session {}", caller.session.id);
    let turn = services.turns.stand(&line).wait().await;
    let transaction = services.database.begin_write().await?;
    let is_taken = take_step_up_try(&transaction, caller.session.id, WRONG_PASSWORDS).await?;
    transaction.commit().await?;
    if !is_taken && !turn.is_one() {
        // Others at once hold the tries, and nothing is known of their passwords yet.
        return Err(ApiError::Busy { retry_after: RETRY }.into());
    }
    if !is_taken {
        end_when_guessed(services, caller).await?;
        return Err(guessed_too_often(services));
    }
    let stored = Some(caller.user.password_hash.as_str());
    let verdict = services.hasher.verify(given.password.expose(), stored);
    match verdict.await {
        Ok(Verdict::Right { .. }) => {
            give_back(services, caller).await?;
            Ok(PasswordProof(()))
        }
        Ok(Verdict::Wrong) if end_when_guessed(services, caller).await? => {
            Err(guessed_too_often(services))
        }
        Ok(Verdict::Wrong) => Err(ApiError::WrongPassword.into()),
        Err(busy) => {
            give_back(services, caller).await?;
            Err(busy.into())
        }
    }
}

/// The refusal of a password in a session that has no try left.
fn guessed_too_often(services: &Services) -> Failure {
    let refusal = ApiError::SignedOut;
    services.refusals.note_guess(&refusal, services.now());
    refusal.into()
}

async fn give_back(services: &Services, caller: &SignedIn) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    give_step_up_try_back(&transaction, caller.session.id).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the session when it has no try left, and says whether it did.
async fn end_when_guessed(services: &Services, caller: &SignedIn) -> Outcome<bool> {
    let transaction = services.database.begin_write().await?;
    if !end_without_tries(&transaction, caller.session.id, WRONG_PASSWORDS).await? {
        return Ok(false);
    }
    let actor = Actor::User {
        id: caller.user.id,
        name: &caller.user.name,
        visitor: &caller.visitor,
    };
    let event = Event::StepUpFailedTooOften;
    record(services, &transaction, actor, &event, About::default()).await?;
    let letter = Letter::StepUpFailed {
        from: &caller.visitor,
    };
    queue(services, &transaction, (&caller.user).into(), &letter).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(true)
}

/// Checks the second half in the transaction of the act itself, and gives the user, locked, and the
/// transaction back. What is counted against the person stays counted.
///
/// # Errors
/// Refuses a missing or wrong code, a session that ended meanwhile, and a changed password.
pub async fn prove_second_factor(
    services: &Services,
    transaction: WriteTransaction,
    caller: &SignedIn,
    given: &StepUp,
    _password: &PasswordProof,
) -> Outcome<(WriteTransaction, User)> {
    let user = lock_user(&transaction, caller.user.id)
        .await?
        .filter(|user| !user.is_disabled && user.has_password_of(&caller.user))
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    if !clear_step_up_failures(&transaction, caller.session.id).await? {
        return Err(ApiError::SignedOut.into());
    }
    factor_set::load(services, &transaction, user.id).await?;
    if needs_code(services, &transaction, caller).await? {
        let text = given
            .code
            .as_ref()
            .filter(|code| !code.expose().trim().is_empty());
        let text = text.ok_or(Failure::Refused(ApiError::CodeNeeded))?;
        let code = GivenCode::either(text.expose())?;
        let code_for = CodeFor::StepUp(caller.session.id);
        let attempt = Attempt {
            given: &code,
            code_for: &code_for,
            browser: caller.known.as_ref(),
        };
        let checked = second_factor::check(services, &transaction, &user, attempt).await?;
        if let Some(refusal) = second_factor::refusal(&checked, None, services.now()) {
            // What was not looked at is no sign of anything, and must not fill the log.
            if let Checked::Wrong { closes, .. } = checked {
                tell_wrong(services, &transaction, (&user, closes), &caller.visitor).await?;
            }
            transaction.commit().await?;
            services.mail_queued.notify_one();
            return Err(refusal.into());
        }
        if let Checked::Recovery { left } = checked {
            recovery_code_used(services, &transaction, caller, &user, left).await?;
        }
        raise(services, &transaction, caller).await?;
    }
    Ok((transaction, user))
}

/// The password half of an act that takes a step-up in some cases only; nothing where none is due.
pub struct DueProof<'a> {
    given: &'a StepUp,
    password: PasswordProof,
}

/// Checks the password of an act that takes a step-up where `is_due`.
///
/// # Errors
/// `StepUpNeeded` where one is due and none was given; as [`prove_password`].
pub async fn prove_password_where_due<'a>(
    services: &Services,
    caller: &SignedIn,
    is_due: bool,
    given: Option<&'a StepUp>,
) -> Outcome<Option<DueProof<'a>>> {
    match (is_due, given) {
        (false, _) => Ok(None),
        (true, None) => Err(ApiError::StepUpNeeded.into()),
        (true, Some(given)) => {
            let password = prove_password(services, caller, given).await?;
            Ok(Some(DueProof { given, password }))
        }
    }
}

/// The second half of such an act, in its own transaction, which is given back.
///
/// # Errors
/// As [`prove_second_factor`].
pub async fn prove_second_factor_where_due(
    services: &Services,
    transaction: WriteTransaction,
    caller: &SignedIn,
    proof: Option<&DueProof<'_>>,
) -> Outcome<WriteTransaction> {
    let Some(DueProof { given, password }) = proof else {
        return Ok(transaction);
    };
    let proven = prove_second_factor(services, transaction, caller, given, password).await?;
    Ok(proven.0)
}

/// Goes on with a transaction in which a code was spent, unless the act is refused: then the code stays spent.
pub async fn unless_refused<T>(
    transaction: WriteTransaction,
    outcome: Outcome<T>,
) -> Outcome<(WriteTransaction, T)> {
    match outcome {
        Ok(value) => Ok((transaction, value)),
        Err(failure) => {
            if matches!(failure, Failure::Refused(_)) {
                transaction.commit().await?;
            }
            Err(failure)
        }
    }
}

/// The session can do more from now on, so it has another token: one that was copied before cannot.
async fn raise(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
) -> Outcome<()> {
    let now = Some(services.now());
    let token = sessions::rotate(services, transaction, caller.session.id, now)
        .await?
        .ok_or(Failure::Refused(ApiError::SignedOut))?;
    caller
        .renewed
        .set(token)
        .map_err(|_| Failure::Fault(Fault::Broken("one request proved two second factors")))
}

async fn recovery_code_used(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
    user: &User,
    left: u32,
) -> Outcome<()> {
    let event = Event::RecoveryCodeUsed { left };
    record_own(services, transaction, user, &event, &caller.visitor).await?;
    second_factor::tell_recovery(services, transaction, user, left, &caller.visitor).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_due_by_rule_and_age() {
        let now = Timestamp(10_000);
        let table = [
            (StepUpCode::Never, None, false),
            (StepUpCode::Never, Some(Timestamp(0)), false),
            (StepUpCode::Always, Some(now), true),
            (StepUpCode::Stale, None, true),
            (StepUpCode::Stale, Some(now), false),
            (StepUpCode::Stale, Some(now - FRESH), false),
            (StepUpCode::Stale, Some(now - FRESH - 1), true),
            (StepUpCode::Stale, Some(now + 1), true),
        ];
        for (rule, proven_at, due) in table {
            assert_eq!(is_due(rule, proven_at, now), due, "{rule:?} {proven_at:?}");
        }
    }
}
