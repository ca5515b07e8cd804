//! Writes to the memberships of an account. The caller has locked the row of the account, so that concurrent removals, role
//! changes and transfers see each other.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::membership::{ActiveModel, Column, Entity};
use super::entity::{account, deleted_account, deleted_membership};
use domain::roles::{Role, Roles};

/// Roles as a row holds them, ownership aside: that stands with the account.
pub(super) fn bits(roles: Roles) -> i32 {
    i32::from(roles.without(Role::Owner).bits())
}

/// Roles as a row holds them.
pub(super) fn roles(bits: i32) -> Roles {
    Roles::from_bits(u8::try_from(bits).unwrap_or_default())
}

/// Adds a user to an account, which opens to them at a moment, if given; one who belongs to it already is an error that says so.
pub async fn insert_membership(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
    roles: Roles,
    (now, opens_at): (Timestamp, Option<Timestamp>),
) -> Stored<()> {
    let row = ActiveModel {
        account_id: Set(account.uuid()),
        user_id: Set(user.uuid()),
        roles: Set(bits(roles)),
        joined_at: Set(now.seconds()),
        last_used_at: Set(None),
        opens_at: Set(opens_at.map(Timestamp::seconds)),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Whether a user belongs to an account.
pub async fn is_member(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
) -> Stored<bool> {
    let row = Entity::find_by_id((account.uuid(), user.uuid()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Stores a user's roles besides ownership: true when they still belong to the account.
pub async fn update_roles(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
    roles: Roles,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::Roles, Expr::value(bits(roles)))
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes a user out of an account: true when they belonged to it.
pub async fn delete_membership(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
) -> Stored<bool> {
    let done = Entity::delete_by_id((account.uuid(), user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Keeps the accounts of a user that require two-factor authentication shut to them until a moment, all but one; those that
/// are deleted, too, should they come back.
pub async fn delay_opening(
    db: &impl ConnectionTrait,
    user: UserId,
    but: AccountId,
    until: Timestamp,
) -> Stored<()> {
    let requiring = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::RequiredFrom.is_not_null())
        .to_owned();
    Entity::update_many()
        .col_expr(Column::OpensAt, Expr::value(Some(until.seconds())))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::AccountId.ne(but.uuid()))
        .filter(Column::AccountId.in_subquery(requiring))
        .exec(db)
        .await?;
    let requiring = Query::select()
        .column(deleted_account::Column::Id)
        .from(deleted_account::Entity)
        .and_where(deleted_account::Column::RequiredFrom.is_not_null())
        .to_owned();
    deleted_membership::Entity::update_many()
        .col_expr(
            deleted_membership::Column::OpensAt,
            Expr::value(Some(until.seconds())),
        )
        .filter(deleted_membership::Column::UserId.eq(user.uuid()))
        .filter(deleted_membership::Column::AccountId.in_subquery(requiring))
        .exec(db)
        .await?;
    Ok(())
}

/// Opens an account to a user before its time: true when it was shut to them.
pub async fn open_at_once(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::OpensAt, Expr::value(Option::<i64>::None))
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::OpensAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Opens accounts to users whom a clock that was ahead would keep out until a time that is not to come soon.
pub async fn open_late(db: &impl ConnectionTrait, latest: Timestamp) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::OpensAt, Expr::value(Option::<i64>::None))
        .filter(Column::OpensAt.gt(latest.seconds()))
        .exec(db)
        .await?;
    deleted_membership::Entity::update_many()
        .col_expr(
            deleted_membership::Column::OpensAt,
            Expr::value(Option::<i64>::None),
        )
        .filter(deleted_membership::Column::OpensAt.gt(latest.seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// The administrators of an account; its owner is none of them.
pub async fn find_administrators(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Stored<Vec<UserId>> {
    let with_it = (0..16).filter(|bits| roles(*bits).has(Role::Admin));
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::Roles.is_in(with_it))
        .order_by_asc(Column::UserId)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| UserId::new(row.user_id))
        .collect())
}
