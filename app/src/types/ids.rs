//! Identifiers: a type of its own for each thing, so that one cannot stand for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::wire::{Answer, Value};

/// The text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that stands for this kind of thing.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself, for storage.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl Answer for $name {
            fn read(value: &Value) -> Option<Self> {
                value.id().ok().map(Self)
            }
        }

        #[cfg(test)]
        impl crate::wire::Sample for $name {
            fn samples() -> Vec<Self> {
                vec![Self(Uuid::nil()), Self(Uuid::from_u128(7))]
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

ids! {
    /// A user: one person.
    UserId;
    /// An account: a team.
    AccountId;
    /// A session, as named on the Sessions page; not the secret token in the cookie.
    SessionId;
    /// One unfinished set-up of a second factor.
    EnrolmentId;
    /// Identifies a passkey or security key of a user.
    UserKeyId;
    /// An invitation to an account.
    InvitationId;
    /// A browser that skips the second factor.
    TrustedBrowserId;
    /// A browser that a user has signed in with.
    KnownBrowserId;
    /// A row of the audit log.
    AuditEventId;
}
