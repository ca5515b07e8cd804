//! The second factors of users: the one door to their rows. So far a row for each user, an app or SMS.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

use app::types::factors::FactorKind;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::entity::second_factor::{ActiveModel, Column, Entity, Model};
use super::users::note_factor_on;
use super::{StorageError, Stored};
use domain::factors::{Factor, FactorKinds, Factors};
use domain::first_factor::Admitted;
use domain::totp::TimeStep;

/// The second factors of a user, as the rows say. Whether the rows are those that the program stored is not asked here.
pub async fn find_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<Factors> {
    let rows = Entity::find_by_id(user.uuid()).all(db).await?;
    factors_of(rows)
}

/// The same; none where a row cannot be read, since it was edited past the program.
pub async fn find_readable_factors(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<Factors>> {
    match find_factors(db, user).await {
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
    let mut by_user = HashMap::<_, Vec<Model>>::new();
    let rows = Entity::find().filter(Column::UserId.is_in(users.iter().map(|user| user.uuid())));
    for row in rows.all(db).await? {
        let of_user = by_user.entry(UserId::new(row.user_id)).or_default();
        of_user.push(row);
    }
    let read = |(user, rows)| match factors_of(rows) {
        Ok(factors) => Ok((user, Some(factors))),
        Err(StorageError::UnreadableFactor(_)) => Ok((user, None)),
        Err(error) => Err(error),
    };
    by_user.into_iter().map(read).collect()
}

/// The same, locked until the transaction ends.
pub async fn lock_factors(db: &impl ConnectionTrait, user: UserId) -> Stored<Factors> {
    let rows = Entity::find_by_id(user.uuid())
        .order_by_asc(Column::UserId)
        .lock_exclusive()
        .all(db)
        .await?;
    factors_of(rows)
}

fn factors_of(rows: Vec<Model>) -> Stored<Factors> {
    let factors = rows.into_iter().map(|row| {
        Ok(Factor {
            kind: FactorKind::of_word(&row.kind)
                .ok_or(StorageError::UnreadableFactor(UserId::new(row.user_id)))?,
            sealed: row.sealed_secret,
            since: Timestamp(row.enabled_at),
            last_step: TimeStep(row.last_step),
        })
    });
    factors.collect::<Stored<_>>().map(Factors::new)
}

/// The kinds of second factors of several users; who has none is left out.
pub(super) async fn find_kinds(
    db: &impl ConnectionTrait,
    users: impl Iterator<Item = Uuid>,
) -> Stored<HashMap<Uuid, FactorKinds>> {
    let mut found = HashMap::<_, FactorKinds>::new();
    let rows = Entity::find().filter(Column::UserId.is_in(users));
    for row in rows.all(db).await? {
        let kinds = found.entry(row.user_id).or_default();
        *kinds = kinds.and(kinds_of(Some(&row.kind)));
    }
    Ok(found)
}

/// The kinds of a user, of what a join reads of their row. A word that is not known is no factor of ours: it fails closed for
/// its user, and a list that it stands in goes on.
pub(super) fn kinds_of(text: Option<&str>) -> FactorKinds {
    text.map_or(FactorKinds::NONE, |text| {
        FactorKind::of_word(text).map_or(FactorKinds::UNREADABLE, FactorKinds::from)
    })
}

/// Counts the users who have a second factor of a kind.
pub async fn count_factors(db: &impl ConnectionTrait, kind: FactorKind) -> Stored<u64> {
    let of_kind = Entity::find().filter(Column::Kind.eq(kind.word()));
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
        .filter(Column::Kind.eq(factor.kind.word()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
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
        .filter(Column::Kind.eq(FactorKind::App.word()))
        .filter(Column::LastStep.lt(step.0))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Spends the codes of every app up to a step. After a restore, a code that was used since the backup is not good again.
pub async fn spend_steps(db: &impl ConnectionTrait, up_to: TimeStep) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(up_to.0))
        .filter(Column::Kind.eq(FactorKind::App.word()))
        .filter(Column::LastStep.lt(up_to.0))
        .exec(db)
        .await?;
    Ok(())
}
