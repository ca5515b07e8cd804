//! An invitation as the one who was invited meets it.

use super::functions;
use crate::types::ids::AccountId;
use crate::types::secret_text::SecretText;
use crate::types::team::{InvitationOffer, InvitedUser};

functions! {
    /// An invitation as the one who was invited meets it.
    trait InvitationBackend;

    /// What the link of an invitation leads to.
    #[at("invitation/open" as OpenInvitationArguments, Anyone, Acts)]
    fn open_invitation(token: SecretText) -> InvitationOffer;

    /// Joins the account as the user who is signed in.
    #[at("invitation/accept", Session, Acts)]
    fn accept_invitation(token: SecretText) -> AccountId;

    /// Creates the user of an invitation, who joins the account. Signs nobody in.
    #[at("invitation/join", Anyone, Acts)]
    fn join(token: SecretText, user: InvitedUser) -> ();
}
