//! The audit log as one user reads it: what they did and what was done to them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use app::types::activity::{ActivityEvent, ActivityPage};
use app::types::ids::{AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::audit_event::{Column, Entity, Model};

/// Lines of a page.
const LINES: u64 = 50;

/// A page of the lines that a user is in, since a moment and before a line, the newest first.
pub async fn own_activity(
    db: &impl ConnectionTrait,
    user: UserId,
    since: Timestamp,
    before: Option<AuditEventId>,
) -> Stored<ActivityPage> {
    let concerns = Condition::any()
        .add(Column::ActorId.eq(user.uuid()))
        .add(Column::SubjectId.eq(user.uuid()));
    let mut query = Entity::find()
        .filter(concerns)
        .filter(Column::At.gte(since.seconds()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let mut rows = query
        .order_by_desc(Column::Id)
        .limit(LINES + 1)
        .all(db)
        .await?;
    let has_more = rows.len() as u64 > LINES;
    if has_more {
        rows.pop();
    }
    let events = rows.into_iter().map(|row| shown_to(user, row)).collect();
    Ok(ActivityPage { events, has_more })
}

/// A line as its user sees it. From where somebody else did it is theirs to know.
fn shown_to(user: UserId, row: Model) -> ActivityEvent {
    let is_own = row.actor_id == Some(user.uuid());
    let is_about_another = row.subject_id.is_some_and(|id| Some(id) != row.actor_id);
    let own = |text: String| if is_own { text } else { String::new() };
    ActivityEvent {
        id: AuditEventId::new(row.id),
        at: Timestamp(row.at),
        kind: row.kind,
        actor: Some(row.actor_name).filter(|name| !name.is_empty()),
        actor_id: row.actor_id.map(UserId::new),
        subject: Some(row.subject_name).filter(|name| is_about_another && !name.is_empty()),
        address: own(row.address),
        browser: own(row.browser),
        detail: Some(row.details).filter(|details| !details.is_empty()),
    }
}
