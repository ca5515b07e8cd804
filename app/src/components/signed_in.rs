//! Shows its content to a signed-in user only; anyone else is sent to sign in and returns afterwards.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::page::PageTitle;
use super::session::{Gate, SessionContext};
use crate::browser::{self, PageAddress};
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::types::page::Page;
use crate::ui::{Button, Kind, Tone, alert, link_button, skeleton_card};

/// Shows its children to a signed-in user.
#[component]
pub(crate) fn SignedIn(children: ChildrenFn) -> AnyView {
    let gate = SessionContext::here().gate();
    let address = PageAddress::here();
    Effect::new(move |_| {
        if matches!(
            gate.get(),
            Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue
        ) {
            address.go_instead(&sign_in_path(&browser::current_path()));
        }
    });
    (move || match gate.get() {
        Gate::SignedIn => children(),
        Gate::Loading | Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue => skeleton_card(),
        Gate::Failed(error) => failed(&error),
    })
    .into_any()
}

/// The sign-in page that leads back to a path.
pub(crate) fn sign_in_path(back: &str) -> String {
    Page::SignIn.path() + "?next=" + &browser::encoded(back)
}

/// The button that leads to signing in.
pub(crate) fn to_sign_in(kind: Kind) -> AnyView {
    link_button(t().setup_to_sign_in(), Page::SignIn.path(), kind)
}

/// A page that could not find out who is signed in.
pub(crate) fn failed(error: &ApiError) -> AnyView {
    let session = SessionContext::here();
    let retry = Callback::new(move |()| spawn_local(session.refresh()));
    view! {
        <PageTitle title=t().common_failed_title() />
        {alert(Tone::Danger, messages::sentence(error))}
        <Button label=t().common_try_again() kind=Kind::Secondary on_click=retry />
    }
    .into_any()
}
