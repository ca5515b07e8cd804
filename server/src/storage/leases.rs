//! Leases: of several servers on one database, one does a job, and another when that one is gone.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::lease::{ActiveModel, Column, Entity};

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
