//! Which users of an account are wanted, and in which order.

use serde::{Deserialize, Serialize};

use super::factors::FactorKind;
use super::role::Role;

/// Which users of an account are wanted: the query of the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsersQuery {
    /// Part of a name or an address; empty for everybody.
    pub search: String,
    /// Only those with whom two-factor authentication is so.
    pub two_factor: Option<TwoFactorFilter>,
    /// Only those who are this.
    pub role: Option<Role>,
    /// In which order.
    pub sort: UserSort,
    /// Where the page before ended.
    pub after: Option<String>,
}

/// How two-factor authentication is with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TwoFactorFilter {
    /// They have no second factor that counts in the account: the requirement would shut them out.
    Uncovered,
    /// They have none.
    Off,
    /// They have one of this kind.
    Has(FactorKind),
}

impl TwoFactorFilter {
    /// All of them, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        let kinds = FactorKind::ALL.into_iter().map(Self::Has);
        [Self::Uncovered, Self::Off].into_iter().chain(kinds)
    }

    /// The word for it, in addresses and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Uncovered => "without",
            Self::Off => "off",
            Self::Has(kind) => kind.word(),
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::all().find(|it| it.word() == word)
    }
}

/// No filter has this word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a state of two-factor authentication")]
pub struct NotAFilter;

impl TryFrom<String> for TwoFactorFilter {
    type Error = NotAFilter;

    fn try_from(word: String) -> Result<Self, NotAFilter> {
        Self::of_word(&word).ok_or(NotAFilter)
    }
}

impl From<TwoFactorFilter> for String {
    fn from(filter: TwoFactorFilter) -> Self {
        filter.word().to_owned()
    }
}

/// An order of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// By name.
    #[default]
    Name,
    /// Those who were active last come first, and those who never were come last.
    LastActive,
    /// Those without two-factor authentication come first, then by the kind, the one that is offered first last; within
    /// each by name.
    TwoFactor,
}

impl UserSort {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Name, Self::TwoFactor, Self::LastActive];

    /// The word for it, in addresses and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::LastActive => "last_active",
            Self::TwoFactor => "two_factor",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_in_addresses_and_on_the_wire() {
        for sort in UserSort::ALL {
            assert_eq!(serde_json::to_value(sort).unwrap(), sort.word());
            assert_eq!(UserSort::of_word(sort.word()), Some(sort));
        }
        let words: Vec<_> = TwoFactorFilter::all().map(TwoFactorFilter::word).collect();
        assert_eq!(
            words,
            ["without", "off", "passkey", "security_key", "app", "sms"]
        );
        for filter in TwoFactorFilter::all() {
            assert_eq!(serde_json::to_value(filter).unwrap(), filter.word());
            assert_eq!(TwoFactorFilter::of_word(filter.word()), Some(filter));
        }
        for word in ["", "on", "App", "WITHOUT"] {
            assert_eq!(TwoFactorFilter::of_word(word), None, "{word}");
            assert!(serde_json::from_value::<TwoFactorFilter>(word.into()).is_err());
        }
    }
}
