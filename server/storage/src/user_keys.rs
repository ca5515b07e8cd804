//! The passkeys and security keys of users. Whether they open anything is asked of the factors of their user, which are bound
//! by a tag: what is found here was perhaps written past the program.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use app::types::ids::{UserId, UserKeyId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{passkey, spent_challenge};
use domain::factors::UserKey;

/// A key as its user sees it, and as options for a browser list it.
pub struct KeyDetails {
    /// What it is.
    pub key: UserKey,
    /// The name that its user has given it.
    pub name: String,
    /// Ways to it (WebAuthn 3 §5.8.4), separated by spaces.
    pub transports: String,
    /// The counter that it said last; zero where it has none.
    pub sign_count: u32,
    /// Whether it said last that it can be backed up.
    pub is_backup_eligible: bool,
    /// Whether it said last that it is.
    pub is_backed_up: bool,
    /// When it was last used, if ever.
    pub last_used_at: Option<Timestamp>,
}

/// A key that is added.
pub struct NewUserKey {
    /// What it is.
    pub key: UserKey,
    /// Its first name.
    pub name: String,
    /// The make of its authenticator, as it says (WebAuthn 3 §6.5.1).
    pub aaguid: [u8; 16],
    /// Ways to it, separated by spaces.
    pub transports: String,
    /// Its counter.
    pub sign_count: u32,
    /// Whether it can be backed up.
    pub is_backup_eligible: bool,
    /// Whether it is.
    pub is_backed_up: bool,
}

/// What a right answer changes in its key.
pub struct AnswerNoted {
    /// The counter that the key was read with.
    pub counted_before: u32,
    /// The counter of the answer.
    pub sign_count: u32,
    /// Whether the key can be backed up.
    pub is_backup_eligible: bool,
    /// Whether it is.
    pub is_backed_up: bool,
    /// When.
    pub at: Timestamp,
}

fn key_of(row: &passkey::Model) -> UserKey {
    UserKey {
        id: UserKeyId::new(row.id),
        is_passkey: row.signs_in,
        credential_id: row.credential_id.clone(),
        public_key: row.public_key.clone(),
        rp_id: row.rp_id.clone(),
        since: Timestamp(row.created_at),
    }
}

fn details_of(row: passkey::Model) -> KeyDetails {
    KeyDetails {
        key: key_of(&row),
        name: row.name,
        transports: row.transports,
        sign_count: u32::try_from(row.sign_count).unwrap_or(u32::MAX),
        is_backup_eligible: row.backup_eligible,
        is_backed_up: row.backed_up,
        last_used_at: row.last_used_at.map(Timestamp),
    }
}

/// The keys of several users.
pub(super) async fn find_keys_of(
    db: &impl ConnectionTrait,
    users: impl Iterator<Item = Uuid>,
) -> Stored<HashMap<Uuid, Vec<UserKey>>> {
    let mut keys = HashMap::<_, Vec<_>>::new();
    let rows = passkey::Entity::find().filter(passkey::Column::UserId.is_in(users));
    for row in rows.all(db).await? {
        keys.entry(row.user_id).or_default().push(key_of(&row));
    }
    Ok(keys)
}

/// The keys of a user with all that is known of them, the oldest first.
pub async fn find_key_details(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<KeyDetails>> {
    let rows = passkey::Entity::find()
        .filter(passkey::Column::UserId.eq(user.uuid()))
        .order_by_asc(passkey::Column::CreatedAt)
        .order_by_asc(passkey::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(details_of).collect())
}

/// Whose key has this credential id, and which one it is.
pub async fn find_key_owner(
    db: &impl ConnectionTrait,
    credential_id: &[u8],
) -> Stored<Option<(UserId, UserKeyId)>> {
    let row = passkey::Entity::find()
        .filter(passkey::Column::CredentialId.eq(credential_id.to_vec()))
        .one(db)
        .await?;
    Ok(row.map(|row| (UserId::new(row.user_id), UserKeyId::new(row.id))))
}

pub(super) async fn insert_key(
    db: &impl ConnectionTrait,
    user: UserId,
    new: NewUserKey,
) -> Stored<()> {
    let row = passkey::ActiveModel {
        id: Set(new.key.id.uuid()),
        user_id: Set(user.uuid()),
        signs_in: Set(new.key.is_passkey),
        credential_id: Set(new.key.credential_id),
        public_key: Set(new.key.public_key),
        rp_id: Set(new.key.rp_id),
        name: Set(new.name),
        aaguid: Set(new.aaguid.to_vec()),
        transports: Set(new.transports),
        sign_count: Set(i64::from(new.sign_count)),
        backup_eligible: Set(new.is_backup_eligible),
        backed_up: Set(new.is_backed_up),
        created_at: Set(new.key.since.seconds()),
        last_used_at: Set(None),
    };
    passkey::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub(super) async fn delete_key(
    db: &impl ConnectionTrait,
    user: UserId,
    key: UserKeyId,
) -> Stored<bool> {
    let done = passkey::Entity::delete_many()
        .filter(passkey::Column::Id.eq(key.uuid()))
        .filter(passkey::Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a key another name: true when it was there.
pub async fn rename_key(
    db: &impl ConnectionTrait,
    user: UserId,
    key: UserKeyId,
    name: &str,
) -> Stored<bool> {
    let done = passkey::Entity::update_many()
        .col_expr(passkey::Column::Name, Expr::value(name))
        .filter(passkey::Column::Id.eq(key.uuid()))
        .filter(passkey::Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Stores what a right answer changes: false when another answer has moved the counter meanwhile.
pub async fn note_key_use(
    db: &impl ConnectionTrait,
    key: UserKeyId,
    used: &AnswerNoted,
) -> Stored<bool> {
    use passkey::Column;
    let done = passkey::Entity::update_many()
        .col_expr(Column::SignCount, Expr::value(i64::from(used.sign_count)))
        .col_expr(Column::BackupEligible, Expr::value(used.is_backup_eligible))
        .col_expr(Column::BackedUp, Expr::value(used.is_backed_up))
        .col_expr(Column::LastUsedAt, Expr::value(used.at.seconds()))
        .filter(Column::Id.eq(key.uuid()))
        .filter(Column::SignCount.eq(i64::from(used.counted_before)))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Spends a challenge, which is kept until then: true for the one who came first.
pub async fn spend_challenge(
    db: &impl ConnectionTrait,
    hash: [u8; 32],
    keep_until: Timestamp,
) -> Stored<bool> {
    let row = spent_challenge::ActiveModel {
        hash: Set(hash.to_vec()),
        expires_at: Set(keep_until.seconds()),
    };
    let once = OnConflict::column(spent_challenge::Column::Hash)
        .do_nothing()
        .to_owned();
    let rows = spent_challenge::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(db)
        .await?;
    Ok(rows == 1)
}
