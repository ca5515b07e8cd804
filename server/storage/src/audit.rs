//! The audit log: rows are added and read, never changed.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::audit_event::{ActiveModel, Column, Entity};

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
    /// The value that goes with it, as a JSON object; never a secret.
    pub data: Option<String>,
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
        // Words, as earlier versions wrote them, stand in no line of this one.
        details: Set(String::new()),
        data: Set(event.data),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The lines of these kinds in an account since a moment; what is read of them is still to be said.
fn of_kinds(account: AccountId, kinds: &[&str], since: Timestamp) -> Select<Entity> {
    Entity::find()
        .select_only()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::Id.gte(first_id(since)))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
}

/// When the event before the newest `skipped` of these kinds happened in an account, looking back to `since`; none where
/// there were not more. Ids are in the order of time, so that the index by account finds the few that matter.
pub async fn find_event_before(
    db: &impl ConnectionTrait,
    account: AccountId,
    kinds: &[&str],
    skipped: u64,
    since: Timestamp,
) -> Stored<Option<Timestamp>> {
    let at: Option<i64> = of_kinds(account, kinds, since)
        .column(Column::At)
        .order_by_desc(Column::Id)
        .offset(skipped)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(at.map(Timestamp))
}

/// The user who caused the newest of these kinds with these details in an account since a moment, as a server of an earlier
/// version wrote it.
pub async fn find_last_actor(
    db: &impl ConnectionTrait,
    account: AccountId,
    kinds: &[&str],
    details: &str,
    since: Timestamp,
) -> Stored<Option<UserId>> {
    let actor: Option<Option<Uuid>> = of_kinds(account, kinds, since)
        .column(Column::ActorId)
        .filter(Column::Details.eq(details))
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(actor.flatten().map(UserId::new))
}

/// When a user last did one of these kinds in an account, since a moment.
pub async fn find_last_act(
    db: &impl ConnectionTrait,
    (account, actor): (AccountId, UserId),
    kinds: &[&str],
    since: Timestamp,
) -> Stored<Option<Timestamp>> {
    let at: Option<i64> = of_kinds(account, kinds, since)
        .column(Column::At)
        .filter(Column::ActorId.eq(actor.uuid()))
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(at.map(Timestamp))
}

/// In which account and by whom a user was the subject of an act of these kinds, since a moment.
pub async fn find_acts_on(
    db: &impl ConnectionTrait,
    subject: UserId,
    kinds: &[&str],
    since: Timestamp,
) -> Stored<Vec<(Option<AccountId>, Option<UserId>)>> {
    let rows: Vec<(Option<Uuid>, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::AccountId, Column::ActorId])
        .filter(Column::SubjectId.eq(subject.uuid()))
        .filter(Column::Id.gte(first_id(since)))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let ids = |(account, actor): (Option<Uuid>, Option<Uuid>)| {
        (account.map(AccountId::new), actor.map(UserId::new))
    };
    Ok(rows.into_iter().map(ids).collect())
}

/// Who did acts of these kinds in an account, and to whom they were done, since a moment.
pub async fn find_people_of_acts(
    db: &impl ConnectionTrait,
    account: AccountId,
    kinds: &[&str],
    since: Timestamp,
) -> Stored<Vec<UserId>> {
    let rows: Vec<(Option<Uuid>, Option<Uuid>)> = of_kinds(account, kinds, since)
        .columns([Column::ActorId, Column::SubjectId])
        .into_tuple()
        .all(db)
        .await?;
    let people = rows
        .into_iter()
        .flat_map(|(actor, subject)| [actor, subject]);
    Ok(people.flatten().map(UserId::new).collect())
}

/// When the newest line was added.
pub async fn find_newest_moment(db: &impl ConnectionTrait) -> Stored<Option<Timestamp>> {
    let at: Option<i64> = Entity::find()
        .select_only()
        .column(Column::At)
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(at.map(Timestamp))
}

/// The least id that a row of this moment can have (RFC 9562 §5.7).
pub(super) fn first_id(at: Timestamp) -> Uuid {
    let millis = u128::try_from(at.seconds().saturating_mul(1_000)).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}
