//! Sign-up: the form, and the link from the mail that finishes it.

use super::functions;
use crate::types::secret_text::SecretText;
use crate::types::setup::NewUser;
use crate::types::two_factor::Delivery;

functions! {
    /// Sign-up.
    trait SignUpBackend;

    /// Mails a link that finishes the sign-up. The answer is the same for an address that has a user, and says whether mails
    /// leave this server at all.
    #[at("sign-up/request", Anyone, Acts, InSteps)]
    fn request_sign_up(user: NewUser) -> Delivery;

    /// Which address a mailed link is for, while it is good. It changes nothing.
    #[at("sign-up/open", Anyone, Reads)]
    fn open_sign_up(token: SecretText) -> String;

    /// Creates the user of a mailed link, with an account of their own in the time zone of the browser, by the password of the
    /// form. Signs nobody in, but gives the address to do so with.
    #[at("sign-up/finish", Anyone, Acts)]
    fn finish_sign_up(token: SecretText, password: SecretText, zone: Option<String>) -> String;
}
