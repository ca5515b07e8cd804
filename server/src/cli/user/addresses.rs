//! `twofold user set-email`, and who loses an address to whom the operator gives it.

use app::types::ids::UserId;

use super::{NO_USER, SetEmail};
use crate::cli::behind::{GivenBy, say_who_is_behind};
use crate::cli::output::print;
use crate::cli::refusal_words::line_of_new_address;
use crate::cli::{Ended, Options, services};
use service::users::address;

pub(super) async fn set_email(options: &Options, set: &SetEmail) -> Ended {
    let services = services(options).await?;
    let done = address::set(&services, &set.email, &set.to)
        .await
        .map_err(|failure| line_of_new_address(failure, NO_USER))?;
    if done.is_same {
        print(&format!(
            "{} is as it was and counts as confirmed from now on. All sessions of its user ended.",
            set.to
        ))?;
    } else {
        print(&format!(
            "{} is {} from now on, which counts as confirmed. All their sessions ended.",
            set.email, set.to
        ))?;
    }
    say_who_lost(done.lost_by, &set.to)?;
    say_who_is_behind(&services, &set.to, GivenBy::Nothing).await
}

/// Says who had used an address without confirming it, and has lost it to the one whom the operator gave it.
pub(super) fn say_who_lost(user: Option<UserId>, email: &str) -> Ended {
    if let Some(user) = user {
        print(&format!(
            "warning: the user {user} had used {email} and never confirmed it, and has lost it: they sign in by it for 14 \
             days, with their own password, and have to give another address. Commands take {user} for them."
        ))?;
    }
    Ok(())
}
