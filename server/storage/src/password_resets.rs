//! Mailed links that set a new password, as hashes. A user may have several: whoever asks for a later one may be somebody
//! else than who waits for an earlier one. The first that is used ends all.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{password_reset, password_reset_link};

/// Keeps one more link of a user.
pub async fn insert_password_reset(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Stored<()> {
    let row = password_reset_link::ActiveModel {
        token_hash: Set(token_hash.to_vec()),
        user_id: Set(user.uuid()),
        expires_at: Set(expires_at.seconds()),
    };
    password_reset_link::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Whose link it is, while it is good.
pub async fn find_password_reset(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<UserId>> {
    use password_reset_link::{Column, Entity};
    let row = Entity::find_by_id(token_hash.to_vec())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    match row {
        Some(row) => Ok(Some(UserId::new(row.user_id))),
        None => find_of_version_before(db, token_hash, now).await,
    }
}

/// A link that a server of the version before has made.
async fn find_of_version_before(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<UserId>> {
    use password_reset::{Column, Entity};
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
    use password_reset_link::{Column, Entity};
    let done = Entity::delete_by_id(token_hash.to_vec())
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1 || spend_of_version_before(db, user, token_hash, now).await?)
}

async fn spend_of_version_before(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    use password_reset::{Column, Entity};
    let done = Entity::delete_by_id(user.uuid())
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
