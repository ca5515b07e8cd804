//! New addresses whose mailed link has not been opened: at most one for each user.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::email_change::{ActiveModel, Column, Entity};
use domain::address_change::Backing;

/// A change that was asked for.
pub struct EmailChange {
    /// Whose.
    pub user: UserId,
    /// The new address, canonical.
    pub email: String,
    /// What it was asked for with besides the password; none where a server wrote it that did not ask.
    pub asked_with: Option<Backing>,
}

/// A change that waits for its link.
pub struct NewEmailChange<'a> {
    /// Whose.
    pub user: UserId,
    /// The new address.
    pub email: &'a EmailAddress,
    /// The hash of the link's token.
    pub token_hash: &'a [u8],
    /// What it was asked for with besides the password.
    pub asked_with: Backing,
    /// When the link is over.
    pub expires_at: Timestamp,
}

/// Keeps a change; an earlier one of the user is gone, and its link with it.
pub async fn replace_email_change(
    db: &impl ConnectionTrait,
    change: NewEmailChange<'_>,
) -> Stored<()> {
    delete_email_change_of(db, change.user).await?;
    let row = ActiveModel {
        user_id: Set(change.user.uuid()),
        token_hash: Set(change.token_hash.to_vec()),
        email: Set(change.email.as_str().to_owned()),
        expires_at: Set(change.expires_at.seconds()),
        asked_with: Set(Some(change.asked_with.word().to_owned())),
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
        asked_with: row.asked_with.as_deref().and_then(Backing::of_word),
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

/// Drops the change that a user waits for, and gives its address to the one who came first.
pub async fn take_email_change_of(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Stored<Option<String>> {
    let email = find_new_email(db, user, now).await?;
    let dropped = Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(email.filter(|_| dropped.rows_affected == 1))
}

/// Drops the change of a user.
pub async fn delete_email_change_of(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(())
}
