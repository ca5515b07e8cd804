//! The two programs of the front end: each draws the page at the address, within a frame that stays.
//!
//! They are two WebAssembly files: whoever comes in downloads the ways in first, and the console while they type
//! (docs/decisions/0048-ways-in-and-console.md).

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};

use crate::browser::{self, PageAddress};
use crate::client::on_refusal;
use crate::components::account_switcher::account_switcher;
use crate::components::current_account::CurrentAccount;
use crate::components::frame::{Frame, UsedRecoveryCode};
use crate::components::leaving::typed_text;
use crate::components::session::SessionContext;
use crate::components::session_over::session_over;
use crate::components::session_watch::session_watch;
use crate::components::signed_in::sign_in_path;
use crate::error::ApiError;
use crate::pages::{console_page, way_in_page};
use crate::types::page::Program;

/// Sign-in, set-up, sign-up, and what links in mails lead to.
#[component]
pub fn WaysIn() -> AnyView {
    let path = program(|path| Program::WaysIn.draws(path), false, |_| ()).path();
    view! { <Frame>{move || way_in_page(&path.get())}</Frame> }.into_any()
}

/// The user's own pages, and those of accounts.
#[component]
pub fn Console() -> AnyView {
    let account = CurrentAccount::provide();
    let heard = move |refusal: &ApiError| {
        if let ApiError::TwoFactorRequired { account: shut } = refusal {
            account.shut_by(shut);
        }
    };
    let path = program(|path| Program::Console.draws(path), true, heard).path();
    view! {
        <Frame switcher=account_switcher>
            <UsedRecoveryCode />
            {move || console_page(&path.get())}
        </Frame>
        {typed_text()}
        {session_watch()}
        {session_over()}
    }
    .into_any()
}

/// What both have: session, address, and what is done when the session ends or the browser brings a page back. `heard` is
/// told of every refusal; pages that are not `ours` are loaded. Where the page `stays`, its user signs in again over it.
fn program(
    ours: fn(&str) -> bool,
    stays: bool,
    heard: impl Fn(&ApiError) + 'static,
) -> PageAddress {
    let session = SessionContext::provide(stays);
    let address = PageAddress::provide(ours);
    spawn_local(session.refresh());
    on_refusal(move |refusal| {
        if *refusal == ApiError::SignedOut {
            // An answer that comes late must not reload a page in which somebody may be typing already.
            if !session.is_signed_in() {
                return;
            }
            if !session.end() {
                // Nothing can be saved any more: nobody is asked whether to leave.
                address.ask_nobody();
                session.leave(&sign_in_path(&browser::current_path()));
            }
        }
        heard(refusal);
    });
    // The page lives as long as the tab: nobody has to stop listening.
    let _ = window_event_listener(ev::popstate, move |_| {
        if !session.is_over_untracked() {
            spawn_local(session.refresh());
        }
    });
    // Fragments carry tokens only: another one is another link, opened in the same tab.
    let _ = window_event_listener(ev::hashchange, |_| browser::reload());
    let _ = window_event_listener(ev::pageshow, |event| {
        if browser::is_from_memory(&event) {
            browser::reload();
        }
    });
    address
}
