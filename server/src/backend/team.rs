//! The users of an account and its invitations.

use app::backend::TeamBackend;
use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::{InvitationId, UserId};
use app::types::role::Role;
use app::types::team::{Invitations, NewInvitation, UsersPage, UsersQuery};
use app::types::two_factor::StepUp;
use async_trait::async_trait;

use super::RequestBackend;

#[async_trait]
impl TeamBackend for RequestBackend {
    async fn team_users(
        &self,
        _account: AccountRef,
        _query: UsersQuery,
    ) -> Result<UsersPage, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn team_invitations(&self, _account: AccountRef) -> Result<Invitations, ApiError> {
        Err(ApiError::NotFound)
    }

    async fn invite(
        &self,
        _account: AccountRef,
        _invitation: NewInvitation,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn resend_invitation(
        &self,
        _account: AccountRef,
        _invitation: InvitationId,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn revoke_invitation(
        &self,
        _account: AccountRef,
        _invitation: InvitationId,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn change_roles(
        &self,
        _account: AccountRef,
        _user: UserId,
        _roles: Vec<Role>,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn remove_user(&self, _account: AccountRef, _user: UserId) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn leave_account(&self, _account: AccountRef) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn transfer_account(
        &self,
        _account: AccountRef,
        _user: UserId,
        _step_up: StepUp,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }

    async fn reset_two_factor_of(
        &self,
        _account: AccountRef,
        _user: UserId,
        _step_up: StepUp,
    ) -> Result<(), ApiError> {
        Err(ApiError::NotFound)
    }
}
