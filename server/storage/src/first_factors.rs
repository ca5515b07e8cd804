//! Allowances: who may set up a first factor without a mailbox proof.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::{AccountId, SessionId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::first_factor_allowance::{ActiveModel, Column, Entity};

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowanceRow {
    /// Who was.
    pub user: UserId,
    /// In which session, once one has begun.
    pub session: Option<SessionId>,
    /// The account whose owner did it, and that owner; none where the operator did.
    pub by: Option<(AccountId, UserId)>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Lets a user in, in the next session that begins; an earlier allowance is over.
pub async fn replace_allowance(
    db: &impl ConnectionTrait,
    user: UserId,
    by: Option<(AccountId, UserId)>,
    expires_at: Timestamp,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        session_id: Set(None),
        expires_at: Set(expires_at.seconds()),
        account_id: Set(by.map(|(account, _)| account.uuid())),
        allowed_by: Set(by.map(|(_, owner)| owner.uuid())),
    };
    let replaced = OnConflict::column(Column::UserId)
        .update_columns([
            Column::SessionId,
            Column::ExpiresAt,
            Column::AccountId,
            Column::AllowedBy,
        ])
        .to_owned();
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Which of these users are let in, in whatever session.
pub async fn find_allowances(
    db: &impl ConnectionTrait,
    users: &[UserId],
    now: Timestamp,
) -> Stored<Vec<AllowanceRow>> {
    let ids = users.iter().map(|user| user.uuid());
    let rows = Entity::find()
        .filter(Column::UserId.is_in(ids))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| AllowanceRow {
            user: UserId::new(row.user_id),
            session: row.session_id.map(SessionId::new),
            // One that names an account and no owner would be nobody's, and holds for nobody.
            by: row.account_id.map(|account| {
                let owner = row.allowed_by.unwrap_or_default();
                (AccountId::new(account), UserId::new(owner))
            }),
            expires_at: Timestamp(row.expires_at),
        })
        .collect())
}

/// Gives the allowance of a user to a session that has just begun: true for the one that came first.
pub async fn take_allowance(
    db: &impl ConnectionTrait,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::SessionId, Expr::value(session.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::SessionId.is_null())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
