//! What each kind of second factor that takes codes does: the one place of the services that tells these kinds apart.

use crate::refusal::Refusal;
use app::types::factors::{CodeFactorKind, FactorShown, Way};
use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;
use zeroize::Zeroizing;

use super::Checked;
use super::authenticator::{self, open_secret};
use super::number::{self, masked, open_number};
use crate::audit::Event;
use crate::{Failure, Outcome, Services};
use crypto::seal::UnsealProblem;
use domain::factors::Factor;
use domain::phone_number::PhoneNumber;
use domain::totp::TotpSecret;
use storage::sms_codes::CodeFor;
use storage::users::User;
use storage::{ConnectionTrait, WriteTransaction};

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

/// What the sealed values of a kind are bound to, besides the id of their user.
pub const fn purpose(kind: CodeFactorKind) -> &'static str {
    match kind {
        CodeFactorKind::App => authenticator::PURPOSE,
        CodeFactorKind::Sms => number::PURPOSE,
    }
}

/// Opens a second factor of a user.
///
/// # Errors
/// When its key is not there or it was tampered with: the operator hears of it, and the user is
/// refused; it never means "no second factor".
pub fn open(services: &Services, user: UserId, factor: &Factor) -> Outcome<Opened> {
    match factor.kind {
        CodeFactorKind::App => open_secret(services, user, &factor.sealed).map(Opened::App),
        CodeFactorKind::Sms => open_number(services, user, &factor.sealed).map(Opened::Sms),
    }
}

/// Checks a code against one factor, and spends it.
pub(super) async fn check(
    services: &Services,
    transaction: &WriteTransaction,
    (user, factor): (&User, &Factor),
    code: &OneTimeCode,
    code_for: &CodeFor,
) -> Outcome<Checked> {
    match factor.kind {
        CodeFactorKind::App => {
            authenticator::check(services, transaction, user, factor, code).await
        }
        CodeFactorKind::Sms => {
            number::check(services, transaction, (user, factor), code, code_for).await
        }
    }
}

/// The event of a sign-in that was finished by a code of this kind.
pub(super) const fn sign_in_event(kind: CodeFactorKind) -> Event {
    match kind {
        CodeFactorKind::App => Event::SignedInWithCode,
        CodeFactorKind::Sms => Event::SignedInWithSms,
    }
}

/// What its user sees of a factor.
pub fn shown(services: &Services, user: UserId, factor: &Factor) -> FactorShown {
    match factor.kind {
        CodeFactorKind::App => FactorShown::App,
        CodeFactorKind::Sms => FactorShown::Sms {
            masked: masked(services, user, factor),
        },
    }
}

/// How to prove a factor, for one purpose.
pub(super) async fn way(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, factor): (UserId, &Factor),
    code_for: &CodeFor,
) -> Outcome<Way> {
    match factor.kind {
        CodeFactorKind::App => Ok(Way::App),
        CodeFactorKind::Sms => number::way(services, db, (user, factor), code_for).await,
    }
}

/// Opens a sealed value of a user.
///
/// # Errors
/// `FactorUnreadable`, whose cause the log has.
pub(super) fn unseal(
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
                Failure::Refused(Refusal::FactorUnreadable)
            }
        }
    })
}
