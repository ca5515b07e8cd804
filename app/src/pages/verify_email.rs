//! `/verify-email`: the link of the sign-up mail. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::sign_in::sign_in_with_password;
use crate::api::sign_up::{finish_sign_up, open_sign_up};
use crate::browser;
use crate::components::console_ahead::console_ahead;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::mailed_link::{LinkStage, LinkToken, link_over, mailed_link};
use crate::components::page::{PageTitle, leads_to};
use crate::components::session::SessionContext;
use crate::components::signed_in::to_sign_in;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::page::Page;
use crate::ui::{Button, Kind, PasswordField, hidden_username};

/// Asks for the password of the sign-up, which finishes it, and signs in with it.
#[component]
pub(crate) fn VerifyEmailPage() -> AnyView {
    let session = SessionContext::here();
    let token: LinkToken = StoredValue::new(browser::take_fragment());
    let stage = RwSignal::new(LinkStage::Opening);
    let is_done = RwSignal::new(false);
    let task = Task::of_form(&[Field::Password], move |values| async move {
        let token = token.get_value().ok_or(ApiError::LinkOver)?;
        let password = values.secret(Field::Password);
        let done = finish_sign_up(token, password.clone(), browser::zone()).await;
        let Some(email) = LinkStage::unless_over(stage, done)? else {
            return Ok(());
        };
        match sign_in_with_password(email, password).await {
            Ok(step) => session.accept(step),
            // The user is there: what is in the way of signing in, that page says.
            Err(_) => session.say_at_sign_in(t().sign_up_verified()),
        }
        is_done.set(true);
        Ok(())
    });
    // It knows what follows each step of a sign-in.
    leads_to(Signal::derive(move || {
        is_done.get().then(|| Page::SignIn.path())
    }));
    mailed_link(
        (token, stage),
        open_sign_up,
        move |email| form(task, email),
        || link_over(t().sign_up_link_over(), to_sign_in(Kind::Primary)),
    )
}

fn form(task: Task, email: String) -> AnyView {
    console_ahead();
    view! {
        <PageTitle title=t().sign_up_verify_title() />
        <p class="page__intro">{t().sign_up_verify_intro(&email)}</p>
        <div class="card">
            <Form task>
                {hidden_username(Signal::stored(email))}
                <PasswordField
                    label=t().common_password()
                    name=input_name(Field::Password)
                    autocomplete="current-password"
                    error=task.error_beside(Field::Password)
                />
                <Button
                    label=t().sign_up_verify_button()
                    pending=task.pending()
                    pending_label=t().sign_up_verify_pending()
                />
            </Form>
            <p class="card__why">{t().sign_up_verify_not_you()}</p>
        </div>
        <p class="narrow__foot">{t().sign_up_verify_forgotten()} " " <a href=Page::SignUp.path()>{t().sign_up_verify_again()}</a></p>
    }
    .into_any()
}
