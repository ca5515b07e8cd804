//! The menu of the user who is signed in.

use leptos::prelude::*;

use super::session::SessionContext;
use super::task::Task;
use crate::text::t;
use crate::types::page::Page;
use crate::ui::{Menu, Tone, alert};

/// Name, e-mail, **Security**, **Profile** and **Sign out**.
#[component]
pub(crate) fn UserMenu(name: String, email: String) -> AnyView {
    let session = SessionContext::here();
    let sign_out = Task::new(move || session.sign_out());
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    // Drawn by the style sheet: the button's name is "Your menu", and text inside would be another.
    let button = view! { <span class="menu__initials" data-initials=initials></span> };
    let head = view! {
        <p class="menu__who">{name}</p>
        <p class="menu__email">{email}</p>
    };
    let items = view! {
        <a class="menu__item" role="menuitem" href=Page::Security.path()>{t().common_security()}</a>
        <a class="menu__item" role="menuitem" href=Page::Profile.path()>{t().profile_title()}</a>
        <button
            class="menu__item"
            role="menuitem"
            type="button"
            on:click=move |_| sign_out.start()
        >
            {t().common_sign_out()}
        </button>
    };
    view! {
        <Menu name=t().common_menu() button=button.into_any() head=head.into_any() items=items.into_any() />
        {move || sign_out.general_error().map(said)}
    }
    .into_any()
}

fn said(refusal: AnyView) -> AnyView {
    view! { <div class="top-bar__said">{alert(Tone::Danger, refusal)}</div> }.into_any()
}
