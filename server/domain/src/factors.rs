//! The second factors of a user, and what they are good for. [`Factors`] alone answers whether two-factor authentication is
//! on, what is offered as proof, and whether an account's requirement is met.

use app::types::account::AccountRules;
use app::types::factors::FactorKind;
use app::types::timestamp::Timestamp;

use super::totp::TimeStep;

/// Whether a kind satisfies the requirement of an account with these rules.
const fn satisfies(kind: FactorKind, rules: AccountRules) -> bool {
    match kind {
        FactorKind::App => true,
        FactorKind::Sms => rules.sms_counts,
    }
}

/// The kinds that satisfy the requirement of an account with these rules.
pub fn kinds_that_satisfy(rules: AccountRules) -> impl Iterator<Item = FactorKind> {
    FactorKind::ALL
        .into_iter()
        .filter(move |kind| satisfies(*kind, rules))
}

/// The kinds of second factors that a user has: none while two-factor authentication is off. One whose kind is no word of ours
/// makes all of them unreadable: two-factor authentication is on, nothing is covered by it, and only a reset helps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactorKinds(u8);

/// Stands for a kind that cannot be read; no kind has this bit.
const UNREADABLE: u8 = 1 << 7;

impl FactorKinds {
    /// Two-factor authentication is off.
    pub const NONE: Self = Self(0);

    /// A kind that cannot be read.
    pub const UNREADABLE: Self = Self(UNREADABLE);

    const fn bit(kind: FactorKind) -> u8 {
        1 << kind as u8
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, kind: FactorKind) -> Self {
        Self(self.0 | Self::bit(kind))
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether one of them cannot be read.
    pub const fn is_unreadable(self) -> bool {
        self.0 & UNREADABLE != 0
    }

    /// Whether this kind is among them.
    pub const fn has(self, kind: FactorKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// Each of them, in the order in which they are offered.
    pub fn iter(self) -> impl Iterator<Item = FactorKind> {
        FactorKind::ALL
            .into_iter()
            .filter(move |kind| self.has(*kind))
    }

    /// Whether two-factor authentication is on.
    pub fn is_on(self) -> bool {
        self != Self::NONE
    }

    /// Whether one of them satisfies the requirement of an account with these rules.
    pub fn cover(self, rules: AccountRules) -> bool {
        !self.is_unreadable() && kinds_that_satisfy(rules).any(|kind| self.has(kind))
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

/// A second factor that a user has, sealed.
#[derive(Clone)]
pub struct Factor {
    /// What it is.
    pub kind: FactorKind,
    /// The secret of the app or the number, sealed.
    pub sealed: Vec<u8>,
    /// Since when it is on.
    pub since: Timestamp,
    /// The newest step of the app whose code was used; it and every older one are spent.
    pub last_step: TimeStep,
}

/// The second factors of a user: none while two-factor authentication is off.
#[derive(Clone, Default)]
pub struct Factors(Vec<Factor>);

impl Factors {
    /// All that a user has.
    pub const fn new(factors: Vec<Factor>) -> Self {
        Self(factors)
    }

    /// Whether two-factor authentication is on.
    pub const fn is_on(&self) -> bool {
        !self.0.is_empty()
    }

    /// Their kinds.
    pub fn kinds(&self) -> FactorKinds {
        self.0.iter().map(|factor| factor.kind).collect()
    }

    /// Whether one of them satisfies the requirement of an account with these rules.
    pub fn cover(&self, rules: AccountRules) -> bool {
        self.kinds().cover(rules)
    }

    /// Each that is offered as proof, the first one first.
    pub fn offered(&self) -> impl Iterator<Item = &Factor> {
        FactorKind::ALL.into_iter().filter_map(|kind| self.of(kind))
    }

    /// The one of a kind.
    pub fn of(&self, kind: FactorKind) -> Option<&Factor> {
        self.0.iter().find(|factor| factor.kind == kind)
    }

    /// Since when two-factor authentication is on.
    pub fn since(&self) -> Option<Timestamp> {
        self.0.iter().map(|factor| factor.since).min()
    }

    /// Since when they are the ones that they are: what a browser proved before counts for nothing.
    pub fn last_added(&self) -> Option<Timestamp> {
        self.0.iter().map(|factor| factor.since).max()
    }

    /// All of them, as they are stored.
    pub fn as_slice(&self) -> &[Factor] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(sms_counts: bool) -> AccountRules {
        AccountRules {
            sms_counts,
            trusted_browsers_allowed: false,
        }
    }

    fn factor(kind: FactorKind, since: i64) -> Factor {
        Factor {
            kind,
            sealed: Vec::new(),
            since: Timestamp(since),
            last_step: TimeStep(0),
        }
    }

    #[test]
    fn a_set_has_what_was_put_in() {
        let both: FactorKinds = FactorKind::ALL.into_iter().collect();
        for kind in FactorKind::ALL {
            let one = FactorKinds::from(kind);
            assert!(one.is_on() && both.has(kind) && !FactorKinds::NONE.has(kind));
            assert_eq!(one.iter().collect::<Vec<_>>(), [kind]);
        }
        assert_eq!(both.iter().collect::<Vec<_>>(), FactorKind::ALL);
        assert!(!FactorKinds::NONE.is_on());
    }

    #[test]
    fn a_kind_that_cannot_be_read_is_on_and_covers_nothing() {
        let one = FactorKinds::UNREADABLE;
        let both = one.with(FactorKind::App);
        for kinds in [one, both] {
            assert!(kinds.is_on() && kinds.is_unreadable());
            assert!(!kinds.cover(rules(true)));
        }
        assert_eq!(one.iter().next(), None);
        for kind in FactorKind::ALL {
            assert!(!FactorKinds::from(kind).is_unreadable());
        }
    }

    #[test]
    fn one_factor_that_counts_is_enough_and_sms_counts_where_the_account_says_so() {
        let (app, sms) = (factor(FactorKind::App, 1), factor(FactorKind::Sms, 2));
        for (factors, sms_counts, expected) in [
            (vec![], false, false),
            (vec![], true, false),
            (vec![app.clone()], false, true),
            (vec![app.clone()], true, true),
            (vec![sms.clone()], false, false),
            (vec![sms.clone()], true, true),
            (vec![sms.clone(), app.clone()], false, true),
            (vec![sms, app], true, true),
        ] {
            let factors = Factors::new(factors);
            let kinds = factors.kinds();
            assert_eq!(factors.is_on(), kinds.is_on(), "{kinds:?}");
            assert_eq!(
                factors.cover(rules(sms_counts)),
                expected,
                "{kinds:?} {sms_counts}"
            );
        }
    }

    #[test]
    fn factors_are_offered_in_one_order_and_dated_from_the_first_and_the_last() {
        let stored = vec![factor(FactorKind::Sms, 5), factor(FactorKind::App, 9)];
        let factors = Factors::new(stored);
        let offered: Vec<_> = factors.offered().map(|factor| factor.kind).collect();
        assert_eq!(offered, [FactorKind::App, FactorKind::Sms]);
        assert_eq!(factors.since(), Some(Timestamp(5)));
        assert_eq!(factors.last_added(), Some(Timestamp(9)));
        assert_eq!(factors.of(FactorKind::Sms).unwrap().since, Timestamp(5));
        let none = Factors::default();
        assert!(none.since().is_none() && none.last_added().is_none());
        assert!(none.of(FactorKind::App).is_none() && none.offered().next().is_none());
    }
}
