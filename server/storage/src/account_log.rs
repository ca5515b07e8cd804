//! The lines of an account in the audit log, the newest first.

use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use app::events::EventKind;
use app::types::ids::{AccountId, AuditEventId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::audit::first_id;
use super::entity::audit_event::{Column, Entity, Model};
use super::team::{Searched, containing};
use domain::folded::folded;

/// People who are asked for each by themselves, with two parts of a statement each: SQLite takes five hundred
/// (`SQLITE_MAX_COMPOUND_SELECT`).
const BY_THEMSELVES: usize = 20;

/// Which lines are wanted.
pub struct LogQuery<'a> {
    /// Of which account.
    pub account: AccountId,
    /// Only what these did or what was done to them.
    pub people: Option<&'a [Party]>,
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

/// Whom lines are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A user.
    User(UserId),
    /// Whoever runs the server.
    Operator,
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
/// is rare in a long log reads no more than it finds. Of more than [`BY_THEMSELVES`] people, the lines of the account are read
/// in their order: what so many did is not rare.
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
            if people.len() > BY_THEMSELVES {
                return vec![all.filter(of_any(people))];
            }
            let of_party = |party: &Party| match party {
                Party::User(id) => [Column::ActorId, Column::SubjectId]
                    .map(|column| all.clone().filter(column.eq(id.uuid())))
                    .to_vec(),
                Party::Operator => vec![all.clone().filter(Column::ActorId.is_null())],
            };
            people.iter().flat_map(of_party).collect()
        }
    }
}

/// What any of these did or what was done to them.
fn of_any(people: &[Party]) -> Condition {
    let users = people.iter().filter_map(|party| match party {
        Party::User(id) => Some(id.uuid()),
        Party::Operator => None,
    });
    let any = Condition::any()
        .add(Column::ActorId.is_in(users.clone()))
        .add(Column::SubjectId.is_in(users));
    if people.contains(&Party::Operator) {
        any.add(Column::ActorId.is_null())
    } else {
        any
    }
}

/// A part as a whole statement: neither database sorts and limits the parts of a union otherwise.
fn whole(part: &Select<Entity>) -> SelectStatement {
    Query::select()
        .column(Asterisk)
        .from_subquery(part.clone().into_query(), Alias::new("part"))
        .to_owned()
}

/// What is read of a line by which somebody ceased to belong to an account.
#[derive(FromQueryResult)]
struct LineOfLeaving {
    id: Uuid,
    actor_id: Option<Uuid>,
    actor_name: String,
    subject_id: Option<Uuid>,
    subject_name: String,
}

impl LineOfLeaving {
    /// Who it was. Who left did it themselves.
    fn person(self) -> Option<Person> {
        let of = |id: Uuid, name| Person {
            id: UserId::new(id),
            name,
        };
        match (self.subject_id, self.actor_id) {
            (Some(id), _) => Some(of(id, self.subject_name)),
            (None, Some(id)) => Some(of(id, self.actor_name)),
            (None, None) => None,
        }
    }
}

/// Those who belonged to an account, left it or were removed, and have a text in the name of that time: all of them, or
/// one more than `most` where they are more.
pub async fn find_former_members(
    db: &impl ConnectionTrait,
    account: AccountId,
    text: &Searched,
    most: usize,
) -> Stored<Vec<UserId>> {
    const AT_A_TIME: u64 = 1_000;
    let mut found = Vec::new();
    for kind in [EventKind::UserLeft, EventKind::UserRemoved] {
        let mut before = None;
        loop {
            let candidates = candidates(db, account, kind, text, before, AT_A_TIME).await?;
            let is_last = u64::try_from(candidates.len()).is_ok_and(|count| count < AT_A_TIME);
            before = candidates.last().map(|line| line.id);
            for person in candidates.into_iter().filter_map(LineOfLeaving::person) {
                if folded(&person.name).contains(&text.folded) && !found.contains(&person.id) {
                    found.push(person.id);
                }
                if found.len() > most {
                    return Ok(found);
                }
            }
            if is_last {
                break;
            }
        }
    }
    Ok(found)
}

/// The next lines of a kind whose names may have a text. The database compares the names that are the same folded as in lower
/// case; of the others, which have letters beyond ASCII or the one apostrophe in it that is folded, it gives all.
async fn candidates(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: EventKind,
    text: &Searched,
    before: Option<Uuid>,
    most: u64,
) -> Stored<Vec<LineOfLeaving>> {
    let mut any = Condition::any();
    for column in [Column::SubjectName, Column::ActorName] {
        let name = || Expr::col((Entity, column));
        let bytes = Func::cust(Alias::new("octet_length")).arg(name());
        any = any
            .add(Expr::expr(Func::lower(name())).like(containing(&text.folded)))
            .add(name().like(containing("`")))
            .add(Expr::expr(bytes).ne(Func::char_length(name())));
    }
    let mut query = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ActorId,
            Column::ActorName,
            Column::SubjectId,
            Column::SubjectName,
        ])
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::Kind.eq(kind.word()))
        .filter(any);
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let query = query.order_by_desc(Column::Id).limit(most);
    Ok(query.into_model().all(db).await?)
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
