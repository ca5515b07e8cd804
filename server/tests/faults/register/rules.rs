//! The rules that keep faults out, by what they are about.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod browsers;
pub(crate) mod codes;
pub(crate) mod factors;
pub(crate) mod mailbox;
pub(crate) mod operation;
pub(crate) mod passwords;
pub(crate) mod sessions;
pub(crate) mod web;
