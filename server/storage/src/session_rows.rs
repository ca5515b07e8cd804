//! Rows that hang on a session (`domain::ends::hangs_on_session`): they end with it, which is known by what the database says
//! that it has deleted. So whoever ends a session, by whatever condition, ends exactly what was its.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Condition, DeleteStatement, Expr, ExprTrait as _, Query};
use uuid::Uuid;

use app::types::ids::SessionId;

use super::Stored;
use super::ephemeral::place;
use super::sms_codes::CodeFor;
use domain::ends::Ephemeral;

/// A session that was deleted.
#[derive(Clone, Copy, Debug)]
pub struct GoneSession {
    /// Which one.
    pub id: Uuid,
    /// Whose it was.
    pub user: Uuid,
}

/// Sessions that one statement names.
const AT_A_TIME: usize = 500;

/// Deletes sessions, and says which.
pub(crate) async fn delete_sessions(
    db: &impl ConnectionTrait,
    mut deletion: DeleteStatement,
) -> Stored<Vec<GoneSession>> {
    let columns = ["id", "user_id"].map(Alias::new);
    deletion.returning(Query::returning().columns(columns));
    let rows = db.query_all(&deletion).await?;
    let mut gone = Vec::with_capacity(rows.len());
    for row in rows {
        gone.push(GoneSession {
            id: row.try_get("", "id")?,
            user: row.try_get("", "user_id")?,
        });
    }
    Ok(gone)
}

/// Removes the rows of a kind that hung on sessions which are gone.
pub async fn delete_with_sessions(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    gone: &[GoneSession],
) -> Stored<()> {
    for some in gone.chunks(AT_A_TIME) {
        let theirs = if what == Ephemeral::SmsCodes {
            codes_of(some)
        } else {
            let sessions = some.iter().map(|gone| gone.id);
            Condition::all().add(Expr::col(Alias::new("session_id")).is_in(sessions))
        };
        // Their users too, by whom most of these tables are found.
        let users = some.iter().map(|gone| gone.user);
        let deletion = Query::delete()
            .from_table(Alias::new(place(what).table))
            .and_where(Expr::col(Alias::new("user_id")).is_in(users))
            .cond_where(theirs)
            .to_owned();
        db.execute(&deletion).await?;
    }
    Ok(())
}

/// Codes by SMS that were asked for in sessions, or for the set-up of a factor that has ended with one.
fn codes_of(gone: &[GoneSession]) -> Condition {
    let is_for = |word: &'static str| Expr::col(Alias::new("purpose")).eq(word);
    let step_up = |gone: &GoneSession| CodeFor::StepUp(SessionId::new(gone.id)).parts();
    let sessions = gone.iter().map(|gone| step_up(gone).1);
    let enrolling = Query::select()
        .column(Alias::new("user_id"))
        .from(Alias::new(place(Ephemeral::Enrolments).table))
        .to_owned();
    let in_session = Condition::all()
        .add(is_for(CodeFor::STEP_UP))
        .add(Expr::col(Alias::new("bound_to")).is_in(sessions));
    let of_enrolment = Condition::all()
        .add(is_for(CodeFor::ENROLMENT))
        .add(Expr::col(Alias::new("user_id")).not_in_subquery(enrolling));
    Condition::any().add(in_session).add(of_enrolment)
}
