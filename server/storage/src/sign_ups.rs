//! Sign-ups that are not finished; until then no user exists.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::pending_sign_up::{ActiveModel, Column, Entity, Model};

/// A sign-up that waits for its link, and for the password to be given once more.
pub struct PendingSignUp {
    /// The hash of the link's token.
    pub token_hash: Vec<u8>,
    /// The canonical address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The name of the account they will own.
    pub account_name: String,
    /// The PHC string of the password they chose.
    pub password_hash: String,
    /// When the link is over.
    pub expires_at: Timestamp,
}

/// Keeps a sign-up, beside others of the address.
pub async fn insert_sign_up(db: &impl ConnectionTrait, sign_up: PendingSignUp) -> Stored<()> {
    let row = ActiveModel {
        token_hash: Set(sign_up.token_hash),
        email: Set(sign_up.email),
        name: Set(sign_up.name),
        account_name: Set(sign_up.account_name),
        password_hash: Set(sign_up.password_hash),
        expires_at: Set(sign_up.expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The sign-up of a link that is good now.
pub async fn find_sign_up(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<PendingSignUp>> {
    let row = Entity::find_by_id(token_hash.to_vec()).one(db).await?;
    let good = row.filter(|row| row.expires_at > now.seconds());
    Ok(good.map(PendingSignUp::from))
}

/// Others of the address that are good now, the newest first.
pub async fn other_sign_ups(
    db: &impl ConnectionTrait,
    but: &PendingSignUp,
    now: Timestamp,
    most: u64,
) -> Stored<Vec<PendingSignUp>> {
    let rows = Entity::find()
        .filter(Column::Email.eq(but.email.as_str()))
        .filter(Column::TokenHash.ne(but.token_hash.clone()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .order_by_desc(Column::ExpiresAt)
        .order_by_asc(Column::TokenHash)
        .limit(most);
    let rows = rows.all(db).await?;
    Ok(rows.into_iter().map(PendingSignUp::from).collect())
}

/// Takes all sign-ups of an address out by the link of one: true for the one who came first, in time.
pub async fn take_sign_ups(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    email: &str,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    if done.rows_affected != 1 {
        return Ok(false);
    }
    Entity::delete_many()
        .filter(Column::Email.eq(email))
        .exec(db)
        .await?;
    Ok(true)
}

impl From<Model> for PendingSignUp {
    fn from(row: Model) -> Self {
        Self {
            token_hash: row.token_hash,
            email: row.email,
            name: row.name,
            account_name: row.account_name,
            password_hash: row.password_hash,
            expires_at: Timestamp(row.expires_at),
        }
    }
}
