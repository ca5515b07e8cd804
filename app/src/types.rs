//! Words on the wire and the parsers of outside input: pure, the same on both sides.

pub mod account;
pub mod activity;
pub mod day;
pub mod email;
pub mod factors;
pub mod ids;
pub mod limited;
pub mod local_path;
pub mod name;
pub mod one_time_code;
pub mod page;
pub mod password;
pub mod profile;
pub mod recovery_code;
pub mod role;
pub mod rolling_out;
pub mod secret_text;
pub mod session;
pub mod session_watch;
pub mod sessions;
pub mod setup;
pub mod team;
pub mod timestamp;
pub mod two_factor;
pub mod users_query;
