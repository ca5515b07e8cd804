//! Second factors as both sides name them: their kinds, what a user sees of their own, and the ways to prove one.

use serde::{Deserialize, Serialize};

use crate::wire::Answer;

/// A kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A key that the device keeps with the user's name, and that verifies the user.
    Passkey,
    /// A key that one touches, after the password.
    SecurityKey,
    /// An authenticator app.
    App,
    /// SMS, the legacy factor.
    Sms,
}

/// A kind of second factor that is proven by typing a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFactorKind {
    /// An authenticator app.
    App,
    /// SMS, the legacy factor.
    Sms,
}

impl CodeFactorKind {
    /// Both of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::App, Self::Sms];

    /// Its word.
    pub const fn word(self) -> &'static str {
        self.factor().word()
    }

    /// As a kind of factor.
    pub const fn factor(self) -> FactorKind {
        match self {
            Self::App => FactorKind::App,
            Self::Sms => FactorKind::Sms,
        }
    }
}

impl From<CodeFactorKind> for FactorKind {
    fn from(kind: CodeFactorKind) -> Self {
        kind.factor()
    }
}

impl FactorKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Passkey, Self::SecurityKey, Self::App, Self::Sms];

    /// Its word: on the wire, in the database, in metrics and for the operator.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::SecurityKey => "security_key",
            Self::App => "app",
            Self::Sms => "sms",
        }
    }

    /// The same as a kind that is proven by a code, where it is one.
    pub const fn code(self) -> Option<CodeFactorKind> {
        match self {
            Self::App => Some(CodeFactorKind::App),
            Self::Sms => Some(CodeFactorKind::Sms),
            Self::Passkey | Self::SecurityKey => None,
        }
    }

    /// The kind with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A second factor that is on and takes codes, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FactorShown {
    /// An authenticator app.
    App,
    /// Codes are sent by SMS.
    Sms {
        /// What may be shown of the number.
        masked: String,
    },
}

impl FactorShown {
    /// Its kind.
    pub const fn kind(&self) -> CodeFactorKind {
        match self {
            Self::App => CodeFactorKind::App,
            Self::Sms { .. } => CodeFactorKind::Sms,
        }
    }
}

/// A way to prove a second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Way {
    /// A code of the authenticator app.
    App,
    /// A code by SMS.
    Sms {
        /// What may be shown of the number.
        masked: String,
        /// Whether one was sent for this that is still good.
        is_sent: bool,
    },
    /// A recovery code.
    RecoveryCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_word_everywhere() {
        for kind in FactorKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
            assert_eq!(FactorKind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(FactorKind::of_word("key"), None);
        for kind in CodeFactorKind::ALL {
            assert_eq!(FactorKind::of_word(kind.word()), Some(kind.into()));
            assert_eq!(kind.factor().code(), Some(kind));
        }
    }
}
