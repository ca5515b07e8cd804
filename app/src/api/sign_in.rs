//! Signing in: the password, then one code.

use super::functions;
use crate::types::secret_text::SecretText;
use crate::types::session::SignInStep;
use crate::types::two_factor::SentCode;

functions! {
    /// Signing in.
    trait SignInBackend;

    /// Checks address and password.
    #[at("sign-in/password", Anyone, Acts)]
    fn sign_in_with_password(email: String, password: SecretText) -> SignInStep;

    /// Sends a code by SMS for the pending sign-in of a user who has that legacy factor.
    #[at("sign-in/send-code", PendingSignIn, Acts)]
    fn send_sign_in_code() -> SentCode;

    /// Checks the code of the authenticator app, or the one that was sent, for the pending sign-in.
    #[at("sign-in/code", PendingSignIn, Acts)]
    fn sign_in_with_code(code: SecretText, trust_browser: bool) -> SignInStep;

    /// Finishes the pending sign-in of a user whose two-factor authentication was reset, by the link that was mailed.
    #[at("sign-in/link", Anyone, Acts)]
    fn sign_in_with_link(token: SecretText) -> SignInStep;

    /// Spends a recovery code for the pending sign-in.
    #[at("sign-in/recovery-code", PendingSignIn, Acts)]
    fn sign_in_with_recovery_code(code: SecretText) -> SignInStep;
}
