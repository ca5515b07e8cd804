//! What goes into the audit log, as one enum of everything that is worth remembering.

use app::types::ids::{AccountId, UserId};
use serde_json::{Value, json};

use super::{Services, Visitor};
use crate::storage::audit::{AuditRow, insert_audit_event};
use crate::storage::{ConnectionTrait, Stored};

/// Who did it.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A user, in a browser.
    User {
        /// Who.
        id: UserId,
        /// Their name now.
        name: &'a str,
        /// From where.
        visitor: &'a Visitor,
    },
    /// The operator, at the command line.
    Operator,
}

/// What was done. The name of each on disk is its `kind`; renaming one here never renames history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A user came to be, with an account of their own.
    UserCreated,
    /// Signed in with the password alone.
    SignedIn,
    /// Signed in with password and a code of the app.
    SignedInWithCode,
    /// Signed in with password and a recovery code.
    SignedInWithRecoveryCode {
        /// Recovery codes left.
        left: u32,
    },
    /// The password was right, the second factor wrong.
    WrongSecondFactor,
    /// Signed out.
    SignedOut,
    /// Two-factor authentication was enabled.
    TwoFactorEnabled,
    /// Another authenticator app took over.
    TwoFactorReplaced,
    /// Two-factor authentication was disabled.
    TwoFactorDisabled,
    /// Two-factor authentication of someone was reset.
    TwoFactorReset,
    /// Recovery codes were replaced.
    RecoveryCodesReplaced,
    /// A session ended itself after too many wrong passwords given as proof.
    StepUpFailedTooOften,
}

impl Event {
    /// The stable word for it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UserCreated => "user_created",
            Self::SignedIn => "signed_in",
            Self::SignedInWithCode => "signed_in_with_code",
            Self::SignedInWithRecoveryCode { .. } => "signed_in_with_recovery_code",
            Self::WrongSecondFactor => "wrong_second_factor",
            Self::SignedOut => "signed_out",
            Self::TwoFactorEnabled => "two_factor_enabled",
            Self::TwoFactorReplaced => "two_factor_replaced",
            Self::TwoFactorDisabled => "two_factor_disabled",
            Self::TwoFactorReset => "two_factor_reset",
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::StepUpFailedTooOften => "step_up_failed_too_often",
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::SignedInWithRecoveryCode { left } => json!({ "recovery_codes_left": left }),
            Self::UserCreated
            | Self::SignedIn
            | Self::SignedInWithCode
            | Self::WrongSecondFactor
            | Self::SignedOut
            | Self::TwoFactorEnabled
            | Self::TwoFactorReplaced
            | Self::TwoFactorDisabled
            | Self::TwoFactorReset
            | Self::RecoveryCodesReplaced
            | Self::StepUpFailedTooOften => json!({}),
        }
    }
}

/// Whom it was done to, and in which account.
#[derive(Clone, Copy, Default)]
pub struct About<'a> {
    /// In which account, where it was in one.
    pub account: Option<AccountId>,
    /// Whom, with their name now.
    pub subject: Option<(UserId, &'a str)>,
}

/// Adds a line to the log, in the caller's transaction: either both happen or neither.
pub async fn record(
    services: &Services,
    transaction: &impl ConnectionTrait,
    actor: Actor<'_>,
    event: &Event,
    about: About<'_>,
) -> Stored<()> {
    let (actor_kind, actor_id, actor_name, address, browser) = match actor {
        Actor::User { id, name, visitor } => (
            "user",
            Some(id),
            name,
            visitor.address.as_str(),
            visitor.browser.as_str(),
        ),
        Actor::Operator => ("operator", None, "", "", ""),
    };
    let row = AuditRow {
        id: services.new_uuid(),
        at: services.now(),
        kind: event.kind(),
        actor_kind,
        actor_id,
        actor_name,
        account_id: about.account,
        subject_id: about.subject.map(|(id, _)| id),
        subject_name: about.subject.map_or("", |(_, name)| name),
        address,
        browser,
        details: event.details().to_string(),
    };
    insert_audit_event(transaction, row).await
}
