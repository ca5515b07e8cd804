//! Two-factor authentication of the user who is signed in: enable, replace, disable, recovery codes.

mod change;
pub mod import;
mod overview;
mod proof;
mod qr;
mod sms;

use crate::refusal::{Refusal, Wrong};
use app::types::factors::CodeFactorKind;
use app::types::ids::EnrolmentId;
use app::types::one_time_code::OneTimeCode;
use app::types::recovery_code::RecoveryCode;
use app::types::secret_text::SecretText;
use app::types::two_factor::{Enrolment, EnrolmentPurpose, MailboxAct, RecoveryCodes, StepUp};

pub(crate) use self::change::{FactorChange, end_elsewhere};
use super::audit::Event;
use super::change::Change;
use super::first_factor::{enter, evidence_now};
use super::letters::Letter;
use super::principal::Principal;
use super::second_factor::seal_secret;
use super::sessions::{self, SignedIn};
use super::step_up::{prove, prove_password, prove_second_factor};
use super::{Failure, Outcome, Services, factor_set};
use crypto::random::bytes;
use domain::attempts::WRONG_CODES_PER_ENROLMENT;
use domain::ends::Occasion;
use domain::first_factor;
use domain::recovery_codes;
use domain::roles::Denial;
use domain::totp::{self, TotpSecret};
use storage::ConnectionTrait;
use storage::enrolments::{
    EnrolmentOf, PendingEnrolment, count_enrolment_failure, delete_enrolment, lock_enrolment,
    upsert_enrolment,
};
use storage::factors::{delete_factors, find_factors, insert_factor, replace_factor};
use storage::recovery_codes::{
    delete_recovery_codes, exchange_recovery_codes, find_recovery_set, replace_recovery_codes,
};
use storage::users::{User, clear_factor_failures};

pub use overview::overview;
pub use sms::{begin_sms, send_code};

/// Seconds that an enrolment lives.
const ENROLMENT_LIFE: i64 = 10 * 60;

/// What whoever begins an enrolment gives as proof.
#[derive(Clone, Copy)]
pub struct EnrolmentProofs<'a> {
    /// The password, and a code where a factor is on.
    pub step_up: &'a StepUp,
    /// A code from the mailbox, where the factor is a first one.
    pub mailbox_code: Option<&'a SecretText>,
}

/// Begins an enrolment with a new secret; an earlier unfinished one is overtaken.
pub async fn begin_enrolment(
    services: &Services,
    caller: &SignedIn,
    purpose: EnrolmentPurpose,
    given: EnrolmentProofs<'_>,
) -> Outcome<Enrolment> {
    let password = prove_password(services, caller, given.step_up).await?;
    // Before a code is looked at, and again below, where it stays so.
    check_purpose(services.database.read(), caller, purpose).await?;
    let proven = prove_second_factor(services, caller, given.step_up, password).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    check_purpose(change.db(), caller, purpose).await?;
    let asked = (MailboxAct::FirstFactor, given.mailbox_code);
    let (change, admitted) = enter(change, (caller, &user), asked, first_factor::admit).await?;
    let secret = TotpSecret::new(bytes(services.random.as_ref()));
    let keys = services.keys.sealing(change.db()).await?;
    let enrolment = PendingEnrolment {
        id: EnrolmentId::new(services.new_uuid()),
        of: EnrolmentOf::App(purpose),
        session: caller.session.id,
        sealed_secret: seal_secret(services, &keys, user.id, &secret),
        key_id: keys.current().to_string(),
        expires_at: services.now() + ENROLMENT_LIFE,
        failures: 0,
        admitted_by: Some(admitted.ground()),
    };
    upsert_enrolment(change.db(), user.id, enrolment.clone()).await?;
    change.commit().await?;
    let issuer = &services.settings.product_name;
    let uri = totp::otpauth_uri(issuer, user.label(), &secret);
    Ok(Enrolment {
        id: enrolment.id,
        purpose,
        key: secret.key_in_groups(),
        label: totp::shown_name(issuer, user.label()),
        qr: qr::draw(&uri)?,
        uri,
        expires_at: enrolment.expires_at,
    })
}

async fn check_purpose(
    db: &impl ConnectionTrait,
    caller: &Principal,
    purpose: EnrolmentPurpose,
) -> Outcome<()> {
    let factors = find_factors(db, caller.user.id).await?;
    match (purpose, factors.is_on()) {
        (EnrolmentPurpose::Enable, true) => Err(Denial::TwoFactorOn.into()),
        (EnrolmentPurpose::Replace, false) => Err(Denial::TwoFactorOff.into()),
        // From SMS to an app, the way is to disable and to enable.
        (EnrolmentPurpose::Replace, true) if factors.of(CodeFactorKind::App).is_none() => {
            Err(Denial::TwoFactorOn.into())
        }
        (EnrolmentPurpose::Enable, false) | (EnrolmentPurpose::Replace, true) => Ok(()),
    }
}

/// Finishes an enrolment: from here on the new factor is asked for, and only it.
pub async fn confirm_enrolment(
    services: &Services,
    caller: &SignedIn,
    id: EnrolmentId,
    code: &SecretText,
) -> Outcome<RecoveryCodes> {
    let parsed = OneTimeCode::parse(code.expose()).map_err(|_| Wrong::Code)?;
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    let enrolment = find_confirmable(&change, caller, id).await?;
    let (of, key_id) = (enrolment.of, enrolment.key_id.clone());
    // What was changed past the program is refused here, so it is not bound anew by replacing it.
    let now = evidence_now(&change, caller, &user).await?;
    let admitted = first_factor::finish(now, enrolment.admitted_by)
        .ok_or(Failure::Refused(Refusal::EnrolmentOver))?;
    let factor = match proof::prove(&change, &user, enrolment, &parsed).await? {
        Ok(factor) => factor,
        Err(wrong) => {
            count_enrolment_failure(change.db(), id).await?;
            return Err(change.refuse(wrong).await);
        }
    };
    let now = factor.since;
    if !admitted.ground().is_factor_before() {
        insert_factor(change.db(), user.id, factor, key_id, admitted).await?;
    } else if !replace_factor(change.db(), user.id, factor, key_id, admitted).await? {
        return Err(Refusal::EnrolmentOver.into());
    }
    factor_set::bind(services, change.db(), user.id).await?;
    let codes = renew_recovery_codes(&change, &user).await?;
    let from = &caller.visitor;
    let (of_factor, letter) = match of {
        EnrolmentOf::App(EnrolmentPurpose::Enable) => (
            FactorChange::new(Occasion::FactorOn, Event::TwoFactorEnabled),
            Letter::TwoFactorEnabled { from },
        ),
        EnrolmentOf::App(EnrolmentPurpose::Replace) => (
            FactorChange::new(Occasion::FactorReplaced, Event::TwoFactorReplaced),
            Letter::AppReplaced { from },
        ),
        EnrolmentOf::Sms => (
            FactorChange::new(Occasion::FactorOn, Event::SmsEnabled),
            Letter::SmsEnabled { from },
        ),
        // No code proves a key.
        EnrolmentOf::Key { .. } => return Err(Refusal::EnrolmentOver.into()),
    };
    end_elsewhere(&change, caller, &of_factor, Some(now)).await?;
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    tracing::info!(user.id = %user.id, event = of_factor.event.kind().word(), "the second factor changed");
    Ok(codes)
}

pub(crate) async fn find_confirmable(
    change: &Change<'_>,
    caller: &SignedIn,
    id: EnrolmentId,
) -> Outcome<PendingEnrolment> {
    // Whether upkeep has removed it yet makes no difference.
    if has_run_out(change.services, id) {
        return Err(Refusal::EnrolmentOver.into());
    }
    let enrolment = lock_enrolment(change.db(), caller.user.id).await?;
    let enrolment = enrolment.filter(|enrolment| enrolment.expires_at > change.services.now());
    let Some(enrolment) = enrolment else {
        let factors = find_factors(change.db(), caller.user.id).await?;
        let refusal = if factors.is_on() {
            Refusal::Denied(Denial::TwoFactorOn)
        } else {
            Refusal::EnrolmentOver
        };
        return Err(Failure::Refused(refusal));
    };
    if enrolment.id != id {
        return Err(Refusal::EnrolmentOvertaken.into());
    }
    let refusal = Refusal::EnrolmentOver;
    if enrolment.failures >= WRONG_CODES_PER_ENROLMENT {
        let now = change.services.now();
        change.services.refusals.note_guess("enrolment_over", now);
        Err(refusal.into())
    } else if enrolment.session == caller.session.id {
        Ok(enrolment)
    } else {
        Err(refusal.into())
    }
}

/// Whether an enrolment is over by its id alone, which tells when it was begun.
fn has_run_out(services: &Services, id: EnrolmentId) -> bool {
    let begun = id.uuid().get_timestamp().map(|begun| begun.to_unix().0);
    let ends = begun.and_then(|begun| i64::try_from(begun).ok()?.checked_add(ENROLMENT_LIFE));
    ends.is_some_and(|ends| ends <= services.now().seconds())
}

/// Discards an unfinished enrolment; one that is not there is none to discard.
pub async fn cancel_enrolment(
    services: &Services,
    caller: &Principal,
    id: EnrolmentId,
) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    delete_enrolment(change.db(), caller.user.id, id).await?;
    change.commit().await?;
    Ok(())
}

/// Turns two-factor authentication off and removes everything that belongs to it; the session gets a new token.
pub async fn disable(services: &Services, caller: &SignedIn, given: &StepUp) -> Outcome<()> {
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    if !remove_factor(&change, &user).await? {
        return Err(Denial::TwoFactorOff.into());
    }
    let of_factor = FactorChange::new(Occasion::FactorOff, Event::TwoFactorDisabled);
    end_elsewhere(&change, caller, &of_factor, None).await?;
    let letter = Letter::TwoFactorDisabled {
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    tracing::info!(user.id = %user.id, event = of_factor.event.kind().word(), "the second factor changed");
    Ok(())
}

/// Removes a user's factor with its recovery codes and its count of failures: true when it was on. What else ends then
/// is the caller's to end, by its occasion.
pub async fn remove_factor(change: &Change<'_>, user: &User) -> Outcome<bool> {
    let was_on = delete_factors(change.db(), user.id).await?;
    delete_recovery_codes(change.db(), user.id).await?;
    clear_factor_failures(change.db(), user.id).await?;
    factor_set::bind(change.services, change.db(), user.id).await?;
    Ok(was_on)
}

/// Replaces the recovery codes; the old set is dead in the same moment.
///
/// # Errors
/// `RecoveryCodesOvertaken` where another request has replaced the set since this one began: of two at once, only the
/// codes that count are shown.
pub async fn new_recovery_codes(
    services: &Services,
    caller: &SignedIn,
    given: &StepUp,
) -> Outcome<RecoveryCodes> {
    let found = find_recovery_set(services.database.read(), caller.user.id).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    let codes = exchange(&change, &user, found.as_deref()).await?;
    change
        .end_by(caller, Occasion::RecoveryCodesReplaced, user.id)
        .await?;
    change
        .record_own(&user, &Event::RecoveryCodesReplaced)
        .await?;
    let letter = Letter::RecoveryCodesReplaced {
        from: &caller.visitor,
    };
    change.queue(&user, &letter).await?;
    change.commit().await?;
    Ok(codes)
}

/// New codes in place of the set that was found when the request began.
async fn exchange(
    change: &Change<'_>,
    user: &User,
    found: Option<&[u8]>,
) -> Outcome<RecoveryCodes> {
    if !find_factors(change.db(), user.id).await?.is_on() {
        return Err(Denial::TwoFactorOff.into());
    }
    let codes = recovery_codes::make(&bytes(change.services.random.as_ref()));
    let hashes = codes.iter().map(|code| recovery_codes::hash(code, user.id));
    if exchange_recovery_codes(change.db(), user.id, found, hashes).await? {
        Ok(shown(&codes))
    } else {
        Err(Refusal::RecoveryCodesOvertaken.into())
    }
}

pub(crate) async fn renew_recovery_codes(
    change: &Change<'_>,
    user: &User,
) -> Outcome<RecoveryCodes> {
    let codes = recovery_codes::make(&bytes(change.services.random.as_ref()));
    let hashes = codes.iter().map(|code| recovery_codes::hash(code, user.id));
    replace_recovery_codes(change.db(), user.id, hashes).await?;
    Ok(shown(&codes))
}

fn shown(codes: &[RecoveryCode]) -> RecoveryCodes {
    RecoveryCodes {
        codes: codes.iter().map(RecoveryCode::shown).collect(),
    }
}
