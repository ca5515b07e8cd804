//! Modal dialogs on the browser's own `<dialog>`: it traps focus, makes the page behind it inert and gives focus
//! back to the control that opened it.

use leptos::{ev, html, prelude::*};

use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use super::id::unique_id;
use super::live::live;
use crate::browser;
use crate::text::named::NumberTotal;
use crate::text::t;

/// A dialog. The element stays in the page, so that closing returns focus; its content exists only while it is open.
///
/// `guard` is asked before closing by Escape or the cross; true keeps the dialog open. `on_closed` hears of every
/// way of closing. One that is `secret`, for what it shows or what was
/// given in it as proof, does not outlive the session. When `step` changes, focus moves to what the new step is for.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] step: Option<Signal<usize>>,
    #[prop(optional)] guard: Option<Callback<(), bool>>,
    #[prop(optional)] on_closed: Option<Callback<()>>,
    #[prop(optional)] secret: bool,
    children: ChildrenFn,
) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let id = unique_id("dialog");
    // Whether somebody is asked if what they typed may be lost.
    let asks = RwSignal::new(false);
    let has_typed = move || {
        let dialog = node.get_untracked();
        dialog.is_some_and(|dialog| browser::has_typed(&dialog))
    };
    let close = move || {
        if guard.is_some_and(|guard| guard.run(())) {
            return;
        }
        if asks.get_untracked() {
            asks.set(false);
        } else if has_typed() {
            asks.set(true);
        } else {
            open.set(false);
        }
    };

    // Runs after the content is rendered, so that there is something to focus.
    Effect::new(move |was_open: Option<bool>| {
        step.map(|step| step.get());
        let Some(dialog) = node.get() else {
            return false;
        };
        if !open.get() {
            if dialog.open() {
                dialog.close();
            }
            asks.set(false);
            if let (Some(on_closed), Some(true)) = (on_closed, was_open) {
                untrack(move || on_closed.run(()));
            }
            return false;
        }
        if !dialog.open() {
            // Throws only for a dialog that is open or not in the page; it is neither.
            let _ = dialog.show_modal();
        }
        // A new step is drawn only after this turn.
        request_animation_frame(move || {
            browser::focus_first(&dialog);
            // On a small screen the field may lie below; a step is read from its top, as far as the field stays in sight.
            dialog.set_scroll_top(0);
            browser::show_focused();
        });
        true
    });

    view! {
        <dialog
            class="dialog"
            data-secret=secret.then_some("")
            aria-labelledby=id
            node_ref=node
            // Told a while after it closed: it may be open again by then.
            on:close=move |_| {
                let Some(dialog) = node.get_untracked().filter(|dialog| !dialog.open()) else {
                    return;
                };
                // A browser closes it at the second Escape whatever the page says.
                if open.get_untracked() && !secret && has_typed() {
                    // Refused only for a dialog that is out of the page.
                    let _ = dialog.show_modal();
                    asks.set(true);
                } else {
                    open.set(false);
                }
            }
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
        >
            <div class="dialog__head">
                <h2 class="dialog__title" id=id.clone()>{live(move || title.get())}</h2>
                <button
                    type="button"
                    class="dialog__close"
                    aria-label=t().common_close()
                    on:click=move |_| close()
                >
                    {icon(Icon::Close)}
                </button>
            </div>
            {live(move || asks.get().then(|| throw_away(asks, open)))}
            <div class="dialog__body">{live(move || open.get().then(|| children()))}</div>
        </dialog>
    }
    .into_any()
}

/// The question before what was typed is lost.
fn throw_away(asks: RwSignal<bool>, open: RwSignal<bool>) -> AnyView {
    let node = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if let Some(question) = node.get() {
            browser::focus(&question);
        }
    });
    let stay = Callback::new(move |()| asks.set(false));
    let lose = Callback::new(move |()| open.set(false));
    view! {
        <div class="dialog__asks">
            <p tabindex="-1" node_ref=node>{t().common_throw_away_text()}</p>
            <div class="dialog__actions">
                <Button label=t().common_stay() kind=Kind::Secondary on_click=stay />
                <Button label=t().common_throw_away() kind=Kind::Danger on_click=lose />
            </div>
        </div>
    }
    .into_any()
}

/// The names of a dialog's steps, and which one it is: in words, and by a line that fills.
pub(crate) fn step_names(names: &'static [fn() -> &'static str], current: usize) -> AnyView {
    let count = t().common_step_of(NumberTotal {
        number: &(current + 1),
        total: &names.len(),
    });
    let items = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let class = if index < current {
                "steps__step steps__step--done"
            } else {
                "steps__step"
            };
            view! {
                <li class=class aria-current=(index == current).then_some("step")>
                    {name()}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="steps">
            <p class="steps__count">{count}</p>
            <ol class="steps__list">{items}</ol>
        </div>
    }
    .into_any()
}

/// Closes a dialog without doing what it is for.
pub(crate) fn cancel_button(open: RwSignal<bool>) -> AnyView {
    view! {
        <button type="button" class="button button--secondary" on:click=move |_: ev::MouseEvent| open.set(false)>
            {t().common_cancel()}
        </button>
    }
    .into_any()
}
