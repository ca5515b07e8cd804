//! Pending sign-ins: password accepted, second factor due; by the hash of their token.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::pending_sign_in::{ActiveModel, Column, Entity};

/// A pending sign-in.
#[derive(Clone)]
pub struct PendingRow {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Who gave the password.
    pub user: UserId,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Wrong codes so far.
    pub failures: u32,
    /// The hash of the mailed link that is due, in place of a second factor.
    pub link_hash: Option<Vec<u8>>,
}

/// Begins a pending sign-in.
pub async fn insert_pending(db: &impl ConnectionTrait, pending: PendingRow) -> Stored<()> {
    let row = ActiveModel {
        token_hash: Set(pending.token_hash),
        user_id: Set(pending.user.uuid()),
        expires_at: Set(pending.expires_at.seconds()),
        failures: Set(0),
        link_hash: Set(pending.link_hash),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The pending sign-in of a token.
pub async fn find_pending(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
) -> Stored<Option<PendingRow>> {
    let row = Entity::find_by_id(token_hash.to_vec())
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(row.map(|row| PendingRow {
        token_hash: row.token_hash,
        user: UserId::new(row.user_id),
        expires_at: Timestamp(row.expires_at),
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
        link_hash: row.link_hash,
    }))
}

/// Whether some pending sign-in waits for a link.
pub async fn is_link_pending(
    db: &impl ConnectionTrait,
    link_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::LinkHash.eq(link_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Counts a wrong code.
pub async fn count_pending_failure(db: &impl ConnectionTrait, token_hash: &[u8]) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends a pending sign-in: true for the one who came first.
pub async fn delete_pending(db: &impl ConnectionTrait, token_hash: &[u8]) -> Stored<bool> {
    let done = Entity::delete_by_id(token_hash.to_vec()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Ends all pending sign-ins of a user.
pub async fn delete_pending_of(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes pending sign-ins whose time has passed.
pub async fn delete_expired_pending(db: &impl ConnectionTrait, now: Timestamp) -> Stored<u64> {
    Ok(Entity::delete_many()
        .filter(Column::ExpiresAt.lt(now.seconds()))
        .exec(db)
        .await?
        .rows_affected)
}
