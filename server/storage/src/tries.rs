//! The buckets of rate limits: each has a row while its window lasts.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::tries::{ActiveModel, Column, Entity};
use domain::attempts::{Budget, BudgetVerdict, spend};

/// What is counted for, and how much of it there may be.
type BucketTry<'a> = (&'a [u8], Budget);

/// Takes one try from each of these different buckets, where one is left; returns the verdicts in their order. The rows are
/// locked first, so that concurrent tries are limited like sequential ones.
pub async fn take_tries(
    db: &impl ConnectionTrait,
    buckets: &[BucketTry<'_>],
    now: Timestamp,
) -> Stored<Vec<BudgetVerdict>> {
    let mut verdicts = HashMap::new();
    let mut left = buckets.to_vec();
    // Again, should somebody else have made one in between: two who find one missing must not count as one.
    while !left.is_empty() {
        verdicts.extend(take_of_those_there(db, &left, now).await?);
        left.retain(|(hash, _)| !verdicts.contains_key(hash));
        verdicts.extend(take_of_new_ones(db, &left, now).await?);
        left.retain(|(hash, _)| !verdicts.contains_key(hash));
    }
    let verdicts = buckets.iter().map(|(hash, _)| verdicts[hash]);
    Ok(verdicts.collect())
}

async fn take_of_those_there<'a>(
    db: &impl ConnectionTrait,
    buckets: &[BucketTry<'a>],
    now: Timestamp,
) -> Stored<Vec<(&'a [u8], BudgetVerdict)>> {
    let hashes: Vec<_> = buckets.iter().map(|(hash, _)| *hash).collect();
    let rows = locked(&hashes).all(db).await?;
    let there = buckets.iter().filter_map(|&(hash, budget)| {
        let row = rows.iter().find(|row| row.bucket_hash == hash)?;
        let count = u32::try_from(row.count).unwrap_or_default();
        let verdict = spend(count, Timestamp(row.window_start), budget, now);
        Some((hash, budget, verdict))
    });
    let there: Vec<_> = there.collect();
    let changed: Vec<_> = there.iter().filter_map(taken).collect();
    if !changed.is_empty() {
        let over = OnConflict::column(Column::BucketHash)
            .update_columns([Column::Count, Column::WindowStart, Column::EndsAt])
            .to_owned();
        Entity::insert_many(changed)
            .on_conflict(over)
            .exec_without_returning(db)
            .await?;
    }
    let verdicts = there.into_iter();
    Ok(verdicts.map(|(hash, _, verdict)| (hash, verdict)).collect())
}

/// Makes buckets that nothing was counted for, and leaves out those that somebody else has made meanwhile.
async fn take_of_new_ones<'a>(
    db: &impl ConnectionTrait,
    buckets: &[BucketTry<'a>],
    now: Timestamp,
) -> Stored<Vec<(&'a [u8], BudgetVerdict)>> {
    let mut new: Vec<_> = buckets
        .iter()
        .map(|&(hash, budget)| (hash, budget, spend(0, now, budget, now)))
        .collect();
    // In one order for everybody, as they are locked.
    new.sort_by_key(|(hash, ..)| *hash);
    let rows: Vec<_> = new.iter().filter_map(taken).collect();
    let made = if rows.is_empty() {
        Vec::new()
    } else {
        let kept = OnConflict::column(Column::BucketHash)
            .do_nothing()
            .to_owned();
        let made = Entity::insert_many(rows).on_conflict(kept);
        made.exec_with_returning(db).await?
    };
    let is_settled = |hash: &[u8], verdict| match verdict {
        BudgetVerdict::Within { .. } => made.iter().any(|row| row.bucket_hash == hash),
        BudgetVerdict::Spent { .. } => true,
    };
    let verdicts = new.into_iter().map(|(hash, _, verdict)| (hash, verdict));
    Ok(verdicts
        .filter(|&(hash, verdict)| is_settled(hash, verdict))
        .collect())
}

/// Those of the buckets that are there, locked until the transaction ends, in one order for everybody.
fn locked(hashes: &[&[u8]]) -> Select<Entity> {
    Entity::find()
        .filter(Column::BucketHash.is_in(hashes.iter().map(|hash| hash.to_vec())))
        .order_by_asc(Column::BucketHash)
        .lock_exclusive()
}

/// The row of a bucket that a try was taken off.
fn taken(&(hash, budget, verdict): &(&[u8], Budget, BudgetVerdict)) -> Option<ActiveModel> {
    match verdict {
        BudgetVerdict::Within {
            count,
            window_start,
        } => Some(bucket(hash, count, window_start, budget)),
        BudgetVerdict::Spent { .. } => None,
    }
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

/// Until when nothing is left in a bucket; nothing where something is.
pub async fn spent_until(
    db: &impl ConnectionTrait,
    (hash, budget): BucketTry<'_>,
    now: Timestamp,
) -> Stored<Option<Timestamp>> {
    let row = Entity::find_by_id(hash.to_vec()).one(db).await?;
    Ok(row.and_then(|row| {
        let count = u32::try_from(row.count).unwrap_or_default();
        match spend(count, Timestamp(row.window_start), budget, now) {
            BudgetVerdict::Within { .. } => None,
            BudgetVerdict::Spent { until } => Some(until),
        }
    }))
}

/// Empties a bucket.
pub async fn forget_tries(db: &impl ConnectionTrait, bucket_hash: &[u8]) -> Stored<()> {
    Entity::delete_by_id(bucket_hash.to_vec()).exec(db).await?;
    Ok(())
}

/// Empties the buckets whose window begins after a moment, by a clock that was ahead.
pub async fn forget_future_tries(db: &impl ConnectionTrait, after: Timestamp) -> Stored<()> {
    Entity::delete_many()
        // By the index: few windows end so late.
        .filter(Column::EndsAt.gt(after.seconds()))
        .filter(Column::WindowStart.gt(after.seconds()))
        .exec(db)
        .await?;
    Ok(())
}
