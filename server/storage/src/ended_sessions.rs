//! How sessions ended, by the hash of their token: whoever still has the cookie is told, and nobody else can ask. A row names
//! no user, and lasts for a day.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use app::types::session::SessionEnd;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::ended_session::{Column, Entity};

/// Seconds for which it is known how a session ended.
pub const END_KNOWN: i64 = 24 * 60 * 60;

/// What is noted of sessions that end.
#[derive(Clone, Copy, Debug)]
pub struct EndNote {
    /// How they end.
    pub said: SessionEnd,
    /// When.
    pub now: Timestamp,
}

/// Notes the end of the sessions that a condition names, before they are deleted by it.
pub(crate) async fn note_ends(
    db: &impl ConnectionTrait,
    which: Condition,
    note: EndNote,
) -> Stored<()> {
    let until = (note.now + END_KNOWN).seconds();
    let sessions = Query::select()
        .column(Alias::new("token_hash"))
        .expr(Expr::value(note.said.word()))
        .expr(Expr::value(until))
        .from(Alias::new("sessions"))
        // SQLite takes no `ON CONFLICT` after a selection without a condition.
        .cond_where(which.add(Expr::col(Alias::new("token_hash")).is_not_null()))
        .to_owned();
    let mut noted = Query::insert();
    noted
        .into_table(Alias::new("ended_sessions"))
        .columns(["token_hash", "said", "expires_at"].map(Alias::new))
        .select_from(sessions)
        .map_err(|error| DbErr::Custom(error.to_string()))?
        .on_conflict(
            OnConflict::column(Alias::new("token_hash"))
                .do_nothing()
                .to_owned(),
        );
    db.execute(&noted).await?;
    Ok(())
}

/// How the session of a token ended, where that is known.
pub async fn find_end(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<Option<SessionEnd>> {
    let row = Entity::find_by_id(token_hash.to_vec())
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.and_then(|row| SessionEnd::of_word(&row.said)))
}
