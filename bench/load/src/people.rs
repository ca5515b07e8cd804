//! The users that `server/seed` makes: one password and one app for all, and every second one has the app.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE32_NOPAD;
use totp_rs::{Algorithm, Builder, Totp};

use crate::Ended;

/// Seconds of a step (RFC 6238).
const STEP_SECONDS: u64 = 30;

/// The address of a user.
pub fn email(index: usize) -> String {
    format!("user{index}@seed.example")
}

/// People who have not signed in yet: a code is good once, so nobody comes twice.
pub struct People {
    next: AtomicUsize,
    end: usize,
    password: String,
    app: Totp,
}

/// Somebody who signs in.
pub struct Person {
    /// Their address.
    pub email: String,
    /// The address that they come from, one for each.
    pub address: String,
}

impl People {
    /// Every second one of the users of these numbers: from an odd number on those with an app, whose key in Base32 all
    /// share; from an even one on those without.
    pub fn new(numbers: Range<usize>, password: &str, key: &str) -> Ended<Self> {
        let app = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(STEP_SECONDS)
            .with_secret(BASE32_NOPAD.decode(key.as_bytes())?)
            .build();
        Ok(Self {
            next: AtomicUsize::new(numbers.start),
            end: numbers.end,
            password: password.to_owned(),
            app: app.map_err(|error| format!("{error:?}"))?,
        })
    }

    /// The next one; none when all have come.
    pub fn next(&self) -> Option<Person> {
        let index = self.next.fetch_add(2, Ordering::Relaxed);
        (index < self.end).then(|| Person {
            email: email(index),
            address: format!("10.{}.{}.{}", index >> 16, index >> 8 & 255, index & 255),
        })
    }

    /// The number from which on nobody has come.
    pub fn next_number(&self) -> usize {
        self.next.load(Ordering::Relaxed)
    }

    /// The password of all.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The code of the app at a time in seconds since 1970.
    pub fn code(&self, seconds: u64) -> String {
        self.app.generate(seconds).to_string()
    }
}
