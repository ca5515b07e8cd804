//! A number as second factor: set up where the operator still lets people, and asked for its codes.

use crate::change::Change;
use crate::refusal::{Refusal, Wrong};
use app::types::factors::CodeFactorKind;
use app::types::ids::EnrolmentId;
use app::types::secret_text::SecretText;
use app::types::two_factor::{MailboxAct, SentCode, SmsEnrolment};

use super::{ENROLMENT_LIFE, EnrolmentProofs};
use crate::first_factor::enter;
use crate::principal::Principal;
use crate::second_factor::{may_send, open_number, seal_number};
use crate::sessions::{self, SignedIn};
use crate::sms::{Addressee, AskedBy, deliver, is_offered, write_code};
use crate::step_up::{prove_password, prove_second_factor};
use crate::{Failure, Outcome, Services};
use crypto::seal::KeyRing;
use domain::attempts::WRONG_CODES_PER_ENROLMENT;
use domain::first_factor::Ground;
use domain::first_factor::admit;
use domain::phone_number::PhoneNumber;
use domain::roles::Denial;
use storage::ConnectionTrait;
use storage::enrolments::{EnrolmentOf, PendingEnrolment, lock_enrolment, upsert_enrolment};
use storage::factors::find_factors;
use storage::sms_codes::{CodeFor, find_sms_code};
use storage::users::User;

/// Begins an enrolment of a number and sends it a code. The number of another user is as good as any: families and
/// desks share phones, and an answer that differed would tell who has which. When no code can be sent, the enrolment of the
/// same number that was begun before is given while its code is good.
///
/// # Errors
/// `NotFound` where SMS is not offered; fields that are no country or no mobile number; what sending refuses.
pub async fn begin_sms(
    services: &Services,
    caller: &SignedIn,
    (country, number): (&str, &SecretText),
    given: EnrolmentProofs<'_>,
) -> Outcome<SmsEnrolment> {
    if !is_offered(services) {
        return Err(Refusal::NotFound.into());
    }
    let number = PhoneNumber::parse(country, number.expose()).map_err(Wrong::Phone)?;
    let password = prove_password(services, caller, given.step_up).await?;
    // Before a code is looked at, and again below, where it stays so.
    check_off(services.database.read(), caller).await?;
    let proven = prove_second_factor(services, caller, given.step_up, password).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    check_off(change.db(), caller).await?;
    let asked = (MailboxAct::FirstFactor, given.mailbox_code);
    let (change, admitted) = enter(change, (caller, &user), asked, admit).await?;
    let keys = services.keys.sealing(change.db()).await?;
    let ground = admitted.ground();
    let enrolment = new_enrolment(services, &keys, caller, &number, ground);
    let (id, expires_at) = (enrolment.id, enrolment.expires_at);
    let to = Addressee {
        user: &user,
        number: &number,
        asked_by: AskedBy::Newcomer,
    };
    let message = match write_code(&change, to, &CodeFor::Enrolment(id)).await {
        Err(Failure::Refused(refusal @ Refusal::TooManyCodes { .. })) => {
            let earlier = find_earlier(&change, caller, to).await?;
            return earlier.ok_or(Failure::Refused(refusal));
        }
        written => written?,
    };
    upsert_enrolment(change.db(), user.id, enrolment).await?;
    change.commit().await?;
    let SentCode { masked } = deliver(services, &message).await?;
    Ok(SmsEnrolment {
        id,
        is_earlier: false,
        masked,
        expires_at,
    })
}

/// The enrolment of the same number that this session has begun before and whose code is still good, so that a page that was
/// loaded again asks for it where no other code can be sent.
async fn find_earlier(
    change: &Change<'_>,
    caller: &SignedIn,
    to: Addressee<'_>,
) -> Outcome<Option<SmsEnrolment>> {
    let (services, user, now) = (change.services, to.user.id, change.services.now());
    let enrolment = lock_enrolment(change.db(), user).await?;
    let may_go_on = |it: &PendingEnrolment| {
        is_by_sms_of(it, caller) && it.expires_at > now && it.failures < WRONG_CODES_PER_ENROLMENT
    };
    let Some(enrolment) = enrolment.filter(may_go_on) else {
        return Ok(None);
    };
    let code_for = CodeFor::Enrolment(enrolment.id);
    let code = find_sms_code(change.db(), user, &code_for, now).await?;
    let number = open_number(services, user, &enrolment.sealed_secret)?;
    Ok(
        (code.is_some() && number == *to.number).then(|| SmsEnrolment {
            id: enrolment.id,
            is_earlier: true,
            masked: number.masked(),
            expires_at: enrolment.expires_at,
        }),
    )
}

fn is_by_sms_of(enrolment: &PendingEnrolment, caller: &SignedIn) -> bool {
    enrolment.of == EnrolmentOf::Sms && enrolment.session == caller.session.id
}

async fn check_off(db: &impl ConnectionTrait, caller: &Principal) -> Outcome<()> {
    if find_factors(db, caller.user.id).await?.is_on() {
        return Err(Denial::TwoFactorOn.into());
    }
    Ok(())
}

fn new_enrolment(
    services: &Services,
    keys: &KeyRing,
    caller: &SignedIn,
    number: &PhoneNumber,
    ground: Ground,
) -> PendingEnrolment {
    PendingEnrolment {
        id: EnrolmentId::new(services.new_uuid()),
        of: EnrolmentOf::Sms,
        session: caller.session.id,
        sealed_secret: seal_number(services, keys, caller.user.id, number),
        key_id: keys.current().to_string(),
        expires_at: services.now() + ENROLMENT_LIFE,
        failures: 0,
        admitted_by: Some(ground),
    }
}

/// Sends a code to the number in use, or to the one that this session is setting up.
///
/// # Errors
/// `NotFound` where there is neither; what sending refuses.
pub async fn send_code(services: &Services, caller: &SignedIn) -> Outcome<SentCode> {
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    let (number, code_for) = find_number(&change, caller, &user).await?;
    let to = Addressee {
        user: &user,
        number: &number,
        asked_by: match code_for {
            CodeFor::Enrolment(_) => AskedBy::Newcomer,
            CodeFor::SignIn(_) | CodeFor::StepUp(_) => AskedBy::Session,
        },
    };
    let message = write_code(&change, to, &code_for).await?;
    change.commit().await?;
    deliver(services, &message).await
}

async fn find_number(
    change: &Change<'_>,
    caller: &SignedIn,
    user: &User,
) -> Outcome<(PhoneNumber, CodeFor)> {
    let factors = find_factors(change.db(), user.id).await?;
    if factors.is_on() {
        let factor = factors.of(CodeFactorKind::Sms).ok_or(Refusal::NotFound)?;
        let browser = caller.known.as_ref();
        may_send(change.services, change.db(), (user, &factors), browser).await?;
        let number = open_number(change.services, user.id, &factor.sealed)?;
        return Ok((number, CodeFor::StepUp(caller.session.id)));
    }
    let enrolment = lock_enrolment(change.db(), user.id).await?;
    let enrolment = enrolment
        .filter(|it| is_by_sms_of(it, caller))
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    if enrolment.expires_at <= change.services.now() {
        return Err(Refusal::EnrolmentOver.into());
    }
    let number = open_number(change.services, user.id, &enrolment.sealed_secret)?;
    Ok((number, CodeFor::Enrolment(enrolment.id)))
}
