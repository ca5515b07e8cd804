//! The users of an account and its invitations.

use async_trait::async_trait;

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
    ) -> Result<InvitationSent, ApiError>;

    /// See [`crate::api::team::resend_invitation`].
    async fn resend_invitation(
        &self,
        account: AccountRef,
        invitation: InvitationId,
        step_up: Option<StepUp>,
    ) -> Result<InvitationSent, ApiError>;

    /// See [`crate::api::team::copy_invitation_link`].
    async fn copy_invitation_link(
        &self,
        account: AccountRef,
        invitation: InvitationId,
        step_up: StepUp,
    ) -> Result<InvitationLink, ApiError>;

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

    /// See [`crate::api::team::offer_transfer`].
    async fn offer_transfer(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::take_back_transfer`].
    async fn take_back_transfer(&self, account: AccountRef) -> Result<(), ApiError>;

    /// See [`crate::api::team::accept_transfer`].
    async fn accept_transfer(&self, account: AccountRef, step_up: StepUp) -> Result<(), ApiError>;

    /// See [`crate::api::team::decline_transfer`].
    async fn decline_transfer(&self, account: AccountRef) -> Result<(), ApiError>;

    /// See [`crate::api::team::offer_reset`].
    async fn offer_reset(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::let_in`].
    async fn let_in(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::allow_first_factor`].
    async fn allow_first_factor(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError>;

    /// See [`crate::api::team::open_reset_offer`].
    async fn open_reset_offer(&self, token: SecretText) -> Result<ResetOfferShown, ApiError>;

    /// See [`crate::api::team::confirm_reset`].
    async fn confirm_reset(
        &self,
        token: SecretText,
        password: SecretText,
    ) -> Result<SignInStep, ApiError>;
}
