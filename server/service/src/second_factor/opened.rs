//! The sealed half of a second factor: the secret of an app, or a number.

use crate::refusal::Refusal as ApiError;
use app::types::ids::UserId;
use zeroize::Zeroizing;

use crate::{Failure, Outcome, Services};
use crypto::seal::{KeyRing, UnsealProblem};
use domain::factors::FactorKind;
use domain::phone_number::PhoneNumber;
use domain::totp::TotpSecret;
use storage::second_factors::SecondFactor;

/// Binds sealed secrets of apps to their kind; the row is the user's id.
pub const SECRET: &str = "totp-secret";
/// As [`SECRET`], for numbers.
pub const NUMBER: &str = "phone-number";

/// A second factor, opened.
pub enum Opened {
    /// The secret of an app.
    App(TotpSecret),
    /// The number that codes are sent to.
    Sms(PhoneNumber),
}

impl Opened {
    /// What makes it this factor and no other.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::App(secret) => secret.bytes(),
            Self::Sms(number) => number.e164().as_bytes(),
        }
    }
}

/// Opens the second factor of a user.
///
/// # Errors
/// When its key is not there or it was tampered with: the operator hears of it, and the user is
/// refused; it never means "no second factor".
pub fn open(services: &Services, user: UserId, factor: &SecondFactor) -> Outcome<Opened> {
    match factor.kind {
        FactorKind::App => open_secret(services, user, &factor.sealed_secret).map(Opened::App),
        FactorKind::Sms => open_number(services, user, &factor.sealed_secret).map(Opened::Sms),
    }
}

/// Opens the sealed secret of an app.
///
/// # Errors
/// As [`open`].
pub fn open_secret(services: &Services, user: UserId, sealed: &[u8]) -> Outcome<TotpSecret> {
    let plain = unseal(services, SECRET, user, sealed)?;
    TotpSecret::from_bytes(&plain).ok_or(Failure::Refused(ApiError::FactorUnreadable))
}

/// Opens a sealed number.
///
/// # Errors
/// As [`open`].
pub fn open_number(services: &Services, user: UserId, sealed: &[u8]) -> Outcome<PhoneNumber> {
    let plain = unseal(services, NUMBER, user, sealed)?;
    std::str::from_utf8(&plain)
        .ok()
        .and_then(PhoneNumber::from_e164)
        .ok_or(Failure::Refused(ApiError::FactorUnreadable))
}

/// Seals the secret of an app for a user.
pub fn seal_secret(
    services: &Services,
    keys: &KeyRing,
    user: UserId,
    secret: &TotpSecret,
) -> Vec<u8> {
    let random = services.random.as_ref();
    keys.seal(random, SECRET, &user.to_string(), secret.bytes())
}

/// Seals a number for a user.
pub fn seal_number(
    services: &Services,
    keys: &KeyRing,
    user: UserId,
    number: &PhoneNumber,
) -> Vec<u8> {
    let random = services.random.as_ref();
    keys.seal(random, NUMBER, &user.to_string(), number.e164().as_bytes())
}

fn unseal(
    services: &Services,
    purpose: &str,
    user: UserId,
    sealed: &[u8],
) -> Outcome<Zeroizing<Vec<u8>>> {
    let opened = services.keys.open(purpose, &user.to_string(), sealed);
    opened.map_err(|problem| {
        tracing::error!(user.id = %user, %problem, "the second factor of a user cannot be read");
        match problem {
            UnsealProblem::NoSuchKey(_) | UnsealProblem::Tampered => {
                Failure::Refused(ApiError::FactorUnreadable)
            }
        }
    })
}
