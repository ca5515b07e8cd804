//! What a page shows whose address was mailed, once it is opened: that it is under way, how it ended.

use leptos::prelude::*;

use super::loaded::retry_button;
use super::page::{PageTitle, notice};
use super::task::Task;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::ui::{Tone, alert};

/// What the page says.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// The heading while it is under way.
    pub(crate) title: &'static str,
    /// That it is under way.
    pub(crate) pending: &'static str,
    /// The heading when it is done.
    pub(crate) done_title: &'static str,
    /// What is true now.
    pub(crate) done: &'static str,
    /// What to do about a link that is used or too old.
    pub(crate) over: &'static str,
}

/// Starts the task and shows what becomes of it; `link` leads on from either end.
pub(crate) fn mailed_link(
    words: Words,
    task: Task,
    is_done: RwSignal<bool>,
    link: fn() -> AnyView,
) -> AnyView {
    task.start();
    let content = move || match (is_done.get(), task.refusal()) {
        (true, _) => notice(words.done_title, words.done.to_owned(), None, link()),
        (false, None) => view! {
            <PageTitle title=words.title />
            <p role="status">{words.pending}</p>
        }
        .into_any(),
        (false, Some(ApiError::LinkOver)) => link_over(words.over, link()),
        (false, Some(error)) => view! {
            <PageTitle title=words.title />
            {alert(Tone::Danger, messages::sentence(&error).into_any())}
            {retry_button(task)}
        }
        .into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

/// A link that leads nowhere any more, and what to do.
pub(crate) fn link_over(what_to_do: &'static str, link: AnyView) -> AnyView {
    let title = t().sign_up_link_over_title();
    notice(title, what_to_do.to_owned(), None, link)
}
