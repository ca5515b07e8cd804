//! Tries, counted in buckets: whatever a limit is kept for has a row while its window lasts.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::tries::{ActiveModel, Column, Entity};
use crate::domain::attempts::{Budget, BudgetVerdict, spend};

/// Rows that one step of upkeep removes, so that no sign-in waits long behind it.
const ROWS_IN_A_STEP: u64 = 500;

/// Takes one try off a bucket. The row is locked first, so that of tries at the same time no more get through
/// than one after the other.
pub async fn take_try(
    db: &impl ConnectionTrait,
    bucket_hash: &[u8],
    budget: Budget,
    now: Timestamp,
) -> Stored<BudgetVerdict> {
    let (count, window_start) = lock_bucket(db, bucket_hash, budget, now).await?;
    let verdict = spend(count, window_start, budget, now);
    if let BudgetVerdict::Within {
        count,
        window_start,
    } = verdict
    {
        Entity::update_many()
            .col_expr(Column::Count, Expr::value(i64::from(count)))
            .col_expr(Column::WindowStart, Expr::value(window_start.seconds()))
            .col_expr(
                Column::EndsAt,
                Expr::value((window_start + budget.window).seconds()),
            )
            .filter(Column::BucketHash.eq(bucket_hash.to_vec()))
            .exec(db)
            .await?;
    }
    Ok(verdict)
}

/// A bucket with its count and the start of its window, locked until the transaction ends; an empty one where there was
/// none.
async fn lock_bucket(
    db: &impl ConnectionTrait,
    bucket_hash: &[u8],
    budget: Budget,
    now: Timestamp,
) -> Stored<(u32, Timestamp)> {
    let row = ActiveModel {
        bucket_hash: Set(bucket_hash.to_vec()),
        count: Set(0),
        window_start: Set(now.seconds()),
        ends_at: Set((now + budget.window).seconds()),
    };
    // An update that changes nothing, since it locks a row that is there already.
    let kept = OnConflict::column(Column::BucketHash)
        .value(Column::BucketHash, Expr::col((Entity, Column::BucketHash)))
        .to_owned();
    Entity::insert(row)
        .on_conflict(kept)
        .exec_without_returning(db)
        .await?;
    let row = Entity::find_by_id(bucket_hash.to_vec())
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(row.map_or((0, now), |row| {
        let count = u32::try_from(row.count).unwrap_or_default();
        (count, Timestamp(row.window_start))
    }))
}

/// Gives one try back to a bucket: it turned out to be none that counts.
pub async fn give_try_back(db: &impl ConnectionTrait, bucket_hash: &[u8]) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Count, Expr::col(Column::Count).sub(1))
        .filter(Column::BucketHash.eq(bucket_hash.to_vec()))
        .filter(Column::Count.gt(0))
        .exec(db)
        .await?;
    Ok(())
}

/// Empties a bucket.
pub async fn forget_tries(db: &impl ConnectionTrait, bucket_hash: &[u8]) -> Stored<()> {
    Entity::delete_by_id(bucket_hash.to_vec()).exec(db).await?;
    Ok(())
}

/// Removes some of the buckets whose window is over: how many, which is fewer than a full step at the end.
pub async fn delete_some_old_tries(
    db: &impl ConnectionTrait,
    now: Timestamp,
) -> Stored<(u64, bool)> {
    let old: Vec<Vec<u8>> = Entity::find()
        .select_only()
        .column(Column::BucketHash)
        .filter(Column::EndsAt.lte(now.seconds()))
        .limit(ROWS_IN_A_STEP)
        .into_tuple()
        .all(db)
        .await?;
    let is_last = (old.len() as u64) < ROWS_IN_A_STEP;
    let done = Entity::delete_many()
        .filter(Column::BucketHash.is_in(old))
        .filter(Column::EndsAt.lte(now.seconds()))
        .exec(db)
        .await?;
    Ok((done.rows_affected, is_last))
}
