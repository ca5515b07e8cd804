//! Lines of the audit log as people read them: what happened, when, and from where.

use leptos::prelude::*;

use super::browser_name::browser_name;
use super::roles::role_names;
use crate::events::happened;
use crate::text::t;
use crate::types::activity::{ActivityEvent, Detail};
use crate::types::ids::UserId;
use crate::ui::{day_words, moment, moment_words};

/// One line of a log, in a list of the class `lines`. `id` names its sentence for an `action` beside it; `reader` as
/// in [`what_happened`].
pub(crate) fn event_line(
    event: &ActivityEvent,
    reader: Option<UserId>,
    id: String,
    action: Option<AnyView>,
) -> AnyView {
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p id=id>{what_happened(event, reader)}</p>
                {place(event)}
            </div>
            {action}
        </li>
    }
    .into_any()
}

/// In which account, from where and when, in small print. The operator's command line has neither browser nor address.
fn place(event: &ActivityEvent) -> AnyView {
    let browser = browser_name(&event.browser);
    let new_browser = event
        .in_new_browser
        .then(|| t().log_new_browser().to_owned());
    let account = event.account.clone().unwrap_or_default();
    let from = [
        account,
        browser,
        new_browser.unwrap_or_default(),
        event.address.clone(),
    ];
    // A comma may end a line, where a dot between would dangle.
    let words: String = from
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part + ", ")
        .collect();
    view! {
        <p class="lines__fact">
            {words}
            {moment(event.at.seconds())}
        </p>
    }
    .into_any()
}

/// What happened, as [`happened`] says it.
pub(crate) fn what_happened(event: &ActivityEvent, reader: Option<UserId>) -> String {
    let detail = event.detail.as_ref().map(detail_words);
    happened(event, reader, &detail.unwrap_or_default())
}

/// A value in the reader's words.
fn detail_words(detail: &Detail) -> String {
    match detail {
        Detail::Text { text } => text.clone(),
        Detail::Count { count } => count.to_string(),
        Detail::Moment { at } => moment_words(at.seconds()),
        Detail::Day { day, zone } => day_words(&day.to_string(), zone),
        Detail::Roles { roles } => role_names(roles),
    }
}
