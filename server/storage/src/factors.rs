//! The second factors of users: the one door to their rows. A row for each user says of which kinds they are, and holds the
//! sealed value of the one that takes codes; passkeys and security keys have rows of their own.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use app::types::factors::{CodeFactorKind, FactorKind};
use app::types::ids::{UserId, UserKeyId};
use app::types::timestamp::Timestamp;

use super::entity::second_factor::{ActiveModel, Column, Entity, Model};
use super::user_keys::{NewUserKey, delete_key, find_keys_of, insert_key};
use super::users::note_factor_on;
use super::{StorageError, Stored};
use domain::factors::{Factor, FactorKinds, Factors, UserKey};
use domain::first_factor::Admitted;
use domain::totp::TimeStep;

/// How often the rows are read where they do not agree: they may have changed between two statements.
const MOST_READ: usize = 2;

/// The second factors of a user, as the rows say. Whether the rows are those that the program stored is not asked here.
pub async fn find_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<Factors> {
    for _ in 1..MOST_READ {
        match read_factors(db, user).await {
            Err(StorageError::UnreadableFactor(_)) => {}
            read => return read,
        }
    }
    read_factors(db, user).await
}

async fn read_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<Factors> {
    let row = Entity::find_by_id(user.uuid()).one(db).await?;
    with_keys(db, row).await
}

/// The same; none where a row cannot be read, since it was edited past the program.
pub async fn find_readable_factors(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<Factors>> {
    readable(find_factors(db, user).await)
}

fn readable(read: Stored<Factors>) -> Stored<Option<Factors>> {
    match read {
        Ok(factors) => Ok(Some(factors)),
        Err(StorageError::UnreadableFactor(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same of several users, of whom those without a row are left out.
pub async fn find_readable_factors_of(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Stored<HashMap<UserId, Option<Factors>>> {
    let users = || users.iter().map(|user| user.uuid());
    let rows = Entity::find().filter(Column::UserId.is_in(users()));
    let rows = rows.all(db).await?;
    let mut keys = if rows.iter().any(has_keys) {
        find_keys_of(db, users()).await?
    } else {
        HashMap::new()
    };
    let read = rows.into_iter().map(|row| {
        let keys = keys.remove(&row.user_id).unwrap_or_default();
        let user = UserId::new(row.user_id);
        Ok((user, readable(factors_of(row, keys))?))
    });
    read.collect()
}

/// The same, locked until the transaction ends.
pub async fn lock_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<Factors> {
    let row = Entity::find_by_id(user.uuid())
        .lock_exclusive()
        .one(db)
        .await?;
    with_keys(db, row).await
}

async fn with_keys(db: &impl ConnectionTrait, row: Option<Model>) -> Stored<Factors> {
    let Some(row) = row else {
        return Ok(Factors::default());
    };
    let keys = if has_keys(&row) {
        let mut keys = find_keys_of(db, [row.user_id].into_iter()).await?;
        keys.remove(&row.user_id).unwrap_or_default()
    } else {
        Vec::new()
    };
    factors_of(row, keys)
}

fn has_keys(row: &Model) -> bool {
    FactorKinds::of_word(&row.kind)
        .iter()
        .any(|kind| kind.code().is_none())
}

/// What a row and the keys beside it say; where they do not agree, they were changed past the program.
fn factors_of(row: Model, keys: Vec<UserKey>) -> Stored<Factors> {
    let kinds = FactorKinds::of_word(&row.kind);
    let code = kinds.iter().find_map(FactorKind::code);
    let codes = code.map(|kind| Factor {
        kind,
        sealed: row.sealed_secret,
        since: Timestamp(row.enabled_at),
        last_step: TimeStep(row.last_step),
    });
    let factors = Factors::new(codes.into_iter().collect(), keys);
    if kinds.is_unreadable() || factors.kinds() != kinds {
        return Err(StorageError::UnreadableFactor(UserId::new(row.user_id)));
    }
    Ok(factors)
}

/// The kinds of second factors of several users; who has none is left out.
pub(super) async fn find_kinds(
    db: &impl ConnectionTrait,
    users: impl Iterator<Item = Uuid>,
) -> Stored<HashMap<Uuid, FactorKinds>> {
    let rows = Entity::find().filter(Column::UserId.is_in(users));
    let rows = rows.all(db).await?.into_iter();
    Ok(rows
        .map(|row| (row.user_id, FactorKinds::of_word(&row.kind)))
        .collect())
}

/// The kinds of a user, of what a join reads of their row.
pub(super) fn kinds_of(text: Option<&str>) -> FactorKinds {
    text.map_or(FactorKinds::NONE, FactorKinds::of_word)
}

/// The words of all sets in which a kind is.
pub(super) fn words_with(kind: FactorKind) -> Vec<String> {
    let sets = FactorKinds::possible().filter(|kinds| kinds.has(kind));
    sets.map(FactorKinds::word).collect()
}

/// Counts the users who have a second factor of a kind.
pub async fn count_factors(db: &impl ConnectionTrait, kind: FactorKind) -> Stored<u64> {
    let of_kind = Entity::find().filter(Column::Kind.is_in(words_with(kind)));
    Ok(of_kind.count(db).await?)
}

/// Turns a factor on, which takes the witness that it may be; one that is there already is an error that says so. A
/// factor is proof enough from here on, so no sign-in takes a mailed link any more.
pub async fn insert_factor(
    db: &impl ConnectionTrait,
    user: UserId,
    factor: Factor,
    key_id: String,
    admitted: Admitted,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        kind: Set(factor.kind.word().to_owned()),
        sealed_secret: Set(factor.sealed),
        key_id: Set(key_id),
        enabled_at: Set(factor.since.seconds()),
        last_step: Set(factor.last_step.0),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    let vouches = admitted.ground().vouches_for_address();
    note_factor_on(db, user, vouches).await
}

/// Puts a factor in the place of the one of its kind, which takes the same witness: true when there was one. The row stays,
/// with what hangs on it.
pub async fn replace_factor(
    db: &impl ConnectionTrait,
    user: UserId,
    factor: Factor,
    key_id: String,
    _admitted: Admitted,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::SealedSecret, Expr::value(factor.sealed))
        .col_expr(Column::KeyId, Expr::value(key_id))
        .col_expr(Column::EnabledAt, Expr::value(factor.since.seconds()))
        .col_expr(Column::LastStep, Expr::value(factor.last_step.0))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Kind.is_in(words_with(factor.kind.into())))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Where a user has no second factor that takes codes, the value that is sealed in its place, and under which key. It holds
/// nothing, so that all rows are read, counted and sealed again alike.
pub struct SealedNothing {
    /// The sealed value.
    pub sealed: Vec<u8>,
    /// The key that seals it.
    pub key_id: String,
}

/// Turns two-factor authentication on by a key, which takes the witness that it may be, as [`insert_factor`] does.
pub async fn insert_first_key(
    db: &impl ConnectionTrait,
    user: UserId,
    key: NewUserKey,
    nothing: SealedNothing,
    admitted: Admitted,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        kind: Set(key.key.kind().word().to_owned()),
        sealed_secret: Set(nothing.sealed),
        key_id: Set(nothing.key_id),
        enabled_at: Set(key.key.since.seconds()),
        last_step: Set(0),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    insert_key(db, user, key).await?;
    let vouches = admitted.ground().vouches_for_address();
    note_factor_on(db, user, vouches).await
}

/// Adds a key to the second factors of a user, which are on: these were they before, read and locked. SMS gives way to it, so that
/// nothing is sealed in its place.
pub async fn insert_further_key(
    db: &impl ConnectionTrait,
    user: UserId,
    (before, nothing): (&Factors, SealedNothing),
    key: NewUserKey,
    _admitted: Admitted,
) -> Stored<()> {
    let with = before.with_key(key.key.clone());
    insert_key(db, user, key).await?;
    if before.of(CodeFactorKind::Sms).is_some() {
        delete_code_factor(db, user, &with, nothing).await?;
        return Ok(());
    }
    set_kinds(db, user, with.kinds()).await
}

/// Removes a key from the second factors of a user, of which others remain: these were they before, read and locked. True when
/// it was there.
pub async fn delete_further_key(
    db: &impl ConnectionTrait,
    user: UserId,
    before: &Factors,
    key: UserKeyId,
) -> Stored<bool> {
    let remaining = before.without_key(key);
    if !delete_key(db, user, key).await? {
        return Ok(false);
    }
    set_kinds(db, user, remaining.kinds()).await?;
    Ok(true)
}

/// Removes the factor that takes codes, where keys remain: true when there was one.
pub async fn delete_code_factor(
    db: &impl ConnectionTrait,
    user: UserId,
    before: &Factors,
    nothing: SealedNothing,
) -> Stored<bool> {
    let remaining = Factors::new(Vec::new(), before.keys().to_vec());
    let Some(since) = remaining.since().filter(|_| !before.codes().is_empty()) else {
        return Ok(false);
    };
    let done = Entity::update_many()
        .col_expr(Column::Kind, Expr::value(remaining.kinds().word()))
        .col_expr(Column::SealedSecret, Expr::value(nothing.sealed))
        .col_expr(Column::KeyId, Expr::value(nothing.key_id))
        .col_expr(Column::EnabledAt, Expr::value(since.seconds()))
        .col_expr(Column::LastStep, Expr::value(0))
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

async fn set_kinds(db: &impl ConnectionTrait, user: UserId, kinds: FactorKinds) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Kind, Expr::value(kinds.word()))
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Turns two-factor authentication off: true when it was on.
pub async fn delete_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<bool> {
    let done = Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(done.rows_affected > 0)
}

/// Spends the code of a step of the app and every older one (RFC 6238 §5.2): true for the one who came first.
pub async fn spend_step(db: &impl ConnectionTrait, user: UserId, step: TimeStep) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step.0))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Kind.is_in(words_with(FactorKind::App)))
        .filter(Column::LastStep.lt(step.0))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Spends the codes of every app up to a step. After a restore, a code that was used since the backup is not good again.
pub async fn spend_steps(db: &impl ConnectionTrait, up_to: TimeStep) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(up_to.0))
        .filter(Column::Kind.is_in(words_with(FactorKind::App)))
        .filter(Column::LastStep.lt(up_to.0))
        .exec(db)
        .await?;
    Ok(())
}
