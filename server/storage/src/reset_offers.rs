//! Offers to reset a user's two-factor authentication, by the hash of their mailed link. One from each account of a
//! user, so that nobody's offer takes the place of another team's.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
};

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::reset_offer::{ActiveModel, Column, Entity};

/// An offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetOffer {
    /// The account that made it.
    pub account: AccountId,
    /// To whom.
    pub user: UserId,
    /// Who made it.
    pub by: UserId,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Keeps an offer; an earlier one of the same account to the same user is gone, and its link with it.
pub async fn replace_reset_offer(
    db: &impl ConnectionTrait,
    offer: ResetOffer,
    token_hash: &[u8],
) -> Stored<()> {
    let key = (offer.account.uuid(), offer.user.uuid());
    Entity::delete_by_id(key).exec(db).await?;
    let row = ActiveModel {
        account_id: Set(offer.account.uuid()),
        user_id: Set(offer.user.uuid()),
        token_hash: Set(token_hash.to_vec()),
        offered_by: Set(offer.by.uuid()),
        expires_at: Set(offer.expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The offer of a link, while it is good.
pub async fn find_reset_offer(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<ResetOffer>> {
    let row = Entity::find().filter(good(token_hash, now)).one(db).await?;
    Ok(row.map(|row| ResetOffer {
        account: AccountId::new(row.account_id),
        user: UserId::new(row.user_id),
        by: UserId::new(row.offered_by),
        expires_at: Timestamp(row.expires_at),
    }))
}

/// Spends the link of an offer: true for the one who came first, in time.
pub async fn spend_reset_offer(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(good(token_hash, now))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn good(token_hash: &[u8], now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::TokenHash.eq(token_hash.to_vec()))
        .add(Column::ExpiresAt.gt(now.seconds()))
}
