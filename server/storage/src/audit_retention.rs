//! Finds old lines of the audit log and deletes them, in steps.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use app::types::timestamp::Timestamp;

use super::Stored;
use super::audit::first_id;
use super::entity::audit_event::{Column, Entity};
use super::entity::{account, instance};
use super::ephemeral::ROWS_IN_A_STEP;
use domain::retention::Steady;

const THE_ROW: i32 = 1;

/// A step of the lines from before a moment, the oldest first, and after the last line of the step before. What an account
/// shows as the last change of its settings is left out.
pub async fn old_lines(
    db: &impl ConnectionTrait,
    before: Timestamp,
    after: Option<Uuid>,
) -> Stored<Vec<Uuid>> {
    let is_shown = Query::select()
        .expr(Expr::val(1))
        .from(account::Entity)
        .and_where(
            Expr::col((account::Entity, account::Column::Id)).equals((Entity, Column::AccountId)),
        )
        .and_where(
            Expr::col((account::Entity, account::Column::SettingsChangedAt))
                .equals((Entity, Column::At)),
        )
        .to_owned();
    let mut query = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.lt(first_id(before)))
        .filter(Column::At.lt(before.seconds()))
        .filter(Expr::exists(is_shown).not());
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    let ids = query
        .order_by_asc(Column::Id)
        .limit(ROWS_IN_A_STEP)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Removes lines; how many there still were.
pub async fn delete_lines(db: &impl ConnectionTrait, ids: &[Uuid]) -> Stored<u64> {
    let deletion = Entity::delete_many().filter(Column::Id.is_in(ids.iter().copied()));
    Ok(deletion.exec(db).await?.rows_affected)
}

/// Whether this database was begun under the rule that old lines go by themselves.
pub async fn is_begun_bounded(db: &impl ConnectionTrait) -> Stored<bool> {
    let row = instance::Entity::find_by_id(THE_ROW).one(db).await?;
    Ok(row.and_then(|row| row.bounds_log).unwrap_or(false))
}

/// For how long the clock has gone on without a leap; none where nobody has looked.
pub async fn find_steady(db: &impl ConnectionTrait) -> Stored<Option<Steady>> {
    let row = instance::Entity::find_by_id(THE_ROW).one(db).await?;
    let kept = row.and_then(|row| row.steady_since.zip(row.steady_seen_at));
    Ok(kept.map(|(since, seen_at)| Steady {
        since: Timestamp(since),
        seen_at: Timestamp(seen_at),
    }))
}

/// Keeps that.
pub async fn set_steady(db: &impl ConnectionTrait, steady: Steady) -> Stored<()> {
    let change = Query::update()
        .table(Alias::new("instance"))
        .value(instance::Column::SteadySince, steady.since.seconds())
        .value(instance::Column::SteadySeenAt, steady.seen_at.seconds())
        .and_where(Expr::col(instance::Column::Id).eq(THE_ROW))
        .to_owned();
    db.execute(&change).await?;
    Ok(())
}
