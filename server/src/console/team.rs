//! The users of an account and its invitations.

use app::api::team::TeamBackend;
use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::{InvitationId, UserId};
use app::types::page::Page;
use app::types::role::Role;
use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use app::types::team::{
    InvitationLink, InvitationSent, Invitations, NewInvitation, ResetOfferShown,
    RevokedInvitations, UsersPage,
};
use app::types::two_factor::StepUp;
use app::types::users_query::UsersQuery;
use async_trait::async_trait;

use super::Console;
use super::refusals::present;
use domain::team::may_give;
use service::invitations::{self, handing, sending};
use service::metrics::Proof;
use service::sign_in::{confirm_offered_reset, open_offered_reset};
use service::team::membership::{self, RolesChange};
use service::team::transfer::accept;
use service::team::{self, first_factor, let_in, reset, transfer};

#[async_trait]
impl TeamBackend for Console {
    async fn team_users(
        &self,
        account: AccountRef,
        query: UsersQuery,
    ) -> Result<UsersPage, ApiError> {
        let caller = self.signed_in()?;
        let page = present(team::users(&self.services, caller, account, &query).await)?;
        Ok(UsersPage {
            users: page.users,
            next: page.next,
            found: page.found,
            may_give: may_give(page.reader),
            step_up_needs_code: self.step_up_needs_code(caller).await?,
            email: caller.user.email.shown().to_owned(),
        })
    }

    async fn team_invitations(&self, account: AccountRef) -> Result<Invitations, ApiError> {
        present(invitations::list(&self.services, self.signed_in()?, account).await)
    }

    async fn invite(
        &self,
        account: AccountRef,
        invitation: NewInvitation,
        step_up: Option<StepUp>,
    ) -> Result<InvitationSent, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        present(sending::invite(services, caller, account, &invitation, step_up.as_ref()).await)
    }

    async fn resend_invitation(
        &self,
        account: AccountRef,
        invitation: InvitationId,
        step_up: Option<StepUp>,
    ) -> Result<InvitationSent, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        present(sending::resend(services, caller, account, invitation, step_up.as_ref()).await)
    }

    async fn copy_invitation_link(
        &self,
        account: AccountRef,
        invitation: InvitationId,
        step_up: StepUp,
    ) -> Result<InvitationLink, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        let handed =
            present(handing::copy_link(services, caller, account, invitation, &step_up).await)?;
        let link = services
            .settings
            .link(Page::Invitation, Some(&handed.token));
        Ok(InvitationLink {
            link: SecretText::new(link),
            email: handed.email,
            expires_at: handed.expires_at,
        })
    }

    async fn revoke_invitation(
        &self,
        account: AccountRef,
        invitation: InvitationId,
    ) -> Result<(), ApiError> {
        present(invitations::revoke(&self.services, self.signed_in()?, account, invitation).await)
    }

    async fn change_roles(
        &self,
        account: AccountRef,
        user: UserId,
        roles: Vec<Role>,
        step_up: Option<StepUp>,
    ) -> Result<RevokedInvitations, ApiError> {
        let (services, caller) = (&self.services, self.signed_in()?);
        let to_be = roles.into_iter().collect();
        let change = RolesChange { user, to_be };
        present(
            membership::change_roles(services, caller, account, &change, step_up.as_ref()).await,
        )
    }

    async fn remove_user(
        &self,
        account: AccountRef,
        user: UserId,
    ) -> Result<RevokedInvitations, ApiError> {
        present(membership::remove(&self.services, self.signed_in()?, account, user).await)
    }

    async fn leave_account(&self, account: AccountRef) -> Result<RevokedInvitations, ApiError> {
        present(membership::leave(&self.services, self.signed_in()?, account).await)
    }

    async fn offer_transfer(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        present(transfer::offer(&self.services, self.signed_in()?, account, user, &step_up).await)
    }

    async fn take_back_transfer(&self, account: AccountRef) -> Result<(), ApiError> {
        present(transfer::take_back(&self.services, self.signed_in()?, account).await)
    }

    async fn accept_transfer(&self, account: AccountRef, step_up: StepUp) -> Result<(), ApiError> {
        present(accept::accept(&self.services, self.signed_in()?, account, &step_up).await)
    }

    async fn decline_transfer(&self, account: AccountRef) -> Result<(), ApiError> {
        present(transfer::decline(&self.services, self.signed_in()?, account).await)
    }

    async fn offer_reset(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        present(reset::offer(&self.services, self.signed_in()?, account, user, &step_up).await)
    }

    async fn let_in(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        present(let_in::let_in(&self.services, self.signed_in()?, account, user, &step_up).await)
    }

    async fn allow_first_factor(
        &self,
        account: AccountRef,
        user: UserId,
        step_up: StepUp,
    ) -> Result<(), ApiError> {
        present(
            first_factor::allow(&self.services, self.signed_in()?, account, user, &step_up).await,
        )
    }

    async fn open_reset_offer(&self, token: SecretText) -> Result<ResetOfferShown, ApiError> {
        present(open_offered_reset(&self.services, &token, &self.from()).await)
    }

    async fn confirm_reset(
        &self,
        token: SecretText,
        password: SecretText,
    ) -> Result<SignInStep, ApiError> {
        let confirmed =
            confirm_offered_reset(&self.services, &token, &password, &self.from()).await;
        self.count_and_take(Proof::Link.word(), confirmed).await
    }
}
