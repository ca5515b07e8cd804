//! Sign-ups that are not finished; until then no user exists.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

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

/// Keeps a sign-up; an earlier one for the address is gone, and its link with it.
pub async fn replace_sign_up(db: &impl ConnectionTrait, sign_up: PendingSignUp) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::Email.eq(sign_up.email.as_str()))
        .exec(db)
        .await?;
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

/// Takes a sign-up out by its link: something for the one who came first, in time.
pub async fn take_sign_up(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<PendingSignUp>> {
    let Some(found) = find_sign_up(db, token_hash, now).await? else {
        return Ok(None);
    };
    let done = Entity::delete_by_id(token_hash.to_vec()).exec(db).await?;
    Ok((done.rows_affected == 1).then_some(found))
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
