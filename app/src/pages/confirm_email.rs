//! `/confirm-email`: the link to a new address. Its token travels in the fragment, and counts for the user who asked for
//! it alone, signed in here, who confirms it with a button: programs that open every link of a mail change nothing.

use leptos::prelude::*;

use crate::api::profile::{confirm_email, profile};
use crate::api::session::sign_out;
use crate::browser::{self, TabItem};
use crate::components::form::Form;
use crate::components::loaded::loaded;
use crate::components::mailed_link::{LinkToken, link_over};
use crate::components::page::{PageTitle, notice};
use crate::components::session::{Gate, SessionContext};
use crate::components::signed_in::{failed, sign_in_path};
use crate::components::task::Task;
use crate::error::ApiError;
use crate::text::t;
use crate::types::page::Page;
use crate::types::profile::Profile;
use crate::types::secret_text::SecretText;
use crate::ui::{Button, Kind, Tone, alert, link_button, skeleton_card};

/// Shows the new address to the user who asked for it, and takes it at the click.
#[component]
pub(crate) fn ConfirmEmailPage() -> AnyView {
    let session = SessionContext::here();
    let gate = session.gate();
    // The link itself, or the one that was opened before a sign-in in this tab.
    let token =
        browser::take_fragment().or_else(|| TabItem::NewAddress.kept().map(SecretText::new));
    let link: LinkToken = StoredValue::new(token);
    let content = move || match gate.get() {
        Gate::Loading => skeleton_card(),
        Gate::Failed(error) => failed(&error),
        Gate::SignedIn => view! { <Confirm link /> }.into_any(),
        Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue => sign_in_first(link),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

/// Nobody is signed in: the link waits in this tab.
fn sign_in_first(link: LinkToken) -> AnyView {
    link.with_value(|token| {
        if let Some(token) = token {
            TabItem::NewAddress.keep(token.expose());
        }
    });
    let title = t().profile_confirm_title();
    let button = link_button(
        t().setup_to_sign_in(),
        sign_in_path(&Page::ConfirmEmail.path()),
        Kind::Primary,
    );
    notice(
        title,
        t().profile_confirm_sign_in().to_owned(),
        None,
        button,
    )
}

#[component]
fn Confirm(link: LinkToken) -> AnyView {
    let session = SessionContext::here();
    let is_done = RwSignal::new(false);
    let now = RwSignal::new(None::<Profile>);
    let load = Task::new(move || async move {
        now.set(Some(profile().await?));
        Ok(())
    });
    load.start();
    let confirm = Task::new(move || async move {
        let token = link.get_value().ok_or(ApiError::LinkOver)?;
        let answer = confirm_email(token).await;
        if matches!(answer, Ok(()) | Err(ApiError::LinkOver)) {
            // Used, or worth nothing: the tab need not keep it.
            TabItem::NewAddress.forget();
            link.set_value(None);
        }
        answer?;
        is_done.set(true);
        // The menu shows the address.
        session.refresh().await;
        Ok(())
    });
    (move || match (is_done.get(), confirm.refusal()) {
        (true, _) => {
            let (title, text) = (t().profile_confirmed_title(), t().profile_confirmed());
            notice(title, text.to_owned(), None, go_on())
        }
        (false, Some(ApiError::LinkOver)) => link_over(t().profile_link_over(), go_on()),
        (false, Some(ApiError::LinkOfAnotherUser)) => another_user(link),
        (false, _) if link.with_value(Option::is_none) => {
            link_over(t().profile_link_over(), go_on())
        }
        (false, _) => view! {
            <PageTitle title=t().profile_confirm_title() />
            {loaded(load, now.read().as_ref().map(|now| asks(now, confirm)))}
        }
        .into_any(),
    })
    .into_any()
}

/// Which address it is about, and the button.
fn asks(now: &Profile, confirm: Task) -> AnyView {
    let words = now.new_email.as_ref().map_or_else(
        || t().profile_confirm_unknown().to_owned(),
        |email| t().profile_confirm_intro(email),
    );
    view! {
        <div class="card">
            <Form task=confirm>
                <p>{words}</p>
                <Button
                    label=t().profile_confirm()
                    pending=confirm.pending()
                    pending_label=t().sign_up_verify_pending()
                />
            </Form>
        </div>
    }
    .into_any()
}

/// Somebody else is signed in; the link stays in this tab while they change places.
fn another_user(link: LinkToken) -> AnyView {
    let session = SessionContext::here();
    let task = Task::new(move || async move {
        let token = link.get_value();
        sign_out().await?;
        // Signing out clears what the browser stores of ours.
        if let Some(token) = token {
            TabItem::NewAddress.keep(token.expose());
        }
        session.leave(&sign_in_path(&Page::ConfirmEmail.path()));
        Ok(())
    });
    view! {
        <PageTitle title=t().profile_confirm_title() />
        <div class="card">
            <Form task>
                {alert(Tone::Careful, t().profile_confirm_another().into_any())}
                <Button label=t().invitation_switch_button() pending=task.pending() />
            </Form>
        </div>
    }
    .into_any()
}

fn go_on() -> AnyView {
    link_button(t().profile_go_on(), Page::Start.path(), Kind::Primary)
}
