//! A number for SMS: sealed and opened, what may be shown of it, and the check of the codes that were sent.

use crate::refusal::Refusal;
use app::types::factors::Way;
use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;

use super::kinds::unseal;
use super::{Checked, ProvenBy, WRONG};
use crate::sms::is_the_code_sent;
use crate::{Failure, Outcome, Services};
use crypto::seal::KeyRing;
use domain::factors::Factor;
use domain::phone_number::PhoneNumber;
use storage::sms_codes::{CodeFor, find_sms_code, spend_sms_code};
use storage::users::User;
use storage::{ConnectionTrait, WriteTransaction};

/// Binds sealed numbers to their kind; the row is the user's id.
pub(super) const PURPOSE: &str = "phone-number";
/// What is shown of a number that cannot be read.
const UNREADABLE: &str = "••••";

/// Opens a sealed number.
///
/// # Errors
/// `FactorUnreadable` when its key is not there or it was tampered with.
pub fn open_number(services: &Services, user: UserId, sealed: &[u8]) -> Outcome<PhoneNumber> {
    let plain = unseal(services, PURPOSE, user, sealed)?;
    std::str::from_utf8(&plain)
        .ok()
        .and_then(PhoneNumber::from_e164)
        .ok_or(Failure::Refused(Refusal::FactorUnreadable))
}

/// Seals a number for a user.
pub fn seal_number(
    services: &Services,
    keys: &KeyRing,
    user: UserId,
    number: &PhoneNumber,
) -> Vec<u8> {
    let random = services.random.as_ref();
    keys.seal(random, PURPOSE, &user.to_string(), number.e164().as_bytes())
}

/// What may be shown of a number. Where it cannot be read, the page still opens: a recovery code disables it.
pub(super) fn masked(services: &Services, user: UserId, factor: &Factor) -> String {
    open_number(services, user, &factor.sealed)
        .map_or_else(|_| UNREADABLE.to_owned(), |number| number.masked())
}

/// The way to prove it, and whether a code was sent already.
pub(super) async fn way(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, factor): (UserId, &Factor),
    code_for: &CodeFor,
) -> Outcome<Way> {
    let sent = find_sms_code(db, user, code_for, services.now()).await?;
    Ok(Way::Sms {
        masked: masked(services, user, factor),
        is_sent: sent.is_some(),
    })
}

/// Checks a code. One that was sent leaves nothing behind when it is spent: a second time it is wrong.
pub(super) async fn check(
    services: &Services,
    transaction: &WriteTransaction,
    (user, factor): (&User, &Factor),
    code: &OneTimeCode,
    code_for: &CodeFor,
) -> Outcome<Checked> {
    open_number(services, user.id, &factor.sealed)?;
    let sent = find_sms_code(transaction, user.id, code_for, services.now()).await?;
    let keys = services.keys.sealing(transaction).await?;
    let right = sent.filter(|sent| is_the_code_sent(&keys, user.id, code_for, code, sent));
    if let Some(sent) = right
        && spend_sms_code(transaction, user.id, &sent).await?
    {
        return Ok(Checked::Right(ProvenBy::Factor(factor.kind)));
    }
    Ok(WRONG)
}
