//! Rows as the database has them; nothing outside `storage` sees one.

pub mod account;
pub mod announced;
pub mod announcement;
pub mod audit_event;
pub mod email_change;
pub mod enrolment;
pub mod factor_set;
pub mod instance;
pub mod invitation;
pub mod known_browser;
pub mod lease;
pub mod mail;
pub mod membership;
pub mod password_reset;
pub mod pending_sign_in;
pub mod pending_sign_up;
pub mod recovery_code;
pub mod refused_mailbox;
pub mod reset_offer;
pub mod second_factor;
pub mod session;
pub mod sms_code;
pub mod transfer_offer;
pub mod tries;
pub mod trusted_browser;
pub mod user;
