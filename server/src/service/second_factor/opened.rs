//! The sealed half of a second factor: the secret of an app, or a number.

use app::error::ApiError;
use app::types::ids::UserId;
use zeroize::Zeroizing;

use crate::crypto::seal::OpenProblem;
use crate::domain::enforcement::FactorKind;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::totp::TotpSecret;
use crate::service::{Failure, Outcome, Services};
use crate::storage::second_factors::SecondFactor;

/// Bind sealed values to their kind; the row is the user's id.
const SECRET: &str = "totp-secret";
const NUMBER: &str = "phone-number";

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
    let bytes: [u8; 20] = plain
        .as_slice()
        .try_into()
        .map_err(|_| Failure::Refused(ApiError::FactorUnreadable))?;
    Ok(TotpSecret::new(bytes))
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
pub fn seal_secret(services: &Services, user: UserId, secret: &TotpSecret) -> Vec<u8> {
    seal(services, SECRET, user, secret.bytes())
}

/// Seals a number for a user.
pub fn seal_number(services: &Services, user: UserId, number: &PhoneNumber) -> Vec<u8> {
    seal(services, NUMBER, user, number.e164().as_bytes())
}

fn seal(services: &Services, purpose: &str, user: UserId, plain: &[u8]) -> Vec<u8> {
    let random = services.random.as_ref();
    services
        .keys
        .seal(random, purpose, &user.to_string(), plain)
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
            OpenProblem::NoSuchKey(_) | OpenProblem::Tampered => {
                Failure::Refused(ApiError::FactorUnreadable)
            }
        }
    })
}
