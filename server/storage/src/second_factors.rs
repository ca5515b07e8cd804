//! The second factor in use: at most one for each user.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::entity::second_factor::{ActiveModel, Column, Entity, Model};
use super::users::note_factor_on;
use super::{StorageError, Stored};
use domain::factors::{FactorKind, FactorKinds};
use domain::first_factor::Admitted;
use domain::totp::TimeStep;

/// An authenticator app.
pub const APP: &str = "app";
/// SMS, the legacy factor.
pub const SMS: &str = "sms";

/// A second factor in use.
#[derive(Clone)]
pub struct SecondFactor {
    /// What it is.
    pub kind: FactorKind,
    /// The secret of the app or the number, sealed.
    pub sealed_secret: Vec<u8>,
    /// Since when it is on.
    pub enabled_at: Timestamp,
    /// The newest step of the app whose code was used; it and every older one are spent.
    pub last_step: TimeStep,
}

/// The second factor of a user; none when it is off.
pub async fn find_second_factor(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<SecondFactor>> {
    let row = Entity::find_by_id(user.uuid()).one(db).await?;
    row.map(factor_of).transpose()
}

/// A factor as the services need it.
pub(super) fn factor_of(row: Model) -> Stored<SecondFactor> {
    Ok(SecondFactor {
        kind: kind_of(&row.kind)?,
        sealed_secret: row.sealed_secret,
        enabled_at: Timestamp(row.enabled_at),
        last_step: TimeStep(row.last_step),
    })
}

/// The word that a row has for a kind.
pub const fn word_of(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::App => APP,
        FactorKind::Sms => SMS,
    }
}

/// The kinds of second factors that a user has.
pub async fn find_factor_kinds(db: &impl ConnectionTrait, user: UserId) -> Stored<FactorKinds> {
    let row = Entity::find_by_id(user.uuid()).one(db).await?;
    kinds_of(row.as_ref().map(|row| row.kind.as_str()))
}

/// The same of what is read of a user's row.
pub(super) fn kinds_of(text: Option<&str>) -> Stored<FactorKinds> {
    text.into_iter().map(kind_of).collect()
}

/// The kind as a row holds it.
pub(super) fn kind_of(text: &str) -> Stored<FactorKind> {
    match text {
        APP => Ok(FactorKind::App),
        SMS => Ok(FactorKind::Sms),
        _ => Err(StorageError::Inconsistent {
            table: "second_factors",
            column: "kind",
        }),
    }
}

/// Turns a factor on, which takes the witness that it may be; one that is there already is an error that says so. A
/// factor is proof enough from here on, so no sign-in takes a mailed link any more.
pub async fn insert_second_factor(
    db: &impl ConnectionTrait,
    user: UserId,
    factor: SecondFactor,
    key_id: String,
    admitted: Admitted,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        kind: Set(word_of(factor.kind).to_owned()),
        sealed_secret: Set(factor.sealed_secret),
        key_id: Set(key_id),
        enabled_at: Set(factor.enabled_at.seconds()),
        last_step: Set(factor.last_step.0),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    let vouches = admitted.ground().vouches_for_address();
    note_factor_on(db, user, vouches).await
}

/// Turns the factor off: true when it was on.
pub async fn delete_second_factor(db: &impl ConnectionTrait, user: UserId) -> Stored<bool> {
    let done = Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Spends the code of a step and every older one (RFC 6238 §5.2): true for the one who came first.
pub async fn spend_step(db: &impl ConnectionTrait, user: UserId, step: TimeStep) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step.0))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::LastStep.lt(step.0))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
