//! The second step: one code of the app or by SMS, or one recovery code.

use crate::refusal::Refusal;
use app::types::factors::CodeFactorKind;
use app::types::two_factor::SentCode;

use super::counted::take_by_proof;
use super::pending::{PURPOSE, TakenUp, take_up};
use super::{FinishedSignIn, Stepped, finish};
use crate::audit::Event;
use crate::browsers::{FromBrowser, known_to, trust};
use crate::change::Change;
use crate::metrics::Proof;
use crate::second_factor::{
    self, Attempt, Checked, FactorProof, ProvenBy, tell_recovery, tell_wrong,
};
use crate::sms::{Addressee, AskedBy, deliver, write_code};
use crate::{Failure, Fault, Outcome, Services, Visitor, factor_set};
use crypto::token::Token;
use domain::attempts::WRONG_CODES_PER_SIGN_IN;
use storage::WriteTransaction;
use storage::sign_ins::{PendingRow, count_pending_failure, delete_pending, lock_pending};
use storage::sms_codes::CodeFor;
use storage::users::User;

/// Finishes a pending sign-in. Only a code makes a browser trusted, never a recovery code.
pub async fn with_second_factor(
    services: &Services,
    token: &Token,
    given: &FactorProof,
    trust_browser: bool,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let hash = token.hash(PURPOSE);
    let TakenUp {
        change,
        pending,
        user,
    } = waiting_for_code(services, &hash, from.visitor).await?;
    let code_for = CodeFor::SignIn(hash.to_vec());
    let browser = known_to(change.db(), user.id, from.held).await?;
    let attempt = Attempt {
        given,
        code_for: &code_for,
        browser: browser.as_ref().map(|known| &known.token_hash),
    };
    let checked = second_factor::check(services, change.db(), &user, attempt).await?;
    let by = match checked {
        Checked::Right(by) => by,
        Checked::Wrong { closes, .. } => {
            let attempts_left = Some(count_wrong(change.db(), &pending).await?);
            tell_wrong(&change, &user, closes).await?;
            let at = Some(services.now());
            let refusal = Refusal::WrongCode { attempts_left, at };
            return Err(change.refuse(refusal).await);
        }
        Checked::Paused { .. } | Checked::Closed => {
            let refusal = second_factor::refusal(&checked, None, services.now());
            return Err(refusal.map_or(Failure::Fault(Fault::Broken("no refusal")), Failure::from));
        }
    };
    let left = by.recovery_codes_left();
    // Before the budget, which may refuse: the code is spent in either case.
    if let Some(left) = left {
        tell_recovery(&change, &user, left).await?;
    }
    let proof = match by {
        ProvenBy::Factor(kind) => Proof::Factor(kind.into()),
        ProvenBy::RecoveryCode { .. } => Proof::RecoveryCode,
    };
    let completed = Completed {
        finished: FinishedSignIn::by(by.sign_in_event(), proof, browser),
        recovery_codes_left: left,
        trust_browser,
    };
    complete(change, (&hash, &user), from, completed).await
}

/// A pending sign-in whose second factor was right.
pub(super) struct Completed {
    /// How it was finished.
    pub finished: FinishedSignIn,
    /// How many recovery codes are left, where one was used: it makes no browser trusted.
    pub recovery_codes_left: Option<u32>,
    /// Whether the browser is to be trusted.
    pub trust_browser: bool,
}

/// Makes the session that a right second factor ends in. What was spent stays spent, whatever refuses here.
pub(super) async fn complete(
    change: Change<'_>,
    (hash, user): (&[u8; 32], &User),
    from: &FromBrowser<'_>,
    completed: Completed,
) -> Outcome<Stepped> {
    let (mut finished, left) = (completed.finished, completed.recovery_codes_left);
    if let Err(spent) = take_by_proof(&change, user).await {
        if let Some(left) = left {
            let event = Event::RecoveryCodeUsed { left };
            change.record_own(user, &event).await?;
        }
        return Err(change.keep_spent(spent).await);
    }
    if !delete_pending(change.db(), hash).await? {
        return Err(Refusal::SignInOver.into());
    }
    finished.opened.second_factor_at = Some(change.services.now());
    finished.recovery_codes_left = left;
    if left.is_none() && completed.trust_browser {
        finished.trusted = trust(&change, user).await?;
    }
    let stepped = finish(&change, user, from.held, finished).await?;
    change.commit().await?;
    Ok(stepped)
}

/// Sends a code by SMS for a pending sign-in.
///
/// # Errors
/// `NotFound` for a user of an app; a pause, as the code itself would meet; what sending refuses.
pub async fn send_code(
    services: &Services,
    token: &Token,
    from: &FromBrowser<'_>,
) -> Outcome<SentCode> {
    let hash = token.hash(PURPOSE);
    let TakenUp { change, user, .. } = waiting_for_code(services, &hash, from.visitor).await?;
    let factors = factor_set::load(services, change.db(), user.id).await?;
    let factor = factors
        .of(CodeFactorKind::Sms)
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let known = known_to(change.db(), user.id, from.held).await?;
    let browser = known.as_ref().map(|known| &known.token_hash);
    second_factor::may_send(services, change.db(), (&user, &factors), browser).await?;
    let number = second_factor::open_number(services, user.id, &factor.sealed)?;
    let to = Addressee {
        user: &user,
        number: &number,
        asked_by: match known {
            Some(_) => AskedBy::KnownBrowser,
            None => AskedBy::Stranger,
        },
    };
    let code_for = CodeFor::SignIn(hash.to_vec());
    let message = write_code(&change, to, &code_for).await?;
    change.commit().await?;
    deliver(services, &message).await
}

/// A pending sign-in that waits for a code.
pub(super) async fn waiting_for_code<'a>(
    services: &'a Services,
    hash: &[u8; 32],
    visitor: &'a Visitor,
) -> Outcome<TakenUp<'a>> {
    take_up(services, hash, visitor)
        .await?
        .filter(|taken| taken.pending.link_hash.is_none())
        .ok_or(Failure::Refused(Refusal::SignInOver))
}

/// Counts a wrong code at the pending sign-in, which ends at the fifth; gives what is left. There is none where the code
/// has begun a pause, which ends the sign-in too.
pub(super) async fn count_wrong(
    transaction: &WriteTransaction,
    pending: &PendingRow,
) -> Outcome<u32> {
    let is_there = lock_pending(transaction, &pending.token_hash)
        .await?
        .is_some();
    if !is_there {
        return Ok(0);
    }
    let left = WRONG_CODES_PER_SIGN_IN.saturating_sub(pending.failures + 1);
    if left == 0 {
        delete_pending(transaction, &pending.token_hash).await?;
    } else {
        count_pending_failure(transaction, &pending.token_hash).await?;
    }
    Ok(left)
}
