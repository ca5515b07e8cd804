//! The user's own name and address.

use app::api::profile::ProfileBackend;
use app::error::ApiError;
use app::types::profile::Profile;
use app::types::secret_text::SecretText;
use app::types::two_factor::{Delivery, StepUp};
use async_trait::async_trait;

use super::{RequestBackend, internal};
use crate::http::cookies::{CookieChange, CookieKind};
use service::profile::{self, email::EmailChangeProofs};

#[async_trait]
impl ProfileBackend for RequestBackend {
    async fn profile(&self) -> Result<Profile, ApiError> {
        profile::overview(&self.services, self.signed_in()?)
            .await
            .map_err(internal)
    }

    async fn rename(&self, name: String) -> Result<(), ApiError> {
        profile::rename(&self.services, self.signed_in()?, &name)
            .await
            .map_err(internal)
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
        profile::email::request(&self.services, self.signed_in()?, &email, given)
            .await
            .map_err(internal)?;
        Ok(self.services.delivery())
    }

    async fn confirm_email(&self, token: SecretText) -> Result<(), ApiError> {
        profile::email::confirm(&self.services, self.signed_in()?, &token)
            .await
            .map_err(internal)
    }

    async fn delete_user(&self, step_up: StepUp) -> Result<(), ApiError> {
        profile::delete(&self.services, self.signed_in()?, &step_up)
            .await
            .map_err(internal)?;
        self.change_cookie(CookieChange::Remove(CookieKind::Session));
        Ok(())
    }
}
