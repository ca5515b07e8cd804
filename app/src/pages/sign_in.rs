//! `/sign-in`: the steps of signing in, then where the user wanted to go.

use leptos::prelude::*;

use crate::browser;
use crate::components::page::leads_to;
use crate::components::session::{Gate, SessionContext};
use crate::components::sign_in::sign_in_steps;
use crate::types::account::AccountRef;
use crate::types::local_path::LocalPath;
use crate::types::page::AccountPage;

/// The sign-in page.
#[component]
pub(crate) fn SignInPage() -> AnyView {
    let gate = SessionContext::here().gate();
    leads_to(Signal::derive(move || {
        (gate.get() == Gate::SignedIn).then(after_sign_in)
    }));
    let steps = sign_in_steps(browser::take_fragment());
    view! { <div class="narrow">{steps}</div> }.into_any()
}

/// Where the user wanted to go, or their account.
fn after_sign_in() -> String {
    let next = browser::query("next").and_then(|next| LocalPath::parse(&next));
    let account = || AccountPage::Overview.of_account(AccountRef::Any).path();
    next.map_or_else(account, LocalPath::into_string)
}
