//! The users of an account and its invitations.

use serde::{Deserialize, Serialize};

use super::factors::FactorKind;
use super::ids::{InvitationId, UserId};
use super::role::{Denial, Role};
use super::secret_text::SecretText;
use super::timestamp::Timestamp;
use super::two_factor::Delivery;
use crate::wire::Answer;

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct UsersPage {
    /// The users.
    pub users: Vec<TeamUser>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many users the query finds.
    pub found: u32,
    /// The roles that the reader may give to others.
    pub may_give: Vec<Role>,
    /// Whether a step-up of this session needs a code besides the password.
    pub step_up_needs_code: bool,
    /// The address of the reader, for password managers in dialogs.
    pub email: String,
}

/// A user of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct TeamUser {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are in the account.
    pub roles: Vec<Role>,
    /// Whether their second factors cannot be read or were edited in the database: they cannot sign in before a reset.
    pub is_factor_refused: bool,
    /// Since when two-factor authentication is on, if it is.
    pub two_factor_since: Option<Timestamp>,
    /// The kinds of second factors that they have, in the order in which they are offered.
    pub factors: Vec<FactorKind>,
    /// When they last used this account, if ever.
    pub last_active_at: Option<Timestamp>,
    /// Invitations that they sent and that nobody has accepted yet: what removing them revokes.
    pub invitations: u32,
    /// Why their roles cannot be changed by the reader; nothing where they can.
    pub change_roles: Option<Denial>,
    /// Why they cannot be removed by the reader.
    pub remove: Option<Denial>,
    /// Until when the account stays shut to them after a reset that another account had offered, if it does.
    pub opens_at: Option<Timestamp>,
    /// Why the reader cannot offer to reset their two-factor authentication.
    pub reset_two_factor: Option<Denial>,
    /// Why the reader cannot open the account to them before that.
    pub let_in: Option<Denial>,
    /// Why the reader cannot offer them the account.
    pub transfer: Option<Denial>,
    /// What there is still to do, where the account's requirement is due for them and they are not covered.
    pub not_set_up: Option<NotSetUp>,
    /// Until when they may set up a first factor without a mailed code, where somebody has let them.
    pub allowed_until: Option<Timestamp>,
    /// Why the reader cannot let them.
    pub allow_first_factor: Option<Denial>,
}

/// Why somebody for whom the requirement is due has no second factor that counts yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum NotSetUp {
    /// They have not done it yet; nothing stands in their way.
    NotYet,
    /// The code that it takes does not reach them: no mail server is set, or theirs refused the last letter.
    NoMail,
    /// They have not proven that their address is theirs.
    AddressNotProven,
    /// Their address was given with the password alone.
    AddressCorrected,
}

/// An invitation was made or renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct InvitationSent {
    /// From when on the mail goes out, where the mailbox has got enough for today.
    pub waits_until: Option<Timestamp>,
    /// How it goes out.
    pub delivery: Delivery,
}

/// The link of an invitation, to be handed over where no mail server is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct InvitationLink {
    /// The link.
    pub link: SecretText,
    /// The address that it is for.
    pub email: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Invitations that nobody has accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Invitations {
    /// The newest first.
    pub invitations: Vec<InvitationShown>,
    /// Whether no mail server is set, so that mails stay in a folder and links can be handed over.
    pub no_mail_server: bool,
}

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct InvitationShown {
    /// Which one.
    pub id: InvitationId,
    /// The first name that was given.
    pub name: String,
    /// The address it is for.
    pub email: String,
    /// The roles offered.
    pub roles: Vec<Role>,
    /// Until when its link is good.
    pub expires_at: Timestamp,
    /// Whether that has passed.
    pub is_over: bool,
    /// Who sent it, or sent it again, by name.
    pub invited_by: String,
    /// Whether its link was handed over by them.
    pub is_handed_over: bool,
    /// Why the reader can neither resend nor revoke it; nothing where they can.
    pub manage: Option<Denial>,
}

/// What else ended with the rank of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct RevokedInvitations {
    /// How many invitations that they had sent were revoked.
    pub count: u32,
}

/// Somebody who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInvitation {
    /// Their first name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The roles offered.
    pub roles: Vec<Role>,
}

/// What the link of an invitation leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct InvitationOffer {
    /// The account.
    pub account_name: String,
    /// Who invites, by name.
    pub invited_by: String,
    /// The first name that was given.
    pub name: String,
    /// The address it is for.
    pub email: String,
    /// The roles offered.
    pub roles: Vec<Role>,
    /// What is to be done.
    pub next: InvitationStep,
}

/// What accepting an invitation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStep {
    /// The address has no user: name and password make one.
    CreateUser,
    /// The address has a user, who signs in first.
    SignIn,
    /// The address has a user who has never proven it: they sign in, or whoever reads the mailbox takes the address with a
    /// user of their own.
    ClaimAddress,
    /// That user is signed in, and proves the address first.
    ConfirmAddress,
    /// Somebody else is signed in.
    SwitchUser,
    /// The same, and the link makes a new user.
    SignOut,
    /// The right user is signed in: one button.
    Accept,
}

/// What the mailed link of an offered reset leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct ResetOfferShown {
    /// The account that offers it.
    pub account_name: String,
    /// Who offers it, by name.
    pub offered_by: String,
    /// The address of the user whom it is for.
    pub email: String,
    /// When the link is over.
    pub until: Timestamp,
    /// Whether somebody else is signed in in this browser.
    pub is_other_signed_in: bool,
}

/// The user that accepting an invitation creates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedUser {
    /// Their name.
    pub name: String,
    /// The password they chose.
    pub password: SecretText,
}
