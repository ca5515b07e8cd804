//! Accounts that were deleted and are not erased yet. Deleting moves the rows of an account and of its memberships to tables
//! of their own, and takes everything else of it along (invitations, offers, announcements); bringing it back moves them the
//! other way. So no other query has to know of deleted accounts.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use app::types::account::AccountRules;
use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::accounts::{AccountOfUser, accounts_of};
use super::days::{self, DeadlineColumns};
use super::entity::deleted_account::{Column, Entity, Model};
use super::entity::{account, deleted_membership, membership, user};
use super::memberships::{bits, roles};
use domain::days::Deadline;
use domain::roles::{Role, Roles};

/// An account that was deleted.
#[derive(Clone)]
pub struct DeletedAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Who owned it.
    pub owner: UserId,
    /// From when it required two-factor authentication, if it did.
    pub required_from: Option<Deadline>,
    /// Its further rules.
    pub rules: AccountRules,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// By whom, with the name of that time; none where it was the operator.
    pub deleted_by: Option<(UserId, String)>,
    /// When it is erased.
    pub erased_at: Timestamp,
}

/// A deleted account that a user belonged to, with what the user was in it.
pub struct DeletedAccountOfUser {
    /// The account.
    pub account: DeletedAccount,
    /// The user's roles, ownership among them.
    pub roles: Roles,
    /// From when it was to be open to them after a reset, where it was not.
    pub opens_at: Option<Timestamp>,
}

/// How an account is deleted.
pub struct Deletion<'a> {
    /// When.
    pub at: Timestamp,
    /// By whom; none where it is the operator.
    pub by: Option<(UserId, &'a str)>,
    /// When it is erased.
    pub erased_at: Timestamp,
}

impl From<Model> for DeletedAccount {
    fn from(row: Model) -> Self {
        let name = row.deleted_by_name;
        let required_from = DeadlineColumns {
            at: row.required_from,
            day: (row.required_day.as_deref(), row.required_zone.as_deref()),
            day_at: row.required_day_at,
        };
        let required_from = required_from.read(days::zone(row.zone.as_deref()));
        Self {
            id: AccountId::new(row.id),
            name: row.name,
            owner: UserId::new(row.owner_id),
            required_from,
            rules: AccountRules {
                trusted_browsers_allowed: row.trusted_browsers_allowed,
                sms_counts: row.sms_counts,
            },
            deleted_at: Timestamp(row.deleted_at),
            deleted_by: row.deleted_by.map(|id| (UserId::new(id), name)),
            erased_at: Timestamp(row.expires_at),
        }
    }
}

/// What a row of both tables of accounts has but for the id and the owner.
const OF_ACCOUNT: [&str; 12] = [
    "name",
    "created_at",
    "required_from",
    "trusted_browsers_allowed",
    "sms_counts",
    "settings_version",
    "settings_changed_at",
    "settings_changed_by",
    "zone",
    "required_day",
    "required_zone",
    "required_day_at",
];
/// What a row of both tables of memberships has.
const OF_MEMBERSHIP: [&str; 6] = [
    "account_id",
    "user_id",
    "roles",
    "joined_at",
    "last_used_at",
    "opens_at",
];

/// Deletes an account whose row is locked, until it is brought back or erased.
pub async fn delete_for_now(
    db: &impl ConnectionTrait,
    id: AccountId,
    deletion: &Deletion<'_>,
) -> Stored<()> {
    let mut columns = names(&["id", "owner_id"]);
    columns.extend(names(&OF_ACCOUNT));
    let mut row = Query::select();
    row.columns(columns.clone())
        .from(account::Entity)
        .and_where(account::Column::Id.eq(id.uuid()))
        .expr(Expr::value(deletion.at.seconds()))
        .expr(Expr::value(deletion.by.map(|(by, _)| by.uuid())))
        .expr(Expr::value(deletion.by.map_or("", |(_, name)| name)))
        .expr(Expr::value(deletion.erased_at.seconds()));
    columns.extend(names(&[
        "deleted_at",
        "deleted_by",
        "deleted_by_name",
        "expires_at",
    ]));
    insert_selected(db, Alias::new("deleted_accounts"), columns, row).await?;
    lock_users_of(db, "memberships", id).await?;
    copy_memberships(db, id, "memberships", "deleted_memberships").await?;
    account::Entity::delete_by_id(id.uuid()).exec(db).await?;
    Ok(())
}

/// Brings an account back with everybody who belonged to it and is still a user: true when it was there and not to be erased
/// yet. The caller has locked its row.
pub async fn bring_back(
    db: &impl ConnectionTrait,
    id: AccountId,
    owner: UserId,
    now: Timestamp,
) -> Stored<bool> {
    let mut columns = names(&["id"]);
    columns.extend(names(&OF_ACCOUNT));
    let mut row = Query::select();
    row.columns(columns.clone())
        .from(Entity)
        .and_where(Column::Id.eq(id.uuid()))
        .and_where(Column::ExpiresAt.gt(now.seconds()))
        .expr(Expr::value(owner.uuid()));
    columns.extend(names(&["owner_id"]));
    insert_selected(db, Alias::new("accounts"), columns, row).await?;
    lock_users_of(db, "deleted_memberships", id).await?;
    copy_memberships(db, id, "deleted_memberships", "memberships").await?;
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Erases an account for good: true when it was there and its time was over.
pub async fn erase(db: &impl ConnectionTrait, id: AccountId, now: Timestamp) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::ExpiresAt.lte(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The next deleted accounts whose time is over, the longest over first, but for these.
pub async fn find_due(
    db: &impl ConnectionTrait,
    now: Timestamp,
    but_for: &[AccountId],
    most: u64,
) -> Stored<Vec<AccountId>> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ExpiresAt.lte(now.seconds()))
        .filter(Column::Id.is_not_in(but_for.iter().map(|id| id.uuid())))
        .order_by_asc(Column::ExpiresAt)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// Makes the deletion of an account the operator's: true when it was a user's, and the account is not to be erased yet.
pub async fn take_over_deletion(
    db: &impl ConnectionTrait,
    id: AccountId,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::DeletedBy, Expr::value(None::<Uuid>))
        .col_expr(Column::DeletedByName, Expr::value(""))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::DeletedBy.is_not_null())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Accounts that were deleted while a clock was ahead, and would be erased beyond a moment, are erased at another one.
pub async fn erase_no_later(
    db: &impl ConnectionTrait,
    at: Timestamp,
    beyond: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(at.seconds()))
        .filter(Column::ExpiresAt.gt(beyond.seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// Accounts that a backup has as deleted are erased no sooner than this.
pub async fn erase_no_sooner(db: &impl ConnectionTrait, earliest: Timestamp) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(earliest.seconds()))
        .filter(Column::ExpiresAt.lt(earliest.seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// A deleted account, locked until the transaction ends.
pub async fn lock_deleted(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Stored<Option<DeletedAccount>> {
    let row = Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(row.map(DeletedAccount::from))
}

/// A deleted account.
pub async fn find_deleted(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Stored<Option<DeletedAccount>> {
    let row = Entity::find_by_id(id.uuid()).one(db).await?;
    Ok(row.map(DeletedAccount::from))
}

/// The ids of deleted accounts of a name.
pub async fn find_deleted_named(db: &impl ConnectionTrait, name: &str) -> Stored<Vec<AccountId>> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Name.eq(name))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// The next deleted accounts after one, in the order of ids.
pub async fn next_deleted(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    most: u64,
) -> Stored<Vec<DeletedAccount>> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let rows = query.order_by_asc(Column::Id).limit(most).all(db).await?;
    Ok(rows.into_iter().map(DeletedAccount::from).collect())
}

/// The ids of these accounts.
pub async fn next_deleted_ids(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    most: u64,
) -> Stored<Vec<AccountId>> {
    let mut query = Entity::find().select_only().column(Column::Id);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    let query = query.order_by_asc(Column::Id).limit(most);
    let ids: Vec<Uuid> = query.into_tuple().all(db).await?;
    Ok(ids.into_iter().map(AccountId::new).collect())
}

/// The deleted accounts that a user belonged to and that are not to be erased yet, by when they were deleted.
pub async fn deleted_accounts_of(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Stored<Vec<DeletedAccountOfUser>> {
    let mut found = rows_of(db, user).await?;
    found.retain(|it| it.account.erased_at > now);
    found.sort_by_key(|it| (it.account.deleted_at, it.account.id));
    Ok(found)
}

async fn rows_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<DeletedAccountOfUser>> {
    let rows = deleted_membership::Entity::find()
        .filter(deleted_membership::Column::UserId.eq(user.uuid()))
        .find_also_related(Entity)
        .all(db)
        .await?;
    let found = rows.into_iter();
    let found = found.filter_map(|(membership, account)| Some(of_user(&membership, account?)));
    Ok(found.collect())
}

/// An account that a user belongs to, or belonged to when it was deleted.
pub struct AnyAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its owner, or who owned it.
    pub owner: UserId,
    /// From when it requires two-factor authentication, where it does.
    pub required_from: Option<Deadline>,
    /// Whether it was deleted. It may come back, with this user in it.
    pub is_deleted: bool,
}

/// All accounts of a user, for what must hold in each of them, or be told to each owner, whether or not it is deleted for now.
pub async fn all_accounts_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<AnyAccount>> {
    let open = accounts_of(db, user).await?.into_iter();
    let open = open.map(|AccountOfUser { account, .. }| AnyAccount {
        id: account.id,
        name: account.name,
        owner: account.owner,
        required_from: account.required_from,
        is_deleted: false,
    });
    let deleted = rows_of(db, user).await?.into_iter();
    let deleted = deleted.map(|DeletedAccountOfUser { account, .. }| AnyAccount {
        id: account.id,
        name: account.name,
        owner: account.owner,
        required_from: account.required_from,
        is_deleted: true,
    });
    Ok(open.chain(deleted).collect())
}

/// Adds a user to a deleted account that nobody belongs to any more: false where somebody does. The caller has locked its row.
pub async fn add_to_deserted(
    db: &impl ConnectionTrait,
    id: AccountId,
    user: UserId,
    now: Timestamp,
) -> Stored<bool> {
    let members = deleted_membership::Entity::find()
        .filter(deleted_membership::Column::AccountId.eq(id.uuid()));
    if members.count(db).await? > 0 {
        return Ok(false);
    }
    let row = deleted_membership::ActiveModel {
        account_id: Set(id.uuid()),
        user_id: Set(user.uuid()),
        roles: Set(bits(Roles::NONE)),
        joined_at: Set(now.seconds()),
        last_used_at: Set(None),
        opens_at: Set(None),
    };
    deleted_membership::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(true)
}

/// A deleted account that a user belonged to.
pub async fn find_deleted_of(
    db: &impl ConnectionTrait,
    id: AccountId,
    user: UserId,
) -> Stored<Option<DeletedAccountOfUser>> {
    let row = deleted_membership::Entity::find_by_id((id.uuid(), user.uuid()))
        .find_also_related(Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(membership, account)| Some(of_user(&membership, account?))))
}

fn of_user(membership: &deleted_membership::Model, account: Model) -> DeletedAccountOfUser {
    let is_owner = account.owner_id == membership.user_id;
    let others = roles(membership.roles).without(Role::Owner);
    DeletedAccountOfUser {
        roles: if is_owner {
            others.with(Role::Owner)
        } else {
            others
        },
        account: account.into(),
        opens_at: membership.opens_at.map(Timestamp),
    }
}

fn names(columns: &[&'static str]) -> Vec<Alias> {
    columns.iter().map(|name| Alias::new(*name)).collect()
}

/// Locks the users of an account against being deleted, before their memberships: who deletes themselves locks both in this
/// order.
async fn lock_users_of(
    db: &impl ConnectionTrait,
    table: &'static str,
    account: AccountId,
) -> Stored<()> {
    let ids = Query::select()
        .column(membership::Column::UserId)
        .from(Alias::new(table))
        .and_where(Expr::col(membership::Column::AccountId).eq(account.uuid()))
        .to_owned();
    let users = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(Expr::col(user::Column::Id).in_subquery(ids))
        .order_by(user::Column::Id, sea_orm::Order::Asc)
        .lock(LockType::KeyShare)
        .to_owned();
    db.query_all(&users).await?;
    Ok(())
}

async fn copy_memberships(
    db: &impl ConnectionTrait,
    account: AccountId,
    from: &'static str,
    to: &'static str,
) -> Stored<()> {
    let mut rows = Query::select();
    rows.columns(names(&OF_MEMBERSHIP))
        .from(Alias::new(from))
        .and_where(Expr::col(membership::Column::AccountId).eq(account.uuid()));
    insert_selected(db, Alias::new(to), names(&OF_MEMBERSHIP), rows).await
}

async fn insert_selected(
    db: &impl ConnectionTrait,
    table: Alias,
    columns: Vec<Alias>,
    rows: SelectStatement,
) -> Stored<()> {
    let mut insert = Query::insert();
    insert.into_table(table).columns(columns);
    // As many columns as are selected: what is wrong with that is said by the first test.
    insert
        .select_from(rows)
        .map_err(|problem| sea_orm::DbErr::Custom(problem.to_string()))?;
    db.execute(&insert).await?;
    Ok(())
}
