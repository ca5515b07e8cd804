//! Modal dialogs on the browser's own `<dialog>`: it traps focus, makes the page behind it inert and gives focus
//! back to the control that opened it.

use leptos::{ev, html, prelude::*};

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
    #[prop(into)] title: Signal<&'static str>,
    #[prop(optional, into)] step: Option<Signal<usize>>,
    #[prop(optional)] guard: Option<Callback<(), bool>>,
    #[prop(optional)] on_closed: Option<Callback<()>>,
    #[prop(optional)] secret: bool,
    children: ChildrenFn,
) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let id = unique_id("dialog");
    let close = move || {
        if !guard.is_some_and(|guard| guard.run(())) {
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
                if !node.get_untracked().is_some_and(|dialog| dialog.open()) {
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
            <div class="dialog__body">{live(move || open.get().then(|| children()))}</div>
        </dialog>
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
