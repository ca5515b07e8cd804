//! Forms: sent once at a time, refusals beside the field that caused them.

use leptos::{context::Provider, html, prelude::*};
use wasm_bindgen::JsCast;

use super::task::Task;
use crate::browser::{self, PageAddress};
use crate::text::t;
use crate::ui::{Button, FormWaits, Kind, Tone, alert, live};

/// A real form, so that password managers and the Enter key work. A refusal about no field stands at its top. One that `saves`
/// stays in the page afterwards, and what was typed into it can be saved by whoever leaves the page.
#[component]
pub(crate) fn Form(task: Task, #[prop(optional)] saves: bool, children: Children) -> AnyView {
    let node = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if task.refusal().is_some() {
            // The fields say `aria-invalid` only after this turn.
            request_animation_frame(move || {
                if let Some(form) = node.try_get_untracked().flatten() {
                    browser::focus_first_invalid(&form);
                }
            });
        }
    });
    let address = PageAddress::here();
    Effect::new(move |was_pending: Option<bool>| {
        let is_pending = task.pending().get();
        if was_pending == Some(true) && !is_pending {
            let is_saved = untrack(|| task.refusal().is_none());
            if let Some(form) = node.get_untracked().filter(|_| is_saved) {
                browser::forget_typed(&form);
            }
            address.answered(is_saved);
        }
        is_pending
    });
    view! {
        <form
            class="form"
            data-saves=saves.then_some("")
            method="post"
            novalidate
            node_ref=node
            on:input=move |event| {
                let field = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok());
                if let Some(field) = field {
                    task.correct(&field.name());
                }
            }
            on:submit=move |event| {
                event.prevent_default();
                if let Some(form) = event.target().and_then(|target| target.dyn_into().ok()) {
                    task.submit(&form);
                }
            }
        >
            {live(move || task.general_error().map(|text| alert(Tone::Danger, text)))}
            <div role="status">
                {move || task.may_ask_again().then(|| alert(Tone::Note, t().common_wait_is_over().into_any()))}
            </div>
            <Provider value=FormWaits(task.is_held())>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// A field whose text is saved in its place, by a button below it.
pub(crate) fn saved_in_place(save: Task, field: AnyView, button: &'static str) -> AnyView {
    view! {
        <Form task=save saves=true>
            {field}
            <div class="card__actions">
                <Button label=button kind=Kind::Secondary pending=save.pending() />
            </div>
        </Form>
    }
    .into_any()
}
