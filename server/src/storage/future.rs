//! Rows of a time that has been taken back: a clock was ahead, and has been set right. What was made meanwhile would last
//! for as long as the clock was wrong.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{
    email_change, enrolment, invitation, mail, password_reset, pending_sign_in, pending_sign_up,
    session, sms_code, trusted_browser,
};

/// The last moments that rows can name.
pub struct Latest {
    /// At which anything can have been made.
    pub made: Timestamp,
    /// At which links, codes and what is unfinished can end.
    pub unfinished: Timestamp,
    /// At which invitations can end.
    pub invitations: Timestamp,
    /// At which browsers can cease to be trusted.
    pub trusted: Timestamp,
}

/// Removes what ends too late to be of this time.
pub async fn delete_rows_of_the_future(db: &impl ConnectionTrait, latest: &Latest) -> Stored<u64> {
    let unfinished = latest.unfinished;
    let mut removed = delete(db, session::Entity, session::Column::CreatedAt, latest.made).await?;
    removed += delete(
        db,
        enrolment::Entity,
        enrolment::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        sms_code::Entity,
        sms_code::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        pending_sign_in::Entity,
        pending_sign_in::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        pending_sign_up::Entity,
        pending_sign_up::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        password_reset::Entity,
        password_reset::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        email_change::Entity,
        email_change::Column::ExpiresAt,
        unfinished,
    )
    .await?;
    removed += delete(
        db,
        invitation::Entity,
        invitation::Column::ExpiresAt,
        latest.invitations,
    )
    .await?;
    removed += delete(
        db,
        trusted_browser::Entity,
        trusted_browser::Column::ExpiresAt,
        latest.trusted,
    )
    .await?;
    Ok(removed)
}

async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
    _of: E,
    column: E::Column,
    latest: Timestamp,
) -> Stored<u64> {
    let late = E::delete_many().filter(column.gt(latest.seconds()));
    Ok(late.exec(db).await?.rows_affected)
}

/// Makes mails due that would wait for a time that is not to come soon.
pub async fn hasten_mails_of_the_future(
    db: &impl ConnectionTrait,
    latest: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    mail::Entity::update_many()
        .col_expr(mail::Column::NextTryAt, Expr::value(now.seconds()))
        .filter(mail::Column::NextTryAt.gt(latest.seconds()))
        .exec(db)
        .await?;
    Ok(())
}
