//! Rate limits. The counts are in the database, so that replicas share them and a restart does not reset them.
//! docs/decisions/0012-guessing.md

mod asked;
mod bucket;
mod table;
mod taking;

pub use asked::{Asked, take_asked, take_first};
pub use bucket::{Bucket, PARTS};
pub use table::{LETTERS_TO_UNPROVEN, LINKS_TO_OWN_ADDRESS, Limit, OWN_ACTS, OWN_SIGN_INS};
pub(super) use taking::take_unsaid;
pub use taking::{
    admit, give_back, seconds_until, take_all, take_any, take_each, take_one_of, waits,
};
