//! Which sessions have come into which accounts: the first time is a line of the account's log.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use app::types::ids::{AccountId, SessionId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::account_entry::{ActiveModel, Column, Entity};

/// Notes that a session is in an account: true for the first time.
pub async fn note_entry(
    db: &impl ConnectionTrait,
    session: SessionId,
    account: AccountId,
    now: Timestamp,
) -> Stored<bool> {
    let row = ActiveModel {
        session_id: Set(session.uuid()),
        account_id: Set(account.uuid()),
        entered_at: Set(now.seconds()),
    };
    let kept = OnConflict::columns([Column::SessionId, Column::AccountId])
        .do_nothing()
        .to_owned();
    let done = Entity::insert_many([row])
        .on_conflict(kept)
        .exec_without_returning(db)
        .await?;
    Ok(done == 1)
}
