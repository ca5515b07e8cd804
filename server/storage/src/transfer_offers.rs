//! Accounts that are offered to another of their users, at most one offer for each account. Whoever writes here has
//! locked the account's row.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::transfer_offer::{ActiveModel, Column, Entity};

/// An offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferOffer {
    /// The owner who made it.
    pub from: UserId,
    /// To whom.
    pub to: UserId,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Keeps the offer of an account; one that is over makes room.
pub async fn insert_transfer_offer(
    db: &impl ConnectionTrait,
    account: AccountId,
    offer: TransferOffer,
    now: Timestamp,
) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::ExpiresAt.lte(now.seconds()))
        .exec(db)
        .await?;
    let row = ActiveModel {
        account_id: Set(account.uuid()),
        from_id: Set(offer.from.uuid()),
        to_id: Set(offer.to.uuid()),
        expires_at: Set(offer.expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The offer of an account, while it is good.
pub async fn find_transfer_offer(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Stored<Option<TransferOffer>> {
    let row = Entity::find_by_id(account.uuid())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| TransferOffer {
        from: UserId::new(row.from_id),
        to: UserId::new(row.to_id),
        expires_at: Timestamp(row.expires_at),
    }))
}

/// Takes this very offer out: true for the one who came first, in time.
pub async fn take_transfer_offer(
    db: &impl ConnectionTrait,
    account: AccountId,
    offer: TransferOffer,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::FromId.eq(offer.from.uuid()))
        .filter(Column::ToId.eq(offer.to.uuid()))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the offer of an account, whoever it is to.
pub async fn delete_transfer_offer(db: &impl ConnectionTrait, account: AccountId) -> Stored<()> {
    Entity::delete_by_id(account.uuid()).exec(db).await?;
    Ok(())
}
