//! `/forgot-password`: mails a link that sets a new password; the answer never tells who has a user here.

use leptos::prelude::*;

use crate::api::password::request_password_reset;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::page::{PageTitle, notice};
use crate::components::signed_in::to_sign_in;
use crate::components::task::Task;
use crate::error::Field;
use crate::text::t;
use crate::types::two_factor::Delivery;
use crate::ui::{Button, Kind, TextField};

/// One field, then where to look for the mail.
#[component]
pub(crate) fn ForgotPasswordPage() -> AnyView {
    let sent_to = RwSignal::new(None::<(String, Delivery)>);
    let task = Task::of_form(&[Field::Email], move |values| async move {
        let email = values.text(Field::Email);
        let delivery = request_password_reset(email.clone()).await?;
        sent_to.set(Some((email, delivery)));
        Ok(())
    });
    let content = move || match sent_to.get() {
        Some((email, Delivery::Folder)) => notice(
            t().password_folder_title(),
            t().password_folder(&email),
            Some(t().password_folder_hint()),
            to_sign_in(Kind::Secondary),
        ),
        // A stranger is not told of one mailbox whether it refuses.
        Some((email, Delivery::Sent | Delivery::Refused)) => notice(
            t().sign_up_sent_title(),
            t().password_sent(&email),
            Some(t().password_sent_hint()),
            to_sign_in(Kind::Secondary),
        ),
        None => form(task),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

fn form(task: Task) -> AnyView {
    view! {
        <PageTitle title=t().password_forgot_title() />
        <p class="page__intro">{t().password_forgot_intro()}</p>
        <div class="card">
            <Form task>
                <TextField
                    label=t().common_email()
                    name=input_name(Field::Email)
                    kind="email"
                    autocomplete="username"
                    error=task.error_beside(Field::Email)
                />
                <Button label=t().password_send() pending=task.pending() pending_label=t().sign_up_pending() />
            </Form>
        </div>
        <div class="narrow__foot">{to_sign_in(Kind::Quiet)}</div>
    }
    .into_any()
}
