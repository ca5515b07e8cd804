//! What the web requires: routes, headers, cookies, origins, sizes; nothing of the business.

pub mod admission;
pub mod branding;
pub mod capacity;
pub mod client_address;
pub mod cookies;
pub mod endpoint;
pub mod exports;
pub mod head_limits;
pub mod headers;
pub mod origin_check;
pub mod pace;
pub mod pipeline;
pub mod probes;
pub mod request_log;
pub mod responses;
pub mod room;
pub mod router;
pub mod serve;
pub mod server_fns;
pub mod static_files;
mod uninterrupted;

pub use router::router;
