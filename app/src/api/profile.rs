//! The user's own name and address.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::profile::Profile;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};
use crate::wire::Call;

/// What the Profile page shows.
#[server(name = ProfileArguments, endpoint = "profile/overview", protocol = Call, client = ApiClient)]
pub async fn profile() -> Result<Profile, ApiError> {
    backend()?.profile().await
}

/// Changes the name.
#[server(endpoint = "profile/rename", protocol = Call, client = ApiClient)]
pub async fn rename(name: String) -> Result<(), ApiError> {
    backend()?.rename(name).await
}

/// Mails a link to a new address, which counts once the user confirms it there; the old address is told. Without a second
/// factor it takes a code from the mailbox in use (see [`super::two_factor::mail_code`]), unless this browser has proven that
/// mailbox or nobody has. An address in use that is not proven is proven in the same way. Says whether mails
/// leave this server at all.
#[server(endpoint = "profile/change-email", protocol = Call, client = ApiClient)]
pub async fn change_email(
    email: String,
    step_up: StepUp,
    mailbox_code: Option<SecretText>,
) -> Result<Delivery, ApiError> {
    let backend = backend()?;
    backend.change_email(email, step_up, mailbox_code).await
}

/// Makes the new address of a mailed link the one in use, for the user who asked and is signed in.
#[server(endpoint = "profile/confirm-email", protocol = Call, client = ApiClient)]
pub async fn confirm_email(token: SecretText) -> Result<(), ApiError> {
    backend()?.confirm_email(token).await
}

/// Deletes the user who is signed in, and the accounts that nobody else uses.
#[server(endpoint = "profile/delete", protocol = Call, client = ApiClient)]
pub async fn delete_user(step_up: StepUp) -> Result<(), ApiError> {
    backend()?.delete_user(step_up).await
}
