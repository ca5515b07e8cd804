//! Codes by SMS: created and counted in a transaction, sent after it, and checked where every second factor is.
//! docs/decisions/0014-sms-as-legacy.md

use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;
use app::types::secret_text::SecretText;
use app::types::timestamp::Timestamp;
use app::types::two_factor::SentCode;
use async_trait::async_trait;
use constant_time_eq::constant_time_eq;
use uuid::Uuid;

use super::audit::Event;
use super::change::Change;
use super::letters::Letter;
use super::letters::text::{Desk, text_message};
use super::limits::{Bucket, Limit};
use super::{Outcome, Services, Visitor};
use crate::refusal::Refusal;
use crypto::random::bytes;
use crypto::seal::KeyRing;
use domain::phone_number::PhoneNumber;
use domain::sms_code::{self, SMS_CODE_LIFE};
use storage::sms_codes::{CodeFor, replace_sms_code};
use storage::users::User;

/// Keeps tags of codes apart from other tags.
const PURPOSE: &str = "code by SMS";

/// What hands text messages over: a gateway over HTTP or, for development, a folder.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Hands one message over, within the time limit of the settings.
    ///
    /// # Errors
    /// Says what went wrong, without the number or the text.
    async fn send(&self, message: &TextMessage, now: Timestamp) -> Result<(), SmsNotSent>;
}

/// A text message.
pub struct TextMessage {
    /// Its id, by which a gateway can tell that it has had it.
    pub id: Uuid,
    /// Whom to.
    pub to: PhoneNumber,
    /// What it says; it holds a code.
    pub text: SecretText,
}

/// Why a message did not leave, for the log: never with the number or the text.
#[derive(Debug, thiserror::Error)]
pub enum SmsNotSent {
    /// The gateway answered with another status than success.
    #[error("the gateway answered {0}")]
    Refused(u16),
    /// The gateway did not answer in time.
    #[error("the gateway took too long")]
    TooSlow,
    /// The gateway could not be reached, or broke off.
    #[error("the gateway could not be reached: {0}")]
    Unreachable(String),
    /// The request or the file could not be made.
    #[error("the message could not be written: {0}")]
    NotWritten(String),
}

/// Whom a code goes to, and who asks.
#[derive(Clone, Copy)]
pub struct Addressee<'a> {
    /// Locked by the caller.
    pub user: &'a User,
    /// Their number.
    pub number: &'a PhoneNumber,
    /// What it is to the user.
    pub asked_by: AskedBy,
}

/// Who asks for a code: each has codes of their own, so that nobody uses up those that the user needs elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// Who sets a number up, which may be anybody's.
    Newcomer,
    /// Who has given the password, in a browser that is not known to the user.
    Stranger,
    /// The same in one that is.
    KnownBrowser,
    /// Who is signed in.
    Session,
}

/// Whether a new number can be set up here.
pub const fn is_offered(services: &Services) -> bool {
    services.settings.sms.enrolment && services.sms.is_some()
}

/// What a tag of a code is made of: it is of one user and one purpose.
fn with_parts<T>(
    user: UserId,
    code_for: &CodeFor,
    code: &OneTimeCode,
    make: impl FnOnce(&[&[u8]]) -> T,
) -> T {
    let (word, bound_to) = code_for.parts();
    let user = user.uuid();
    make(&[
        user.as_bytes(),
        word.as_bytes(),
        &bound_to,
        code.digits().as_bytes(),
    ])
}

/// Whether a code is the one that the database keeps `sent` of. A code that was on its way while another key took over
/// is still good.
pub fn is_the_code_sent(
    keys: &KeyRing,
    user: UserId,
    code_for: &CodeFor,
    code: &OneTimeCode,
    sent: &[u8],
) -> bool {
    let tags = with_parts(user, code_for, code, |parts| keys.tags(PURPOSE, parts));
    tags.iter()
        .fold(false, |found, tag| found | constant_time_eq(sent, tag))
}

/// Makes a code, which takes the place of the one before, and the message that brings it. It counts as sent from here
/// on, whatever the gateway does: it may have cost.
///
/// # Errors
/// `SmsNotSent` without a gateway; `TooManyCodes` when one that is counted has had theirs.
pub async fn write_code(
    change: &Change<'_>,
    to: Addressee<'_>,
    code_for: &CodeFor,
) -> Outcome<TextMessage> {
    if change.services.sms.is_none() {
        tracing::error!("a code by SMS was asked for, but `sms.gateway` is not set");
        return Err(Refusal::SmsNotSent.into());
    }
    let keys = change.services.keys.sealing(change.db()).await?;
    take_sends(change, &keys, to).await?;
    let code = sms_code::make(bytes(change.services.random.as_ref()));
    let hash = with_parts(to.user.id, code_for, &code, |parts| {
        keys.tag(PURPOSE, parts)
    });
    let expires_at = change.services.now() + SMS_CODE_LIFE;
    replace_sms_code(change.db(), to.user.id, code_for, &hash, expires_at).await?;
    change.record_own(to.user, &Event::SmsCodeSent).await?;
    Ok(TextMessage {
        id: change.services.new_uuid(),
        to: to.number.clone(),
        text: text(change.services, &code),
    })
}

/// Hands a message over. No transaction is open meanwhile: a slow gateway holds up nobody else.
///
/// # Errors
/// `SmsNotSent`, whatever the reason, which the log has.
pub async fn deliver(services: &Services, message: &TextMessage) -> Outcome<SentCode> {
    let gateway = services.sms.as_ref().ok_or(Refusal::SmsNotSent)?;
    if let Err(problem) = gateway.send(message, services.now()).await {
        tracing::error!(message.id = %message.id, %problem, "a code could not be sent by SMS");
        return Err(Refusal::SmsNotSent.into());
    }
    Ok(SentCode {
        masked: message.to.masked(),
    })
}

/// What is counted: a send is taken off each of these.
fn counted(keys: &KeyRing, to: Addressee<'_>, visitor: &Visitor) -> Vec<Bucket> {
    let user = to.user.id;
    match to.asked_by {
        AskedBy::Newcomer => vec![
            Limit::SmsToUser.of_user(user),
            Limit::SmsToNumber.of_number(keys, to.number),
            Limit::SmsOfClient.of_client(visitor),
        ],
        AskedBy::Stranger => vec![
            Limit::SmsToUser.of_user(user),
            Limit::SmsOfClient.of_client(visitor),
        ],
        AskedBy::KnownBrowser => vec![
            Limit::SmsToKnown.of_user(user),
            Limit::SmsOfClientKnown.of_client(visitor),
        ],
        AskedBy::Session => vec![
            Limit::SmsToSignedIn.of_user(user),
            Limit::SmsOfClientKnown.of_client(visitor),
        ],
    }
}

/// One send for each that is counted; refused by one, it is taken from none.
async fn take_sends(change: &Change<'_>, keys: &KeyRing, to: Addressee<'_>) -> Outcome<()> {
    for bucket in counted(keys, to, change.visitor()) {
        if let Some(refusal) = change.take(&bucket).await? {
            // Each message costs: the operator sees who tries to cause more.
            tracing::warn!(
                user.id = %to.user.id,
                client.address = change.visitor().address,
                "no more codes by SMS for now"
            );
            return Err(refusal.into());
        }
    }
    Ok(())
}

fn text(services: &Services, code: &OneTimeCode) -> SecretText {
    let desk = Desk::new(&services.settings, services.now());
    SecretText::new(text_message(&Letter::SmsCode { code }, desk))
}
