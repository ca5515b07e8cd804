//! `/reset-two-factor`: the mailed link of an offered reset. Its token travels in the fragment. Opening it changes
//! nothing: the password and a button do.

use leptos::prelude::*;

use crate::api::team::{confirm_reset, open_reset_offer};
use crate::browser;
use crate::components::console_ahead::console_ahead;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::mailed_link::{LinkStage, LinkToken, mailed_link};
use crate::components::page::{PageTitle, leads_to, notice};
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::named::AccountBy;
use crate::text::t;
use crate::types::page::Page;
use crate::types::team::ResetOfferShown;
use crate::ui::{Button, Kind, PasswordField, Tone, alert, hidden_username, link_button};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct ResetContext {
    token: LinkToken,
    stage: RwSignal<LinkStage<ResetOfferShown>>,
    is_done: RwSignal<bool>,
}

/// The page of an offered reset.
#[component]
pub(crate) fn ResetTwoFactorPage() -> AnyView {
    let token: LinkToken = StoredValue::new(browser::take_fragment());
    let stage = RwSignal::new(LinkStage::Opening);
    let is_done = RwSignal::new(false);
    leads_to(Signal::derive(move || {
        is_done.get().then(|| Page::Security.path())
    }));
    let reset = ResetContext {
        token,
        stage,
        is_done,
    };
    let over = || {
        notice(
            t().reset_offer_over_title(),
            t().reset_offer_over().to_owned(),
            None,
            link_button(t().common_home(), Page::Start.path(), Kind::Secondary),
        )
    };
    mailed_link(
        (token, stage),
        open_reset_offer,
        move |offer| offered(reset, &offer),
        over,
    )
}

fn offered(reset: ResetContext, offer: &ResetOfferShown) -> AnyView {
    let intro = t().reset_offer_intro(AccountBy {
        account: &offer.account_name,
        by: &offer.offered_by,
    });
    let address = t().reset_offer_for(&offer.email);
    let next = if offer.is_other_signed_in {
        switch_user()
    } else {
        confirm(reset, offer.email.clone())
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

fn confirm(reset: ResetContext, email: String) -> AnyView {
    console_ahead();
    let session = SessionContext::here();
    let task = Task::of_form(&[Field::Password], move |values| async move {
        let token = reset.token.get_value().ok_or(ApiError::LinkOver)?;
        let done = confirm_reset(token, values.secret(Field::Password)).await;
        if let Some(step) = LinkStage::unless_over(reset.stage, done)? {
            session.accept(step);
            reset.is_done.set(true);
        }
        Ok(())
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
