//! Lines of the audit log as people read them: what happened, when, and from where.

pub(crate) mod kinds;

use leptos::prelude::*;

use super::browser_name::browser_name;
use crate::types::activity::ActivityEvent;
use crate::types::ids::UserId;
use crate::types::timestamp::Timestamp;
use crate::ui::moment;

/// One line of a log, in a list of the class `lines`. `id` names its sentence for an `action` beside it; `reader` as
/// in [`kinds::sentence`].
pub(crate) fn event_line(
    event: &ActivityEvent,
    reader: Option<UserId>,
    id: String,
    action: Option<AnyView>,
) -> AnyView {
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p id=id>{kinds::sentence(event, reader)}</p>
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
    let words: String = from
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part + " · ")
        .collect();
    view! {
        <p class="lines__fact">
            {words}
            {moment(at.seconds())}
        </p>
    }
    .into_any()
}
