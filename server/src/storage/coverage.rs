//! Which users of an account have two-factor authentication, counted by the database.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use app::types::ids::{AccountId, UserId};

use super::Stored;
use super::entity::{membership, second_factor, user};
use super::second_factors::{APP, SMS};

/// How many users of an account there are, and how many of them are covered.
pub struct Counted {
    /// All of them.
    pub users: u64,
    /// Those whose second factor counts.
    pub covered: u64,
}

/// A user whom the requirement of an account would shut out.
pub struct Uncovered {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// The second factors of a membership's user that count, as a subquery for `EXISTS`.
pub(super) fn counting_factors(sms_counts: bool) -> SelectStatement {
    let kinds: &[&str] = if sms_counts { &[APP, SMS] } else { &[APP] };
    Query::select()
        .expr(Expr::val(1))
        .from(second_factor::Entity)
        .and_where(
            Expr::col((second_factor::Entity, second_factor::Column::UserId))
                .equals((membership::Entity, membership::Column::UserId)),
        )
        .and_where(
            Expr::col((second_factor::Entity, second_factor::Column::Kind))
                .is_in(kinds.iter().copied()),
        )
        .to_owned()
}

/// Counts the users of an account; by index alone.
pub async fn count_covered(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
) -> Stored<Counted> {
    let members =
        membership::Entity::find().filter(membership::Column::AccountId.eq(account.uuid()));
    let users = members.clone().count(db).await?;
    let covered = members
        .filter(Expr::exists(counting_factors(sms_counts)))
        .count(db)
        .await?;
    Ok(Counted { users, covered })
}

/// The names of the first users of an account that are not covered, by name.
pub async fn first_uncovered_names(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
    most: u64,
) -> Stored<Vec<String>> {
    let names = membership::Entity::find()
        .select_only()
        .column(user::Column::Name)
        .inner_join(user::Entity)
        .filter(membership::Column::AccountId.eq(account.uuid()))
        .filter(Expr::exists(counting_factors(sms_counts)).not())
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(names)
}

/// The next users of an account that are not covered and can sign in, in the order of ids.
pub async fn next_uncovered(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<Uncovered>> {
    let mut query = membership::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .column(user::Column::Email)
        .inner_join(user::Entity)
        .filter(membership::Column::AccountId.eq(account.uuid()))
        .filter(user::Column::DisabledAt.is_null())
        .filter(Expr::exists(counting_factors(sms_counts)).not());
    if let Some(after) = after {
        query = query.filter(membership::Column::UserId.gt(after.uuid()));
    }
    let rows: Vec<(uuid::Uuid, String, String)> = query
        .order_by_asc(membership::Column::UserId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let uncovered = |(id, name, email)| Uncovered {
        id: UserId::new(id),
        name,
        email,
    };
    Ok(rows.into_iter().map(uncovered).collect())
}
