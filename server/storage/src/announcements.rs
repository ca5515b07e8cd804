//! Announcements: a mail that is due to many users of an account, as one row whatever their number.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::entity::announcement::{ActiveModel, Column, Entity};
use super::first_in_queue::{Queue, set_first_aside};
use super::{StorageError, Stored};
use domain::announcements::AnnouncementKind;

/// An announcement on its way.
pub struct Announcement {
    /// Which one.
    pub id: Uuid,
    /// To users of which account.
    pub account: AccountId,
    /// What it says.
    pub kind: AnnouncementKind,
    /// The user up to whom, in the order of ids, it is written already.
    pub after: Option<UserId>,
}

const KINDS: [AnnouncementKind; 3] = [
    AnnouncementKind::Set,
    AnnouncementKind::WeekBefore,
    AnnouncementKind::DayBefore,
];

const fn word(kind: AnnouncementKind) -> &'static str {
    match kind {
        AnnouncementKind::Set => "set",
        AnnouncementKind::WeekBefore => "week_before",
        AnnouncementKind::DayBefore => "day_before",
    }
}

/// Puts an announcement on its way.
pub async fn insert_announcement(
    db: &impl ConnectionTrait,
    id: Uuid,
    account: AccountId,
    kind: AnnouncementKind,
    due_at: Timestamp,
) -> Stored<()> {
    let row = ActiveModel {
        id: Set(id),
        account_id: Set(account.uuid()),
        kind: Set(word(kind).to_owned()),
        due_at: Set(due_at.seconds()),
        after_user: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Schedules the rest of an announcement again for a later moment, together with one that waits already.
pub async fn put_off_announcement(
    db: &impl ConnectionTrait,
    id: Uuid,
    account: AccountId,
    (now, due_at): (Timestamp, Timestamp),
) -> Stored<()> {
    let waiting = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(due_at.seconds()))
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::Kind.eq(word(AnnouncementKind::Set)))
        .filter(Column::DueAt.gt(now.seconds()))
        .exec(db)
        .await?;
    if waiting.rows_affected == 0 {
        insert_announcement(db, id, account, AnnouncementKind::Set, due_at).await?;
    }
    Ok(())
}

/// How many announcements are due.
pub async fn count_due_announcements(db: &impl ConnectionTrait, now: Timestamp) -> Stored<u64> {
    Ok(due(now).count(db).await?)
}

/// The announcement that is due longest, locked until the transaction ends, so that two servers never write the same
/// mails.
pub async fn lock_due_announcement(
    db: &impl ConnectionTrait,
    now: Timestamp,
) -> Stored<Option<Announcement>> {
    let row = due(now)
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .one(db)
        .await?;
    row.map(|row| {
        let kind = KINDS.into_iter().find(|kind| word(*kind) == row.kind);
        Ok(Announcement {
            id: row.id,
            account: AccountId::new(row.account_id),
            kind: kind.ok_or(StorageError::Inconsistent {
                table: "announcements",
                column: "kind",
            })?,
            after: row.after_user.map(UserId::new),
        })
    })
    .transpose()
}

/// Puts off an announcement that cannot be written now: the others go on.
pub async fn put_off_one_announcement(
    db: &impl ConnectionTrait,
    id: Uuid,
    until: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(until.seconds()))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// The same of the one that is due longest and cannot be read, in the transaction that has found it so.
pub async fn put_off_first_announcement(
    db: &impl ConnectionTrait,
    now: Timestamp,
    until: Timestamp,
) -> Stored<()> {
    let queue = Queue {
        due_at: Column::DueAt,
        id: Column::Id,
    };
    set_first_aside(db, due(now), queue, until).await
}

/// What is due, of the kinds that there are: another, which a newer version or somebody else has written, waits and holds up
/// nobody's.
fn due(now: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::DueAt.lte(now.seconds()))
        .filter(Column::Kind.is_in(KINDS.map(word)))
}

/// Notes up to which user an announcement is written.
pub async fn advance_announcement(
    db: &impl ConnectionTrait,
    id: Uuid,
    after: UserId,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::AfterUser, Expr::value(Some(after.uuid())))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes an announcement: everybody has been mailed, or it is out of date.
pub async fn delete_announcement(db: &impl ConnectionTrait, id: Uuid) -> Stored<()> {
    Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Removes all announcements of an account.
pub async fn delete_announcements_of(db: &impl ConnectionTrait, account: AccountId) -> Stored<()> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.uuid()))
        .exec(db)
        .await?;
    Ok(())
}
