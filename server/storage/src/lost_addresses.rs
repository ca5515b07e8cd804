//! Addresses that users have lost to their mailboxes, and by which they sign in for a while.

use std::sync::LazyLock;

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Order};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::entity::lost_address::{ActiveModel, Column, Entity};
use super::entity::user;
use super::users::{User, read_user};
use super::{Database, Stored};
use domain::user_address::{LostAddress, UserAddress};

/// Who signs in by an address that they have lost.
pub struct WhoHasLost {
    /// Whether anybody here does, by any address: then every address is looked at as this one is.
    pub is_anybody: bool,
    /// The user who does by this address.
    pub user: Option<User>,
}

/// Takes an address from its user, whose row the caller has locked, unless it has been proven since: true when it did.
pub async fn take_address(db: &impl ConnectionTrait, lost: &LostAddress) -> Stored<bool> {
    let stands_in = UserAddress::lost(lost.user);
    let done = user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value(stands_in.stored()))
        .filter(user::Column::Id.eq(lost.user.uuid()))
        .filter(user::Column::Email.eq(lost.email.as_str()))
        .filter(user::Column::EmailVerifiedAt.is_null())
        .exec(db)
        .await?;
    if done.rows_affected != 1 {
        return Ok(false);
    }
    let row = ActiveModel {
        user_id: Set(lost.user.uuid()),
        email: Set(lost.email.clone()),
        lost_at: Set(lost.lost_at.seconds()),
        expires_at: Set(lost.until.seconds()),
    };
    // A row of before, where a server of an earlier version has changed the address since.
    let again = OnConflict::column(Column::UserId)
        .update_columns([Column::Email, Column::LostAt, Column::ExpiresAt])
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(db)
        .await?;
    Ok(true)
}

/// The address that a user has lost, while they sign in by it.
pub async fn find_lost_address(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Stored<Option<LostAddress>> {
    let row = Entity::find_by_id(user.uuid())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| LostAddress {
        user,
        email: row.email,
        lost_at: Timestamp(row.lost_at),
        until: Timestamp(row.expires_at),
    }))
}

/// Whether a user has lost an address, and has not got it back since.
pub async fn has_lost(db: &impl ConnectionTrait, user: UserId, email: &str) -> Stored<bool> {
    let got_back = user::Entity::find_by_id(user.uuid())
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Email.eq(email))
        .into_query();
    let row = Entity::find_by_id(user.uuid())
        .filter(Column::Email.eq(email))
        .filter(Expr::exists(got_back).not())
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Whether somebody signs in by an address that they have lost.
pub async fn is_lost_by_somebody(
    db: &impl ConnectionTrait,
    email: &EmailAddress,
    now: Timestamp,
) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::Email.eq(email.as_str()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Who signs in by this address though they have lost it, on SQLite on the thread that asks. While anybody does by any
/// address, somebody is read for each: to find nobody takes as long as to find somebody.
pub async fn find_who_has_lost(
    database: &Database,
    email: &EmailAddress,
    now: Timestamp,
) -> Stored<WhoHasLost> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| by_email("", Timestamp(0)).build(DbBackend::Sqlite).sql);
    let key = (now.seconds(), email.as_str(), 1);
    let read = |row: &rusqlite::Row<'_>| Ok((read_user(row, 0)?, row.get::<_, String>(COLUMNS)?));
    let found = if let Ok(found) = database.at_once(&SQL, key, read) {
        found
    } else {
        let query = by_email(email.as_str(), now);
        let row = query.into_model::<Both>().one(database.read()).await?;
        row.map(|Both { user, lost }| (user, lost))
    };
    let is_anybody = found.is_some();
    let user = found
        .filter(|(_, lost)| lost == email.as_str())
        .map(|(user, _)| User::from(user))
        .filter(|user| user.email.in_use().is_none());
    Ok(WhoHasLost { is_anybody, user })
}

/// Columns of a user, after which the lost address comes.
const COLUMNS: usize = 15;

/// What [`by_email`] gives.
struct Both {
    user: user::Model,
    lost: String,
}

impl FromQueryResult for Both {
    fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            user: user::Model::from_query_result(row, prefix)?,
            lost: row.try_get(prefix, "lost_email")?,
        })
    }
}

/// The user who signs in by an address that they have lost, and by which; of another address where nobody does by this one.
fn by_email(email: &str, now: Timestamp) -> Select<user::Entity> {
    let lost = user::Entity::belongs_to(Entity)
        .from(user::Column::Id)
        .to(Column::UserId)
        .into();
    let is_it = Expr::col((Entity, Column::Email)).eq(email);
    user::Entity::find()
        .join(JoinType::InnerJoin, lost)
        .column_as(Column::Email, "lost_email")
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .order_by(is_it, Order::Desc)
        .order_by_desc(Column::LostAt)
        .limit(1)
}
