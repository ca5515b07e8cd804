//! The two front ends: each draws the page at the address, within the same frame.
//!
//! They are two WebAssembly files, so that whoever signs in and looks at their own Security page does not download the
//! pages of accounts (docs/decisions/0013-two-front-ends.md).

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};

use crate::browser::{self, PageAddress};
use crate::client::on_refusal;
use crate::components::current_account::CurrentAccount;
use crate::components::frame::Frame;
use crate::components::session::SessionContext;
use crate::components::signed_in::sign_in_path;
use crate::error::ApiError;
use crate::pages::{accounts_page, own_page};
use crate::types::page::Page;

/// Ways in, and the user's own pages.
#[component]
pub fn OwnApp() -> AnyView {
    front_end(own_page, |path| !Page::is_of_accounts(path))
}

/// The pages of accounts.
#[component]
pub fn AccountsApp() -> AnyView {
    front_end(accounts_page, Page::is_of_accounts)
}

/// A front end that draws the pages of some addresses; the others are the other's.
fn front_end(page: fn(&str) -> AnyView, is_ours: fn(&str) -> bool) -> AnyView {
    let session = SessionContext::provide();
    let address = PageAddress::provide(is_ours);
    let path = address.path();
    let account = CurrentAccount::provide();
    spawn_local(session.refresh());
    on_refusal(move |refusal| {
        if *refusal == ApiError::SignedOut {
            // An answer that comes late must not reload a page in which somebody may be typing already.
            if !session.is_signed_in() {
                return;
            }
            // Nothing can be saved any more: nobody is asked whether to leave.
            address.before_leaving(None);
            session.leave(&sign_in_path(&browser::current_path()));
        } else if let ApiError::TwoFactorRequired { account: shut } = refusal {
            account.shut_by(shut);
        }
    });
    // The page lives as long as the tab: nobody has to stop listening.
    let _ = window_event_listener(ev::popstate, move |_| spawn_local(session.refresh()));
    // Fragments carry tokens only: another one is another link, opened in the same tab.
    let _ = window_event_listener(ev::hashchange, |_| browser::reload());
    let _ = window_event_listener(ev::pageshow, |event| {
        if browser::is_from_memory(&event) {
            browser::reload();
        }
    });
    view! { <Frame>{move || page(&path.get())}</Frame> }.into_any()
}
