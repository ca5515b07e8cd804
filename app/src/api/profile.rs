//! The user's own name and address.

use super::functions;
use crate::types::profile::Profile;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};

functions! {
    /// The user's own name and address.
    trait ProfileBackend;

    /// What the Profile page shows.
    #[at("profile/overview" as ProfileArguments, Session, Reads)]
    fn profile() -> Profile;

    /// Changes the name.
    #[at("profile/rename", Session, Acts)]
    fn rename(name: String) -> ();

    /// Mails a link to a new address, which counts once the user confirms it there; the old address is told. Without a second
    /// factor it takes a code from the mailbox in use (see [`super::two_factor::mail_code`]), unless this browser has proven that
    /// mailbox or nobody has. An address in use that is not proven is proven in the same way. Says whether mails
    /// leave this server at all.
    #[at("profile/change-email", Session, Acts, InSteps)]
    fn change_email(email: String, step_up: StepUp, mailbox_code: Option<SecretText>) -> Delivery;

    /// Gives up the new address that waits: its link is over.
    #[at("profile/cancel-email-change", Session, Acts)]
    fn cancel_email_change() -> ();

    /// Makes the new address of a mailed link the one in use, for the user who asked and is signed in.
    #[at("profile/confirm-email", Session, Acts)]
    fn confirm_email(token: SecretText) -> ();

    /// Deletes the user who is signed in, and the accounts that nobody else uses.
    #[at("profile/delete", Session, Acts)]
    fn delete_user(step_up: StepUp) -> ();
}
