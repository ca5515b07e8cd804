//! Known browsers that have proven a second factor or the mailbox of their user, and their own count of wrong codes.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait as _,
};

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::known_browser::{Column, Entity};
use super::entity::user;
use domain::proven_browser::{OwnCount, WRONG_CODES_PER_PROVEN_BROWSER};

/// The count of a browser that has proven itself to a user since a moment; none where it has not.
pub async fn find_own_count(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    since: Timestamp,
) -> Stored<Option<OwnCount>> {
    let row = Entity::find_by_id((user.uuid(), token_hash.to_vec()))
        .filter(has_proven_itself(user, since))
        .one(db)
        .await?;
    Ok(row.map(|row| OwnCount {
        wrong_in_a_row: u32::try_from(row.factor_failures).unwrap_or(u32::MAX),
        tried_at: row.factor_tried_at.map(Timestamp),
    }))
}

/// Whether a browser of a user has proven itself since a moment, as a value that is never NULL.
pub(super) fn is_proven_since(user: UserId, since: Timestamp) -> SimpleExpr {
    CaseStatement::new()
        .case(has_proven_itself(user, since), true)
        .finally(false)
        .into()
}

/// A second factor counts from when it was given, the mailbox only while it is the one of the user's address.
fn has_proven_itself(user: UserId, since: Timestamp) -> Condition {
    let address_since = user::Entity::find()
        .select_only()
        .column(user::Column::EmailVerifiedAt)
        .filter(user::Column::Id.eq(user.uuid()))
        .into_query();
    let address_since = SimpleExpr::SubQuery(None, Box::new(address_since.into()));
    let mailbox = Condition::all()
        .add(Column::MailboxProvenAt.gte(since.seconds()))
        .add(Expr::col(Column::MailboxProvenAt).gte(address_since));
    Condition::any()
        .add(Column::FactorProvenAt.gte(since.seconds()))
        .add(mailbox)
}

/// The hashes of the browsers that have proven themselves to a user since a moment and have tries of their own left.
pub(super) fn browsers_counted_apart(user: UserId, since: Timestamp) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .filter(Column::UserId.eq(user.uuid()))
        .filter(has_proven_itself(user, since))
        .filter(Column::FactorFailures.lt(WRONG_CODES_PER_PROVEN_BROWSER))
        .into_query()
}

/// Counts one more wrong code of a browser. The caller has locked the user.
pub async fn count_own_failure(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(
            Column::FactorFailures,
            Expr::col(Column::FactorFailures).add(1),
        )
        .col_expr(Column::FactorTriedAt, Expr::value(now.seconds()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// Records a right code in a browser that is known to the user: it is proven, and its count restarts.
pub async fn note_factor_proven(
    db: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::FactorProvenAt, Expr::value(now.seconds()))
        .col_expr(Column::FactorFailures, Expr::value(0))
        .col_expr(Column::FactorTriedAt, Expr::value(now.seconds()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends the count of every browser of a user.
pub(super) async fn clear_own_counts(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::FactorFailures, Expr::value(0))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::FactorFailures.gt(0))
        .exec(db)
        .await?;
    Ok(())
}
