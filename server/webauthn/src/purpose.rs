//! What a challenge is for, and the two kinds of keys. What follows from a purpose is said here once, so that no caller can
//! forget to ask for it.

/// Bytes of a user handle: the id of the user, for ever (WebAuthn 3 §5.4.3 asks for at most 64, without personal data).
pub const USER_HANDLE_BYTES: usize = 16;

/// The id of a user, as keys keep it.
pub type UserHandle = [u8; USER_HANDLE_BYTES];

/// The kinds of keys. A key never changes its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Kept by the device with the user's name, and added with user verification. Signs in alone.
    Passkey,
    /// Added without these two. Only after the password, whatever it verifies later.
    SecurityKey,
}

/// What a key is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be added as a passkey.
    AddPasskey,
    /// To be added as a security key.
    AddSecurityKey,
    /// To sign in with, and nothing else.
    SignInAlone,
    /// To stand for the second factor, after the password.
    AfterPassword,
    /// To stand for password and code of a step-up.
    StepUp,
    /// To stand for the code of a step-up, beside the password.
    StepUpSecond,
    /// To prove a session to an account that takes nothing but keys.
    ProveSession,
}

impl Purpose {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::AddPasskey,
        Self::AddSecurityKey,
        Self::SignInAlone,
        Self::AfterPassword,
        Self::StepUp,
        Self::StepUpSecond,
        Self::ProveSession,
    ];

    /// Its word, of which the tag of a challenge is made.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AddPasskey => "add_passkey",
            Self::AddSecurityKey => "add_security_key",
            Self::SignInAlone => "sign_in_alone",
            Self::AfterPassword => "after_password",
            Self::StepUp => "step_up",
            Self::StepUpSecond => "step_up_second",
            Self::ProveSession => "prove_session",
        }
    }

    /// The kind that is added, where one is.
    pub const fn adds(self) -> Option<KeyKind> {
        match self {
            Self::AddPasskey => Some(KeyKind::Passkey),
            Self::AddSecurityKey => Some(KeyKind::SecurityKey),
            Self::SignInAlone
            | Self::AfterPassword
            | Self::StepUp
            | Self::StepUpSecond
            | Self::ProveSession => None,
        }
    }

    /// Whether the user has to be verified. Where the password was given or the session is there, it is a second factor that is
    /// asked for, and having the key is enough.
    pub const fn demands_verification(self) -> bool {
        match self {
            Self::AddPasskey | Self::SignInAlone | Self::StepUp => true,
            Self::AddSecurityKey
            | Self::AfterPassword
            | Self::StepUpSecond
            | Self::ProveSession => false,
        }
    }

    /// Whether a key of this kind is enough. A security key is one factor, so it stands for nothing that takes two.
    pub const fn takes(self, kind: KeyKind) -> bool {
        match self {
            Self::SignInAlone | Self::StepUp => matches!(kind, KeyKind::Passkey),
            Self::AfterPassword | Self::StepUpSecond | Self::ProveSession => true,
            Self::AddPasskey | Self::AddSecurityKey => false,
        }
    }

    /// Whether it is not known yet who answers, so that the user handle has to say it.
    pub const fn finds_user(self) -> bool {
        matches!(self, Self::SignInAlone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_each_purpose() {
        use KeyKind::{Passkey, SecurityKey};
        // Adds, demands verification, takes a passkey, takes a security key, finds the user.
        for (purpose, expected) in [
            (
                Purpose::AddPasskey,
                (Some(Passkey), true, false, false, false),
            ),
            (
                Purpose::AddSecurityKey,
                (Some(SecurityKey), false, false, false, false),
            ),
            (Purpose::SignInAlone, (None, true, true, false, true)),
            (Purpose::AfterPassword, (None, false, true, true, false)),
            (Purpose::StepUp, (None, true, true, false, false)),
            (Purpose::StepUpSecond, (None, false, true, true, false)),
            (Purpose::ProveSession, (None, false, true, true, false)),
        ] {
            let found = (
                purpose.adds(),
                purpose.demands_verification(),
                purpose.takes(Passkey),
                purpose.takes(SecurityKey),
                purpose.finds_user(),
            );
            assert_eq!(found, expected, "{purpose:?}");
        }
    }

    #[test]
    fn each_purpose_has_a_word() {
        let words: std::collections::BTreeSet<_> =
            Purpose::ALL.iter().map(|one| one.word()).collect();
        assert_eq!(words.len(), Purpose::ALL.len());
    }
}
