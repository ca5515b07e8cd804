//! The lines of the audit log that one user is in: what they did and what was done to them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::events::EventKind;
use app::types::ids::{AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::account_log::LogLine;
use super::entity::account;
use super::entity::audit_event::{Column, Entity, Model};

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
        .filter(is_for_user())
        .filter(Column::At.gte(since.seconds()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(most).all(db).await?;
    Ok(rows.into_iter().map(LogLine::from).collect())
}

/// Not what stands in logs of accounts for those who look after them: that a session came in, and what the user's own line says.
fn is_for_user() -> Condition {
    let words = |is_one: fn(EventKind) -> bool| {
        let kinds = EventKind::ALL.iter().filter(move |kind| is_one(**kind));
        kinds.map(|kind| kind.word())
    };
    Condition::all()
        .add(Column::Kind.is_not_in(words(EventKind::is_for_account_alone)))
        .add(
            Condition::any()
                .add(Column::AccountId.is_null())
                .add(Column::Kind.is_not_in(words(EventKind::concerns_accounts_of_user))),
        )
}

/// How a user came to belong to an account no longer.
pub struct MembershipEnd {
    /// When.
    pub at: Timestamp,
    /// Who removed them, by the name of that time; none where they left.
    pub removed_by: Option<String>,
    /// The name of the account as it is now; none where it is gone.
    pub account: Option<String>,
    /// What the log has of the first change of that name since, as a JSON object.
    pub renamed: Option<String>,
}

/// The last time that a user left an account or was removed from one; none where the log has none.
pub async fn find_last_membership_end(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<MembershipEnd>> {
    let (id, kind) = (user.uuid(), |it: EventKind| Column::Kind.eq(it.word()));
    let left = kind(EventKind::UserLeft).and(Column::ActorId.eq(id));
    let removed = kind(EventKind::UserRemoved).and(Column::SubjectId.eq(id));
    let end = Entity::find()
        .filter(Condition::any().add(left).add(removed))
        .order_by_desc(Column::Id)
        .one(db)
        .await?;
    let Some(end) = end else { return Ok(None) };
    let (mut account, mut renamed) = (None, None);
    if let Some(id) = end.account_id {
        let row = account::Entity::find_by_id(id).one(db).await?;
        account = row.map(|row| row.name);
        renamed = Entity::find()
            .filter(Column::AccountId.eq(id))
            .filter(Column::Id.gt(end.id))
            .filter(kind(EventKind::AccountRenamed))
            .order_by_asc(Column::Id)
            .one(db)
            .await?
            .and_then(|row: Model| row.data);
    }
    let was_removed = end.kind == EventKind::UserRemoved.word();
    Ok(Some(MembershipEnd {
        at: Timestamp(end.at),
        removed_by: was_removed.then_some(end.actor_name),
        account,
        renamed,
    }))
}
