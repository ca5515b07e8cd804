//! The audit events of one user, for their Security page.

use std::collections::HashMap;

use app::events::EventKind;
use app::types::activity::{ActivityEvent, ActivityPage, EventGroup};
use app::types::ids::{AccountId, AuditEventId, UserId};

use super::audit::{page_of, shown};
use super::principal::Principal;
use super::{Outcome, Services};
use storage::account_log::LogLine;
use storage::accounts::accounts_of;
use storage::own_activity::find_own_lines;

/// Seconds that are shown: 90 days.
const SHOWN: i64 = 90 * 24 * 60 * 60;
/// Lines of a page.
const PAGE: u64 = 50;

/// A page of what the user did and what was done to them, older than a line of the log. What happened in an account says in
/// which, where the user belongs to it: what another is called by now is not theirs to know.
pub async fn page(
    services: &Services,
    caller: &Principal,
    before: Option<AuditEventId>,
) -> Outcome<ActivityPage> {
    let since = services.now() - SHOWN;
    let (db, user) = (services.database.read(), caller.user.id);
    let lines = find_own_lines(db, user, (since, before), PAGE + 1).await?;
    let mut names = HashMap::new();
    if lines.iter().any(|line| line.account.is_some()) {
        let accounts = accounts_of(db, user).await?.into_iter();
        names.extend(accounts.map(|it| (it.account.id, it.account.name)));
    }
    let mut page = page_of(lines, PAGE, |line| shown_to(user, line, &names));
    join_new_browsers(&mut page.events);
    Ok(page)
}

/// A line as its user sees it. From where somebody else did it is theirs to know.
fn shown_to(user: UserId, line: LogLine, names: &HashMap<AccountId, String>) -> ActivityEvent {
    let account = line.account.and_then(|id| names.get(&id).cloned());
    let mut event = ActivityEvent {
        account,
        ..shown(line)
    };
    if event.actor_id != Some(user) {
        event.address.clear();
        event.browser.clear();
    }
    event
}

/// A sign-in from a new browser is one event: its second line goes into the first.
fn join_new_browsers(events: &mut Vec<ActivityEvent>) {
    let new_browser = EventKind::SignedInFromNewBrowser.word();
    let mut place = 0;
    while let Some(event) = events.get(place) {
        if event.kind != new_browser {
            place += 1;
            continue;
        }
        let (at, actor, browser) = (event.at, event.actor_id, event.browser.clone());
        let is_its = |it: &ActivityEvent| {
            (it.at, it.actor_id, it.browser.as_str()) == (at, actor, browser.as_str())
                && is_sign_in(&it.kind)
        };
        let near = place.saturating_sub(2)..(place + 3).min(events.len());
        let Some(sign_in) = near
            .into_iter()
            .find(|it| events.get(*it).is_some_and(is_its))
        else {
            place += 1;
            continue;
        };
        if let Some(sign_in) = events.get_mut(sign_in) {
            sign_in.in_new_browser = true;
        }
        events.remove(place);
    }
}

fn is_sign_in(word: &str) -> bool {
    EventKind::of(word).is_some_and(|kind| {
        kind.group() == EventGroup::Access
            && kind != EventKind::SignedInFromNewBrowser
            && word.starts_with("signed_in")
    })
}
