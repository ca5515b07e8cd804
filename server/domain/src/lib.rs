//! The rules, pure: values in, with the time and random bytes among them, values out.
//!
//! Nothing here knows a database, a request, a thread, a clock or a source of randomness, so that
//! every rule can be tried with a table. `tests/architecture.rs` watches over it.

pub mod account_deletion;
pub mod address_change;
pub mod announcements;
pub mod attempts;
pub mod counted_mailbox;
pub mod countries;
pub mod csv;
pub mod days;
pub mod ends;
pub mod enforcement;
pub mod factor_set;
pub mod factors;
pub mod first_factor;
pub mod folded;
pub mod foreign_words;
pub mod known_browsers;
pub mod mailbox_code;
pub mod offers;
pub mod ownership;
pub mod password_policy;
pub mod path_trust;
pub mod phone_number;
pub mod proven_browser;
pub mod recovery_codes;
pub mod retention;
pub mod roles;
pub mod session_limits;
pub mod sign_in;
pub mod sms_code;
pub mod team;
pub mod time;
pub mod totp;
pub mod user_address;
