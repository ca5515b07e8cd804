//! What keys are worth among the ways to sign in: the lines of the table in docs/security.md that speak of keys.

use crate::purpose::KeyKind;

/// What somebody gives to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInEvidence {
    /// A key and nothing else.
    KeyAlone {
        /// As what it was added.
        kind: KeyKind,
        /// Whether it verified the user.
        is_verified: bool,
    },
    /// The password, and a key.
    PasswordAndKey,
    /// The password, and a code of the app.
    PasswordAndApp,
    /// The password, in a browser that is trusted.
    PasswordInTrustedBrowser,
    /// The password, and a recovery code.
    PasswordAndRecoveryCode,
    /// A mailed link that sets a password.
    MailedLink,
}

/// Which second factors the user has, of those that the table has columns for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// An authenticator app.
    pub app: bool,
    /// A key at least.
    pub keys: bool,
}

/// What it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedTo {
    /// A session.
    SignedIn,
    /// A refusal.
    Refused,
    /// It is not asked for: the password is enough.
    NotAsked,
    /// It is not taken, since the user has no such factor.
    NotTaken,
    /// It cannot be: the user has no such thing.
    Impossible,
    /// The password is set, and nobody is signed in.
    NobodySignedIn,
}

/// How much was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignInStrength {
    /// Opens nothing.
    Nothing,
    /// One factor.
    One,
    /// Two factors.
    Two,
    /// Two factors, of which one was an answer at our address and for it: the one strength that accounts which take only keys
    /// are satisfied by.
    TwoAtOurAddress,
}

impl SignInEvidence {
    /// What this is worth, where it is right.
    pub const fn strength(self) -> SignInStrength {
        match self {
            Self::KeyAlone {
                kind: KeyKind::Passkey,
                is_verified: true,
            }
            | Self::PasswordAndKey => SignInStrength::TwoAtOurAddress,
            Self::KeyAlone { .. } => SignInStrength::Nothing,
            Self::PasswordAndApp
            | Self::PasswordInTrustedBrowser
            | Self::PasswordAndRecoveryCode => SignInStrength::Two,
            Self::MailedLink => SignInStrength::One,
        }
    }

    /// Whether it satisfies an account that takes only passkeys and security keys.
    pub const fn is_phishing_resistant(self) -> bool {
        matches!(self.strength(), SignInStrength::TwoAtOurAddress)
    }

    /// What it leads to, for a user who has these factors.
    pub const fn leads_to(self, owned: Owned) -> LedTo {
        let is_on = owned.app || owned.keys;
        match self {
            Self::KeyAlone { .. } if !owned.keys => LedTo::Impossible,
            Self::KeyAlone { .. } => match self.strength() {
                SignInStrength::TwoAtOurAddress => LedTo::SignedIn,
                _ => LedTo::Refused,
            },
            Self::PasswordAndKey if owned.keys => LedTo::SignedIn,
            Self::PasswordAndKey if is_on => LedTo::Impossible,
            Self::PasswordAndApp if owned.app => LedTo::SignedIn,
            Self::PasswordAndApp if is_on => LedTo::NotTaken,
            Self::PasswordAndRecoveryCode if is_on => LedTo::SignedIn,
            Self::PasswordAndKey | Self::PasswordAndApp | Self::PasswordAndRecoveryCode => {
                LedTo::NotAsked
            }
            Self::PasswordInTrustedBrowser => LedTo::SignedIn,
            Self::MailedLink => LedTo::NobodySignedIn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::Purpose;

    /// Off, app, keys only, app and keys.
    const COLUMNS: [Owned; 4] = [
        Owned {
            app: false,
            keys: false,
        },
        Owned {
            app: true,
            keys: false,
        },
        Owned {
            app: false,
            keys: true,
        },
        Owned {
            app: true,
            keys: true,
        },
    ];

    fn alone(kind: KeyKind, is_verified: bool) -> SignInEvidence {
        SignInEvidence::KeyAlone { kind, is_verified }
    }

    #[test]
    fn the_table_of_ways_to_sign_in() {
        use LedTo::{Impossible, NobodySignedIn, NotAsked, NotTaken, Refused, SignedIn};
        use SignInStrength::{Nothing, One, Two, TwoAtOurAddress};
        for (evidence, cells, strength) in [
            (
                alone(KeyKind::Passkey, true),
                [Impossible, Impossible, SignedIn, SignedIn],
                TwoAtOurAddress,
            ),
            (
                alone(KeyKind::Passkey, false),
                [Impossible, Impossible, Refused, Refused],
                Nothing,
            ),
            (
                alone(KeyKind::SecurityKey, true),
                [Impossible, Impossible, Refused, Refused],
                Nothing,
            ),
            (
                alone(KeyKind::SecurityKey, false),
                [Impossible, Impossible, Refused, Refused],
                Nothing,
            ),
            (
                SignInEvidence::PasswordAndKey,
                [NotAsked, Impossible, SignedIn, SignedIn],
                TwoAtOurAddress,
            ),
            (
                SignInEvidence::PasswordAndApp,
                [NotAsked, SignedIn, NotTaken, SignedIn],
                Two,
            ),
            (SignInEvidence::PasswordInTrustedBrowser, [SignedIn; 4], Two),
            (
                SignInEvidence::PasswordAndRecoveryCode,
                [NotAsked, SignedIn, SignedIn, SignedIn],
                Two,
            ),
            (SignInEvidence::MailedLink, [NobodySignedIn; 4], One),
        ] {
            let found = COLUMNS.map(|owned| evidence.leads_to(owned));
            assert_eq!(
                (found, evidence.strength()),
                (cells, strength),
                "{evidence:?}"
            );
        }
    }

    /// The table and the verification agree: what signs in alone here is what a purpose that signs in alone takes.
    #[test]
    fn the_table_says_what_purposes_demand() {
        for kind in [KeyKind::Passkey, KeyKind::SecurityKey] {
            for is_verified in [false, true] {
                let purpose = Purpose::SignInAlone;
                let is_enough =
                    purpose.takes(kind) && (is_verified || !purpose.demands_verification());
                let evidence = alone(kind, is_verified);
                assert_eq!(evidence.leads_to(COLUMNS[2]) == LedTo::SignedIn, is_enough);
                assert_eq!(evidence.is_phishing_resistant(), is_enough);
            }
            assert!(Purpose::AfterPassword.takes(kind));
        }
    }

    #[test]
    fn only_keys_are_phishing_resistant() {
        for evidence in [
            SignInEvidence::PasswordAndApp,
            SignInEvidence::PasswordInTrustedBrowser,
            SignInEvidence::PasswordAndRecoveryCode,
            SignInEvidence::MailedLink,
        ] {
            assert!(!evidence.is_phishing_resistant(), "{evidence:?}");
        }
        assert!(SignInEvidence::PasswordAndKey.is_phishing_resistant());
    }
}
