//! What the users of an account are still to be told about its life: one row whatever their number, from which mails are
//! written in the background. A newer notice takes the place of the one before.

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::entity::account_notice::{ActiveModel, Column, Entity};
use super::entity::{deleted_membership, membership, user};
use super::first_in_queue::{Queue, set_first_aside};
use super::mailed_users::{MailedColumns, MailedUser};
use super::{StorageError, Stored};

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The account was deleted.
    Deleted,
    /// It was brought back.
    Restored,
    /// The same, and another of its users owns it.
    RestoredToAnother,
}

const KINDS: [NoticeKind; 3] = [
    NoticeKind::Deleted,
    NoticeKind::Restored,
    NoticeKind::RestoredToAnother,
];

impl NoticeKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::RestoredToAnother => "restored_to_another",
        }
    }
}

/// A notice on its way.
pub struct AccountNotice {
    /// To users of which account.
    pub account: AccountId,
    /// What it says.
    pub kind: NoticeKind,
    /// The user up to whom, in the order of ids, it is written already.
    pub after: Option<UserId>,
    /// Who did it, by name; none where it was the operator.
    pub by: Option<String>,
}

/// Puts a notice on its way, in the place of the one before.
pub async fn replace_notice(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: NoticeKind,
    by: Option<&str>,
    now: Timestamp,
) -> Stored<()> {
    let row = ActiveModel {
        account_id: Set(account.uuid()),
        kind: Set(kind.word().to_owned()),
        due_at: Set(now.seconds()),
        after_user: Set(None),
        by_name: Set(by.map(str::to_owned)),
    };
    let replaced = OnConflict::column(Column::AccountId)
        .update_columns([
            Column::Kind,
            Column::DueAt,
            Column::AfterUser,
            Column::ByName,
        ])
        .to_owned();
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Whether a notice is due.
pub async fn has_notice(db: &impl ConnectionTrait, now: Timestamp) -> Stored<bool> {
    Ok(due(now).count(db).await? > 0)
}

/// Seconds for which a notice is put off that cannot be written.
const PUT_OFF: i64 = 60 * 60;

/// What is due, of the kinds that there are: another, which a newer version or somebody else has written, waits and holds up
/// nobody's. One that is due later than any is put off was written by a clock that was ahead.
fn due(now: Timestamp) -> Select<Entity> {
    let (is_due, is_ahead) = (
        Column::DueAt.lte(now.seconds()),
        Column::DueAt.gt((now + PUT_OFF).seconds()),
    );
    Entity::find()
        .filter(is_due.or(is_ahead))
        .filter(Column::Kind.is_in(KINDS.map(NoticeKind::word)))
}

/// Puts off the notice of an account that cannot be written now: the others go on.
pub async fn put_off_notice(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value((now + PUT_OFF).seconds()))
        .filter(Column::AccountId.eq(account.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// The same of the one that is due longest and cannot be read, in the transaction that has found it so.
pub async fn put_off_first_notice(db: &impl ConnectionTrait, now: Timestamp) -> Stored<()> {
    let queue = Queue {
        due_at: Column::DueAt,
        id: Column::AccountId,
    };
    set_first_aside(db, due(now), queue, now + PUT_OFF).await
}

/// The notice that is on its way longest, locked until the transaction ends, so that two servers never write the same mails.
pub async fn lock_notice(
    db: &impl ConnectionTrait,
    now: Timestamp,
) -> Stored<Option<AccountNotice>> {
    let row = due(now)
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::AccountId)
        .lock_exclusive()
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = KINDS.into_iter().find(|kind| kind.word() == row.kind);
    Ok(Some(AccountNotice {
        account: AccountId::new(row.account_id),
        kind: kind.ok_or(StorageError::Inconsistent {
            table: "account_notices",
            column: "kind",
        })?,
        after: row.after_user.map(UserId::new),
        by: row.by_name,
    }))
}

/// Notes up to which user a notice is written.
pub async fn advance_notice(
    db: &impl ConnectionTrait,
    account: AccountId,
    after: UserId,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::AfterUser, Expr::value(Some(after.uuid())))
        .filter(Column::AccountId.eq(account.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the notice of an account: everybody has been told, or there is nothing to tell any more.
pub async fn delete_notice(db: &impl ConnectionTrait, account: AccountId) -> Stored<()> {
    Entity::delete_by_id(account.uuid()).exec(db).await?;
    Ok(())
}

/// The next users whom a notice is for, in the order of ids: those of the account, or of the deleted one.
pub async fn next_readers(
    db: &impl ConnectionTrait,
    notice: &AccountNotice,
    most: u64,
) -> Stored<Vec<MailedUser>> {
    let account = notice.account.uuid();
    let rows = match notice.kind {
        NoticeKind::Deleted => {
            let theirs = deleted_membership::Entity::find()
                .filter(deleted_membership::Column::AccountId.eq(account))
                .inner_join(user::Entity);
            let id = deleted_membership::Column::UserId;
            readers(db, theirs, id, notice.after, most).await?
        }
        NoticeKind::Restored | NoticeKind::RestoredToAnother => {
            let theirs = membership::Entity::find()
                .filter(membership::Column::AccountId.eq(account))
                .inner_join(user::Entity);
            let id = membership::Column::UserId;
            readers(db, theirs, id, notice.after, most).await?
        }
    };
    Ok(rows.into_iter().map(MailedUser::from).collect())
}

async fn readers<E: EntityTrait>(
    db: &impl ConnectionTrait,
    theirs: Select<E>,
    id: E::Column,
    after: Option<UserId>,
    most: u64,
) -> Stored<Vec<MailedColumns>> {
    let mut query = theirs
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .column(user::Column::Email)
        .column(user::Column::EmailVerifiedAt)
        .filter(user::Column::DisabledAt.is_null());
    if let Some(after) = after {
        query = query.filter(id.gt(after.uuid()));
    }
    let rows = query
        .order_by_asc(id)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}
