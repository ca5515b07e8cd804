//! Lists of all accounts and all users for the operator, a page at a time in the order of ids.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use app::types::ids::{AccountId, UserId};

use super::Stored;
use super::accounts::Account;
use super::entity::{account, second_factor, user};
use super::factors::find_kinds;
use super::users::User;
use domain::factors::FactorKinds;

/// The next accounts after one.
pub async fn next_accounts(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    most: u64,
) -> Stored<Vec<Account>> {
    let mut query = account::Entity::find();
    if let Some(after) = after {
        query = query.filter(account::Column::Id.gt(after.uuid()));
    }
    let rows = query
        .order_by_asc(account::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// The ids of the next accounts after one.
pub async fn next_account_ids(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    most: u64,
) -> Stored<Vec<AccountId>> {
    let mut query = account::Entity::find()
        .select_only()
        .column(account::Column::Id);
    if let Some(after) = after {
        query = query.filter(account::Column::Id.gt(after.uuid()));
    }
    let query = query.order_by_asc(account::Column::Id).limit(most);
    let ids: Vec<Uuid> = query.into_tuple().all(db).await?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// The ids of accounts of a name.
pub async fn find_accounts_named(db: &impl ConnectionTrait, name: &str) -> Stored<Vec<AccountId>> {
    let ids: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Name.eq(name))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// The next users after one, each with the kinds of second factors they have; only those without one where asked.
pub async fn next_users(
    db: &impl ConnectionTrait,
    without_two_factor: bool,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<(User, FactorKinds)>> {
    let users = users_after(without_two_factor, after)
        .limit(most)
        .all(db)
        .await?;
    let kinds = find_kinds(db, users.iter().map(|user| user.id)).await?;
    let with_factor = |user: user::Model| {
        let kinds = kinds.get(&user.id).copied();
        (User::from(user), kinds.unwrap_or_default())
    };
    Ok(users.into_iter().map(with_factor).collect())
}

/// The ids of these users.
pub async fn next_user_ids(
    db: &impl ConnectionTrait,
    without_two_factor: bool,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<UserId>> {
    let ids: Vec<Uuid> = users_after(without_two_factor, after)
        .select_only()
        .column(user::Column::Id)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

fn users_after(without_two_factor: bool, after: Option<UserId>) -> Select<user::Entity> {
    let mut query = user::Entity::find();
    if let Some(after) = after {
        query = query.filter(user::Column::Id.gt(after.uuid()));
    }
    if without_two_factor {
        let theirs = Expr::col((second_factor::Entity, second_factor::Column::UserId))
            .equals((user::Entity, user::Column::Id));
        let factors = Query::select()
            .expr(Expr::val(1))
            .from(second_factor::Entity)
            .and_where(theirs)
            .to_owned();
        query = query.filter(Expr::exists(factors).not());
    }
    query.order_by_asc(user::Column::Id)
}
