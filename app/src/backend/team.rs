//! The users of an account and its invitations.

use async_trait::async_trait;

use crate::error::ApiError;
use crate::types::account::AccountRef;
use crate::types::ids::{InvitationId, UserId};
use crate::types::role::Role;
use crate::types::team::{Invitations, NewInvitation, RevokedInvitations, UsersPage, UsersQuery};
use crate::types::two_factor::StepUp;

/// The users of an account and its invitations.
#[async_trait]
pub trait TeamBackend {
    /// See [`crate::api::team::team_users`].
    async fn team_users(
        &self,
        account: AccountRef,
        query: UsersQuery,
    ) -> Result<UsersPage, ApiError>;

    /// See [`crate::api::team::team_invitations`].
    async fn team_invitations(&self, account: AccountRef) -> Result<Invitations, ApiError>;

    /// See [`crate::api::team::invite`].
    async fn invite(
        &self,
        account: AccountRef,
        invitation: NewInvitation,
        step_up: Option<StepUp>,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::resend_invitation`].
    async fn resend_invitation(
        &self,
        account: AccountRef,
        invitation: InvitationId,
        step_up: Option<StepUp>,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::revoke_invitation`].
    async fn revoke_invitation(
        &self,
        account: AccountRef,
        invitation: InvitationId,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::change_roles`].
    async fn change_roles(
        &self,
        account: AccountRef,
        user: UserId,
        roles: Vec<Role>,
        step_up: Option<StepUp>,
    ) -> Result<RevokedInvitations, ApiError>;

    /// See [`crate::api::team::remove_user`].
    async fn remove_user(
        &self,
        account: AccountRef,
        user: UserId,
    ) -> Result<RevokedInvitations, ApiError>;

    /// See [`crate::api::team::leave_account`].
    async fn leave_account(&self, account: AccountRef) -> Result<RevokedInvitations, ApiError>;

    /// See [`crate::api::team::transfer_account`].
    async fn transfer_account(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::reset_two_factor_of`].
    async fn reset_two_factor_of(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;
}
