//! Leases: of several servers on one database, one does a job, and another when that one is gone.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::lease::{ActiveModel, Column, Entity};
use super::instance::has_table;

/// Takes a job until a moment: true for the one who comes first after the last lease has ended. One that lasts longer than
/// this one would was taken by a clock that was ahead, and counts as ended.
pub async fn take_lease(
    db: &impl ConnectionTrait,
    job: &str,
    now: Timestamp,
    until: Timestamp,
) -> Stored<bool> {
    let row = ActiveModel {
        job: Set(job.to_owned()),
        ends_at: Set(until.seconds()),
    };
    let ends_at = || Expr::col((Entity, Column::EndsAt));
    let is_over = ends_at().lte(now.seconds());
    let when_ended = OnConflict::column(Column::Job)
        .update_column(Column::EndsAt)
        .action_and_where(is_over.or(ends_at().gt(until.seconds())))
        .to_owned();
    let taken = Entity::insert(row)
        .on_conflict(when_ended)
        .exec_without_returning(db)
        .await?;
    Ok(taken == 1)
}

/// When the lease of a job ends or has ended; none where nobody has ever taken it.
pub async fn find_lease_end(db: &impl ConnectionTrait, job: &str) -> Stored<Option<Timestamp>> {
    let row = Entity::find_by_id(job.to_owned()).one(db).await?;
    Ok(row.map(|row| Timestamp(row.ends_at)))
}

/// A lease that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Of what job.
    pub job: String,
    /// Until when.
    pub ends_at: Timestamp,
}

/// Takes a job that nobody else has, or has it for longer.
pub async fn renew_lease(db: &impl ConnectionTrait, job: &str, until: Timestamp) -> Stored<()> {
    let row = ActiveModel {
        job: Set(job.to_owned()),
        ends_at: Set(until.seconds()),
    };
    let replace = OnConflict::column(Column::Job)
        .update_column(Column::EndsAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Gives a job back before its time.
pub async fn end_lease(db: &impl ConnectionTrait, job: &str) -> Stored<()> {
    Entity::delete_by_id(job.to_owned()).exec(db).await?;
    Ok(())
}

/// The leases that have not ended, those that last longest first; none in a schema of before there were any.
pub async fn leases_at(db: &impl ConnectionTrait, now: Timestamp) -> Stored<Vec<Lease>> {
    if !has_table(db, "leases").await? {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, i64)> = Entity::find()
        .select_only()
        .columns([Column::Job, Column::EndsAt])
        .filter(Column::EndsAt.gt(now.seconds()))
        .order_by_desc(Column::EndsAt)
        .into_tuple()
        .all(db)
        .await?;
    let lease = |(job, ends_at)| Lease {
        job,
        ends_at: Timestamp(ends_at),
    };
    Ok(rows.into_iter().map(lease).collect())
}
