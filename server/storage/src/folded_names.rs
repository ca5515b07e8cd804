//! Names in their folded form, for searching. The column is not part of the entity: only searches read it, and users are
//! read at every request.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use app::types::ids::UserId;

use super::Stored;
use super::entity::user::{Column, Entity};
use domain::folded::folded;

/// The column.
const FOLDED_NAME: &str = "folded_name";

/// A user's name as it is searched: nothing where upkeep has not come to it yet, an older name where a server of the
/// version before has changed it.
pub(super) fn folded_name() -> SimpleExpr {
    Expr::col((Entity, Alias::new(FOLDED_NAME)))
}

/// What goes with another name, in the same statement.
pub(super) fn folding(name: &str) -> (Alias, SimpleExpr) {
    (Alias::new(FOLDED_NAME), Expr::value(folded(name)))
}

/// Some users whose names are not folded yet, with their names.
pub async fn unfolded_names(db: &impl ConnectionTrait, most: u64) -> Stored<Vec<(UserId, String)>> {
    let some: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::Name)
        .filter(folded_name().is_null())
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let user = |(id, name)| (UserId::new(id), name);
    Ok(some.into_iter().map(user).collect())
}

/// Folds the name of a user who still has it: one that changes meanwhile is folded by whoever changes it.
pub async fn fold(db: &impl ConnectionTrait, id: UserId, name: &str) -> Stored<()> {
    let (column, value) = folding(name);
    Entity::update_many()
        .col_expr(column, value)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Name.eq(name))
        .exec(db)
        .await?;
    Ok(())
}
