//! Job leases: at most one server runs a job at a time; another takes over when the lease expires.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::lease::{ActiveModel, Column, Entity};
use super::instance::has_table;

/// Takes the lease of a job until a moment; true when it was free or had expired. A lease that expires later than this one
/// would was taken by a clock that was ahead, and counts as expired.
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

/// When the lease of a job expires or has expired; none where it was never taken.
pub async fn find_lease_end(db: &impl ConnectionTrait, job: &str) -> Stored<Option<Timestamp>> {
    let row = Entity::find_by_id(job.to_owned()).one(db).await?;
    Ok(row.map(|row| Timestamp(row.ends_at)))
}

/// A lease that has not expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Of what job.
    pub job: String,
    /// Until when.
    pub ends_at: Timestamp,
}

/// Takes a lease that nobody else has, or renews it.
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

/// Releases a lease before it expires.
pub async fn end_lease(db: &impl ConnectionTrait, job: &str) -> Stored<()> {
    Entity::delete_by_id(job.to_owned()).exec(db).await?;
    Ok(())
}

/// Gives a job back that was taken until a moment, unless somebody else has taken it since.
pub async fn end_lease_until(db: &impl ConnectionTrait, job: &str, until: Timestamp) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::Job.eq(job))
        .filter(Column::EndsAt.eq(until.seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the leases of jobs with a name that begins so, and that expired before a moment: how many.
pub async fn remove_leases(
    db: &impl ConnectionTrait,
    job_prefix: &str,
    before: Timestamp,
) -> Stored<u64> {
    let removed = Entity::delete_many()
        .filter(Column::Job.starts_with(job_prefix))
        .filter(Column::EndsAt.lt(before.seconds()))
        .exec(db)
        .await?;
    Ok(removed.rows_affected)
}

/// The leases that have not expired, the last to expire first; none in a schema that has no leases yet.
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
