//! Second factors: which kinds there are, and what the ones that a user has are good for.

use app::types::account::AccountRules;

/// A kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// An authenticator app.
    App,
    /// SMS, the legacy factor.
    Sms,
}

impl FactorKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::App, Self::Sms];

    const fn bit(self) -> u8 {
        match self {
            Self::App => 1,
            Self::Sms => 2,
        }
    }

    /// Whether it satisfies the requirement of an account with these rules.
    const fn satisfies(self, rules: AccountRules) -> bool {
        match self {
            Self::App => true,
            Self::Sms => rules.sms_counts,
        }
    }
}

/// The kinds of second factors that a user has: none while two-factor authentication is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactorKinds(u8);

impl FactorKinds {
    /// Two-factor authentication is off.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, kind: FactorKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Whether this kind is among them.
    pub const fn has(self, kind: FactorKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether two-factor authentication is on.
    pub fn is_on(self) -> bool {
        self != Self::NONE
    }

    /// Whether one of them satisfies the requirement of an account with these rules.
    pub fn satisfy(self, rules: AccountRules) -> bool {
        let mut kinds = FactorKind::ALL.into_iter();
        kinds.any(|kind| self.has(kind) && kind.satisfies(rules))
    }
}

impl From<FactorKind> for FactorKinds {
    fn from(kind: FactorKind) -> Self {
        Self::NONE.with(kind)
    }
}

impl FromIterator<FactorKind> for FactorKinds {
    fn from_iter<I: IntoIterator<Item = FactorKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in() {
        let both: FactorKinds = FactorKind::ALL.into_iter().collect();
        for kind in FactorKind::ALL {
            let one = FactorKinds::from(kind);
            assert!(one.is_on() && both.has(kind) && !FactorKinds::NONE.has(kind));
            let others = FactorKind::ALL.into_iter().filter(|other| *other != kind);
            assert!(!others.into_iter().any(|other| one.has(other)), "{kind:?}");
        }
        assert!(!FactorKinds::NONE.is_on());
    }

    #[test]
    fn one_factor_that_counts_is_enough_and_sms_counts_where_the_account_says_so() {
        let (app, sms) = (
            FactorKinds::from(FactorKind::App),
            FactorKinds::from(FactorKind::Sms),
        );
        let both = app.with(FactorKind::Sms);
        for (kinds, sms_counts, expected) in [
            (FactorKinds::NONE, false, false),
            (FactorKinds::NONE, true, false),
            (app, false, true),
            (app, true, true),
            (sms, false, false),
            (sms, true, true),
            (both, false, true),
            (both, true, true),
        ] {
            let rules = AccountRules {
                sms_counts,
                trusted_browsers_allowed: false,
            };
            assert_eq!(kinds.satisfy(rules), expected, "{kinds:?} {sms_counts}");
        }
    }
}
