//! The lines of an account in the audit log, the newest first.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use app::types::ids::{AccountId, AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::audit::first_id;
use super::entity::audit_event::{Column, Entity, Model};

/// Which lines are wanted.
pub struct LogQuery<'a> {
    /// Of which account.
    pub account: AccountId,
    /// Only what this user did or what was done to them.
    pub person: Option<UserId>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only what is older than this line.
    pub before: Option<AuditEventId>,
    /// How many at most.
    pub most: u64,
}

/// A user as the log names them: by the name of that time.
#[derive(Clone)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their name then.
    pub name: String,
}

/// A line as it was written: names are those of that time.
pub struct LogLine {
    /// Which line.
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// What, as a stable word.
    pub kind: String,
    /// Which user did it; none for the operator.
    pub actor: Option<Person>,
    /// Whom it was done to.
    pub subject: Option<Person>,
    /// From which address.
    pub address: String,
    /// From which browser.
    pub browser: String,
    /// More, in words, in a line of an earlier version.
    pub details: String,
    /// The value that goes with it, as a JSON object.
    pub data: Option<String>,
}

impl From<Model> for LogLine {
    fn from(row: Model) -> Self {
        let named = |id: Option<uuid::Uuid>, name| {
            let id = UserId::new(id?);
            Some(Person { id, name })
        };
        Self {
            id: AuditEventId::new(row.id),
            at: Timestamp(row.at),
            kind: row.kind,
            actor: named(row.actor_id, row.actor_name),
            subject: named(row.subject_id, row.subject_name),
            address: row.address,
            browser: row.browser,
            details: row.details,
            data: row.data,
        }
    }
}

/// Lines of an account. Ids are in the order of time, so that a page begins where the one before ended, however many
/// lines were added meanwhile.
pub async fn find_log_lines(
    db: &impl ConnectionTrait,
    wanted: &LogQuery<'_>,
) -> Stored<Vec<LogLine>> {
    let mut query = Entity::find().filter(Column::AccountId.eq(wanted.account.uuid()));
    if let Some(person) = wanted.person {
        let id = person.uuid();
        query = query.filter(
            Condition::any()
                .add(Column::ActorId.eq(id))
                .add(Column::SubjectId.eq(id)),
        );
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(before) = wanted.before {
        query = query.filter(Column::Id.lt(before.uuid()));
    }
    let rows = query
        .order_by_desc(Column::Id)
        .limit(wanted.most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(LogLine::from).collect())
}

/// The lines of these kinds that were added to an account's log at a moment, in their order.
pub async fn find_log_lines_at(
    db: &impl ConnectionTrait,
    account: AccountId,
    at: Timestamp,
    kinds: &[&str],
) -> Stored<Vec<LogLine>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::Id.gte(first_id(at)))
        .filter(Column::Id.lt(first_id(at + 1)))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(LogLine::from).collect())
}
