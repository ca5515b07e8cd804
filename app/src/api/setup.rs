//! The first start: the link that the server printed leads to the first user.

use super::functions;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::setup::{NewUser, SetupLink};

functions! {
    /// The first start.
    trait SetupBackend;

    /// Whether a set-up link is still good.
    #[at("setup/link" as SetupLinkArguments, Anyone, Acts)]
    fn setup_link(token: SecretText) -> SetupLink;

    /// Creates the first user, owner of the first account, and signs them in. The account is in the time zone of the browser.
    #[at("setup/create", Anyone, Acts)]
    fn create_first_user(token: SecretText, user: NewUser, zone: Option<String>) -> SignInStep;
}
