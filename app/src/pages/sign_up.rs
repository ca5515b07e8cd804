//! `/sign-up`: a new user with an account of their own, where sign-up is open.

use leptos::prelude::*;

use crate::api::sign_up::request_sign_up;
use crate::components::new_user::{FIELDS, NewUserForm, new_user};
use crate::components::page::{PageTitle, notice};
use crate::components::session::{Gate, SessionContext};
use crate::components::signed_in::{failed, to_sign_in};
use crate::components::task::Task;
use crate::error::Field;
use crate::text::t;
use crate::types::page::Page;
use crate::types::two_factor::Delivery;
use crate::ui::{Kind, skeleton_card};

/// The form, then where to look for the mail.
#[component]
pub(crate) fn SignUpPage() -> AnyView {
    let session = SessionContext::here();
    let gate = session.gate();
    let is_open = Memo::new(move |_| session.is_sign_up_open());
    let sent_to = RwSignal::new(None::<(String, Delivery)>);
    let content = move || match (gate.get(), sent_to.get()) {
        (_, Some((email, delivery))) => sent(&email, delivery),
        (Gate::Loading, None) => skeleton_card(),
        (Gate::Failed(error), None) => failed(&error),
        (Gate::SignedOut, None) if is_open.get() => view! { <SignUpForm sent_to /> }.into_any(),
        (Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue | Gate::SignedIn, None) => {
            closed()
        }
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

#[component]
fn SignUpForm(sent_to: RwSignal<Option<(String, Delivery)>>) -> AnyView {
    let task = Task::of_whole_form(FIELDS, move |values| async move {
        let delivery = request_sign_up(new_user(&values)).await?;
        sent_to.set(Some((values.text(Field::Email), delivery)));
        Ok(())
    });
    view! {
        <PageTitle title=t().sign_up_title() />
        <p class="page__intro">{t().sign_up_intro()}</p>
        <div class="card">
            <NewUserForm task label=t().sign_up_button() pending_label=t().sign_up_pending() />
        </div>
        <p class="narrow__foot">{t().sign_up_have_account()} " " <a href=Page::SignIn.path()>{t().sign_in_title()}</a></p>
    }
    .into_any()
}

fn sent(email: &str, delivery: Delivery) -> AnyView {
    let (title, text, hint) = match delivery {
        Delivery::Folder => (
            t().password_folder_title(),
            t().sign_up_folder(&email),
            t().password_folder_hint(),
        ),
        Delivery::Sent | Delivery::Refused => (
            t().sign_up_sent_title(),
            t().sign_up_sent(&email),
            t().sign_up_sent_hint(),
        ),
    };
    notice(title, text, Some(hint), to_sign_in(Kind::Secondary))
}

fn closed() -> AnyView {
    let text = t().sign_up_closed().to_owned();
    notice(
        t().sign_up_closed_title(),
        text,
        None,
        to_sign_in(Kind::Secondary),
    )
}
