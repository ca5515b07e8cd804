//! How server functions travel: JSON both ways, strict on what comes in, small on what the browser reads.

mod answer;
#[cfg(not(target_arch = "wasm32"))]
mod call;
#[cfg(test)]
mod sample;
mod strict;

pub use answer::{Answer, Value};
pub use app_derive::{Answer, Refusal};
#[cfg(not(target_arch = "wasm32"))]
pub use call::{ApiClient, Call};
#[cfg(test)]
pub(crate) use sample::{Sample, assert_read_as_written};
pub use strict::{NotOurJson, StrictJsonEncoding};
