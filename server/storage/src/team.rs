//! The users of an account as its administrators see them, a page at a time.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QuerySelect, RelationTrait, Select,
};
use uuid::Uuid;

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;
use app::types::users_query::{TwoFactorFilter, UserSort};

use super::Stored;
use super::coverage::{is_covered, of_account};
use super::entity::{account, deleted_membership, membership, second_factor, user};
use super::factors::{kinds_of, words_with};
use super::folded_names::folded_name;
use super::memberships::{bits, roles};
use super::team_order::{TeamPlace, sorted};
use domain::factors::FactorKinds;
use domain::first_factor::Address;
use domain::roles::{Role, Roles};
use domain::user_address::UserAddress;

/// Escapes wildcards of LIKE. Not a backslash: PostgreSQL and SQLite read one differently in literals.
const ESCAPE: char = '!';

/// A user of an account.
pub struct TeamMember {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: UserAddress,
    /// Their roles in the account, ownership among them.
    pub roles: Roles,
    /// Their second factors, if there is one.
    pub factors: Option<MemberFactors>,
    /// When they last used the account, if ever. What they do in other accounts is not for this one.
    pub last_used_at: Option<Timestamp>,
    /// Whether an operator has disabled them.
    pub is_disabled: bool,
    /// Until when the account stays shut to them after a reset, if it ever was.
    pub opens_at: Option<Timestamp>,
    /// What is known of their address.
    pub address: Address,
    /// Whether they have, or ever had, a second factor.
    pub had_factor: bool,
}

/// What other users see of second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberFactors {
    /// Since when two-factor authentication is on.
    pub since: Timestamp,
    /// What they are.
    pub kinds: FactorKinds,
}

/// A part of a name or an address.
pub struct Searched {
    /// As names are stored to be searched.
    pub folded: String,
    /// In lower case, for addresses, and for names that are not folded yet.
    pub lower: String,
}

/// Which users of an account a query asks for.
pub struct UserFilter<'a> {
    /// In which account.
    pub account: AccountId,
    /// A part of the name or the address; nothing for everybody.
    pub text: Option<&'a Searched>,
    /// Only those with whom two-factor authentication is so.
    pub two_factor: Option<TwoFactorFilter>,
    /// Whether SMS counts.
    pub sms_counts: bool,
    /// Only those who are this.
    pub role: Option<Role>,
    /// The owner of the account, whose role stands with it.
    pub owner: UserId,
}

/// What is read of a member; the names are those of the columns.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    email: String,
    roles: i32,
    owner_id: Uuid,
    enabled_at: Option<i64>,
    kind: Option<String>,
    last_used_at: Option<i64>,
    disabled_at: Option<i64>,
    opens_at: Option<i64>,
    email_verified_at: Option<i64>,
    email_corrected: bool,
    had_factor: bool,
}

/// A page of users in an order, those after a place.
///
/// First who they are, along what the order goes by, then what is read of them: a page costs the same wherever it is.
pub async fn find_members(
    db: &impl ConnectionTrait,
    wanted: &UserFilter<'_>,
    (sort, after): (UserSort, Option<&TeamPlace>),
    most: u64,
) -> Stored<Vec<TeamMember>> {
    let ids: Vec<Uuid> = sorted(matching(wanted, candidates(wanted)), sort, after)
        .select_only()
        .column(membership::Column::UserId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<_> = ids.into_iter().map(UserId::new).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    find_members_among(db, wanted.account, &ids).await
}

/// Those of these users who belong to an account, in the order in which they are given.
pub async fn find_members_among(
    db: &impl ConnectionTrait,
    account: AccountId,
    users: &[UserId],
) -> Stored<Vec<TeamMember>> {
    let ids = users.iter().map(|user| user.uuid());
    let query = joined(account).filter(membership::Column::UserId.is_in(ids));
    let rows: Vec<Row> = columns(query).into_model().all(db).await?;
    let mut by_id: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let rows = users.iter().filter_map(|id| by_id.remove(&id.uuid()));
    Ok(rows.map(member).collect())
}

/// Some of the users that are wanted, in no order.
pub async fn find_member_ids(
    db: &impl ConnectionTrait,
    wanted: &UserFilter<'_>,
    most: u64,
) -> Stored<Vec<UserId>> {
    let ids: Vec<Uuid> = matching(wanted, candidates(wanted))
        .select_only()
        .column(membership::Column::UserId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// How many users are wanted.
pub async fn count_members(db: &impl ConnectionTrait, wanted: &UserFilter<'_>) -> Stored<u64> {
    let members = candidates(wanted);
    Ok(matching(wanted, members).count(db).await?)
}

/// One user of an account.
pub async fn find_member(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
) -> Stored<Option<TeamMember>> {
    let query = joined(account).filter(membership::Column::UserId.eq(user.uuid()));
    let row = columns(query).into_model::<Row>().one(db).await?;
    Ok(row.map(member))
}

/// Which of these users belong to another account than this one, too, or to one that was deleted and may come back.
pub async fn find_members_elsewhere(
    db: &impl ConnectionTrait,
    account: AccountId,
    users: &[UserId],
) -> Stored<HashSet<UserId>> {
    let mut ids: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .distinct()
        .filter(membership::Column::UserId.is_in(users.iter().map(|user| user.uuid())))
        .filter(membership::Column::AccountId.ne(account.uuid()))
        .into_tuple()
        .all(db)
        .await?;
    let of_deleted: Vec<Uuid> = deleted_membership::Entity::find()
        .select_only()
        .column(deleted_membership::Column::UserId)
        .distinct()
        .filter(deleted_membership::Column::UserId.is_in(users.iter().map(|user| user.uuid())))
        .into_tuple()
        .all(db)
        .await?;
    ids.extend(of_deleted);
    Ok(ids.into_iter().map(UserId::new).collect())
}

fn joined(account: AccountId) -> Select<membership::Entity> {
    let factor = membership::Entity::belongs_to(second_factor::Entity)
        .from(membership::Column::UserId)
        .to(second_factor::Column::UserId)
        .into();
    of_account(account)
        .join(JoinType::InnerJoin, membership::Relation::User.def())
        .join(JoinType::InnerJoin, membership::Relation::Account.def())
        .join(JoinType::LeftJoin, factor)
}

/// Those of the members who are wanted; their users are joined where a part of a name or address is.
fn matching(
    wanted: &UserFilter<'_>,
    mut query: Select<membership::Entity>,
) -> Select<membership::Entity> {
    if let Some(text) = wanted.text {
        let mut any = Condition::any().add(folded_name().like(containing(&text.folded)));
        for column in [user::Column::Name, user::Column::Email] {
            let lower = Func::lower(Expr::col((user::Entity, column)));
            any = any.add(Expr::expr(lower).like(containing(&text.lower)));
        }
        query = query.filter(any);
    }
    let kind = membership::Column::FactorKind;
    query = match wanted.two_factor {
        None => query,
        Some(TwoFactorFilter::Uncovered) => query.filter(is_covered(wanted.sms_counts).not()),
        Some(TwoFactorFilter::Off) => query.filter(kind.is_null()),
        Some(TwoFactorFilter::Has(wanted)) => query.filter(kind.is_in(words_with(wanted))),
    };
    match wanted.role {
        None => query,
        Some(Role::Owner) => query.filter(membership::Column::UserId.eq(wanted.owner.uuid())),
        Some(role) => {
            let bits = bits(Roles::NONE.with(role));
            let has = membership::Column::Roles.into_expr().bit_and(bits);
            query.filter(has.ne(0))
        }
    }
}

/// The members of an account, joined with their users where what is wanted takes more than a membership has.
fn candidates(wanted: &UserFilter<'_>) -> Select<membership::Entity> {
    let members = of_account(wanted.account);
    if wanted.text.is_none() {
        members
    } else {
        members.join(JoinType::InnerJoin, membership::Relation::User.def())
    }
}

fn columns(query: Select<membership::Entity>) -> Select<membership::Entity> {
    query
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .column(user::Column::Email)
        .column(membership::Column::Roles)
        .column(account::Column::OwnerId)
        .column(second_factor::Column::EnabledAt)
        .column(second_factor::Column::Kind)
        .column(membership::Column::LastUsedAt)
        .column(user::Column::DisabledAt)
        .column(membership::Column::OpensAt)
        .column(user::Column::EmailVerifiedAt)
        .column(user::Column::EmailCorrected)
        .column(user::Column::HadFactor)
}

fn member(row: Row) -> TeamMember {
    let roles = roles(row.roles);
    let factors = row
        .enabled_at
        .zip(row.kind)
        .map(|(since, kind)| MemberFactors {
            since: Timestamp(since),
            kinds: kinds_of(Some(&kind)),
        });
    TeamMember {
        id: UserId::new(row.id),
        name: row.name,
        email: UserAddress::of_stored(row.email),
        roles: if row.id == row.owner_id {
            roles.with(Role::Owner)
        } else {
            roles.without(Role::Owner)
        },
        factors,
        last_used_at: row.last_used_at.map(Timestamp),
        is_disabled: row.disabled_at.is_some(),
        opens_at: row.opens_at.map(Timestamp),
        address: Address::of(row.email_verified_at.is_some(), row.email_corrected),
        had_factor: row.had_factor,
    }
}

/// The pattern of LIKE for a part of a text.
pub(super) fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}
