//! Browsers that a user has signed in with. They open nothing: a known one is not slowed by strangers, and a sign-in
//! from another is told.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::known_browser::{ActiveModel, Column, Entity};

/// Whether a user has signed in with a browser.
pub async fn is_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
) -> Stored<bool> {
    let row = Entity::find_by_id((user.uuid(), token_hash.to_vec()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Whether anybody has signed in with a browser: then the cookie is one that we gave.
pub async fn is_browser_of_anyone(db: &impl ConnectionTrait, token_hash: &[u8]) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Whether a user has signed in with any browser.
pub async fn has_known_browser(db: &impl ConnectionTrait, user: UserId) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Notes a sign-in with a browser that is known: true when it was.
pub async fn touch_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now.seconds()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Makes a browser known to a user, of whose browsers the `most` last seen are kept.
pub async fn insert_known_browser(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
    most: u64,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        token_hash: Set(token_hash.to_vec()),
        first_seen_at: Set(now.seconds()),
        last_seen_at: Set(now.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    let beyond = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .order_by_desc(Column::LastSeenAt)
        .order_by_desc(Column::FirstSeenAt)
        .offset(most)
        .limit(1)
        .one(db)
        .await?;
    if let Some(beyond) = beyond {
        Entity::delete_by_id((beyond.user_id, beyond.token_hash))
            .exec(db)
            .await?;
    }
    Ok(())
}
