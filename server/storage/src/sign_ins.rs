//! Pending sign-ins: password accepted, second factor due; by the hash of their token.

use std::sync::LazyLock;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::entity::pending_sign_in::{ActiveModel, Column, Entity, Model};
use super::own_counts::browsers_counted_apart;
use super::{AskElsewhere, Database, Stored};

/// A pending sign-in.
#[derive(Clone, PartialEq, Eq)]
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
    /// The hash of the known browser in which it was begun.
    pub known_hash: Option<Vec<u8>>,
}

/// Begins a pending sign-in.
pub async fn insert_pending(db: &impl ConnectionTrait, pending: PendingRow) -> Stored<()> {
    let row = ActiveModel {
        token_hash: Set(pending.token_hash),
        user_id: Set(pending.user.uuid()),
        expires_at: Set(pending.expires_at.seconds()),
        failures: Set(0),
        link_hash: Set(pending.link_hash),
        known_hash: Set(pending.known_hash),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The pending sign-in of a token, locked until the transaction ends. Its user is locked before: whoever ends the sign-ins
/// of a user has locked the user too.
pub async fn lock_pending(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
) -> Stored<Option<PendingRow>> {
    let row = Entity::find_by_id(token_hash.to_vec())
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(row.map(PendingRow::from))
}

/// The pending sign-in of a token as it is now, on SQLite on the thread that asks.
pub async fn find_pending(database: &Database, token_hash: &[u8]) -> Stored<Option<PendingRow>> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let query = Entity::find_by_id(Vec::new());
        query.build(DbBackend::Sqlite).sql
    });
    match database.at_once(&SQL, [token_hash], read_row) {
        Ok(row) => Ok(row.map(PendingRow::from)),
        Err(AskElsewhere) => ask_for_pending(database.read(), token_hash).await,
    }
}

async fn ask_for_pending(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
) -> Stored<Option<PendingRow>> {
    let row = Entity::find_by_id(token_hash.to_vec()).one(db).await?;
    Ok(row.map(PendingRow::from))
}

/// What it selects comes in the order of the entity's columns.
fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Model> {
    Ok(Model {
        token_hash: row.get(0)?,
        user_id: row.get(1)?,
        expires_at: row.get(2)?,
        failures: row.get(3)?,
        link_hash: row.get(4)?,
        known_hash: row.get(5)?,
    })
}

impl From<Model> for PendingRow {
    fn from(row: Model) -> Self {
        Self {
            token_hash: row.token_hash,
            user: UserId::new(row.user_id),
            expires_at: Timestamp(row.expires_at),
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            link_hash: row.link_hash,
            known_hash: row.known_hash,
        }
    }
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

/// Ends the pending sign-ins of a user but for those in browsers that have a count of their own, since they have proven
/// themselves after this moment.
pub async fn delete_pending_of_others(
    db: &impl ConnectionTrait,
    user: UserId,
    since: Timestamp,
) -> Stored<()> {
    let apart = browsers_counted_apart(user, since);
    let is_elsewhere = Column::KnownHash
        .is_null()
        .or(Expr::col(Column::KnownHash).not_in_subquery(apart));
    Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(is_elsewhere)
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the pending sign-ins of a user in one browser.
pub async fn delete_pending_in(
    db: &impl ConnectionTrait,
    user: UserId,
    known_hash: &[u8],
) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::KnownHash.eq(known_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}
