//! Changes that people ask for.

use domain::totp::TimeStep;

use crate::support::Authenticator;

/// What a call changes, once it is answered, or once it turns out to have been done.
#[derive(Clone)]
pub(crate) enum Change {
    SignedIn,
    SignedInWithCode { step: TimeStep, code: String },
    SignedInWithRecoveryCode(String),
    SignedOut,
    Enabled { app: Authenticator, step: TimeStep },
    Disabled,
    NewCodes,
    Renamed(String),
    Saved { allowed: bool },
}

impl Change {
    /// The kind of its line in the log.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignedInWithCode { .. } => "signed_in_with_code",
            Self::SignedInWithRecoveryCode(_) => "signed_in_with_recovery_code",
            Self::SignedOut => "signed_out",
            Self::Enabled { .. } => "two_factor_enabled",
            Self::Disabled => "two_factor_disabled",
            Self::NewCodes => "recovery_codes_replaced",
            Self::Renamed(_) => "renamed",
            Self::Saved { allowed: true } => "trusted_browsers_allowed",
            Self::Saved { allowed: false } => "trusted_browsers_forbidden",
        }
    }

    /// Whether the browser gets another token by it, which is lost with the answer.
    pub(crate) const fn changes_token(&self) -> bool {
        match self {
            Self::SignedIn
            | Self::SignedInWithCode { .. }
            | Self::SignedInWithRecoveryCode(_)
            | Self::SignedOut
            | Self::Enabled { .. }
            | Self::Disabled => true,
            Self::NewCodes | Self::Renamed(_) | Self::Saved { .. } => false,
        }
    }
}
