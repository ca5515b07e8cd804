//! Lines of the audit log as people read them: what happened, when, and from where.

use leptos::prelude::*;

use super::browser_name::browser_name;
use super::roles::role_names;
use crate::events::sentence;
use crate::text::t;
use crate::types::activity::{ActivityEvent, Detail};
use crate::types::ids::UserId;
use crate::types::timestamp::Timestamp;
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
                {place(&event.browser, &event.address, event.at)}
            </div>
            {action}
        </li>
    }
    .into_any()
}

/// From where and when, in small print. The operator's command line has neither browser nor address.
fn place(browser: &str, address: &str, at: Timestamp) -> AnyView {
    let from = [browser_name(browser), address.to_owned()];
    // A comma may end a line, where a dot between would dangle.
    let words: String = from
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part + ", ")
        .collect();
    view! {
        <p class="lines__fact">
            {words}
            {moment(at.seconds())}
        </p>
    }
    .into_any()
}

/// What happened. With `reader` it is the reader's own log, where every line is about them: "you" is said, not the
/// name.
pub(crate) fn what_happened(event: &ActivityEvent, reader: Option<UserId>) -> String {
    let by_reader = reader.is_some() && event.actor_id == reader;
    let name = event.actor.as_deref();
    let actor = if by_reader {
        t().activity_you()
    } else {
        name.unwrap_or_else(|| t().activity_operator())
    };
    let inside = match (&event.subject, reader) {
        // Done by the reader to somebody else, or by somebody in the account's log.
        (Some(subject), _) if by_reader || reader.is_none() => subject.as_str(),
        (_, Some(_)) => t().activity_you_inside(),
        (_, None) if event.actor_id.is_some() => actor,
        // Nobody does anything to the operator: the row lacks whom it was done to.
        (_, None) => "",
    };
    let detail = event.detail.as_ref().map(detail_words);
    sentence(&event.kind, actor, inside, &detail.unwrap_or_default())
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
