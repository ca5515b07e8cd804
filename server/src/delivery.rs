//! Sends mail and codes by SMS: to a mail server and a gateway or, for development, into a folder.

pub mod mail;
mod refused;
pub mod sms;
mod smtp_url;
mod subject;
pub mod usual;
pub mod worker;
