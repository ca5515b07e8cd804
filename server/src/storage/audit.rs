//! The audit log: rows are added and read, never changed.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::audit_event::{ActiveModel, Entity};

/// One line of the log.
pub struct AuditRow<'a> {
    /// Its id; of version 7, so that ids are in the order of time.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What, as a stable word.
    pub kind: &'a str,
    /// Who: a user, the operator or the server itself.
    pub actor_kind: &'a str,
    /// Which user, where it was one.
    pub actor_id: Option<UserId>,
    /// Their name at the time.
    pub actor_name: &'a str,
    /// In which account, where it was in one.
    pub account_id: Option<AccountId>,
    /// Whom it was done to.
    pub subject_id: Option<UserId>,
    /// Their name at the time.
    pub subject_name: &'a str,
    /// From which address.
    pub address: &'a str,
    /// From which browser.
    pub browser: &'a str,
    /// More, in words; never a secret.
    pub details: String,
}

/// Adds a line.
pub async fn insert_audit_event(db: &impl ConnectionTrait, event: AuditRow<'_>) -> Stored<()> {
    let row = ActiveModel {
        id: Set(event.id),
        at: Set(event.at.seconds()),
        kind: Set(event.kind.to_owned()),
        actor_kind: Set(event.actor_kind.to_owned()),
        actor_id: Set(event.actor_id.map(UserId::uuid)),
        actor_name: Set(event.actor_name.to_owned()),
        account_id: Set(event.account_id.map(AccountId::uuid)),
        subject_id: Set(event.subject_id.map(UserId::uuid)),
        subject_name: Set(event.subject_name.to_owned()),
        address: Set(event.address.to_owned()),
        browser: Set(event.browser.to_owned()),
        details: Set(event.details),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
