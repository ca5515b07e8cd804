//! What leaves the server: mail, to a mail server or, for development, into a folder.

pub mod mail;
pub mod worker;
