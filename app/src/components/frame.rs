//! What is on every page: the top bar, what has to be said above the content, and the content.

use leptos::{ev, prelude::*};

use super::lost_address::LostAddressBanner;
use super::session::SessionContext;
use super::user_menu::UserMenu;
use crate::browser::{self, PageAddress};
use crate::text::t;
use crate::types::page::Page;
use crate::types::session::SignedInUser;
use crate::ui::{Button, Kind, Tone, alert, link_button};

/// The frame of every page; `index.html` shows the same before WebAssembly has started. `switcher` draws the menu of
/// accounts, where there is one.
#[component]
pub(crate) fn Frame(
    #[prop(optional)] switcher: Option<fn() -> AnyView>,
    children: Children,
) -> AnyView {
    view! {
        <a
            class="skip-link"
            href="#main"
            on:click=move |event| {
                event.prevent_default();
                browser::focus_content();
            }
        >
            {t().common_skip()}
        </a>
        <header class="top-bar">
            <div class="top-bar__inner">
                <a class="top-bar__product" href="/">{browser::product()}</a>
                <div class="top-bar__kept">{navigation(switcher)}</div>
            </div>
        </header>
        <main class="page" id="main" tabindex="-1">
            <Offline />
            <LostAddressBanner />
            {children()}
        </main>
    }
    .into_any()
}

fn navigation(switcher: Option<fn() -> AnyView>) -> AnyView {
    let session = SessionContext::here();
    let user = Memo::new(move |_| session.user());
    let path = PageAddress::here().path();
    (move || user.get().map(|user| links(user, path, switcher))).into_any()
}

fn links(user: SignedInUser, path: Signal<String>, switcher: Option<fn() -> AnyView>) -> AnyView {
    view! {
        {switcher.map(|draw| draw())}
        <nav class="top-bar__links">
            <a
                class="top-bar__link"
                href=Page::Security.path()
                aria-current=move || (Page::of(&path.read()) == Some(Page::Security)).then_some("page")
            >
                {t().common_security()}
            </a>
        </nav>
        <UserMenu name=user.name email=user.email />
    }
    .into_any()
}

/// Says that there is no connection, for as long as that is so.
#[component]
fn Offline() -> AnyView {
    let offline = RwSignal::new(browser::is_offline());
    // The frame lives as long as the page: nobody has to stop listening.
    let _ = window_event_listener(ev::online, move |_| offline.set(false));
    let _ = window_event_listener(ev::offline, move |_| offline.set(true));
    view! {
        <div role="status">
            {move || offline.get().then(|| alert(Tone::Careful, t().common_offline().into_any()))}
        </div>
    }
    .into_any()
}

/// After signing in with a recovery code: how many are left, on the pages of accounts. On the Security page the card says it, with the action.
#[component]
pub(crate) fn UsedRecoveryCode() -> AnyView {
    let session = SessionContext::here();
    let path = PageAddress::here().path();
    // Drawn once, not for each page: a click that is under way must not lose its button, nor is it announced again.
    let shown = Memo::new(move |_| {
        session
            .recovery_codes_left()
            .filter(|_| Page::is_of_accounts(&path.read()))
    });
    (move || {
        let left = shown.get()?;
        let put_away = Callback::new(move |()| session.say_recovery_codes_left(None));
        let content = view! {
            <p>{t().sign_in_recovery_left(left)}</p>
            <div class="card__actions">
                {link_button(t().security_get_codes(), Page::Security.path(), Kind::Secondary)}
                <Button label=t().common_not_now() kind=Kind::Quiet on_click=put_away />
            </div>
        };
        Some(alert(Tone::Note, content.into_any()))
    })
    .into_any()
}
