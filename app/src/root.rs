//! The application: the page at the address, and the session context.

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};

use crate::browser::{self, Address};
use crate::client::on_refusal;
use crate::components::current_account::CurrentAccount;
use crate::components::frame::Frame;
use crate::components::session::Session;
use crate::components::signed_in::sign_in_path;
use crate::error::ApiError;
use crate::pages::Page;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::provide();
    let path = Address::provide().path();
    let page = Memo::new(move |_| Page::at(&path.read()));
    let account = CurrentAccount::provide();
    spawn_local(session.refresh());
    on_refusal(move |refusal| {
        if *refusal == ApiError::SignedOut {
            // Nothing can be saved any more: nobody is asked whether to leave.
            account.guard(None);
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
    view! { <Frame>{move || page.get().view()}</Frame> }
}
