//! The users of an account and its invitations.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::account::AccountRef;
use crate::types::ids::{InvitationId, UserId};
use crate::types::role::Role;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::team::{
    InvitationLink, InvitationSent, Invitations, NewInvitation, ResetOfferShown,
    RevokedInvitations, UsersPage, UsersQuery,
};
use crate::types::two_factor::StepUp;
use crate::wire::Call;

/// The users of an account, a page at a time.
#[server(name = TeamUsersArguments, endpoint = "team/users", protocol = Call, client = ApiClient)]
pub async fn team_users(account: AccountRef, query: UsersQuery) -> Result<UsersPage, ApiError> {
    backend()?.team_users(account, query).await
}

/// The invitations that nobody has accepted yet.
#[server(name = TeamInvitationsArguments, endpoint = "team/invitations", protocol = Call, client = ApiClient)]
pub async fn team_invitations(account: AccountRef) -> Result<Invitations, ApiError> {
    backend()?.team_invitations(account).await
}

/// Invites somebody by mail; with a step-up where the roles give rank.
#[server(endpoint = "team/invite", protocol = Call, client = ApiClient)]
pub async fn invite(
    account: AccountRef,
    invitation: NewInvitation,
    step_up: Option<StepUp>,
) -> Result<InvitationSent, ApiError> {
    backend()?.invite(account, invitation, step_up).await
}

/// Sends an invitation again, with a new link; the old one is dead.
#[server(endpoint = "team/resend-invitation", protocol = Call, client = ApiClient)]
pub async fn resend_invitation(
    account: AccountRef,
    invitation: InvitationId,
    step_up: Option<StepUp>,
) -> Result<InvitationSent, ApiError> {
    let backend = backend()?;
    backend
        .resend_invitation(account, invitation, step_up)
        .await
}

/// Gives the link of an invitation to be handed over, where no mail server is set; the links before it are dead.
#[server(endpoint = "team/copy-invitation-link", protocol = Call, client = ApiClient)]
pub async fn copy_invitation_link(
    account: AccountRef,
    invitation: InvitationId,
    step_up: StepUp,
) -> Result<InvitationLink, ApiError> {
    let backend = backend()?;
    backend
        .copy_invitation_link(account, invitation, step_up)
        .await
}

/// Revokes an invitation.
#[server(endpoint = "team/revoke-invitation", protocol = Call, client = ApiClient)]
pub async fn revoke_invitation(
    account: AccountRef,
    invitation: InvitationId,
) -> Result<(), ApiError> {
    backend()?.revoke_invitation(account, invitation).await
}

/// Changes somebody's roles, with a step-up where that gives rank; gives how many invitations were revoked by it.
#[server(endpoint = "team/change-roles", protocol = Call, client = ApiClient)]
pub async fn change_roles(
    account: AccountRef,
    user: UserId,
    roles: Vec<Role>,
    step_up: Option<StepUp>,
) -> Result<RevokedInvitations, ApiError> {
    backend()?.change_roles(account, user, roles, step_up).await
}

/// Removes somebody from an account, and revokes the invitations that they sent.
#[server(endpoint = "team/remove", protocol = Call, client = ApiClient)]
pub async fn remove_user(
    account: AccountRef,
    user: UserId,
) -> Result<RevokedInvitations, ApiError> {
    backend()?.remove_user(account, user).await
}

/// Leaves an account; also while it keeps its doors shut.
#[server(endpoint = "team/leave", protocol = Call, client = ApiClient)]
pub async fn leave_account(account: AccountRef) -> Result<RevokedInvitations, ApiError> {
    backend()?.leave_account(account).await
}

/// Offers the account to another of its users: until they accept, nothing changes.
#[server(endpoint = "team/offer-transfer", protocol = Call, client = ApiClient)]
pub async fn offer_transfer(
    account: AccountRef,
    user: UserId,
    step_up: StepUp,
) -> Result<(), ApiError> {
    backend()?.offer_transfer(account, user, step_up).await
}

/// Takes the offer of the account back.
#[server(endpoint = "team/take-back-transfer", protocol = Call, client = ApiClient)]
pub async fn take_back_transfer(account: AccountRef) -> Result<(), ApiError> {
    backend()?.take_back_transfer(account).await
}

/// Accepts the account that is offered; the owner before stays as an administrator.
#[server(endpoint = "team/accept-transfer", protocol = Call, client = ApiClient)]
pub async fn accept_transfer(account: AccountRef, step_up: StepUp) -> Result<(), ApiError> {
    backend()?.accept_transfer(account, step_up).await
}

/// Declines the account that is offered.
#[server(endpoint = "team/decline-transfer", protocol = Call, client = ApiClient)]
pub async fn decline_transfer(account: AccountRef) -> Result<(), ApiError> {
    backend()?.decline_transfer(account).await
}

/// Offers somebody who lost everything to reset their two-factor authentication: until they confirm, nothing changes.
#[server(endpoint = "team/offer-reset", protocol = Call, client = ApiClient)]
pub async fn offer_reset(
    account: AccountRef,
    user: UserId,
    step_up: StepUp,
) -> Result<(), ApiError> {
    backend()?.offer_reset(account, user, step_up).await
}

/// Opens the account to somebody before the day after their reset is over.
#[server(endpoint = "team/let-in", protocol = Call, client = ApiClient)]
pub async fn let_in(account: AccountRef, user: UserId, step_up: StepUp) -> Result<(), ApiError> {
    backend()?.let_in(account, user, step_up).await
}

/// Lets somebody whom no code reaches set up a first factor without one, for 30 minutes, in the next browser in which they
/// sign in.
#[server(endpoint = "team/allow-first-factor", protocol = Call, client = ApiClient)]
pub async fn allow_first_factor(
    account: AccountRef,
    user: UserId,
    step_up: StepUp,
) -> Result<(), ApiError> {
    backend()?.allow_first_factor(account, user, step_up).await
}

/// What the mailed link of an offered reset leads to.
#[server(endpoint = "reset/open", protocol = Call, client = ApiClient)]
pub async fn open_reset_offer(token: SecretText) -> Result<ResetOfferShown, ApiError> {
    backend()?.open_reset_offer(token).await
}

/// Resets the two-factor authentication of the user of the link, with their password, and signs them in.
#[server(endpoint = "reset/confirm", protocol = Call, client = ApiClient)]
pub async fn confirm_reset(
    token: SecretText,
    password: SecretText,
) -> Result<SignInStep, ApiError> {
    backend()?.confirm_reset(token, password).await
}
