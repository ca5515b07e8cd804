//! Step-up: proof that the user is present, the same for every sensitive act. It takes the password, and a code where a
//! second factor is on and was not proven recently.

use crate::refusal::Refusal;
use app::types::timestamp::Timestamp;
use app::types::two_factor::{SecondProof, StepUp};

use super::audit::Event;
use super::change::Change;
use super::letters::Letter;
use super::second_factor::{self, Attempt, Checked, FactorProof, ProvenBy, tell_wrong};
use super::sessions::{self, SignedIn};
use super::sign_in::check_length;
use super::{Failure, Outcome, Services, factor_set};
use crypto::password::Verdict;
use domain::ends::Occasion;
use domain::factors::Factors;
use settings::StepUpCode;
use storage::factors::find_factors;
use storage::sessions::{
    clear_step_up_failures, end_without_tries, give_step_up_try_back, take_step_up_try,
};
use storage::sms_codes::CodeFor;
use storage::users::User;
use storage::{ConnectionTrait, Stored};

/// Seconds for which a proven second factor counts as fresh.
const FRESH: i64 = 15 * 60;
/// Wrong passwords in a row after which the session ends: a stolen session cannot guess on.
const WRONG_PASSWORDS: i32 = 10;
/// Seconds after which to try again when too many passwords are looked at in one session.
const RETRY: u32 = 5;

/// Witness of a password that was just verified; the first half of a step-up.
#[must_use = "the password alone is no step-up"]
pub struct PasswordProof(());

/// Whether a step-up of this session needs a code besides the password.
pub async fn needs_code(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Stored<bool> {
    let factors = find_factors(db, caller.user.id).await?;
    Ok(is_code_due(services, caller, &factors))
}

fn is_code_due(services: &Services, caller: &SignedIn, factors: &Factors) -> bool {
    let (rule, proven_at) = (
        services.settings.step_up_code,
        caller.session.second_factor_at,
    );
    factors.is_on() && is_due(rule, proven_at, services.now())
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
    let StepUp::Password { password, .. } = given;
    check_length(password)?;
    let line = format!("session {}", caller.session.id);
    let turn = services.turns.stand(&line).wait().await;
    let change = Change::by_session(services, caller).await?;
    let is_taken = take_step_up_try(change.db(), caller.session.id, WRONG_PASSWORDS).await?;
    change.commit().await?;
    if !is_taken && !turn.is_one() {
        // Others at once hold the tries, and nothing is known of their passwords yet.
        return Err(Refusal::Busy { retry_after: RETRY }.into());
    }
    if !is_taken {
        end_when_guessed(services, caller).await?;
        return Err(guessed_too_often(services));
    }
    let stored = Some(caller.user.password_hash.as_str());
    let verdict = services.hasher.verify(password.expose(), stored);
    match verdict.await {
        Ok(Verdict::Right { .. }) => {
            give_back(services, caller).await?;
            Ok(PasswordProof(()))
        }
        Ok(Verdict::Wrong) if end_when_guessed(services, caller).await? => {
            Err(guessed_too_often(services))
        }
        Ok(Verdict::Wrong) => Err(Refusal::WrongPassword.into()),
        Err(busy) => {
            give_back(services, caller).await?;
            Err(busy.into())
        }
    }
}

/// The refusal of a password in a session that has no try left.
fn guessed_too_often(services: &Services) -> Failure {
    services.refusals.note_guess("signed_out", services.now());
    Refusal::SignedOut.into()
}

async fn give_back(services: &Services, caller: &SignedIn) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    give_step_up_try_back(change.db(), caller.session.id).await?;
    change.commit().await?;
    Ok(())
}

/// Ends the session when it has no try left, and says whether it did.
async fn end_when_guessed(services: &Services, caller: &SignedIn) -> Outcome<bool> {
    let change = Change::by_session(services, caller).await?;
    let (session, now) = (caller.session.id, services.now());
    if !end_without_tries(change.db(), session, WRONG_PASSWORDS, now).await? {
        return Ok(false);
    }
    change.end(Occasion::SessionEnded, caller.user.id).await?;
    let event = Event::StepUpFailedTooOften;
    change.record_own(&caller.user, &event).await?;
    let from = &caller.visitor;
    let letter = Letter::StepUpFailed { from };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    Ok(true)
}

/// Witness of a step-up: who they were and which factor they had then. It is made by nothing else, and what the step-up
/// spent is committed: whatever becomes of the act, a code that was given is spent. An act that rests on it begins its change
/// with it, and `sessions::still` asks in the transaction of the act whether it still holds.
#[must_use = "the act begins its change with it"]
pub struct Proven {
    user: User,
    /// The stamp of their set.
    factors: Vec<u8>,
}

impl Proven {
    /// Refuses in the transaction of an act what has changed since the proof: the password, or the factor that is on. The
    /// caller has locked the user.
    ///
    /// # Errors
    /// `SignedOut` where the password is another; `CodeNeeded` where a factor is on that was not asked for.
    pub async fn holds(&self, change: &Change<'_>, user: &User) -> Outcome<()> {
        if !user.has_password_of(&self.user) {
            return Err(Refusal::SignedOut.into());
        }
        let (services, db) = (change.services, change.db());
        let factors = factor_set::load(services, db, user.id).await?;
        if factors.is_on() && factors.stamp() != self.factors {
            return Err(Refusal::CodeNeeded.into());
        }
        Ok(())
    }
}

/// A step-up: the password, and a code where one is due.
///
/// # Errors
/// As [`prove_password`] and [`prove_second_factor`].
pub async fn prove(services: &Services, caller: &SignedIn, given: &StepUp) -> Outcome<Proven> {
    let password = prove_password(services, caller, given).await?;
    prove_second_factor(services, caller, given, password).await
}

/// The same for an act that takes a step-up only where it `is_due`.
///
/// # Errors
/// `StepUpNeeded` where one is due and none was given; as [`prove`].
pub async fn prove_where_due(
    services: &Services,
    caller: &SignedIn,
    is_due: bool,
    given: Option<&StepUp>,
) -> Outcome<Option<Proven>> {
    match (is_due, given) {
        (false, _) => Ok(None),
        (true, None) => Err(Refusal::StepUpNeeded.into()),
        (true, Some(given)) => Ok(Some(prove(services, caller, given).await?)),
    }
}

/// The second half, in a transaction of its own, as the password is: what it spends or counts against the person stays so.
///
/// # Errors
/// Refuses a missing or wrong code, a session that ended meanwhile, and a changed password.
pub async fn prove_second_factor(
    services: &Services,
    caller: &SignedIn,
    given: &StepUp,
    _password: PasswordProof,
) -> Outcome<Proven> {
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    if !user.has_password_of(&caller.user)
        || !clear_step_up_failures(change.db(), caller.session.id).await?
    {
        return Err(Refusal::SignedOut.into());
    }
    let factors = factor_set::load(services, change.db(), user.id).await?;
    let stamp = factors.stamp().to_vec();
    if !is_code_due(services, caller, &factors) {
        change.commit().await?;
        return Ok(Proven {
            user,
            factors: stamp,
        });
    }
    let proof = second_of(given)?;
    let code_for = CodeFor::StepUp(caller.session.id);
    let attempt = Attempt {
        given: &proof,
        code_for: &code_for,
        browser: caller.known.as_ref(),
    };
    let checked = second_factor::check(services, change.db(), &user, attempt).await?;
    if let Some(refusal) = second_factor::refusal(&checked, None, services.now()) {
        // What was not looked at is no sign of anything, and must not fill the log.
        if let Checked::Wrong { closes, .. } = checked {
            tell_wrong(&change, &user, closes).await?;
        }
        return Err(change.refuse(refusal).await);
    }
    if let Checked::Right(ProvenBy::RecoveryCode { left }) = checked {
        change
            .record_own(&user, &Event::RecoveryCodeUsed { left })
            .await?;
        second_factor::tell_recovery(&change, &user, left).await?;
    }
    // The session can do more from now on, so it has another token: one that was copied before cannot.
    sessions::rotate(&change, caller, Some(services.now())).await?;
    change.commit().await?;
    Ok(Proven {
        user,
        factors: stamp,
    })
}

/// The second half as given, parsed.
fn second_of(given: &StepUp) -> Result<FactorProof, Refusal> {
    let StepUp::Password { second, .. } = given;
    match second {
        Some(SecondProof::Code(text)) if !text.expose().trim().is_empty() => {
            FactorProof::either(text.expose())
        }
        Some(SecondProof::Code(_)) | None => Err(Refusal::CodeNeeded),
    }
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
