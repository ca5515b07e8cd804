//! The user's own name and address.

use app::api::profile::ProfileBackend;
use app::error::ApiError;
use app::types::profile::{OwnAccount, Profile};
use app::types::secret_text::SecretText;
use app::types::two_factor::{Delivery, StepUp};
use async_trait::async_trait;

use super::Console;
use super::cookies::{CookieChange, CookieKind};
use super::refusals::present;
use service::profile::{self, email::EmailChangeProofs};
use storage::accounts::OwnedAccount;

#[async_trait]
impl ProfileBackend for Console {
    async fn profile(&self) -> Result<Profile, ApiError> {
        let caller = self.signed_in()?;
        let standing = present(profile::standing(&self.services, caller).await)?;
        let (user, owns) = (&caller.user, standing.owns.into_iter());
        let own_account = |OwnedAccount { id, name, .. }| OwnAccount { id, name };
        Ok(Profile {
            name: user.name.clone(),
            email: user.email.shown().to_owned(),
            email_verified: user.is_email_verified,
            corrects: standing.corrects,
            new_email: standing.new_email,
            password_changed_at: user.password_changed_at,
            owns: owns.map(own_account).collect(),
            step_up_needs_code: self.step_up_needs_code(caller).await?,
        })
    }

    async fn rename(&self, name: String) -> Result<(), ApiError> {
        present(profile::rename(&self.services, self.signed_in()?, &name).await)
    }

    async fn change_email(
        &self,
        email: String,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Result<Delivery, ApiError> {
        let given = EmailChangeProofs {
            step_up: &step_up,
            mailbox_code: mailbox_code.as_ref(),
        };
        present(profile::email::request(&self.services, self.signed_in()?, &email, given).await)?;
        Ok(self.services.delivery())
    }

    async fn cancel_email_change(&self) -> Result<(), ApiError> {
        present(profile::email::cancel(&self.services, self.signed_in()?).await)
    }

    async fn confirm_email(&self, token: SecretText) -> Result<(), ApiError> {
        present(profile::email::confirm(&self.services, self.signed_in()?, &token).await)
    }

    async fn delete_user(&self, step_up: StepUp) -> Result<(), ApiError> {
        present(profile::delete(&self.services, self.signed_in()?, &step_up).await)?;
        self.change_cookie(CookieChange::Remove(CookieKind::Session));
        Ok(())
    }
}
