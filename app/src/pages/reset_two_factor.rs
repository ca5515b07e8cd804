//! `/reset-two-factor`: the mailed link of an offered reset. Its token travels in the fragment. Opening it changes
//! nothing: the password and a button do.

use leptos::prelude::*;

use crate::api::team::{confirm_reset, open_reset_offer};
use crate::browser;
use crate::components::console_ahead::console_ahead;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::loaded::retry_button;
use crate::components::page::{PageTitle, leads_to, notice};
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::named::AccountBy;
use crate::text::t;
use crate::types::page::Page;
use crate::types::secret_text::SecretText;
use crate::types::team::ResetOfferShown;
use crate::ui::{
    Button, Kind, PasswordField, Tone, alert, hidden_username, link_button, skeleton_card,
};

/// Where the page is.
#[derive(Clone, PartialEq, Eq)]
enum ResetStage {
    Opening,
    Offered(ResetOfferShown),
    Over,
    Done,
}

/// The page of an offered reset.
#[component]
pub(crate) fn ResetTwoFactorPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    let stage = RwSignal::new(ResetStage::Opening);
    let open = Task::new(move || async move {
        let Some(token) = token.get_value() else {
            stage.set(ResetStage::Over);
            return Ok(());
        };
        match open_reset_offer(token).await {
            Ok(offer) => {
                stage.set(ResetStage::Offered(offer));
                Ok(())
            }
            Err(ApiError::LinkOver) => {
                stage.set(ResetStage::Over);
                Ok(())
            }
            Err(error) => Err(error),
        }
    });
    open.start();
    leads_to(Signal::derive(move || {
        (stage.get() == ResetStage::Done).then(|| Page::Security.path())
    }));
    let content = move || match stage.get() {
        ResetStage::Opening => opening(open),
        ResetStage::Offered(offer) => offered(token, stage, &offer),
        ResetStage::Over => notice(
            t().reset_offer_over_title(),
            t().reset_offer_over().to_owned(),
            None,
            link_button(t().common_home(), Page::Start.path(), Kind::Secondary),
        ),
        ResetStage::Done => skeleton_card(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

fn opening(open: Task) -> AnyView {
    match open.general_error() {
        Some(refusal) => view! {
            <PageTitle title=t().common_failed_title() />
            {alert(Tone::Danger, refusal)}
            {retry_button(open)}
        }
        .into_any(),
        None => skeleton_card(),
    }
}

fn offered(
    token: StoredValue<Option<SecretText>>,
    stage: RwSignal<ResetStage>,
    offer: &ResetOfferShown,
) -> AnyView {
    let intro = t().reset_offer_intro(AccountBy {
        account: &offer.account_name,
        by: &offer.offered_by,
    });
    let address = t().reset_offer_for(&offer.email);
    let next = if offer.is_other_signed_in {
        switch_user()
    } else {
        confirm(token, stage, offer.email.clone())
    };
    view! {
        <PageTitle title=t().reset_offer_title() />
        <p class="page__intro">{intro} " " {address}</p>
        <div class="card">
            <p>{t().reset_offer_what()}</p>
            {next}
        </div>
    }
    .into_any()
}

fn confirm(
    token: StoredValue<Option<SecretText>>,
    stage: RwSignal<ResetStage>,
    email: String,
) -> AnyView {
    console_ahead();
    let session = SessionContext::here();
    let task = Task::of_form(&[Field::Password], move |values| async move {
        let token = token.get_value().ok_or(ApiError::LinkOver)?;
        match confirm_reset(token, values.secret(Field::Password)).await {
            Ok(step) => {
                session.accept(step);
                stage.set(ResetStage::Done);
                Ok(())
            }
            Err(ApiError::LinkOver) => {
                stage.set(ResetStage::Over);
                Ok(())
            }
            Err(error) => Err(error),
        }
    });
    view! {
        <Form task>
            {hidden_username(Signal::stored(email))}
            <PasswordField
                label=t().common_password()
                name=input_name(Field::Password)
                autocomplete="current-password"
                error=task.error_beside(Field::Password)
            />
            <Button
                label=t().reset_offer_button()
                kind=Kind::Danger
                pending=task.pending()
                pending_label=t().reset_offer_pending()
            />
        </Form>
        <div class="ways">{link_button(t().reset_offer_forgotten(), Page::ForgotPassword.path(), Kind::Quiet)}</div>
    }
    .into_any()
}

/// Somebody else is signed in: the link stays good, and is opened again once they have left.
fn switch_user() -> AnyView {
    let session = SessionContext::here();
    let task = Task::new(move || session.sign_out());
    view! {
        <Form task>
            {alert(Tone::Careful, t().reset_offer_another().into_any())}
            <Button label=t().common_sign_out() pending=task.pending() />
        </Form>
    }
    .into_any()
}
