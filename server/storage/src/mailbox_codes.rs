//! Mailbox codes, as MACs under a key: at most one for each session and act.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::{SessionId, UserId};
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;

use super::Stored;
use super::entity::mailbox_code::{ActiveModel, Column, Entity};
use domain::mailbox_code::word_of;

/// What a code is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundTo {
    /// The session that asked for it.
    pub session: SessionId,
    /// The act that it is for.
    pub act: MailboxAct,
}

/// A code that was mailed.
pub struct KeptCode {
    /// What is kept of it.
    pub tag: Vec<u8>,
    /// Wrong ones that were given for it.
    pub failures: u32,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Keeps a code; the one before of the same session and act is dead.
pub async fn replace_mailbox_code(
    db: &impl ConnectionTrait,
    user: UserId,
    bound_to: BoundTo,
    tag: &[u8],
    expires_at: Timestamp,
) -> Stored<()> {
    delete_mailbox_code(db, bound_to).await?;
    let row = ActiveModel {
        session_id: Set(bound_to.session.uuid()),
        act: Set(word_of(bound_to.act).to_owned()),
        user_id: Set(user.uuid()),
        code_tag: Set(tag.to_vec()),
        expires_at: Set(expires_at.seconds()),
        failures: Set(0),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The code of a session and act, while it is good.
pub async fn find_mailbox_code(
    db: &impl ConnectionTrait,
    bound_to: BoundTo,
    now: Timestamp,
) -> Stored<Option<KeptCode>> {
    let row = Entity::find_by_id(key(bound_to))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| KeptCode {
        tag: row.code_tag,
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
        expires_at: Timestamp(row.expires_at),
    }))
}

/// Counts a wrong code.
pub async fn count_mailbox_code_failure(
    db: &impl ConnectionTrait,
    bound_to: BoundTo,
) -> Stored<()> {
    let (session, act) = key(bound_to);
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .filter(Column::SessionId.eq(session))
        .filter(Column::Act.eq(act))
        .exec(db)
        .await?;
    Ok(())
}

/// Spends a code: true for the one who came first.
pub async fn spend_mailbox_code(
    db: &impl ConnectionTrait,
    bound_to: BoundTo,
    tag: &[u8],
) -> Stored<bool> {
    let (session, act) = key(bound_to);
    let done = Entity::delete_many()
        .filter(Column::SessionId.eq(session))
        .filter(Column::Act.eq(act))
        .filter(Column::CodeTag.eq(tag.to_vec()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes the code of a session and act.
pub async fn delete_mailbox_code(db: &impl ConnectionTrait, bound_to: BoundTo) -> Stored<()> {
    Entity::delete_by_id(key(bound_to)).exec(db).await?;
    Ok(())
}

fn key(bound_to: BoundTo) -> (uuid::Uuid, String) {
    (bound_to.session.uuid(), word_of(bound_to.act).to_owned())
}
