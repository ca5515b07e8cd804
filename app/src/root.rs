//! The application: router, routes, session context.

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::browser;
use crate::client::on_refusal;
use crate::components::frame::Frame;
use crate::components::session::Session;
use crate::components::signed_in::sign_in_path;
use crate::error::ApiError;
use crate::pages;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::provide();
    spawn_local(session.refresh());
    on_refusal(move |refusal| {
        if *refusal == ApiError::SignedOut {
            session.leave(&sign_in_path());
        }
    });
    // The page lives as long as the tab: nobody has to stop listening.
    let _ = window_event_listener(ev::popstate, move |_| spawn_local(session.refresh()));
    let _ = window_event_listener(ev::pageshow, |event| {
        if browser::is_from_memory(&event) {
            browser::reload();
        }
    });
    view! {
        <Router>
            <Frame>
                <FlatRoutes fallback=pages::not_found::NotFoundPage>
                    <Route path=path!("/") view=pages::start::StartPage />
                    <Route path=path!("/setup") view=pages::setup::SetupPage />
                    <Route path=path!("/sign-in") view=pages::sign_in::SignInPage />
                    <Route path=path!("/sign-up") view=pages::sign_up::SignUpPage />
                    <Route path=path!("/verify-email") view=pages::verify_email::VerifyEmailPage />
                    <Route path=path!("/users/settings/security") view=pages::security::SecurityPage />
                    <Route path=path!("/accounts/any") view=pages::account_overview::AccountOverviewPage />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
