//! Mailed links that set a new password, as hashes; at most one for each user.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::password_reset::{ActiveModel, Column, Entity};

/// Keeps the link of a user; an earlier one is gone.
pub async fn replace_password_reset(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Stored<()> {
    delete_password_reset_of(db, user).await?;
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        token_hash: Set(token_hash.to_vec()),
        expires_at: Set(expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Whose link it is, while it is good.
pub async fn find_password_reset(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<UserId>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| UserId::new(row.user_id)))
}

/// Spends a link: true for the one who came first, in time.
pub async fn spend_password_reset(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes the link of a user.
pub async fn delete_password_reset_of(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(())
}
