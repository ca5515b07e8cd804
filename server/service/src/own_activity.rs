//! The audit events of one user, for their Security page.

use app::types::activity::{ActivityEvent, ActivityPage};
use app::types::ids::{AuditEventId, UserId};

use super::audit::{page_of, shown};
use super::principal::Principal;
use super::{Outcome, Services};
use storage::account_log::LogLine;
use storage::own_activity::find_own_lines;

/// Seconds that are shown: 90 days.
const SHOWN: i64 = 90 * 24 * 60 * 60;
/// Lines of a page.
const PAGE: u64 = 50;

/// A page of what the user did and what was done to them, older than a line of the log.
pub async fn page(
    services: &Services,
    caller: &Principal,
    before: Option<AuditEventId>,
) -> Outcome<ActivityPage> {
    let since = services.now() - SHOWN;
    let (db, user) = (services.database.read(), caller.user.id);
    let lines = find_own_lines(db, user, (since, before), PAGE + 1).await?;
    Ok(page_of(lines, PAGE, |line| shown_to(user, line)))
}

/// A line as its user sees it. From where somebody else did it is theirs to know.
fn shown_to(user: UserId, line: LogLine) -> ActivityEvent {
    let mut event = shown(line);
    if event.actor_id != Some(user) {
        event.address.clear();
        event.browser.clear();
    }
    event
}
