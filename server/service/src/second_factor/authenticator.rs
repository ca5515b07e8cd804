//! An authenticator app: its secret, sealed and opened, and the check of its codes.

use crate::refusal::Refusal;
use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;

use super::kinds::unseal;
use super::{Checked, ProvenBy, USED, WRONG};
use crate::{Failure, Outcome, Services};
use crypto::seal::KeyRing;
use domain::factors::Factor;
use domain::totp::{self, CodeVerdict, TotpSecret};
use storage::WriteTransaction;
use storage::factors::spend_step;
use storage::users::User;

/// Binds sealed secrets to their kind; the row is the user's id.
pub(super) const PURPOSE: &str = "totp-secret";

/// Opens the sealed secret of an app.
///
/// # Errors
/// `FactorUnreadable` when its key is not there or it was tampered with.
pub fn open_secret(services: &Services, user: UserId, sealed: &[u8]) -> Outcome<TotpSecret> {
    let plain = unseal(services, PURPOSE, user, sealed)?;
    TotpSecret::from_bytes(&plain).ok_or(Failure::Refused(Refusal::FactorUnreadable))
}

/// Seals the secret of an app for a user.
pub fn seal_secret(
    services: &Services,
    keys: &KeyRing,
    user: UserId,
    secret: &TotpSecret,
) -> Vec<u8> {
    let random = services.random.as_ref();
    keys.seal(random, PURPOSE, &user.to_string(), secret.bytes())
}

/// Checks a code, and spends it.
pub(super) async fn check(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    factor: &Factor,
    code: &OneTimeCode,
) -> Outcome<Checked> {
    let secret = open_secret(services, user.id, &factor.sealed)?;
    let verdict = totp::check(&secret, code, services.now(), Some(factor.last_step));
    Ok(match verdict {
        CodeVerdict::Right(step) if spend_step(transaction, user.id, step).await? => {
            Checked::Right(ProvenBy::Factor(factor.kind))
        }
        CodeVerdict::Right(_) | CodeVerdict::Used => USED,
        CodeVerdict::Wrong => {
            // By so many seconds the user's device is ahead, behind where negative, or the server is the other way.
            if let Some(ahead_by) = totp::seems_ahead_by(&secret, code, services.now()) {
                tracing::info!(
                    user.id = %user.id,
                    seconds = ahead_by,
                    "a code was refused that is right at another time: a clock is off"
                );
            }
            WRONG
        }
    })
}
