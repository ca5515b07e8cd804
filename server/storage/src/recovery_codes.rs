//! Recovery codes, as hashes. A spent one stays, so that its second use is told from a wrong code.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::recovery_code::{ActiveModel, Column, Entity};

/// What became of a recovery code that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It was good, and is spent now.
    Now,
    /// It was good once.
    Before,
    /// It is none of this user's.
    Unknown,
}

/// What tells the set of a user from any other: the least of its hashes, which stays until the set is replaced.
pub async fn find_recovery_set(db: &impl ConnectionTrait, user: UserId) -> Stored<Option<Vec<u8>>> {
    let least = Entity::find()
        .select_only()
        .column(Column::CodeHash)
        .filter(Column::UserId.eq(user.uuid()))
        .order_by_asc(Column::CodeHash)
        .into_tuple();
    Ok(least.one(db).await?)
}

/// Replaces the set of a user by another, where it is still the one that was found before: false when it is not.
pub async fn exchange_recovery_codes(
    db: &impl ConnectionTrait,
    user: UserId,
    found: Option<&[u8]>,
    hashes: impl IntoIterator<Item = [u8; 32]>,
) -> Stored<bool> {
    let is_the_same = match found {
        Some(least) => {
            let spent = Entity::delete_many()
                .filter(Column::UserId.eq(user.uuid()))
                .filter(Column::CodeHash.eq(least))
                .exec(db)
                .await?;
            spent.rows_affected == 1
        }
        None => find_recovery_set(db, user).await?.is_none(),
    };
    if is_the_same {
        replace_recovery_codes(db, user, hashes).await?;
    }
    Ok(is_the_same)
}

/// Replaces the set of a user.
pub async fn replace_recovery_codes(
    db: &impl ConnectionTrait,
    user: UserId,
    hashes: impl IntoIterator<Item = [u8; 32]>,
) -> Stored<()> {
    delete_recovery_codes(db, user).await?;
    let rows = hashes.into_iter().map(|hash| ActiveModel {
        user_id: Set(user.uuid()),
        code_hash: Set(hash.to_vec()),
        used_at: Set(None),
    });
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Removes the set of a user.
pub async fn delete_recovery_codes(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Spends a code: `Now` for the one who came first.
pub async fn spend_recovery_code(
    db: &impl ConnectionTrait,
    user: UserId,
    hash: [u8; 32],
    now: Timestamp,
) -> Stored<Spent> {
    let done = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.seconds()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::CodeHash.eq(hash.to_vec()))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected == 1 {
        return Ok(Spent::Now);
    }
    let known = Entity::find_by_id((user.uuid(), hash.to_vec()))
        .one(db)
        .await?;
    Ok(if known.is_some() {
        Spent::Before
    } else {
        Spent::Unknown
    })
}

/// How many codes of a user are left.
pub async fn count_recovery_codes(db: &impl ConnectionTrait, user: UserId) -> Stored<u32> {
    let left = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::UsedAt.is_null())
        .count(db)
        .await?;
    Ok(u32::try_from(left).unwrap_or(u32::MAX))
}
