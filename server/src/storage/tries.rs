//! Tries, counted in buckets: whatever a limit is kept for has a row while its window lasts.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::tries::{ActiveModel, Column, Entity, Model};
use crate::domain::attempts::{Budget, BudgetVerdict, spend};

/// One try each off buckets that differ, where there is one left; the verdicts in their order. The rows are locked first,
/// so that of tries at the same time no more get through than one after the other.
pub async fn take_tries(
    db: &impl ConnectionTrait,
    buckets: &[(&[u8], Budget)],
    now: Timestamp,
) -> Stored<Vec<BudgetVerdict>> {
    let hashes: Vec<_> = buckets.iter().map(|(hash, _)| *hash).collect();
    let mut rows = lock_buckets(db, &hashes).await?;
    // Again, should upkeep remove one between its making and its locking: two tries without a lock would count as one.
    while rows.len() < buckets.len() {
        make_buckets(db, buckets, now).await?;
        rows = lock_buckets(db, &hashes).await?;
    }
    let verdicts: Vec<_> = buckets
        .iter()
        .map(|(hash, budget)| {
            let row = rows.iter().find(|row| row.bucket_hash == *hash);
            let (count, start) = row.map_or((0, now), |row| {
                let count = u32::try_from(row.count).unwrap_or_default();
                (count, Timestamp(row.window_start))
            });
            spend(count, start, *budget, now)
        })
        .collect();
    let spent = buckets.iter().zip(&verdicts);
    let changed: Vec<_> = spent
        .filter_map(|(&(hash, budget), verdict)| match *verdict {
            BudgetVerdict::Within {
                count,
                window_start,
            } => Some(bucket(hash, count, window_start, budget)),
            BudgetVerdict::Spent { .. } => None,
        })
        .collect();
    if !changed.is_empty() {
        let over = OnConflict::column(Column::BucketHash)
            .update_columns([Column::Count, Column::WindowStart, Column::EndsAt])
            .to_owned();
        Entity::insert_many(changed)
            .on_conflict(over)
            .exec_without_returning(db)
            .await?;
    }
    Ok(verdicts)
}

/// Those of the buckets that are there, locked until the transaction ends, in one order for everybody.
fn locked(hashes: &[&[u8]]) -> Select<Entity> {
    Entity::find()
        .filter(Column::BucketHash.is_in(hashes.iter().map(|hash| hash.to_vec())))
        .order_by_asc(Column::BucketHash)
        .lock_exclusive()
}

async fn lock_buckets(db: &impl ConnectionTrait, hashes: &[&[u8]]) -> Stored<Vec<Model>> {
    Ok(locked(hashes).all(db).await?)
}

/// Sees to it that the buckets are there: two who find one missing at the same time must not both make it.
async fn make_buckets(
    db: &impl ConnectionTrait,
    buckets: &[(&[u8], Budget)],
    now: Timestamp,
) -> Stored<()> {
    let mut rows: Vec<_> = buckets
        .iter()
        .map(|&(hash, budget)| bucket(hash, 0, now, budget))
        .collect();
    rows.sort_by(|a, b| a.bucket_hash.as_ref().cmp(b.bucket_hash.as_ref()));
    let kept = OnConflict::column(Column::BucketHash)
        .do_nothing()
        .to_owned();
    Entity::insert_many(rows)
        .on_conflict(kept)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

fn bucket(hash: &[u8], count: u32, window_start: Timestamp, budget: Budget) -> ActiveModel {
    ActiveModel {
        bucket_hash: Set(hash.to_vec()),
        count: Set(i64::from(count)),
        window_start: Set(window_start.seconds()),
        ends_at: Set((window_start + budget.window).seconds()),
    }
}

/// Gives one try back to each of the buckets: it turned out to be none that counts.
pub async fn give_tries_back(db: &impl ConnectionTrait, hashes: &[&[u8]]) -> Stored<()> {
    let locked = locked(hashes)
        .select_only()
        .column(Column::BucketHash)
        .into_query();
    Entity::update_many()
        .col_expr(Column::Count, Expr::col(Column::Count).sub(1))
        .filter(Column::BucketHash.in_subquery(locked))
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
