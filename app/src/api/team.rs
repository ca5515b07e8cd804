//! The users of an account and its invitations.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::backend;
use crate::client::ApiClient;
use crate::error::ApiError;
use crate::types::account::AccountRef;
use crate::types::ids::{InvitationId, UserId};
use crate::types::role::Role;
use crate::types::team::{Invitations, NewInvitation, RevokedInvitations, UsersPage, UsersQuery};
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
) -> Result<(), ApiError> {
    backend()?.invite(account, invitation, step_up).await
}

/// Sends an invitation again, with a new link; the old one is dead.
#[server(endpoint = "team/resend-invitation", protocol = Call, client = ApiClient)]
pub async fn resend_invitation(
    account: AccountRef,
    invitation: InvitationId,
    step_up: Option<StepUp>,
) -> Result<(), ApiError> {
    let backend = backend()?;
    backend
        .resend_invitation(account, invitation, step_up)
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

/// Makes somebody else the owner; the user stays as an administrator.
#[server(endpoint = "team/transfer", protocol = Call, client = ApiClient)]
pub async fn transfer_account(
    account: AccountRef,
    user: UserId,
    step_up: StepUp,
) -> Result<(), ApiError> {
    backend()?.transfer_account(account, user, step_up).await
}

/// Turns off the two-factor authentication of somebody who lost everything.
#[server(endpoint = "team/reset-two-factor", protocol = Call, client = ApiClient)]
pub async fn reset_two_factor_of(
    account: AccountRef,
    user: UserId,
    step_up: StepUp,
) -> Result<(), ApiError> {
    backend()?.reset_two_factor_of(account, user, step_up).await
}
