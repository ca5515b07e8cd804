//! The first step: e-mail and password.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use crate::api::sign_in::sign_in_with_password;
use crate::browser;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::page::PageTitle;
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::messages;
use crate::text::t;
use crate::types::page::Page;
use crate::types::session::SessionEnd;
use crate::ui::{Button, Kind, PasswordField, TextField, Tone, alert, link_button};

/// Asks for e-mail and password; before the first user exists, says what to do instead. `has_link`: a mailed link was
/// opened, which comes after the password.
#[component]
pub(crate) fn PasswordStep(ended: RwSignal<Option<ApiError>>, has_link: bool) -> AnyView {
    let session = SessionContext::here();
    let is_setup_due = Memo::new(move |_| session.is_setup_due());
    view! {
        <PageTitle title=t().sign_in_title() quiet=true />
        {move || if is_setup_due.get() { setup_due(session) } else { view! { <PasswordForm ended has_link /> }.into_any() }}
    }
    .into_any()
}

fn setup_due(session: SessionContext) -> AnyView {
    let retry = Callback::new(move |()| spawn_local(session.refresh()));
    view! {
        {alert(Tone::Note, t().sign_in_setup_due().into_any())}
        <Button label=t().common_try_again() kind=Kind::Secondary on_click=retry />
    }
    .into_any()
}

#[component]
fn PasswordForm(ended: RwSignal<Option<ApiError>>, has_link: bool) -> AnyView {
    let session = SessionContext::here();
    let task = Task::of_form(&[Field::Email, Field::Password], move |values| async move {
        ended.set(None);
        session.forget_said_at_sign_in();
        let step = sign_in_with_password(values.text(Field::Email), values.secret(Field::Password))
            .await?;
        session.accept(step);
        Ok(())
    });
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(part) = node.get() {
            browser::focus_first(&part);
        }
    });
    view! {
        <div class="card" node_ref=node>
            <div role="status">
                {move || session.said_at_sign_in().map(|words| alert(Tone::Good, words.into_any()))}
                {move || how_ended(session).map(|words| alert(Tone::Note, words.into_any()))}
            </div>
            {has_link.then(|| alert(Tone::Note, t().sign_in_link_first().into_any()))}
            {move || ended.get().map(|error| alert(Tone::Careful, messages::sentence(&error)))}
            <Form task>
                <TextField
                    label=t().common_email()
                    name=input_name(Field::Email)
                    kind="email"
                    autocomplete="username"
                    error=task.error_beside(Field::Email)
                />
                <PasswordField
                    label=t().common_password()
                    name=input_name(Field::Password)
                    autocomplete="current-password"
                    error=task.error_beside(Field::Password)
                />
                <Button label=t().sign_in_button() pending=task.pending() pending_label=t().sign_in_pending() />
            </Form>
            <div class="ways">
                {link_button(t().sign_in_forgot(), Page::ForgotPassword.path(), Kind::Quiet)}
            </div>
        </div>
        {move || (session.is_sign_up_open() && !session.is_over()).then(sign_up)}
    }
    .into_any()
}

/// Why the session ended that this browser was in, unless the page that led here has said so.
fn how_ended(session: SessionContext) -> Option<&'static str> {
    let is_said = session.said_at_sign_in().is_some();
    let words = session.how_ended().map(end_words);
    let or_else = session.is_over().then(|| t().session_other());
    words.or(or_else).filter(|_| !is_said)
}

fn end_words(end: SessionEnd) -> &'static str {
    match end {
        SessionEnd::Unused => t().session_unused(),
        SessionEnd::TooOld => t().session_too_old(),
        SessionEnd::EndedElsewhere => t().session_ended_elsewhere(),
        SessionEnd::Guessed => t().session_guessed(),
        SessionEnd::PasswordChanged => t().session_password_changed(),
        SessionEnd::AddressChanged => t().session_address_changed(),
        SessionEnd::FactorChanged => t().session_factor_changed(),
        SessionEnd::FactorReset => t().session_factor_reset(),
        SessionEnd::TrustEnded => t().session_trust_ended(),
        SessionEnd::UserGone => t().session_user_gone(),
        SessionEnd::Restored => t().session_restored(),
    }
}

fn sign_up() -> AnyView {
    view! {
        <p class="narrow__foot">{t().sign_in_no_account()} " " <a href=Page::SignUp.path()>{t().sign_in_sign_up()}</a></p>
    }
    .into_any()
}
