//! Shows a part of a page while it loads, when loading failed, and once it is there.

use leptos::prelude::*;

use super::task::Task;
use crate::browser;
use crate::text::t;
use crate::ui::{Button, Kind, Tone, alert, live, skeleton_lines};

/// The content, once there is any; a refusal with a way to try again; or the shape of what will come.
pub(crate) fn loaded(load: Task, content: Option<AnyView>) -> AnyView {
    match load.general_error() {
        Some(refusal) => view! {
            {alert(Tone::Danger, refusal)}
            {retry_button(load)}
        }
        .into_any(),
        None => content.unwrap_or_else(skeleton_lines),
    }
}

/// Asks again.
pub(crate) fn retry_button(task: Task) -> AnyView {
    let on_click = Callback::new(move |()| task.start());
    view! { <Button label=t().common_try_again() kind=Kind::Secondary on_click pending=task.pending() /> }.into_any()
}

/// Asks for what comes after; says beside it when that fails. Where the button is drawn anew or goes, the focus goes on
/// to the first entry that came.
pub(crate) fn more_button(task: Task) -> AnyView {
    let on_click = Callback::new(move |()| {
        browser::note_rows();
        task.start();
    });
    on_cleanup(|| request_animation_frame(browser::focus_first_new_row));
    view! {
        <Button label=t().common_more() kind=Kind::Secondary on_click pending=task.pending() />
        {live(move || task.general_error().map(|text| alert(Tone::Danger, text)))}
    }
    .into_any()
}
