//! `/verify-email`: the link of the sign-up mail. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::sign_up::finish_sign_up;
use crate::browser;
use crate::components::page::PageTitle;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::ui::{Button, Kind, Tone, alert, link_button};

/// Finishes the sign-up.
#[component]
pub(crate) fn VerifyEmailPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    // An action, because it changes something: it must not be run again by a change of what is shown.
    let finish = Action::new_unsync(move |token: &Option<SecretText>| {
        let token = token.clone();
        async move {
            match token {
                Some(token) => finish_sign_up(token).await,
                None => Err(ApiError::LinkOver),
            }
        }
    });
    finish.dispatch_local(token.get_value());
    let retry = Callback::new(move |()| {
        finish.dispatch_local(token.get_value());
    });
    let content = move || match finish.value().get() {
        None => view! {
            <PageTitle title=t().sign_up_verify_title() />
            <p role="status">{t().sign_up_verify_pending()}</p>
        }
        .into_any(),
        Some(Ok(())) => view! {
            <PageTitle title=t().sign_up_verified_title() />
            <p>{t().sign_up_verified()}</p>
            {link_button(t().setup_to_sign_in(), "/sign-in", Kind::Primary)}
        }
        .into_any(),
        Some(Err(ApiError::LinkOver)) => view! {
            <PageTitle title=t().sign_up_link_over_title() />
            <p>{t().sign_up_link_over()}</p>
            {link_button(t().setup_to_sign_in(), "/sign-in", Kind::Secondary)}
        }
        .into_any(),
        Some(Err(error)) => view! {
            <PageTitle title=t().sign_up_verify_title() />
            {alert(Tone::Danger, messages::sentence(&error).into_any())}
            <Button label=t().common_try_again() kind=Kind::Secondary on_click=retry />
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}
