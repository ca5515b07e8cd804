//! An independent authenticator app: totp-rs with the key as a person would type it.

use app::types::timestamp::Timestamp;
use totp_rs::{Algorithm, Builder, Totp};

/// An app with one key, and the recovery codes that came with it.
#[derive(Clone)]
pub struct Authenticator {
    totp: Totp,
    key: String,
    /// The codes that were shown when it was set up.
    pub recovery_codes: Vec<String>,
}

impl Authenticator {
    /// The app after typing the key in.
    pub fn new(key: &str) -> Self {
        let key: String = key.chars().filter(|c| !c.is_whitespace()).collect();
        let secret = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_secret(secret)
            .with_account_name("test")
            .build()
            .unwrap();
        Self {
            totp,
            key,
            recovery_codes: Vec::new(),
        }
    }

    /// The key without blanks.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The code that the app shows at a moment.
    pub fn code(&self, at: Timestamp) -> String {
        self.totp
            .generate(at.seconds().try_into().unwrap())
            .to_string()
    }

    /// Six digits that are no code of the app within the window around a moment.
    pub fn wrong_code(&self, at: Timestamp) -> String {
        let near: Vec<_> = (-2..=2).map(|step| self.code(at + step * 30)).collect();
        (0..10)
            .map(|n| format!("{n:06}"))
            .find(|code| !near.contains(code))
            .unwrap()
    }
}
