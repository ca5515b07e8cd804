//! Forms: sent once at a time, refusals beside the field that caused them.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::task::Task;
use crate::browser;
use crate::ui::{Tone, alert, live};

/// A real form, so that password managers and the Enter key work. A refusal about no field stands at its top.
#[component]
pub(crate) fn Form(task: Task, children: Children) -> AnyView {
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
    view! {
        <form
            class="form"
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
            {children()}
        </form>
    }
    .into_any()
}
