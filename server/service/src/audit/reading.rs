//! Lines of the audit log, for people.

use app::events::{EventKind, happened};
use app::types::activity::{ActivityEvent, ActivityPage, Detail};
use app::types::day::FromDay;
use app::types::timestamp::Timestamp;

use crate::letters::in_roles;
use domain::days::{Deadline, Zone, day_in_words};
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
        account: None,
        in_new_browser: false,
    }
}

/// The value that goes with a line. An earlier version wrote it in words. A zone that this version does not know, of a newer one
/// or of whoever has edited the row, is not said: of a deadline the moment is known all the same.
fn detail(line: &LogLine) -> Option<Detail> {
    match &line.data {
        Some(data) => {
            let kind = EventKind::of(&line.kind)?;
            match kind.detail(data) {
                Some(Detail::Day { day, zone }) => match Zone::parse(&zone) {
                    Some(zone) => Some(Detail::Day {
                        day,
                        zone: zone.name().to_owned(),
                    }),
                    None => day_of_moment(data),
                },
                Some(Detail::Text { text }) if kind == EventKind::AccountZoneChanged => {
                    let zone = Zone::parse(&text)?;
                    Some(Detail::Text {
                        text: zone.name().to_owned(),
                    })
                }
                Some(detail) => Some(detail),
                None => moment_of_old(kind, data),
            }
        }
        None if line.details.is_empty() => None,
        None => Some(Detail::Text {
            text: line.details.clone(),
        }),
    }
}

/// What a version wrote that had no days: the moment from which an account requires two-factor authentication. It is said as
/// the day that it is in UTC, where such an account was.
fn moment_of_old(kind: EventKind, data: &str) -> Option<Detail> {
    if kind != EventKind::RequirementSet {
        return None;
    }
    let data: serde_json::Value = serde_json::from_str(data).ok()?;
    Some(day_in_utc(Timestamp(data.get("from")?.as_i64()?)))
}

fn day_of_moment(data: &str) -> Option<Detail> {
    let data: serde_json::Value = serde_json::from_str(data).ok()?;
    Some(day_in_utc(Timestamp(
        data.get("from")?.get("at")?.as_i64()?,
    )))
}

fn day_in_utc(at: Timestamp) -> Detail {
    let FromDay { day, zone, .. } = Deadline::at(at, Zone::UTC).into();
    Detail::Day { day, zone }
}

/// The same in words, for files. What another version wrote and this one cannot read is kept as it stands in the row.
pub fn detail_in_words(line: &LogLine) -> String {
    match detail(line) {
        None => line.data.clone().unwrap_or_default(),
        Some(Detail::Text { text }) => text,
        Some(Detail::Count { count }) => count.to_string(),
        Some(Detail::Moment { at }) => in_words(at),
        Some(Detail::Day { day, zone }) => format!("{} ({zone})", day_in_words(day)),
        Some(Detail::Roles { roles }) => in_roles(roles.into_iter().collect()),
    }
}

/// What happened, as a sentence in English, for files.
pub fn sentence_of(line: &LogLine) -> String {
    happened(&shown(line.clone()), None, &detail_in_words(line))
}

/// The name in the value of a line of this kind; none where it has no text.
pub fn name_in(kind: EventKind, data: &str) -> Option<String> {
    match kind.detail(data)? {
        Detail::Text { text } => Some(text),
        Detail::Count { .. }
        | Detail::Moment { .. }
        | Detail::Day { .. }
        | Detail::Roles { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use app::types::ids::AuditEventId;
    use uuid::Uuid;

    use super::*;

    fn line(kind: &str, data: Option<&str>, details: &str) -> LogLine {
        LogLine {
            id: AuditEventId::new(Uuid::nil()),
            at: Timestamp(0),
            account: None,
            kind: kind.to_owned(),
            actor: None,
            subject: None,
            address: String::new(),
            browser: String::new(),
            details: details.to_owned(),
            data: data.map(str::to_owned),
        }
    }

    #[test]
    fn a_page_names_no_zone_that_is_none() {
        let day = |detail: Option<Detail>| match detail {
            Some(Detail::Day { zone, .. } | Detail::Text { text: zone }) => Some(zone),
            _ => None,
        };
        for (kind, data, said) in [
            (
                "account_zone_changed",
                r#"{"zone":"Asia/Tokyo"}"#,
                Some("Asia/Tokyo"),
            ),
            ("account_zone_changed", r#"{"zone":"\u202eoykoT"}"#, None),
            (
                "requirement_set",
                r#"{"from":{"at":1796857200,"day":"2026-12-10","zone":"Asia/Tokyo"}}"#,
                Some("Asia/Tokyo"),
            ),
            (
                "requirement_set",
                r#"{"from":{"at":1796857200,"day":"2026-12-10","zone":"\u202eoykoT"}}"#,
                Some("UTC"),
            ),
        ] {
            let shown = shown(line(kind, Some(data), ""));
            assert_eq!(day(shown.detail).as_deref(), said, "{kind} {data}");
        }
    }

    #[test]
    fn a_file_drops_no_value_whoever_wrote_it() {
        let of_tomorrow = r#"{"colour":"blue"}"#;
        for (kind, data, details, said) in [
            (
                "invited",
                Some(r#"{"email":"ada@example.org"}"#),
                "",
                "ada@example.org",
            ),
            ("invited", Some(of_tomorrow), "", of_tomorrow),
            ("something_of_tomorrow", Some(of_tomorrow), "", of_tomorrow),
            ("invited", None, "ada@example.org", "ada@example.org"),
            ("signed_in", None, "", ""),
            (
                "requirement_set",
                Some(r#"{"from":{"at":1796857200,"day":"2026-12-10","zone":"Europe/Berlin"}}"#),
                "",
                "10 December 2026 (Europe/Berlin)",
            ),
            // Of a version that had no days.
            (
                "requirement_set",
                Some(r#"{"from":1796857200}"#),
                "",
                "9 December 2026 (UTC)",
            ),
            // Of a zone that nobody knows.
            (
                "requirement_set",
                Some(r#"{"from":{"at":1796857200,"day":"2026-12-10","zone":"<b>Mars"}}"#),
                "",
                "9 December 2026 (UTC)",
            ),
            (
                "account_zone_changed",
                Some(r#"{"zone":"Europe/Berlin"}"#),
                "",
                "Europe/Berlin",
            ),
            (
                "account_zone_changed",
                Some(r#"{"zone":"Etc/UTC"}"#),
                "",
                "UTC",
            ),
            (
                "account_zone_changed",
                Some(r#"{"zone":"<b>Mars"}"#),
                "",
                r#"{"zone":"<b>Mars"}"#,
            ),
            (
                "account_renamed",
                Some(r#"{"from":1796857200}"#),
                "",
                r#"{"from":1796857200}"#,
            ),
        ] {
            assert_eq!(detail_in_words(&line(kind, data, details)), said, "{kind}");
        }
    }
}
