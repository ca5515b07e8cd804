//! The menu of the user who is signed in.

use leptos::prelude::*;

use super::session::Session;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::ui::{Icon, Menu, Tone, alert, icon};

/// Name, e-mail, **Security** and **Sign out**.
#[component]
pub(crate) fn UserMenu(name: String, email: String) -> AnyView {
    let session = Session::here();
    let sign_out = Action::new_unsync(move |(): &()| session.sign_out());
    let refusal = move || sign_out.value().get().and_then(Result::err);
    let button = view! {
        {icon(Icon::Person)}
        <span class="menu__name">{name.clone()}</span>
    };
    let head = view! {
        <p class="menu__who">{name}</p>
        <p class="menu__email">{email}</p>
    };
    let items = view! {
        <a class="menu__item" role="menuitem" href="/users/settings/security">{t().common_security()}</a>
        <button
            class="menu__item"
            role="menuitem"
            type="button"
            on:click=move |_| {
                sign_out.dispatch_local(());
            }
        >
            {t().common_sign_out()}
        </button>
    };
    view! {
        <Menu name=t().common_menu() button=button.into_any() head=head.into_any() items=items.into_any() />
        {move || refusal().map(|error: ApiError| view! {
            <div class="top-bar__said">{alert(Tone::Danger, messages::sentence(&error).into_any())}</div>
        })}
    }
    .into_any()
}
