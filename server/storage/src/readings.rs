//! Gauges for the operator's metrics: counts over whole tables, each one statement that an index answers.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    Statement,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{account, mail, session, user};
use super::mails::NEVER;

/// Counts all users.
pub async fn count_all_users(db: &impl ConnectionTrait) -> Stored<u64> {
    Ok(user::Entity::find().count(db).await?)
}

/// Counts all accounts, and those with a requirement.
pub async fn count_all_accounts(db: &impl ConnectionTrait) -> Stored<(u64, u64)> {
    let (all, requiring): (i64, i64) = account::Entity::find()
        .select_only()
        .column_as(Expr::val(1).count(), "all_of_them")
        .column_as(account::Column::RequiredFrom.count(), "requiring")
        .into_tuple()
        .one(db)
        .await?
        .unwrap_or_default();
    Ok((all.unsigned_abs(), requiring.unsigned_abs()))
}

/// Counts sessions that were used since a moment.
pub async fn count_sessions_since(db: &impl ConnectionTrait, since: Timestamp) -> Stored<u64> {
    let alive = session::Entity::find().filter(session::Column::LastActiveAt.gte(since.seconds()));
    Ok(alive.count(db).await?)
}

/// How many mails wait, since when the oldest does, and since when the one that is due longest is due.
pub struct MailQueue {
    /// How many.
    pub length: u64,
    /// When the oldest was put in.
    pub oldest: Option<Timestamp>,
    /// When the first is or was due.
    pub due: Option<Timestamp>,
}

/// The state of the mail queue, without the rows that were set aside because they cannot be read.
pub async fn mail_queue(db: &impl ConnectionTrait) -> Stored<MailQueue> {
    // One that goes first has an earlier moment to be tried than the one at which it was due.
    let (due, tried) = (
        Expr::col(mail::Column::CreatedAt),
        Expr::col(mail::Column::NextTryAt),
    );
    let is_first = tried.clone().lt(due.clone());
    let first: Expr = Expr::case(is_first, due.clone())
        .finally(tried.clone())
        .into();
    // As numbers, whatever stands there: a row that is about to be set aside is no reason to say nothing of the others.
    let moment = |moment: Expr| moment.cast_as(Alias::new("bigint"));
    let row: Option<(i64, Option<i64>, Option<i64>)> = mail::Entity::find()
        .select_only()
        .column_as(mail::Column::Id.count(), "length")
        .column_as(moment(due).min(), "oldest")
        .column_as(moment(first).min(), "due")
        .filter(tried.lt(NEVER))
        .into_tuple()
        .one(db)
        .await?;
    let (length, oldest, due) = row.unwrap_or_default();
    Ok(MailQueue {
        length: length.unsigned_abs(),
        oldest: oldest.map(Timestamp),
        due: due.map(Timestamp),
    })
}

/// Bytes that the database takes.
pub async fn database_bytes(db: &impl ConnectionTrait) -> Stored<i64> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT pg_database_size(current_database()) AS bytes",
        _ => "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
    };
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    Ok(row
        .map(|row| row.try_get("", "bytes"))
        .transpose()?
        .unwrap_or_default())
}

/// The clock of the database server, in milliseconds since 1970; none where the database has no clock of its own.
pub async fn database_clock(db: &impl ConnectionTrait) -> Stored<Option<i64>> {
    let backend = db.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(None);
    }
    let epoch = Expr::cust("EXTRACT(EPOCH FROM clock_timestamp()) * 1000");
    let millis = Func::cust(Alias::new("FLOOR"))
        .arg(epoch)
        .cast_as(Alias::new("bigint"));
    let query = Query::select()
        .expr_as(millis, Alias::new("millis"))
        .to_owned();
    let statement: Statement = backend.build(&query);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "millis")).transpose()?)
}
