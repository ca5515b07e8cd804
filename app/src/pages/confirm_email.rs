//! `/confirm-email`: the link to a new address. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::profile::confirm_email;
use crate::browser;
use crate::components::loaded::retry_button;
use crate::components::mailed_link::link_over;
use crate::components::page::{PageTitle, notice};
use crate::components::session::Session;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::ui::{Kind, Tone, alert, link_button};

/// Makes the new address the one in use as soon as it is opened.
#[component]
pub(crate) fn ConfirmEmailPage() -> AnyView {
    let session = Session::here();
    let token = StoredValue::new(browser::take_fragment());
    let is_done = RwSignal::new(false);
    let confirm = Task::new(move || async move {
        confirm_email(token.get_value().ok_or(ApiError::LinkOver)?).await?;
        is_done.set(true);
        // The menu shows the address.
        session.refresh().await;
        Ok(())
    });
    confirm.start();
    let content = move || match (is_done.get(), confirm.refusal()) {
        (true, _) => {
            let (title, text) = (t().profile_confirmed_title(), t().profile_confirmed());
            notice(title, text.to_owned(), None, go_on())
        }
        (false, None) => view! {
            <PageTitle title=t().sign_up_verify_title() />
            <p role="status">{t().sign_up_verify_pending()}</p>
        }
        .into_any(),
        (false, Some(ApiError::LinkOver)) => link_over(t().profile_link_over(), go_on()),
        (false, Some(error)) => view! {
            <PageTitle title=t().sign_up_verify_title() />
            {alert(Tone::Danger, messages::sentence(&error).into_any())}
            {retry_button(confirm)}
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

fn go_on() -> AnyView {
    link_button(t().profile_go_on(), "/", Kind::Primary)
}
