//! The queue of outgoing mail. A worker takes a mail under a lease, so that a crash does not lose it and a second server does
//! not send it again.

use std::sync::LazyLock;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use app::types::timestamp::Timestamp;

use super::entity::mail::{ActiveModel, Column, Entity};
use super::first_in_queue::{Queue, set_first_aside};
use super::{AskElsewhere, Database, StorageError, Stored};

/// A mail in the queue.
pub struct QueuedMail {
    /// Which one.
    pub id: Uuid,
    /// The mail, sealed.
    pub sealed: Vec<u8>,
    /// How often it was tried before.
    pub tries: u32,
    /// When it was due for the first time.
    pub created_at: Timestamp,
}

/// What was found of the mail that is due longest.
pub enum TakenMail {
    /// None is due.
    None,
    /// This one, taken.
    Mail(QueuedMail),
    /// A row that cannot be read, which is due no more: it must not keep the others waiting.
    SetAside,
}

impl TakenMail {
    /// The mail, where one was taken.
    pub fn mail(self) -> Option<QueuedMail> {
        match self {
            Self::Mail(mail) => Some(mail),
            Self::None | Self::SetAside => None,
        }
    }
}

/// When what cannot be read is tried: never. The last second of the last year that is written with four digits.
pub(super) const NEVER: i64 = 253_402_300_799;

/// Seconds after which a mail that was not sent has waited.
const WAITED: i64 = 60;

impl QueuedMail {
    /// Whether it was tried before, or was queued a minute ago or longer. The id says when: it is a UUID of version 7 (RFC 9562, section 5.7).
    pub fn has_waited(&self, now: Timestamp) -> bool {
        let made = self.id.get_timestamp().map_or(0, |made| made.to_unix().0);
        let made = Timestamp(i64::try_from(made).unwrap_or(0));
        self.tries > 0 || now.since(made) >= WAITED
    }
}

/// Seconds by which a mail that goes first is due before others of its moment. What a link or a code brings is over soon, and what
/// tells a thousand people of a requirement can wait for it.
const FIRST: i64 = 60 * 60;

const QUEUE: Queue<Column> = Queue {
    due_at: Column::NextTryAt,
    id: Column::Id,
};

/// Puts a mail, sealed under a key, into the queue that goes out from a moment on; `goes_first` before those that do not.
pub async fn insert_mail(
    db: &impl ConnectionTrait,
    (id, sealed, key_id): (Uuid, Vec<u8>, String),
    due_at: Timestamp,
    goes_first: bool,
) -> Stored<()> {
    let first = if goes_first { FIRST } else { 0 };
    let row = ActiveModel {
        id: Set(id),
        sealed_mail: Set(sealed),
        key_id: Set(key_id),
        created_at: Set(due_at.seconds()),
        next_try_at: Set(due_at.seconds() - first),
        tries: Set(0),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The mails that were queued at a moment and are in the queue still. Their ids say when (RFC 9562, section 5.7), and begin with it.
pub async fn mails_queued_at(
    db: &impl ConnectionTrait,
    at: Timestamp,
) -> Stored<Vec<(Uuid, Vec<u8>)>> {
    let first_of = |at: Timestamp| {
        let milliseconds = u128::try_from(at.seconds()).unwrap_or(0) * 1_000;
        Uuid::from_u128(milliseconds << 80)
    };
    let rows = Entity::find()
        .filter(Column::Id.gte(first_of(at)))
        .filter(Column::Id.lt(first_of(at + 1)))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.sealed_mail))
        .collect())
}

/// Takes a mail out of the queue, whoever has it: true when it was there.
pub async fn take_back_mail(db: &impl ConnectionTrait, id: Uuid) -> Stored<bool> {
    let done = Entity::delete_by_id(id).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Whether a mail is due; asked whenever one may have been queued, so on SQLite on the thread that asks.
pub async fn is_mail_due(database: &Database, now: Timestamp) -> Stored<bool> {
    static SQL: LazyLock<String> = LazyLock::new(|| due(Timestamp(0)).build(DbBackend::Sqlite).sql);
    let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let found = match database.at_once(&SQL, [now.seconds()], read) {
        Ok(found) => found,
        Err(AskElsewhere) => due(now).into_tuple().one(database.read()).await?,
    };
    Ok(found.is_some())
}

fn due(now: Timestamp) -> Select<Entity> {
    // Nothing of the row, which may not be one that can be read.
    Entity::find()
        .select_only()
        .column_as(Expr::cust("CAST(1 AS BIGINT)"), "due")
        .filter(Column::NextTryAt.lte(now.seconds()))
}

/// Takes the mail that is due longest until `lease_until`. A row that cannot be read is set aside, and the next call goes on.
pub async fn take_due_mail(
    db: &impl ConnectionTrait,
    now: Timestamp,
    lease_until: Timestamp,
) -> Stored<TakenMail> {
    loop {
        let found = Entity::find()
            .filter(Column::NextTryAt.lte(now.seconds()))
            .order_by_asc(Column::NextTryAt)
            .order_by_asc(Column::Id)
            .one(db)
            .await
            .map_err(StorageError::from);
        let row = match found {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(TakenMail::None),
            Err(error) if error.is_unreadable() => {
                set_first_aside(db, due(now), QUEUE, Timestamp(NEVER)).await?;
                return Ok(TakenMail::SetAside);
            }
            Err(error) => return Err(error),
        };
        let done = Entity::update_many()
            .col_expr(Column::NextTryAt, Expr::value(lease_until.seconds()))
            .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Tries.eq(row.tries))
            .filter(Column::NextTryAt.eq(row.next_try_at))
            .exec(db)
            .await?;
        if done.rows_affected == 1 {
            return Ok(TakenMail::Mail(QueuedMail {
                id: row.id,
                sealed: row.sealed_mail,
                tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
                created_at: Timestamp(row.created_at),
            }));
        }
    }
}

/// Puts a mail back until its next try, unless somebody else has taken it since.
pub async fn delay_mail(
    db: &impl ConnectionTrait,
    mail: &QueuedMail,
    next_try_at: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::NextTryAt, Expr::value(next_try_at.seconds()))
        .filter(mail.is_still_held())
        .exec(db)
        .await?;
    Ok(())
}

/// Removes a mail that was sent, or given up, unless somebody else has taken it since.
pub async fn delete_mail(db: &impl ConnectionTrait, mail: &QueuedMail) -> Stored<()> {
    Entity::delete_many()
        .filter(mail.is_still_held())
        .exec(db)
        .await?;
    Ok(())
}

impl QueuedMail {
    /// Each taking counts one more try.
    fn is_still_held(&self) -> Condition {
        Condition::all()
            .add(Column::Id.eq(self.id))
            .add(Column::Tries.eq(i64::from(self.tries) + 1))
    }
}

/// How many mails wait.
pub async fn count_mails(db: &impl ConnectionTrait) -> Stored<u64> {
    Ok(Entity::find().count(db).await?)
}
