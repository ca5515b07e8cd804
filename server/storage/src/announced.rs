//! The last mail to each user about the requirement of an account, so that saving the settings repeatedly does not mail more
//! often than the rule allows.

use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::announced::{ActiveModel, Column, Entity};
use domain::announcements::Announced;

/// What these users were last mailed; who was mailed nothing is not among them.
pub async fn find_announced(
    db: &impl ConnectionTrait,
    account: AccountId,
    users: &[UserId],
) -> Stored<Vec<(UserId, Announced)>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::UserId.is_in(users.iter().map(|user| user.uuid())))
        .all(db)
        .await?;
    let announced = rows.into_iter().map(|row| {
        let last = Announced {
            required_from: Timestamp(row.required_from),
            began_at: Timestamp(row.began_at),
            mails: u32::try_from(row.mails).unwrap_or(u32::MAX),
        };
        (UserId::new(row.user_id), last)
    });
    Ok(announced.collect())
}

/// Notes what users are mailed now.
pub async fn note_announced(
    db: &impl ConnectionTrait,
    account: AccountId,
    announced: &[(UserId, Announced)],
) -> Stored<()> {
    if announced.is_empty() {
        return Ok(());
    }
    let rows = announced.iter().map(|(user, last)| ActiveModel {
        account_id: Set(account.uuid()),
        user_id: Set(user.uuid()),
        required_from: Set(last.required_from.seconds()),
        began_at: Set(last.began_at.seconds()),
        mails: Set(i32::try_from(last.mails).unwrap_or(i32::MAX)),
    });
    let again = OnConflict::columns([Column::AccountId, Column::UserId])
        .update_columns([Column::RequiredFrom, Column::BeganAt, Column::Mails])
        .to_owned();
    Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// What the users of an account were mailed since a moment, all together: the earliest day that was said, the last
/// beginning of a count, and the most mails; nothing where nobody was mailed.
pub async fn find_last_announced(
    db: &impl ConnectionTrait,
    account: AccountId,
    since: Timestamp,
) -> Stored<Option<Announced>> {
    let row: Option<(Option<i64>, Option<i64>, Option<i32>)> = Entity::find()
        .select_only()
        .column_as(Column::RequiredFrom.into_expr().min(), "required_from")
        .column_as(Column::BeganAt.into_expr().max(), "began_at")
        .column_as(Column::Mails.into_expr().max(), "mails")
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::BeganAt.gt(since.seconds()))
        .into_tuple()
        .one(db)
        .await?;
    Ok(row.and_then(|(required_from, began_at, mails)| {
        Some(Announced {
            required_from: Timestamp(required_from?),
            began_at: Timestamp(began_at?),
            mails: u32::try_from(mails?).unwrap_or(u32::MAX),
        })
    }))
}
