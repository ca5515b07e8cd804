//! `/reset-password`: the link of the mail about a forgotten password. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::password::{open_password_reset, reset_password};
use crate::browser;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::mailed_link::{LinkStage, LinkToken, link_over, mailed_link};
use crate::components::page::{PageTitle, leads_to};
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::page::Page;
use crate::ui::{Button, Kind, PasswordField, hidden_username, link_button};

/// Sets a new password, then leads to signing in with it: the link alone signs nobody in.
#[component]
pub(crate) fn ResetPasswordPage() -> AnyView {
    let session = SessionContext::here();
    let token: LinkToken = StoredValue::new(browser::take_fragment());
    let stage = RwSignal::new(LinkStage::Opening);
    let is_done = RwSignal::new(false);
    let task = Task::of_form(&[Field::NewPassword], move |values| async move {
        let token = token.get_value().ok_or(ApiError::LinkOver)?;
        let done = reset_password(token, values.secret(Field::NewPassword)).await;
        if LinkStage::unless_over(stage, done)?.is_none() {
            return Ok(());
        }
        session.say_at_sign_in(t().password_reset_done());
        // It has ended the sessions of this user, perhaps the one of this browser.
        session.refresh().await;
        is_done.set(true);
        Ok(())
    });
    leads_to(Signal::derive(move || {
        is_done.get().then(|| Page::SignIn.path())
    }));
    let over = || {
        let link = link_button(
            t().password_send_again(),
            Page::ForgotPassword.path(),
            Kind::Primary,
        );
        link_over(t().password_link_over(), link)
    };
    mailed_link(
        (token, stage),
        open_password_reset,
        move |email| form(task, email),
        over,
    )
}

fn form(task: Task, email: String) -> AnyView {
    view! {
        <PageTitle title=t().password_reset_title() />
        <p class="page__intro">{t().password_reset_intro(&email)}</p>
        <div class="card">
            <Form task>
                {hidden_username(Signal::stored(email))}
                <PasswordField
                    label=t().password_new()
                    name=input_name(Field::NewPassword)
                    autocomplete="new-password"
                    hint=t().common_new_password_hint()
                    error=task.error_beside(Field::NewPassword)
                />
                <Button label=t().password_save() pending=task.pending() />
            </Form>
        </div>
    }
    .into_any()
}
