//! The users of an account and its invitations.

use super::functions;
use crate::types::account::AccountRef;
use crate::types::ids::{InvitationId, UserId};
use crate::types::role::Role;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::team::{
    InvitationLink, InvitationSent, Invitations, NewInvitation, ResetOfferShown,
    RevokedInvitations, UsersPage,
};
use crate::types::two_factor::StepUp;
use crate::types::users_query::UsersQuery;

functions! {
    /// The users of an account and its invitations.
    trait TeamBackend;

    /// The users of an account, a page at a time.
    #[at("team/users" as TeamUsersArguments, Session, Reads)]
    fn team_users(account: AccountRef, query: UsersQuery) -> UsersPage;

    /// The invitations that nobody has accepted yet.
    #[at("team/invitations" as TeamInvitationsArguments, Session, Reads)]
    fn team_invitations(account: AccountRef) -> Invitations;

    /// Invites somebody by mail; with a step-up where the roles give rank.
    #[at("team/invite", Session, Acts, InSteps)]
    fn invite(
        account: AccountRef,
        invitation: NewInvitation,
        step_up: Option<StepUp>,
    ) -> InvitationSent;

    /// Sends an invitation again, with a new link; the old one is dead.
    #[at("team/resend-invitation", Session, Acts)]
    fn resend_invitation(
        account: AccountRef,
        invitation: InvitationId,
        step_up: Option<StepUp>,
    ) -> InvitationSent;

    /// Gives the link of an invitation to be handed over, where no mail server is set; the links before it are dead.
    #[at("team/copy-invitation-link", Session, Acts)]
    fn copy_invitation_link(
        account: AccountRef,
        invitation: InvitationId,
        step_up: StepUp,
    ) -> InvitationLink;

    /// Revokes an invitation.
    #[at("team/revoke-invitation", Session, Acts)]
    fn revoke_invitation(account: AccountRef, invitation: InvitationId) -> ();

    /// Changes somebody's roles, with a step-up where that gives rank; gives how many invitations were revoked by it.
    #[at("team/change-roles", Session, Acts)]
    fn change_roles(
        account: AccountRef,
        user: UserId,
        roles: Vec<Role>,
        step_up: Option<StepUp>,
    ) -> RevokedInvitations;

    /// Removes somebody from an account, and revokes the invitations that they sent.
    #[at("team/remove", Session, Acts)]
    fn remove_user(account: AccountRef, user: UserId) -> RevokedInvitations;

    /// Leaves an account; also while it keeps its doors shut.
    #[at("team/leave", Session, Acts)]
    fn leave_account(account: AccountRef) -> RevokedInvitations;

    /// Offers the account to another of its users: until they accept, nothing changes.
    #[at("team/offer-transfer", Session, Acts)]
    fn offer_transfer(account: AccountRef, user: UserId, step_up: StepUp) -> ();

    /// Takes the offer of the account back.
    #[at("team/take-back-transfer", Session, Acts)]
    fn take_back_transfer(account: AccountRef) -> ();

    /// Accepts the account that is offered; the owner before stays as an administrator.
    #[at("team/accept-transfer", Session, Acts)]
    fn accept_transfer(account: AccountRef, step_up: StepUp) -> ();

    /// Declines the account that is offered.
    #[at("team/decline-transfer", Session, Acts)]
    fn decline_transfer(account: AccountRef) -> ();

    /// Offers somebody who lost everything to reset their two-factor authentication: until they confirm, nothing changes.
    #[at("team/offer-reset", Session, Acts)]
    fn offer_reset(account: AccountRef, user: UserId, step_up: StepUp) -> ();

    /// Opens the account to somebody before the day after their reset is over.
    #[at("team/let-in", Session, Acts)]
    fn let_in(account: AccountRef, user: UserId, step_up: StepUp) -> ();

    /// Lets somebody whom no code reaches set up a first factor without one, for 30 minutes, in the next browser in which they
    /// sign in.
    #[at("team/allow-first-factor", Session, Acts)]
    fn allow_first_factor(account: AccountRef, user: UserId, step_up: StepUp) -> ();

    /// What the mailed link of an offered reset leads to.
    #[at("reset/open", Anyone, Acts)]
    fn open_reset_offer(token: SecretText) -> ResetOfferShown;

    /// Resets the two-factor authentication of the user of the link, with their password, and signs them in.
    #[at("reset/confirm", Anyone, Acts)]
    fn confirm_reset(token: SecretText, password: SecretText) -> SignInStep;
}
