//! Secrets and the two things that no test can predict: time and randomness.
//!
//! Everything here is a mechanism without a policy: it hashes, seals and draws, and knows nothing
//! of users, sessions or the database. Whoever needs the time or random bytes takes them from here.

pub mod clock;
pub mod password;
pub mod random;
pub mod seal;
pub mod token;
