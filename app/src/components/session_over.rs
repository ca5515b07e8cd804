//! The end of a session, said over the page: why, and signing in again in place. What the server had sent is out of the
//! document meanwhile; what was typed waits for its user, for an hour at most.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use super::session::{Gate, SessionContext};
use super::sign_in::sign_in_steps;
use super::signed_in::sign_in_path;
use crate::api::session::{session_left, session_state};
use crate::browser::{self, PageAddress};
use crate::error::ApiError;
use crate::text::t;
use crate::types::session::SessionState;
use crate::ui::{Button, Kind, live};

/// The dialog, once the session is over.
pub(crate) fn session_over() -> AnyView {
    let session = SessionContext::here();
    let address = PageAddress::here();
    Effect::new(move |was_over: Option<bool>| {
        let is_over = session.is_over();
        if is_over {
            browser::put_away();
            address.suspend(true);
        } else if was_over == Some(true) {
            address.suspend(false);
            browser::put_back();
        }
        is_over
    });
    live(move || session.is_over().then(|| view! { <OverPage /> }))
}

/// Leaves for the sign-in page, which says why; nothing of this page stays.
pub(crate) fn leave_for_sign_in(session: SessionContext, address: PageAddress) {
    address.ask_nobody();
    session.leave(&sign_in_path(&browser::current_path()));
}

#[component]
fn OverPage() -> AnyView {
    let session = SessionContext::here();
    let address = PageAddress::here();
    let within = session.provide_within();
    spawn_local(ask(session, within));
    let gate = within.gate();
    Effect::new(move |_| {
        if gate.get() == Gate::SignedIn {
            spawn_local(go_on(session, within, address));
        }
    });
    let leave = move || leave_for_sign_in(session, address);
    let node = NodeRef::<html::Dialog>::new();
    let show = move || {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            // Throws only for a dialog that is open or not in the page; it is neither.
            let _ = dialog.show_modal();
        }
    };
    Effect::new(move |_| show());
    let on_leave = Callback::new(move |()| leave());
    view! {
        <dialog
            class="dialog dialog--over"
            aria-label=t().session_over()
            node_ref=node
            on:cancel=move |event: web_sys::Event| event.prevent_default()
            // A browser may close it at the second Escape all the same.
            on:close=move |_| show()
        >
            <div class="dialog__body narrow">
                {sign_in_steps(None)}
                <p class="card__why">{t().session_kept()}</p>
                <div class="ways">
                    <Button label=t().session_leave() kind=Kind::Quiet on_click=on_leave />
                </div>
            </div>
        </dialog>
    }
    .into_any()
}

/// Asks the server whether the session is over, without using it.
async fn ask(session: SessionContext, within: SessionContext) {
    match session_left().await {
        Ok(_) => session.go_on(),
        Err(ApiError::SignedOut) => within.refresh().await,
        Err(error) => within.failed(error),
    }
}

/// Somebody has signed in: the page's user goes on, for anybody else it is loaded anew.
async fn go_on(session: SessionContext, within: SessionContext, address: PageAddress) {
    match session_state().await {
        Ok(SessionState::SignedIn(user)) if Some(user.user_id) == session.user_id() => {
            session.go_on();
        }
        Ok(SessionState::SignedIn(_)) => {
            address.ask_nobody();
            browser::reload();
        }
        _ => within.refresh().await,
    }
}
