//! The audit events of one user, for their Security page.

use app::types::activity::ActivityPage;
use app::types::ids::AuditEventId;

use super::principal::Principal;
use super::{Outcome, Services};
use crate::storage::own_activity::own_activity;

/// Seconds that are shown: 90 days.
const SHOWN: i64 = 90 * 24 * 60 * 60;

/// A page of what the user did and what was done to them, older than a line of the log.
pub async fn page(
    services: &Services,
    caller: &Principal,
    before: Option<AuditEventId>,
) -> Outcome<ActivityPage> {
    let since = services.now() - SHOWN;
    let db = services.database.read();
    Ok(own_activity(db, caller.user.id, since, before).await?)
}
