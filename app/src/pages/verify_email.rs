//! `/verify-email`: the link of the sign-up mail. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::sign_up::finish_sign_up;
use crate::browser;
use crate::components::loaded::retry_button;
use crate::components::page::PageTitle;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::ui::{Kind, Tone, alert, link_button};

/// Finishes the sign-up.
#[component]
pub(crate) fn VerifyEmailPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    let is_done = RwSignal::new(false);
    let finish = Task::new(move || async move {
        finish_sign_up(token.get_value().ok_or(ApiError::LinkOver)?).await?;
        is_done.set(true);
        Ok(())
    });
    finish.start();
    let content = move || match (is_done.get(), finish.refusal()) {
        (true, _) => done(),
        (false, None) => view! {
            <PageTitle title=t().sign_up_verify_title() />
            <p role="status">{t().sign_up_verify_pending()}</p>
        }
        .into_any(),
        (false, Some(ApiError::LinkOver)) => over(),
        (false, Some(error)) => view! {
            <PageTitle title=t().sign_up_verify_title() />
            {alert(Tone::Danger, messages::sentence(&error).into_any())}
            {retry_button(finish)}
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

fn done() -> AnyView {
    view! {
        <PageTitle title=t().sign_up_verified_title() />
        <p>{t().sign_up_verified()}</p>
        {link_button(t().setup_to_sign_in(), "/sign-in", Kind::Primary)}
    }
    .into_any()
}

fn over() -> AnyView {
    view! {
        <PageTitle title=t().sign_up_link_over_title() />
        <p>{t().sign_up_link_over()}</p>
        {link_button(t().setup_to_sign_in(), "/sign-in", Kind::Secondary)}
    }
    .into_any()
}
