//! Sessions, by the hash of their token.

use std::sync::LazyLock;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, SelectTwo,
};

use app::types::ids::{SessionId, TrustedBrowserId, UserId};
use app::types::session::SessionEnd;
use app::types::timestamp::Timestamp;

use super::ended_sessions::{EndNote, note_ends};
use super::entity::session::{ActiveModel, Column, Entity, Model};
use super::entity::{second_factor, user};
use super::factors::kinds_of;
use super::users::{User, read_user};
use super::{AskElsewhere, Database, Stored};
use domain::factors::FactorKinds;

/// A session.
#[derive(Clone, PartialEq, Eq)]
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
    /// The address it began at.
    pub address: String,
    /// The address at which it was used last, to the minute.
    pub last_address: String,
    /// The browser it is in.
    pub browser: String,
    /// The trusted browser that opened it without a second factor.
    pub trusted_browser: Option<TrustedBrowserId>,
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
            // Empty where a server of an earlier version began the session.
            last_address: if row.last_address.is_empty() {
                row.address.clone()
            } else {
                row.last_address
            },
            address: row.address,
            browser: row.browser,
            trusted_browser: row.trusted_browser_id.map(TrustedBrowserId::new),
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
        last_address: Set(session.last_address),
        trusted_browser_id: Set(session.trusted_browser.map(TrustedBrowserId::uuid)),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// A session with its user and the kinds of their second factors.
pub type Found = (Session, User, FactorKinds);

/// The session of a token: one read, since every request begins with it; on SQLite on the thread that asks.
pub async fn find_session(database: &Database, token_hash: &[u8]) -> Stored<Option<Found>> {
    static SQL: LazyLock<String> = LazyLock::new(|| by_token(&[]).build(DbBackend::Sqlite).sql);
    match database.at_once(&SQL, [token_hash], read_row) {
        Ok(row) => Ok(row.map(found)),
        Err(AskElsewhere) => ask_for_session(database.read(), token_hash).await,
    }
}

/// The same in the ordinary way.
pub async fn ask_for_session(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
) -> Stored<Option<Found>> {
    let row = by_token(token_hash)
        .into_model::<Model, WithFactor>()
        .one(db)
        .await?;
    let row = row.and_then(|(session, user)| Some((session, user?)));
    Ok(row.map(found))
}

fn by_token(token_hash: &[u8]) -> SelectTwo<Entity, user::Entity> {
    let factor = Entity::belongs_to(second_factor::Entity)
        .from(Column::UserId)
        .to(second_factor::Column::UserId)
        .into();
    Entity::find_by_id(token_hash.to_vec())
        .join(JoinType::LeftJoin, factor)
        .find_also_related(user::Entity)
        .column_as(second_factor::Column::Kind, "B_factor_kind")
}

fn found((session, WithFactor { user, factor }): (Model, WithFactor)) -> Found {
    let kinds = kinds_of(factor.as_deref());
    (session.into(), user.into(), kinds)
}

/// A row of `by_token`: what it selects comes in the order of the entities' columns, and every session has a user.
fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Model, WithFactor)> {
    let session = Model {
        token_hash: row.get(0)?,
        id: row.get(1)?,
        user_id: row.get(2)?,
        created_at: row.get(3)?,
        last_active_at: row.get(4)?,
        second_factor_at: row.get(5)?,
        step_up_failures: row.get(6)?,
        address: row.get(7)?,
        browser: row.get(8)?,
        last_address: row.get(9)?,
        trusted_browser_id: row.get(10)?,
    };
    let user = read_user(row, 11)?;
    let factor = row.get("B_factor_kind")?;
    Ok((session, WithFactor { user, factor }))
}

/// A user, and what is read of their second factor.
struct WithFactor {
    user: user::Model,
    factor: Option<String>,
}

impl FromQueryResult for WithFactor {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            user: user::Model::from_query_result(row, prefix)?,
            factor: row.try_get(prefix, "factor_kind")?,
        })
    }
}

/// A session by its name, with its user as they are now.
pub async fn find_session_by_id(
    db: &impl ConnectionTrait,
    id: SessionId,
) -> Stored<Option<(Session, User)>> {
    let row = Entity::find()
        .filter(Column::Id.eq(id.uuid()))
        .find_also_related(user::Entity)
        .one(db)
        .await?;
    let row = row.and_then(|(session, user)| Some((session, user?)));
    Ok(row.map(|(session, user)| (session.into(), user.into())))
}

/// Keeps a session there until the transaction ends: false when it is not. Whoever ends it meanwhile waits.
pub async fn keep_session(db: &impl ConnectionTrait, id: SessionId) -> Stored<bool> {
    let row = Entity::find()
        .filter(Column::Id.eq(id.uuid()))
        .lock(LockType::KeyShare)
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Notes that a session is in use, and where.
pub async fn touch_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    address: &str,
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::LastActiveAt, Expr::value(now.seconds()))
        .col_expr(Column::LastAddress, Expr::value(address))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::LastActiveAt.lte(now.seconds()))
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

/// Gives a try back that does not count: the password was right, or was not checked.
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
    now: Timestamp,
) -> Stored<bool> {
    let which = Condition::all()
        .add(Column::Id.eq(id.uuid()))
        .add(Column::StepUpFailures.gte(limit));
    let said = SessionEnd::Guessed;
    note_ends(db, which, EndNote { said, now }).await?;
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
