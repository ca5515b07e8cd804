//! Codes after a restore: a code that was used since the backup was made must not be accepted again.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Stored;
use super::entity::second_factor;
use super::second_factors::APP;
use domain::totp::TimeStep;

/// Spends the codes of every app up to a step: one that was used since the backup is not good again.
pub async fn spend_steps(db: &impl ConnectionTrait, up_to: TimeStep) -> Stored<()> {
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(up_to.0))
        .filter(second_factor::Column::Kind.eq(APP))
        .filter(second_factor::Column::LastStep.lt(up_to.0))
        .exec(db)
        .await?;
    Ok(())
}
