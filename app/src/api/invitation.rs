//! An invitation as the one who was invited meets it.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::ids::AccountId;
use crate::types::secret_text::SecretText;
use crate::types::team::{InvitationOffer, InvitedUser};
use crate::wire::Call;

/// What the link of an invitation leads to.
#[server(name = OpenInvitationArguments, endpoint = "invitation/open", protocol = Call, client = ApiClient)]
pub async fn open_invitation(token: SecretText) -> Result<InvitationOffer, ApiError> {
    backend()?.open_invitation(token).await
}

/// Joins the account as the user who is signed in.
#[server(endpoint = "invitation/accept", protocol = Call, client = ApiClient)]
pub async fn accept_invitation(token: SecretText) -> Result<AccountId, ApiError> {
    backend()?.accept_invitation(token).await
}

/// Creates the user of an invitation, who joins the account. Signs nobody in.
#[server(endpoint = "invitation/join", protocol = Call, client = ApiClient)]
pub async fn join(token: SecretText, user: InvitedUser) -> Result<(), ApiError> {
    backend()?.join(token, user).await
}
