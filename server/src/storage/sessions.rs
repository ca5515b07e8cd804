//! Sessions, by the hash of their token.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use app::types::ids::{SessionId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::session::{ActiveModel, Column, Entity, Model};
use super::entity::user;
use super::users::User;

/// A session.
#[derive(Clone)]
pub struct Session {
    /// Its name, as shown; not its secret.
    pub id: SessionId,
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// When it began; its absolute limit counts from here.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_active_at: Timestamp,
    /// When its second factor was last proven.
    pub second_factor_at: Option<Timestamp>,
    /// The address it came from.
    pub address: String,
    /// The browser it is in.
    pub browser: String,
}

impl From<Model> for Session {
    fn from(row: Model) -> Self {
        Self {
            id: SessionId::new(row.id),
            token_hash: row.token_hash,
            user: UserId::new(row.user_id),
            created_at: Timestamp(row.created_at),
            last_active_at: Timestamp(row.last_active_at),
            second_factor_at: row.second_factor_at.map(Timestamp),
            address: row.address,
            browser: row.browser,
        }
    }
}

/// Begins a session.
pub async fn insert_session(db: &impl ConnectionTrait, session: Session) -> Stored<()> {
    let row = ActiveModel {
        token_hash: Set(session.token_hash),
        id: Set(session.id.uuid()),
        user_id: Set(session.user.uuid()),
        created_at: Set(session.created_at.seconds()),
        last_active_at: Set(session.last_active_at.seconds()),
        second_factor_at: Set(session.second_factor_at.map(Timestamp::seconds)),
        step_up_failures: Set(0),
        address: Set(session.address),
        browser: Set(session.browser),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The session of a token, with its user: one read, since every request begins with it.
pub async fn find_session(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
) -> Stored<Option<(Session, User)>> {
    let row = Entity::find_by_id(token_hash.to_vec())
        .find_also_related(user::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(session, user)| Some((session.into(), user?.into()))))
}

/// Whether a session is there, of a user who is not disabled.
pub async fn is_session_there(db: &impl ConnectionTrait, id: SessionId) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::Id.eq(id.uuid()))
        .find_also_related(user::Entity)
        .one(db)
        .await?;
    let user = row.and_then(|(_, user)| user).map(User::from);
    Ok(user.is_some_and(|user| !user.is_disabled))
}

/// Notes that a session is in use.
pub async fn touch_session(db: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::LastActiveAt, Expr::value(now.seconds()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::LastActiveAt.lt(now.seconds()))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes one of the tries at the password that a session has in a row; false when none is left, or no session.
pub async fn take_step_up_try(
    db: &impl ConnectionTrait,
    id: SessionId,
    limit: i32,
) -> Stored<bool> {
    let taken = Entity::update_many()
        .col_expr(
            Column::StepUpFailures,
            Expr::col(Column::StepUpFailures).add(1),
        )
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::StepUpFailures.lt(limit))
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Gives a try back that was none: the password was right, or nobody looked at it.
pub async fn give_step_up_try_back(db: &impl ConnectionTrait, id: SessionId) -> Stored<()> {
    Entity::update_many()
        .col_expr(
            Column::StepUpFailures,
            Expr::col(Column::StepUpFailures).sub(1),
        )
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::StepUpFailures.gt(0))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends a session that has no try left. True when this call ended it.
pub async fn end_without_tries(
    db: &impl ConnectionTrait,
    id: SessionId,
    limit: i32,
) -> Stored<bool> {
    let ended = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::StepUpFailures.gte(limit))
        .exec(db)
        .await?;
    Ok(ended.rows_affected == 1)
}

/// Ends the row of wrong passwords given as proof; false when the session is over.
pub async fn clear_step_up_failures(db: &impl ConnectionTrait, id: SessionId) -> Stored<bool> {
    let cleared = Entity::update_many()
        .col_expr(Column::StepUpFailures, Expr::value(0))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(cleared.rows_affected == 1)
}

/// Notes that the second factor of a session was proven again.
pub async fn note_second_factor(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::SecondFactorAt, Expr::value(now.seconds()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives a session a new token, at every change of rights: true when it was still there.
pub async fn rotate_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    token_hash: &[u8],
    second_factor_at: Option<Timestamp>,
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(token_hash.to_vec()))
        .col_expr(
            Column::SecondFactorAt,
            Expr::value(second_factor_at.map(Timestamp::seconds)),
        )
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a session a new token and leaves the rest of it alone: true when it was still there.
pub async fn renew_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    token_hash: &[u8],
) -> Stored<bool> {
    let done = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(token_hash.to_vec()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The sessions of a user, the most recently active first.
pub async fn sessions_of(db: &impl ConnectionTrait, user: UserId) -> Stored<Vec<Session>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .order_by_desc(Column::LastActiveAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Ends one session of a user: true when there was one.
pub async fn delete_session_of(
    db: &impl ConnectionTrait,
    user: UserId,
    id: SessionId,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::UserId.eq(user.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the session of a token: true when there was one.
pub async fn delete_session(db: &impl ConnectionTrait, token_hash: &[u8]) -> Stored<bool> {
    let done = Entity::delete_by_id(token_hash.to_vec()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Ends all sessions of a user, but for one that is kept.
pub async fn delete_sessions_of(
    db: &impl ConnectionTrait,
    user: UserId,
    kept: Option<SessionId>,
) -> Stored<u64> {
    let mut query = Entity::delete_many().filter(Column::UserId.eq(user.uuid()));
    if let Some(kept) = kept {
        query = query.filter(Column::Id.ne(kept.uuid()));
    }
    Ok(query.exec(db).await?.rows_affected)
}

/// Removes sessions that were last used before a moment.
pub async fn delete_idle_sessions(
    db: &impl ConnectionTrait,
    last_used_before: Timestamp,
) -> Stored<u64> {
    let done = Entity::delete_many()
        .filter(Column::LastActiveAt.lt(last_used_before.seconds()))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
