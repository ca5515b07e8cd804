//! A menu behind a button, worked by mouse, touch and arrow keys (ARIA Authoring Practices, menu button).

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::icon::{Icon, icon};
use crate::browser;

const ITEMS: &str = "[role='menuitem']";

/// A menu. `items` have the role `menuitem`; `head` stands above them: words, and a field where they can be filtered.
#[component]
pub(crate) fn Menu(
    #[prop(into)] name: Signal<String>,
    button: AnyView,
    head: AnyView,
    items: AnyView,
) -> AnyView {
    let open = RwSignal::new(false);
    let whole = NodeRef::<html::Div>::new();
    let opener = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(opener) = opener.try_get_untracked().flatten() {
            browser::focus(&opener);
        }
    };
    let into = move || {
        if let Some(whole) = whole.try_get_untracked().flatten() {
            request_animation_frame(move || step(&whole, 1, true));
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let Some(whole) = whole.try_get_untracked().flatten() else {
            return;
        };
        // In a field of the head, these move the cursor.
        let is_field = event_target_is_field(&event);
        if is_field && matches!(event.key().as_str(), "Home" | "End") {
            return;
        }
        match event.key().as_str() {
            "Escape" if open.get_untracked() => close(),
            "ArrowDown" | "Home" => {
                open.set(true);
                let from_start = event.key() == "Home";
                request_animation_frame(move || step(&whole, 1, from_start));
            }
            "ArrowUp" | "End" if open.get_untracked() => step(&whole, -1, event.key() == "End"),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            class="menu"
            node_ref=whole
            on:keydown=on_keydown
            on:focusout=move |event: ev::FocusEvent| {
                let to = event.related_target().and_then(|it| it.dyn_into::<web_sys::Node>().ok());
                // A menu that is taken away with its focus says so, when nothing of it is there any more.
                let whole = whole.try_get_untracked().flatten();
                let inside = whole.is_some_and(|whole| whole.contains(to.as_ref()));
                if !inside {
                    open.set(false);
                }
            }
        >
            <button
                type="button"
                class="menu__button"
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=move || name.get()
                node_ref=opener
                on:click=move |event| {
                    open.update(|open| *open = !*open);
                    // By Enter or Space, not by a pointer: the keyboard goes on inside.
                    if event.detail() == 0 && open.get_untracked() {
                        into();
                    }
                }
            >
                {button}
                {icon(Icon::Chevron)}
            </button>
            <div class="menu__panel" hidden=move || !open.get() tabindex="-1">
                <div class="menu__head">{head}</div>
                <div role="menu" aria-label=move || name.get() on:click=move |_| close()>{items}</div>
            </div>
        </div>
    }
    .into_any()
}

fn event_target_is_field(event: &ev::KeyboardEvent) -> bool {
    let target = event.target();
    target.is_some_and(|it| it.has_type::<web_sys::HtmlInputElement>())
}

/// Moves focus among the items; past either end it goes round.
fn step(whole: &Element, by: i32, from_end: bool) {
    let Ok(items) = whole.query_selector_all(ITEMS) else {
        return;
    };
    let count = i32::try_from(items.length()).unwrap_or(i32::MAX);
    if count == 0 {
        return;
    }
    let focused = document().active_element();
    let at = (0..count)
        .find(|index| item(&items, *index).as_ref() == focused.as_ref().map(JsCast::unchecked_ref));
    let next = match at {
        Some(at) if !from_end => (at + by).rem_euclid(count),
        _ if by > 0 => 0,
        _ => count - 1,
    };
    if let Some(item) = item(&items, next) {
        browser::focus(&item);
    }
}

fn item(items: &web_sys::NodeList, index: i32) -> Option<HtmlElement> {
    items
        .item(u32::try_from(index).ok()?)
        .map(JsCast::unchecked_into)
}
