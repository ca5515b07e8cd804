//! The lines of an account in the audit log, the newest first.

use sea_orm::sea_query::{Alias, Asterisk, Order, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use app::events::EventKind;
use app::types::ids::{AccountId, AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::audit::first_id;
use super::entity::audit_event::{Column, Entity, Model};

/// Which lines are wanted.
pub struct LogQuery<'a> {
    /// Of which account.
    pub account: AccountId,
    /// Only what these users did or what was done to them.
    pub people: Option<&'a [UserId]>,
    /// Only these kinds.
    pub kinds: Option<&'a [&'a str]>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
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
#[derive(Clone)]
pub struct LogLine {
    /// Which line.
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// In which account, where it was in one.
    pub account: Option<AccountId>,
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
            account: row.account_id.map(AccountId::new),
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
///
/// Each person and each kind is asked for by itself, along the index that has its lines in this order: a question about what
/// is rare in a long log reads no more than it finds.
pub async fn find_log_lines(
    db: &impl ConnectionTrait,
    wanted: &LogQuery<'_>,
) -> Stored<Vec<LogLine>> {
    let parts = parts(wanted);
    let rows = match parts.as_slice() {
        [] => Vec::new(),
        [only] => only.clone().all(db).await?,
        [first, rest @ ..] => {
            let mut union = whole(first);
            for part in rest {
                union.union(UnionType::Distinct, whole(part));
            }
            let union = Query::select()
                .column(Asterisk)
                .from_subquery(union, Alias::new("found"))
                .order_by(Column::Id, Order::Desc)
                .limit(wanted.most)
                .to_owned();
            Model::find_by_statement(db.get_database_backend().build(&union))
                .all(db)
                .await?
        }
    };
    Ok(rows.into_iter().map(LogLine::from).collect())
}

/// The queries whose rows together are what is wanted, each with the newest of them.
fn parts(wanted: &LogQuery<'_>) -> Vec<Select<Entity>> {
    let mut all = Entity::find().filter(Column::AccountId.eq(wanted.account.uuid()));
    if let Some(since) = wanted.since {
        all = all.filter(Column::Id.gte(first_id(since)));
    }
    if let Some(until) = wanted.until {
        all = all.filter(Column::Id.lt(first_id(until)));
    }
    if let Some(before) = wanted.before {
        all = all.filter(Column::Id.lt(before.uuid()));
    }
    let all = all.order_by_desc(Column::Id).limit(wanted.most);
    match (wanted.people, wanted.kinds) {
        (None, None) => vec![all],
        (None, Some(kinds)) => {
            let of_kind = |kind: &&str| all.clone().filter(Column::Kind.eq(*kind));
            kinds.iter().map(of_kind).collect()
        }
        (Some(people), kinds) => {
            let all = match kinds {
                Some(kinds) => all.filter(Column::Kind.is_in(kinds.iter().copied())),
                None => all,
            };
            let of_person = |id: &UserId| {
                [Column::ActorId, Column::SubjectId]
                    .map(|column| all.clone().filter(column.eq(id.uuid())))
            };
            people.iter().flat_map(of_person).collect()
        }
    }
}

/// A part as a whole statement: neither database sorts and limits the parts of a union otherwise.
fn whole(part: &Select<Entity>) -> SelectStatement {
    Query::select()
        .column(Asterisk)
        .from_subquery(part.clone().into_query(), Alias::new("part"))
        .to_owned()
}

/// Those who belonged to an account, and left it or were removed: by the names of that time, the last of them first.
pub async fn find_former_members(
    db: &impl ConnectionTrait,
    account: AccountId,
    most: u64,
) -> Stored<Vec<Person>> {
    let kinds = [EventKind::UserLeft.word(), EventKind::UserRemoved.word()];
    let wanted = LogQuery {
        account,
        people: None,
        kinds: Some(&kinds),
        since: None,
        until: None,
        before: None,
        most,
    };
    let lines = find_log_lines(db, &wanted).await?.into_iter();
    // Who left did it themselves.
    Ok(lines
        .filter_map(|line| line.subject.or(line.actor))
        .collect())
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
