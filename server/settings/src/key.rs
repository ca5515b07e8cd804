//! What a setting is: its key, the kind of value it takes, its bounds, whether it is a secret. `table` declares them.

use std::net::SocketAddr;
use std::path::PathBuf;

use toml::Value;

use super::values::{LogFormat, SecretSetting, SmsGatewayKind, StepUpCode};
use crate::network::Network;

/// What kind of value a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Texts, with commas between them in the environment.
    List,
    /// The path of a file that holds the value of the setting named here.
    FileOf(&'static str),
}

/// The type of a setting's value.
pub(super) trait SettingType {
    /// How it is written.
    const KIND: SettingKind;
    /// Whether it is never shown.
    const IS_SECRET: bool = false;
    /// Whether any text can be written.
    const IS_FREE_TEXT: bool = false;
}

macro_rules! written_as {
    ($($type:ty: $kind:ident),+) => {
        $(impl SettingType for $type {
            const KIND: SettingKind = SettingKind::$kind;
        })+
    };
}

written_as! {
    PathBuf: Text, SocketAddr: Text, u32: Number, usize: Number, bool: Switch, Vec<Network>: List,
    StepUpCode: Text, SmsGatewayKind: Text, LogFormat: Text
}

impl SettingType for String {
    const KIND: SettingKind = SettingKind::Text;
    const IS_FREE_TEXT: bool = true;
}

impl SettingType for SecretSetting {
    const KIND: SettingKind = SettingKind::Text;
    const IS_SECRET: bool = true;
}

impl<T: SettingType> SettingType for Option<T> {
    const KIND: SettingKind = T::KIND;
    const IS_SECRET: bool = T::IS_SECRET;
    const IS_FREE_TEXT: bool = T::IS_FREE_TEXT;
}

/// The least and the most that a number, or the length of a text, can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// What 0 means, where it is taken besides.
    pub zero: Option<&'static str>,
    /// What is counted, with a blank before it; nothing of a number.
    pub unit: &'static str,
}

/// Gives the one spelling of a text, or says why it cannot be used; nothing of a secret.
type Check = fn(&str) -> Result<String, String>;

/// What a setting takes beyond its type, and what holds without it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    bounds: Option<Bounds>,
    check: Option<Check>,
    unset: Option<&'static str>,
}

/// What a type takes, and its default.
pub(super) const ANY: Terms = Terms {
    bounds: None,
    check: None,
    unset: None,
};

/// A number from `least` to `most`.
pub(super) const fn within(least: i64, most: i64) -> Terms {
    bounded(least, most, "")
}

/// A text of so many characters, one of which is no blank.
pub(super) const fn characters(least: i64, most: i64) -> Terms {
    bounded(least, most, " characters")
}

const fn bounded(least: i64, most: i64, unit: &'static str) -> Terms {
    let bounds = Bounds {
        least,
        most,
        zero: None,
        unit,
    };
    Terms {
        bounds: Some(bounds),
        ..ANY
    }
}

/// A text that a function looks at.
pub(super) const fn checked(check: Check) -> Terms {
    ANY.checked(check)
}

/// A setting that need not be there; what holds without it, in words.
pub(super) const fn unset(words: &'static str) -> Terms {
    ANY.unset(words)
}

impl Terms {
    /// The same, and 0 with a meaning of its own.
    pub(super) const fn or_zero(mut self, meaning: &'static str) -> Self {
        if let Some(bounds) = &mut self.bounds {
            bounds.zero = Some(meaning);
        }
        self
    }

    /// The same, looked at by a function.
    pub(super) const fn checked(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// The same, with what holds where nothing is set.
    pub(super) const fn unset(mut self, words: &'static str) -> Self {
        self.unset = Some(words);
        self
    }
}

impl Bounds {
    /// Whether a number can be used.
    pub const fn contains(self, number: i64) -> bool {
        (self.least <= number && number <= self.most) || (self.zero.is_some() && number == 0)
    }
}

impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}{}", self.least, self.most, self.unit)?;
        self.zero.map_or(Ok(()), |zero| write!(f, ", or 0 {zero}"))
    }
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its key in the file, with a dot for each table.
    pub name: &'static str,
    /// What it takes.
    pub kind: SettingKind,
    words: &'static str,
    is_secret: bool,
    terms: Terms,
}

impl Key {
    /// The setting of a type.
    pub(super) const fn of<T: SettingType>(
        name: &'static str,
        words: &'static str,
        terms: Terms,
    ) -> Self {
        assert!(
            !matches!(T::KIND, SettingKind::Number) || terms.bounds.is_some(),
            "every number has bounds"
        );
        assert!(
            !T::IS_FREE_TEXT || terms.check.is_some(),
            "every text that somebody reads is looked at"
        );
        Self {
            name,
            kind: T::KIND,
            words,
            is_secret: T::IS_SECRET,
            terms,
        }
    }

    /// The setting that names a file with the value of this one.
    pub(super) const fn file(self, name: &'static str, words: &'static str) -> Self {
        Self {
            name,
            kind: SettingKind::FileOf(self.name),
            words,
            is_secret: false,
            terms: ANY,
        }
    }

    /// The environment variable of the setting.
    pub fn variable(&self) -> String {
        format!("TWOFOLD_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Whether its value is never shown.
    pub const fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// What it means, in a sentence without its end.
    pub fn meaning(&self) -> &'static str {
        self.words.trim().trim_end_matches('.')
    }

    /// The bounds of a number or of the length of a text.
    pub const fn bounds(&self) -> Option<Bounds> {
        self.terms.bounds
    }

    /// What holds where nothing is set and the type has no default, in words.
    pub const fn unset(&self) -> Option<&'static str> {
        self.terms.unset
    }

    /// The value in its one spelling.
    ///
    /// # Errors
    /// Says why it cannot be used: of a number and a length with the bounds, of a text without it.
    pub(super) fn check(&self, value: &Value) -> Result<Value, String> {
        if let (Some(bounds), Some(size)) = (self.terms.bounds, size(value))
            && !bounds.contains(size)
        {
            return Err(format!("takes {bounds}, not {size}"));
        }
        match (value, self.terms.check) {
            (Value::String(text), Some(check)) => check(text).map(Value::String),
            (other, _) => Ok(other.clone()),
        }
    }
}

/// What bounds are for: the number itself, or the characters of a text; blanks alone are none.
fn size(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::String(text) if text.trim().is_empty() => Some(0),
        Value::String(text) => text.chars().count().try_into().ok(),
        _ => None,
    }
}
