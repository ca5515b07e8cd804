//! The second factors of a user, and what they are good for. [`Factors`] alone answers whether two-factor authentication is
//! on, what is offered as proof, and whether an account's requirement is met.

use app::types::account::AccountRules;
use app::types::factors::{CodeFactorKind, FactorKind};
use app::types::ids::UserKeyId;
use app::types::timestamp::Timestamp;

use super::totp::TimeStep;

/// Whether a kind satisfies the requirement of an account with these rules.
const fn satisfies(kind: FactorKind, rules: AccountRules) -> bool {
    match kind {
        FactorKind::Passkey | FactorKind::SecurityKey | FactorKind::App => true,
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

/// Between the words of kinds that are stored as one word.
const AND: &str = "+";

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

    /// Every set that a user can have, but for none. SMS gives way to every other kind.
    pub fn possible() -> impl Iterator<Item = Self> {
        let all = (1..1 << FactorKind::ALL.len()).map(Self);
        all.filter(|kinds| kinds.is_possible())
    }

    fn is_possible(self) -> bool {
        !self.has(FactorKind::Sms) || self == FactorKind::Sms.into()
    }

    /// The word of the set, as it is stored: those of its kinds, in the order in which they are offered. A single kind has its own.
    pub fn word(self) -> String {
        let words: Vec<_> = self.iter().map(FactorKind::word).collect();
        words.join(AND)
    }

    /// The set with this word. One that is no set of ours cannot be read: it fails closed for its user, and a list that it stands
    /// in goes on.
    pub fn of_word(word: &str) -> Self {
        let mut kinds = Self::NONE;
        for part in word.split(AND) {
            match FactorKind::of_word(part) {
                // One behind the other: a set has one spelling.
                Some(kind) if Self::bit(kind) > kinds.0 => kinds = kinds.with(kind),
                Some(_) | None => return Self::UNREADABLE,
            }
        }
        if kinds.is_possible() {
            kinds
        } else {
            Self::UNREADABLE
        }
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

/// A second factor that a user has and that takes codes, sealed.
#[derive(Clone)]
pub struct Factor {
    /// What it is.
    pub kind: CodeFactorKind,
    /// The secret of the app or the number, sealed.
    pub sealed: Vec<u8>,
    /// Since when it is on.
    pub since: Timestamp,
    /// The newest step of the app whose code was used; it and every older one are spent.
    pub last_step: TimeStep,
}

/// The most keys that a user can have.
pub const MOST_KEYS: usize = 20;

/// A passkey or security key that a user has. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserKey {
    /// Which one.
    pub id: UserKeyId,
    /// Whether it signs in alone: a passkey. A key never changes its kind.
    pub is_passkey: bool,
    /// The id that its authenticator made (WebAuthn 3 §4, credential id): 1 to 1,023 bytes.
    pub credential_id: Vec<u8>,
    /// Its public key, as COSE has it (RFC 9052 §7), canonical.
    pub public_key: Vec<u8>,
    /// The RP ID that it was made for. With another one it opens nothing.
    pub rp_id: String,
    /// Since when the user has it.
    pub since: Timestamp,
}

impl UserKey {
    /// What it is.
    pub const fn kind(&self) -> FactorKind {
        if self.is_passkey {
            FactorKind::Passkey
        } else {
            FactorKind::SecurityKey
        }
    }
}

/// The second factors of a user: none while two-factor authentication is off.
#[derive(Clone, Default)]
pub struct Factors {
    codes: Vec<Factor>,
    keys: Vec<UserKey>,
}

impl Factors {
    /// All that a user has; the keys in the order of their ids.
    pub fn new(codes: Vec<Factor>, mut keys: Vec<UserKey>) -> Self {
        keys.sort_by_key(|key| key.id.uuid());
        Self { codes, keys }
    }

    /// Whether two-factor authentication is on.
    pub const fn is_on(&self) -> bool {
        !self.codes.is_empty() || !self.keys.is_empty()
    }

    /// Their kinds.
    pub fn kinds(&self) -> FactorKinds {
        let codes = self.codes.iter().map(|factor| factor.kind.factor());
        codes.chain(self.keys.iter().map(UserKey::kind)).collect()
    }

    /// Whether one of them satisfies the requirement of an account with these rules.
    pub fn cover(&self, rules: AccountRules) -> bool {
        self.kinds().cover(rules)
    }

    /// Each that takes codes and is offered as proof, the first one first.
    pub fn offered(&self) -> impl Iterator<Item = &Factor> {
        let kinds = CodeFactorKind::ALL.into_iter();
        kinds.filter_map(|kind| self.of(kind))
    }

    /// The one of a kind that takes codes.
    pub fn of(&self, kind: CodeFactorKind) -> Option<&Factor> {
        self.codes.iter().find(|factor| factor.kind == kind)
    }

    /// The passkeys and security keys, in the order of their ids.
    pub fn keys(&self) -> &[UserKey] {
        &self.keys
    }

    /// The key with this id.
    pub fn key(&self, id: UserKeyId) -> Option<&UserKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// These and one more key.
    #[must_use]
    pub fn with_key(&self, key: UserKey) -> Self {
        let keys = self.keys.iter().cloned().chain([key]);
        Self::new(self.codes.clone(), keys.collect())
    }

    /// What remains where a key goes.
    #[must_use]
    pub fn without_key(&self, id: UserKeyId) -> Self {
        let keys = self.keys.iter().filter(|key| key.id != id);
        Self::new(self.codes.clone(), keys.cloned().collect())
    }

    /// Since when two-factor authentication is on.
    pub fn since(&self) -> Option<Timestamp> {
        self.moments().min()
    }

    /// Since when they are the ones that they are: what a browser proved before counts for nothing.
    pub fn last_added(&self) -> Option<Timestamp> {
        self.moments().max()
    }

    fn moments(&self) -> impl Iterator<Item = Timestamp> {
        let codes = self.codes.iter().map(|factor| factor.since);
        codes.chain(self.keys.iter().map(|key| key.since))
    }

    /// All that take codes, as they are stored.
    pub fn codes(&self) -> &[Factor] {
        &self.codes
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

    fn factor(kind: CodeFactorKind, since: i64) -> Factor {
        Factor {
            kind,
            sealed: Vec::new(),
            since: Timestamp(since),
            last_step: TimeStep(0),
        }
    }

    fn id(n: u128) -> UserKeyId {
        UserKeyId::new(uuid::Uuid::from_u128(n))
    }

    fn key(n: u128, is_passkey: bool, since: i64) -> UserKey {
        UserKey {
            id: id(n),
            is_passkey,
            credential_id: vec![1],
            public_key: vec![2],
            rp_id: "localhost".to_owned(),
            since: Timestamp(since),
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
        let (app, sms) = (
            factor(CodeFactorKind::App, 1),
            factor(CodeFactorKind::Sms, 2),
        );
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
            let factors = Factors::new(factors, Vec::new());
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
        let stored = vec![
            factor(CodeFactorKind::Sms, 5),
            factor(CodeFactorKind::App, 9),
        ];
        let factors = Factors::new(stored, vec![key(2, true, 11), key(1, false, 3)]);
        let offered: Vec<_> = factors.offered().map(|factor| factor.kind).collect();
        assert_eq!(offered, CodeFactorKind::ALL);
        assert_eq!(factors.since(), Some(Timestamp(3)));
        assert_eq!(factors.last_added(), Some(Timestamp(11)));
        assert_eq!(factors.of(CodeFactorKind::Sms).unwrap().since, Timestamp(5));
        let ids: Vec<_> = factors.keys().iter().map(|key| key.id).collect();
        assert_eq!(ids, [id(1), id(2)]);
        assert!(factors.key(id(2)).unwrap().is_passkey && factors.key(id(3)).is_none());
        let none = Factors::default();
        assert!(none.since().is_none() && none.last_added().is_none());
        assert!(none.of(CodeFactorKind::App).is_none() && none.offered().next().is_none());
    }

    #[test]
    fn keys_alone_are_two_factor_authentication_and_count_everywhere() {
        for is_passkey in [true, false] {
            let factors = Factors::new(Vec::new(), vec![key(1, is_passkey, 1)]);
            assert!(factors.is_on() && factors.kinds().is_on());
            assert!(factors.cover(rules(false)) && factors.cover(rules(true)));
            assert!(factors.offered().next().is_none(), "no code proves a key");
        }
    }

    #[test]
    fn each_possible_set_has_a_word_and_no_other_word_is_one() {
        let words: Vec<_> = FactorKinds::possible().map(FactorKinds::word).collect();
        assert_eq!(
            words,
            [
                "passkey",
                "security_key",
                "passkey+security_key",
                "app",
                "passkey+app",
                "security_key+app",
                "passkey+security_key+app",
                "sms",
            ]
        );
        for kinds in FactorKinds::possible() {
            assert_eq!(FactorKinds::of_word(&kinds.word()), kinds);
        }
        for word in ["", "app+passkey", "app+sms", "passkey+", "key", "APP"] {
            assert_eq!(
                FactorKinds::of_word(word),
                FactorKinds::UNREADABLE,
                "{word}"
            );
        }
    }
}
