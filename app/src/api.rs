//! Server functions: the public API. Each parses nothing, decides nothing and calls the port once.
//!
//! Every function has an explicit endpoint under `/api/`, which stays when the code moves.

#![expect(
    missing_docs,
    reason = "the macro's argument structs have fields that only the functions' docs describe"
)]

pub mod account;
pub mod invitation;
pub mod password;
pub mod profile;
pub mod session;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_up;
pub mod team;
pub mod two_factor;

#[cfg(feature = "ssr")]
use std::sync::Arc;

#[cfg(feature = "ssr")]
use crate::backend::Backend;
#[cfg(feature = "ssr")]
use crate::error::ApiError;

/// The port of the request that is being answered.
#[cfg(feature = "ssr")]
fn backend() -> Result<Arc<dyn Backend>, ApiError> {
    leptos::prelude::use_context().ok_or_else(|| ApiError::Internal {
        reference: String::new(),
    })
}
