//! Counts the users of an account who are covered, in the database.

use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use app::types::account::AccountRules;
use app::types::ids::{AccountId, UserId};

use super::Stored;
use super::entity::{membership, refused_mailbox, user};
use super::mailed_users::{MailedColumns, MailedUser};
use domain::factors::FactorKinds;

/// How many users of an account there are, and how many of them are covered.
pub struct CoverageCount {
    /// All of them.
    pub users: u64,
    /// Those whose second factor counts.
    pub covered: u64,
}

/// Whether the second factor of a membership's user counts.
pub(super) fn is_covered(sms_counts: bool) -> Expr {
    let rules = AccountRules {
        sms_counts,
        trusted_browsers_allowed: true,
    };
    let kinds = FactorKinds::possible().filter(|kinds| kinds.cover(rules));
    let kinds = kinds.map(FactorKinds::word);
    let kind = membership::Column::FactorKind.into_expr();
    // NULL, which is no factor, is neither in a list nor not.
    Expr::expr(Func::coalesce([kind, Expr::val("")])).is_in(kinds)
}

/// Counts the users of an account; by index alone.
pub async fn count_covered(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
) -> Stored<CoverageCount> {
    let members = of_account(account);
    let users = members.clone().count(db).await?;
    let covered = members.filter(is_covered(sms_counts)).count(db).await?;
    Ok(CoverageCount { users, covered })
}

/// How many users of an account that are not covered have an address that proves nothing: it is not proven, or was given
/// with the password alone. No code can be mailed to them.
pub async fn count_uncovered_unproven(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
) -> Stored<u64> {
    let uncovered = uncovered_users(account, sms_counts);
    Ok(uncovered.filter(is_unproven()).count(db).await?)
}

/// How many of the others that are not covered have a mailbox that refused the last letter. A code is mailed to them and
/// does not arrive.
pub async fn count_uncovered_refused(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
) -> Stored<u64> {
    let mailbox = user::Entity::belongs_to(refused_mailbox::Entity)
        .from(user::Column::Email)
        .to(refused_mailbox::Column::Email)
        .into();
    let refused = uncovered_users(account, sms_counts)
        .join(JoinType::InnerJoin, mailbox)
        .filter(is_unproven().not());
    Ok(refused.count(db).await?)
}

/// The memberships of an account that are not covered, joined with their users.
fn uncovered_users(account: AccountId, sms_counts: bool) -> Select<membership::Entity> {
    of_account(account)
        .inner_join(user::Entity)
        .filter(is_covered(sms_counts).not())
}

/// Whether the address of a user proves nothing.
fn is_unproven() -> Expr {
    let is_corrected = user::Column::EmailCorrected.eq(true);
    user::Column::EmailVerifiedAt.is_null().or(is_corrected)
}

/// The memberships of an account.
pub(super) fn of_account(account: AccountId) -> Select<membership::Entity> {
    membership::Entity::find().filter(membership::Column::AccountId.eq(account.uuid()))
}

/// The names of the first users of an account that are not covered, by name.
pub async fn first_uncovered_names(
    db: &impl ConnectionTrait,
    account: AccountId,
    sms_counts: bool,
    most: u64,
) -> Stored<Vec<String>> {
    let names = of_account(account)
        .select_only()
        .column(membership::Column::UserName)
        .filter(is_covered(sms_counts).not())
        .order_by_asc(membership::Column::UserName)
        .order_by_asc(membership::Column::UserId)
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
) -> Stored<Vec<MailedUser>> {
    let mut query = of_account(account)
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .column(user::Column::Email)
        .column(user::Column::EmailVerifiedAt)
        .inner_join(user::Entity)
        .filter(user::Column::DisabledAt.is_null())
        .filter(is_covered(sms_counts).not());
    if let Some(after) = after {
        query = query.filter(membership::Column::UserId.gt(after.uuid()));
    }
    let rows: Vec<MailedColumns> = query
        .order_by_asc(membership::Column::UserId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(MailedUser::from).collect())
}
