//! The first start: the link that the server printed leads to the first user.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::setup::{NewUser, SetupLink};
use crate::wire::Call;

/// Whether a set-up link is still good.
#[server(name = SetupLinkArguments, endpoint = "setup/link", protocol = Call, client = ApiClient)]
pub async fn setup_link(token: SecretText) -> Result<SetupLink, ApiError> {
    backend()?.setup_link(token).await
}

/// Creates the first user, owner of the first account, and signs them in.
#[server(endpoint = "setup/create", protocol = Call, client = ApiClient)]
pub async fn create_first_user(token: SecretText, user: NewUser) -> Result<SignInStep, ApiError> {
    backend()?.create_first_user(token, user).await
}
