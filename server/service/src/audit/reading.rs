//! Lines of the audit log, for people.

use app::events::EventKind;
use app::types::activity::{ActivityEvent, ActivityPage, Detail};

use crate::letters::in_roles;
use domain::time::in_words;
use storage::account_log::{LogLine, Person};

/// A page of lines. One more than `most` is asked for, and says only that there are older ones.
pub fn page_of(
    mut lines: Vec<LogLine>,
    most: u64,
    show: impl Fn(LogLine) -> ActivityEvent,
) -> ActivityPage {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let has_more = lines.len() > most;
    lines.truncate(most);
    ActivityPage {
        events: lines.into_iter().map(show).collect(),
        has_more,
    }
}

/// A line as it is shown. Whoever did something to themselves is named once.
pub fn shown(line: LogLine) -> ActivityEvent {
    let detail = detail(&line);
    let actor_id = line.actor.as_ref().map(|actor| actor.id);
    let somebody_else = |person: Person| (Some(person.id) != actor_id).then_some(person.name);
    ActivityEvent {
        id: line.id,
        at: line.at,
        kind: line.kind,
        actor: line.actor.map(|actor| actor.name),
        actor_id,
        subject: line.subject.and_then(somebody_else),
        address: line.address,
        browser: line.browser,
        detail,
    }
}

/// The value that goes with a line. An earlier version wrote it in words.
fn detail(line: &LogLine) -> Option<Detail> {
    match &line.data {
        Some(data) => EventKind::of(&line.kind)?.detail(data),
        None if line.details.is_empty() => None,
        None => Some(Detail::Text {
            text: line.details.clone(),
        }),
    }
}

/// The same in words, for files.
pub fn detail_in_words(line: &LogLine) -> String {
    match detail(line) {
        None => String::new(),
        Some(Detail::Text { text }) => text,
        Some(Detail::Count { count }) => count.to_string(),
        Some(Detail::Moment { at }) => in_words(at),
        Some(Detail::Roles { roles }) => in_roles(roles.into_iter().collect()),
    }
}
