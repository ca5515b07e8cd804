//! The row at the head of a queue, where it cannot be read: whoever edits the database by hand can put a value into it that is of
//! no type of ours. It is tried later, or never, so that it keeps nothing behind it waiting.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, Iden, QueryOrder, QuerySelect, QueryTrait, Select,
};

use app::types::timestamp::Timestamp;

use super::Stored;

/// By what a queue is in order.
pub(super) struct Queue<C> {
    /// When a row is due.
    pub(super) due_at: C,
    /// Which one it is; of those that are due at one moment, the least comes first.
    pub(super) id: C,
}

/// Puts off the first of the rows that are due.
pub(super) async fn set_first_aside<E: EntityTrait>(
    db: &impl ConnectionTrait,
    due: Select<E>,
    queue: Queue<E::Column>,
    until: Timestamp,
) -> Stored<()> {
    let Queue { due_at, id } = queue;
    // The id may be what cannot be read. SQLite has another, and PostgreSQL no value of a wrong type.
    let row = || match db.get_database_backend() {
        DbBackend::Sqlite => Expr::col(Alias::new("rowid")),
        _ => Expr::col(Alias::new(id.to_string())),
    };
    let first = due
        .select_only()
        .expr_as(row(), "row")
        .order_by_asc(due_at)
        .order_by_asc(id)
        .limit(1)
        .into_query();
    let put_off = Query::update()
        .table(E::default())
        .value(due_at, until.seconds())
        .and_where(row().in_subquery(first))
        .to_owned();
    db.execute(&put_off).await?;
    Ok(())
}
