//! Pages: one file per address. They fetch; components receive.

pub(crate) mod account_overview;
pub(crate) mod not_found;
pub(crate) mod security;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod start;
pub(crate) mod verify_email;
