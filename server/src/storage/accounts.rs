//! Accounts and who belongs to them.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

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
