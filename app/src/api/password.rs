//! Passwords: forgotten, reset, changed.

use super::functions;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Delivery, StepUp};

functions! {
    /// Passwords: forgotten, reset, changed.
    trait PasswordBackend;

    /// Mails a link that sets a new password. The answer is the same for every address, and says whether mails leave this
    /// server at all.
    #[at("password/forgot", Anyone, Acts, InSteps)]
    fn request_password_reset(email: String) -> Delivery;

    /// Whose password a mailed link sets: their address, for the page and for password managers. It changes nothing.
    #[at("password/open", Anyone, Reads)]
    fn open_password_reset(token: SecretText) -> String;

    /// Sets a new password by a mailed link. Signs nobody in and leaves the second factor alone.
    #[at("password/reset", Anyone, Acts)]
    fn reset_password(token: SecretText, password: SecretText) -> ();

    /// Changes the password; all other sessions end.
    #[at("password/change", Session, Acts)]
    fn change_password(password: SecretText, step_up: StepUp) -> ();
}
