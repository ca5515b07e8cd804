//! What browser and server agree on, and the user interface.
//!
//! `types` and `error` are the words on the wire, `api` the server functions and the port
//! that the server implements. Pages, components and `ui` exist in the browser's build only.
//! Nothing here knows a database, a hash function or a clock.

pub mod api;
pub mod browser_words;
pub mod client;
pub mod error;
pub mod events;
pub mod text;
pub mod types;
pub mod wire;

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
pub mod browser;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod components;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod messages;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod pages;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod root;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod ui;

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
pub use root::{Console, WaysIn};
