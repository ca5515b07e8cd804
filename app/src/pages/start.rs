//! `/`: redirects to the first page of the user, or to sign-in.

use leptos::prelude::*;

use crate::browser::PageAddress;
use crate::components::session::{Gate, SessionContext};
use crate::components::signed_in::failed;
use crate::types::account::AccountRef;
use crate::types::page::{AccountPage, Page};
use crate::ui::skeleton_card;

/// Sends a signed-in user to their account, anyone else to sign in.
#[component]
pub(crate) fn StartPage() -> AnyView {
    let gate = SessionContext::here().gate();
    let address = PageAddress::here();
    Effect::new(move |_| {
        let path = match gate.get() {
            Gate::Loading | Gate::Failed(_) => return,
            Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue => Page::SignIn.path(),
            Gate::SignedIn => AccountPage::Overview.of_account(AccountRef::Any).path(),
        };
        address.go_instead(&path);
    });
    (move || match gate.get() {
        Gate::Failed(error) => failed(&error),
        Gate::Loading
        | Gate::SignedOut
        | Gate::SecondFactorDue
        | Gate::LinkDue
        | Gate::SignedIn => skeleton_card(),
    })
    .into_any()
}
