//! Sends mail and codes by SMS: to a mail server and a gateway or, for development, into a folder.

pub mod mail;
mod refused;
pub mod sms;
mod subject;
pub mod worker;
