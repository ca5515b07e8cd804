//! `/setup`: the first start. The link that the server printed carries its token in the fragment.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::setup::{create_first_user, setup_link};
use crate::browser;
use crate::components::form::Submission;
use crate::components::new_user::{FIELDS, NewUserForm, new_user};
use crate::components::page::PageTitle;
use crate::components::session::Session;
use crate::messages;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::types::setup::SetupLink;
use crate::ui::{Button, Kind, Tone, alert, link_button, skeleton_card};

/// Creates the first user, when the link is good.
#[component]
pub(crate) fn SetupPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    let link = LocalResource::new(move || {
        let token = token.get_value();
        async move {
            match token {
                Some(token) => setup_link(token).await,
                None => Ok(SetupLink::Wrong),
            }
        }
    });
    let retry = Callback::new(move |()| link.refetch());
    let content = move || match link.get() {
        None => skeleton_card(),
        Some(Ok(SetupLink::Good)) => {
            view! { <FirstUser token=token.get_value().unwrap_or_default() /> }.into_any()
        }
        Some(Ok(SetupLink::Over)) => view! {
            <PageTitle title=t().setup_over_title() />
            <p>{t().setup_over()}</p>
            {link_button(t().setup_to_sign_in(), "/sign-in", Kind::Primary)}
        }
        .into_any(),
        Some(Ok(SetupLink::Wrong)) => view! {
            <PageTitle title=t().setup_wrong_title() />
            <p>{t().setup_wrong()}</p>
        }
        .into_any(),
        Some(Err(error)) => view! {
            <PageTitle title=t().setup_title() />
            {alert(Tone::Danger, messages::sentence(&error).into_any())}
            <Button label=t().common_try_again() kind=Kind::Secondary on_click=retry />
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

#[component]
fn FirstUser(token: SecretText) -> AnyView {
    let session = Session::here();
    let navigate = use_navigate();
    let token = StoredValue::new(token);
    let submission = Submission::new(FIELDS, move |values| {
        let navigate = navigate.clone();
        async move {
            let step = create_first_user(token.get_value(), new_user(&values)).await?;
            session.accept(step).await;
            navigate(
                "/",
                NavigateOptions {
                    replace: true,
                    ..NavigateOptions::default()
                },
            );
            Ok(())
        }
    });
    view! {
        <PageTitle title=t().setup_title() />
        <p class="page__intro">{t().setup_intro()}</p>
        <div class="card">
            <NewUserForm submission label=t().setup_button() pending_label=t().setup_pending() />
        </div>
    }
    .into_any()
}
