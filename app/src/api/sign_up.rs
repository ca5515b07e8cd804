//! Sign-up: the form, and the link from the mail that finishes it.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::types::setup::NewUser;
use crate::types::two_factor::Delivery;
use crate::wire::Call;

/// Mails a link that finishes the sign-up. The answer is the same for an address that has a user, and says whether mails
/// leave this server at all.
#[server(endpoint = "sign-up/request", protocol = Call, client = ApiClient)]
pub async fn request_sign_up(user: NewUser) -> Result<Delivery, ApiError> {
    backend()?.request_sign_up(user).await
}

/// Creates the user of a mailed link, with an account of their own, by the password of the form. Signs nobody in, but gives
/// the address to do so with.
#[server(endpoint = "sign-up/finish", protocol = Call, client = ApiClient)]
pub async fn finish_sign_up(token: SecretText, password: SecretText) -> Result<String, ApiError> {
    backend()?.finish_sign_up(token, password).await
}
