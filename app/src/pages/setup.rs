//! `/setup`: the first start. The link that the server printed carries its token in the fragment.

use leptos::prelude::*;

use crate::api::setup::{create_first_user, setup_link};
use crate::browser::{self, PageAddress};
use crate::components::console_ahead::console_ahead;
use crate::components::loaded::retry_button;
use crate::components::new_user::{FIELDS, NewUserForm, new_user};
use crate::components::page::PageTitle;
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::text::t;
use crate::types::page::Page;
use crate::types::secret_text::SecretText;
use crate::types::setup::SetupLink;
use crate::ui::{Kind, Tone, alert, link_button, skeleton_card};

/// Creates the first user, when the link is good.
#[component]
pub(crate) fn SetupPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    let link = RwSignal::new(None::<SetupLink>);
    let ask = Task::new(move || async move {
        link.set(Some(match token.get_value() {
            Some(token) => setup_link(token).await?,
            None => SetupLink::Wrong,
        }));
        Ok(())
    });
    ask.start();
    let content = move || match link.get() {
        None => unknown(ask),
        Some(SetupLink::Good) => {
            view! { <FirstUser token=token.get_value().unwrap_or_default() /> }.into_any()
        }
        Some(SetupLink::Over) => view! {
            <PageTitle title=t().setup_over_title() />
            <p>{t().setup_over()}</p>
            {link_button(t().setup_to_sign_in(), Page::SignIn.path(), Kind::Primary)}
        }
        .into_any(),
        Some(SetupLink::Ended) => view! {
            <PageTitle title=t().setup_ended_title() />
            <p>{t().setup_ended()}</p>
        }
        .into_any(),
        Some(SetupLink::Wrong) => view! {
            <PageTitle title=t().setup_wrong_title() />
            <p>{t().setup_wrong()}</p>
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

/// The server has not said yet what the link is worth.
fn unknown(ask: Task) -> AnyView {
    match ask.general_error() {
        Some(refusal) => view! {
            <PageTitle title=t().setup_title(&browser::product()) />
            {alert(Tone::Danger, refusal)}
            {retry_button(ask)}
        }
        .into_any(),
        None => skeleton_card(),
    }
}

#[component]
fn FirstUser(token: SecretText) -> AnyView {
    let session = SessionContext::here();
    let address = PageAddress::here();
    let token = StoredValue::new(token);
    console_ahead();
    let task = Task::of_whole_form(FIELDS, move |values| async move {
        let user = new_user(&values);
        let step = create_first_user(token.get_value(), user, browser::zone()).await?;
        session.accept(step);
        address.go_instead("/");
        Ok(())
    });
    view! {
        <PageTitle title=t().setup_title(&browser::product()) />
        <p class="page__intro">{t().setup_intro()}</p>
        <div class="card">
            <NewUserForm task label=t().setup_button() pending_label=t().setup_pending() />
        </div>
    }
    .into_any()
}
