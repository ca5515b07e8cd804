//! The lines of the audit log that one user is in: what they did and what was done to them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use app::types::ids::{AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::account_log::LogLine;
use super::entity::audit_event::{Column, Entity};

/// At most so many of these lines, since a moment and before a line, the newest first.
pub async fn find_own_lines(
    db: &impl ConnectionTrait,
    user: UserId,
    (since, before): (Timestamp, Option<AuditEventId>),
    most: u64,
) -> Stored<Vec<LogLine>> {
    let concerns = Condition::any()
        .add(Column::ActorId.eq(user.uuid()))
        .add(Column::SubjectId.eq(user.uuid()));
    let mut query = Entity::find()
        .filter(concerns)
        .filter(Column::At.gte(since.seconds()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(most).all(db).await?;
    Ok(rows.into_iter().map(LogLine::from).collect())
}
