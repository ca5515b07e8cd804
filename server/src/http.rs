//! What the web requires: routes, headers, cookies, origins, sizes; nothing of the business.

pub mod answer;
pub mod client_address;
pub mod cookies;
pub mod exports;
pub mod headers;
pub mod origin_check;
pub mod router;
pub mod server_fns;
pub mod static_files;

pub use router::router;
