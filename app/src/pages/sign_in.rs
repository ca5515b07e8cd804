//! `/sign-in`: the steps of signing in, then where the user wanted to go.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{self, PageAddress};
use crate::components::console_ahead::console_ahead;
use crate::components::session::{Gate, SessionContext};
use crate::components::sign_in::sign_in_steps;
use crate::types::account::AccountRef;
use crate::types::local_path::LocalPath;
use crate::types::page::{AccountPage, Program};

/// The sign-in page.
#[component]
pub(crate) fn SignInPage() -> AnyView {
    let session = SessionContext::here();
    let gate = session.gate();
    let address = PageAddress::here();
    Effect::new(move |_| match gate.get() {
        Gate::Loading | Gate::Failed(_) => {}
        Gate::SignedOut | Gate::SecondFactorDue | Gate::LinkDue => console_ahead(),
        Gate::SignedIn => {
            let path = after_sign_in();
            // The console asks who it is; a page of this program has not been told.
            if Program::WaysIn.draws(&path) {
                spawn_local(session.refresh());
            }
            address.go_instead(&path);
        }
    });
    let steps = sign_in_steps(browser::take_fragment());
    view! { <div class="narrow">{steps}</div> }.into_any()
}

/// Where the user wanted to go, or their account.
fn after_sign_in() -> String {
    let next = browser::query("next").and_then(|next| LocalPath::parse(&next));
    let account = || AccountPage::Overview.of_account(AccountRef::Any).path();
    next.map_or_else(account, LocalPath::into_string)
}
