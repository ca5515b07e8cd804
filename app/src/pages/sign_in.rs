//! `/sign-in`: e-mail and password, then the second factor or a mailed link. Which is due, the server says.

mod link;
mod password;
mod second_factor;

use crate::browser;
use crate::components::page::leads_to;
use crate::components::session::{Gate, SessionContext};
use crate::components::signed_in::failed;
use crate::error::ApiError;
use crate::types::account::AccountRef;
use crate::types::local_path::LocalPath;
use crate::types::page::AccountPage;
use crate::ui::skeleton_card;
use leptos::prelude::*;
use password::PasswordStep;
use second_factor::SecondFactorStep;

/// The sign-in page.
#[component]
pub(crate) fn SignInPage() -> AnyView {
    let session = SessionContext::here();
    let gate = session.gate();
    // Of the link that is due after a reset by the team. It waits here while the password is entered.
    let token = StoredValue::new(browser::take_fragment());
    // Why the code step ended, said above the password.
    let ended = RwSignal::new(None::<ApiError>);
    leads_to(Signal::derive(move || {
        (gate.get() == Gate::SignedIn).then(|| {
            let next = browser::query("next").and_then(|next| LocalPath::parse(&next));
            let account = || AccountPage::Overview.of_account(AccountRef::Any).path();
            next.map_or_else(|| account().into_owned(), LocalPath::into_string)
        })
    }));
    let content = move || match gate.get() {
        Gate::Loading | Gate::SignedIn => skeleton_card(),
        Gate::Failed(error) => failed(&error),
        Gate::SignedOut => {
            view! { <PasswordStep ended has_link=token.with_value(Option::is_some) /> }.into_any()
        }
        Gate::LinkDue => link::link_step(session, token, ended),
        Gate::SecondFactorDue => view! { <SecondFactorStep ended /> }.into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}
