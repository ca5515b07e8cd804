//! `/`: leads on, depending on who is there.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::session::{Gate, Session};
use crate::components::signed_in::failed;
use crate::ui::skeleton_card;

/// Sends a signed-in user to their account, anyone else to sign in.
#[component]
pub(crate) fn StartPage() -> AnyView {
    let gate = Session::here().gate();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let path = match gate.get() {
            Gate::Loading | Gate::Failed(_) => return,
            Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue => "/sign-in",
            Gate::SignedIn => "/accounts/any",
        };
        navigate(
            path,
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
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
