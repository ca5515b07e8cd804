//! Accounts and who belongs to them.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, NullOrdering};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use app::types::account::AccountRules;
use app::types::ids::{AccountId, UserId};
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::days::{self, DeadlineColumns};
use super::entity::{account, membership};
use domain::days::{Deadline, Zone};
use domain::roles::{Role, Roles};

/// An account with its authentication settings.
#[derive(Clone)]
pub struct Account {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: UserId,
    /// The zone in which its days begin.
    pub zone: Zone,
    /// From when it requires two-factor authentication, if it does.
    pub required_from: Option<Deadline>,
    /// The further rules.
    pub rules: AccountRules,
    /// Goes up with every save of the settings.
    pub settings_version: i64,
    /// When the settings were last saved.
    pub settings_changed_at: Option<Timestamp>,
    /// Which user saved them; none where it was the operator.
    pub settings_changed_by: Option<UserId>,
}

/// An account that a user belongs to, with what the user is in it.
#[derive(Clone)]
pub struct AccountOfUser {
    /// The account.
    pub account: Account,
    /// The user's roles, ownership among them.
    pub roles: Roles,
    /// When the user last entered it, if ever.
    pub last_used_at: Option<Timestamp>,
    /// When the user joined it.
    pub joined_at: Timestamp,
    /// Until when it stays shut to the user though they have a second factor, if it ever was: another account had
    /// offered to reset the one before.
    pub opens_at: Option<Timestamp>,
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        let zone = days::zone(row.zone.as_deref());
        let required_from = DeadlineColumns {
            at: row.required_from,
            day: (row.required_day.as_deref(), row.required_zone.as_deref()),
            day_at: row.required_day_at,
        };
        Self {
            id: AccountId::new(row.id),
            name: row.name,
            owner: UserId::new(row.owner_id),
            required_from: required_from.read(zone),
            zone,
            rules: AccountRules {
                trusted_browsers_allowed: row.trusted_browsers_allowed,
                sms_counts: row.sms_counts,
            },
            settings_version: row.settings_version,
            settings_changed_at: row.settings_changed_at.map(Timestamp),
            settings_changed_by: row.settings_changed_by.map(UserId::new),
        }
    }
}

impl AccountOfUser {
    fn new(membership: &membership::Model, account: account::Model) -> Self {
        let roles = Roles::from_bits(u8::try_from(membership.roles).unwrap_or_default());
        let roles = if account.owner_id == membership.user_id {
            roles.with(Role::Owner)
        } else {
            roles.without(Role::Owner)
        };
        Self {
            account: account.into(),
            roles,
            last_used_at: membership.last_used_at.map(Timestamp),
            joined_at: Timestamp(membership.joined_at),
            opens_at: membership.opens_at.map(Timestamp),
        }
    }
}

/// An account that is created.
pub struct NewAccount<'a> {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: &'a Name,
    /// Its time zone.
    pub zone: Zone,
    /// Who owns it.
    pub owner: UserId,
}

/// Creates an account and its owner's membership.
pub async fn insert_account(
    db: &impl ConnectionTrait,
    NewAccount {
        id,
        name,
        zone,
        owner,
    }: NewAccount<'_>,
    now: Timestamp,
) -> Stored<()> {
    let row = account::ActiveModel {
        id: Set(id.uuid()),
        name: Set(name.as_str().to_owned()),
        created_at: Set(now.seconds()),
        owner_id: Set(owner.uuid()),
        required_from: Set(None),
        trusted_browsers_allowed: Set(true),
        sms_counts: Set(false),
        settings_version: Set(1),
        settings_changed_at: Set(None),
        settings_changed_by: Set(None),
        zone: Set(Some(zone.name().to_owned())),
        required_day: Set(None),
        required_zone: Set(None),
        required_day_at: Set(None),
    };
    account::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    let row = membership::ActiveModel {
        account_id: Set(id.uuid()),
        user_id: Set(owner.uuid()),
        roles: Set(0),
        joined_at: Set(now.seconds()),
        last_used_at: Set(None),
        ..Default::default()
    };
    membership::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The accounts of a user: the one used last first, the others by name.
pub async fn accounts_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<AccountOfUser>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.uuid()))
        .find_also_related(account::Entity)
        .all(db)
        .await?;
    let mut accounts: Vec<_> = rows
        .into_iter()
        .filter_map(|(membership, account)| Some(AccountOfUser::new(&membership, account?)))
        .collect();
    let recency = |one: &AccountOfUser| (one.last_used_at, one.joined_at, one.account.id);
    let last = accounts.iter().map(recency).max();
    accounts.sort_by(|a, b| {
        let is_not_last = |one| Some(recency(one)) != last;
        let key = |one: &AccountOfUser| (one.account.name.to_lowercase(), one.account.id);
        (is_not_last(a), key(a)).cmp(&(is_not_last(b), key(b)))
    });
    Ok(accounts)
}

/// An account that a user belongs to.
pub async fn find_account_of(
    db: &impl ConnectionTrait,
    user: UserId,
    account: AccountId,
) -> Stored<Option<AccountOfUser>> {
    let row = membership::Entity::find_by_id((account.uuid(), user.uuid()))
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(membership, account)| Some(AccountOfUser::new(&membership, account?))))
}

/// The account that a user used last: entered last, else joined last.
pub async fn find_account_used_last(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<AccountOfUser>> {
    let row = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.uuid()))
        .order_by_with_nulls(
            membership::Column::LastUsedAt,
            Order::Desc,
            NullOrdering::Last,
        )
        .order_by_desc(membership::Column::JoinedAt)
        .order_by_desc(membership::Column::AccountId)
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(membership, account)| Some(AccountOfUser::new(&membership, account?))))
}

/// Notes that a user entered an account.
pub async fn note_account_used(
    db: &impl ConnectionTrait,
    user: UserId,
    account: AccountId,
    at: Timestamp,
) -> Stored<()> {
    membership::Entity::update_many()
        .col_expr(
            membership::Column::LastUsedAt,
            Expr::value(Some(at.seconds())),
        )
        .filter(membership::Column::UserId.eq(user.uuid()))
        .filter(membership::Column::AccountId.eq(account.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// The account of an id.
pub async fn find_account(db: &impl ConnectionTrait, id: AccountId) -> Stored<Option<Account>> {
    let row = account::Entity::find_by_id(id.uuid()).one(db).await?;
    Ok(row.map(Account::from))
}

/// The account of an id, locked until the transaction ends.
pub async fn lock_account(db: &impl ConnectionTrait, id: AccountId) -> Stored<Option<Account>> {
    let row = account::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(row.map(Account::from))
}

/// Gives an account another name.
pub async fn set_account_name(db: &impl ConnectionTrait, id: AccountId, name: &Name) -> Stored<()> {
    account::Entity::update_many()
        .col_expr(account::Column::Name, Expr::value(name.as_str()))
        .filter(account::Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives an account another time zone. Its settings have another version from then on: a day that was picked before would be
/// saved as another moment.
pub async fn set_account_zone(db: &impl ConnectionTrait, id: AccountId, zone: Zone) -> Stored<()> {
    account::Entity::update_many()
        .col_expr(account::Column::Zone, Expr::value(Some(zone.name())))
        .col_expr(
            account::Column::SettingsVersion,
            Expr::col(account::Column::SettingsVersion).add(1),
        )
        .filter(account::Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives an account from one owner to the next: true when it was theirs to give. Says nothing of roles.
pub async fn change_owner(
    db: &impl ConnectionTrait,
    account: AccountId,
    from: UserId,
    to: UserId,
) -> Stored<bool> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::OwnerId, Expr::value(to.uuid()))
        .filter(account::Column::Id.eq(account.uuid()))
        .filter(account::Column::OwnerId.eq(from.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Adds a role to those that a user has in an account.
pub async fn give_role(
    db: &impl ConnectionTrait,
    account: AccountId,
    user: UserId,
    role: Role,
) -> Stored<()> {
    let bit = i32::from(Roles::NONE.with(role).bits());
    membership::Entity::update_many()
        .col_expr(
            membership::Column::Roles,
            Expr::col(membership::Column::Roles).binary(BinOper::BitOr, bit),
        )
        .filter(membership::Column::AccountId.eq(account.uuid()))
        .filter(membership::Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// An account with its owner in mind.
#[derive(Debug)]
pub struct OwnedAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Whether anybody but the owner uses it.
    pub has_others: bool,
}

/// The accounts that a user owns, by name; locked until the transaction ends, where it is one.
pub async fn owned_accounts(db: &impl ConnectionTrait, owner: UserId) -> Stored<Vec<OwnedAccount>> {
    let rows = account::Entity::find()
        .filter(account::Column::OwnerId.eq(owner.uuid()))
        .order_by_asc(account::Column::Name)
        .lock_exclusive()
        .all(db)
        .await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        let others = membership::Entity::find()
            .filter(membership::Column::AccountId.eq(row.id))
            .filter(membership::Column::UserId.ne(owner.uuid()))
            .count(db)
            .await?;
        accounts.push(OwnedAccount {
            id: AccountId::new(row.id),
            name: row.name,
            has_others: others > 0,
        });
    }
    Ok(accounts)
}
