//! Accounts and who belongs to them.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use app::types::ids::{AccountId, UserId};
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{account, membership};

/// An account that a user belongs to, with what it requires.
#[derive(Clone)]
pub struct AccountOfUser {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// From when it requires two-factor authentication, if it does.
    pub required_from: Option<Timestamp>,
}

/// Creates an account and its owner's membership.
pub async fn insert_account(
    db: &impl ConnectionTrait,
    id: AccountId,
    name: &Name,
    owner: UserId,
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
    };
    account::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    let row = membership::ActiveModel {
        account_id: Set(id.uuid()),
        user_id: Set(owner.uuid()),
        roles: Set(0),
        joined_at: Set(now.seconds()),
    };
    membership::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The accounts of a user.
pub async fn accounts_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<AccountOfUser>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.uuid()))
        .find_also_related(account::Entity)
        .all(db)
        .await?;
    let mut accounts: Vec<_> = rows
        .into_iter()
        .filter_map(|(_, account)| account)
        .map(|account| AccountOfUser {
            id: AccountId::new(account.id),
            name: account.name,
            required_from: account.required_from.map(Timestamp),
        })
        .collect();
    accounts.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    Ok(accounts)
}

/// An account with its owner in mind.
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

/// Removes an account with everything in it.
pub async fn delete_account(db: &impl ConnectionTrait, id: AccountId) -> Stored<()> {
    account::Entity::delete_by_id(id.uuid()).exec(db).await?;
    Ok(())
}
