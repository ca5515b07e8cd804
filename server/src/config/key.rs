//! What a setting is: its key, what kind of value it takes, whether it is a secret.

/// What is never shown.
const SECRETS: [&str; 5] = [
    "database_url",
    "keys",
    "mail.smtp_url",
    "sms.secret",
    "sms.token",
];

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

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its key in the file, with a dot for each table.
    pub name: &'static str,
    /// What it takes.
    pub kind: SettingKind,
    /// What it means, with its default.
    pub meaning: &'static str,
}

impl Key {
    /// The environment variable of the setting.
    pub fn variable(&self) -> String {
        format!("TWOFOLD_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Whether its value is never shown.
    pub fn is_secret(&self) -> bool {
        SECRETS.contains(&self.name)
    }
}
