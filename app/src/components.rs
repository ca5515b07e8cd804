//! Parts of pages that know our server functions and types.

pub(crate) mod activity;
pub(crate) mod browser_name;
pub(crate) mod confirm;
pub(crate) mod disable_two_factor;
pub(crate) mod enrolment;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod loaded;
pub(crate) mod mailed_link;
pub(crate) mod new_recovery_codes;
pub(crate) mod new_user;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod password_card;
pub(crate) mod profile;
pub(crate) mod recovery_codes;
pub(crate) mod security_activity;
pub(crate) mod security_card;
pub(crate) mod session;
pub(crate) mod sessions_card;
pub(crate) mod signed_in;
pub(crate) mod step_up;
pub(crate) mod task;
pub(crate) mod two_factor_state;
pub(crate) mod user_menu;
pub(crate) mod values;
