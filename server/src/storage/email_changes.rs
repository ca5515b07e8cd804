//! New addresses whose mailed link has not been opened; at most one for each user.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::email_change::{ActiveModel, Column, Entity};

/// A change that was asked for.
pub struct EmailChange {
    /// Whose.
    pub user: UserId,
    /// The new address, canonical.
    pub email: String,
}

/// Keeps a change; an earlier one of the user is gone, and its link with it.
pub async fn replace_email_change(
    db: &impl ConnectionTrait,
    user: UserId,
    email: &EmailAddress,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Stored<()> {
    delete_email_change_of(db, user).await?;
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        token_hash: Set(token_hash.to_vec()),
        email: Set(email.as_str().to_owned()),
        expires_at: Set(expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The address that a user waits for.
pub async fn find_new_email(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Stored<Option<String>> {
    let row = Entity::find_by_id(user.uuid()).one(db).await?;
    Ok(row
        .filter(|row| row.expires_at > now.seconds())
        .map(|row| row.email))
}

/// The change of a link that is good now.
pub async fn find_email_change(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<EmailChange>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| EmailChange {
        user: UserId::new(row.user_id),
        email: row.email,
    }))
}

/// Spends the link of a user's change: true for the one who came first, in time.
pub async fn spend_email_change(
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

/// Drops the change of a user.
pub async fn delete_email_change_of(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(())
}
