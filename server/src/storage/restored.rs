//! What a database that was restored must not keep: whatever was open when its backup was made, and may have been ended
//! since.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::{
    email_change, enrolment, instance, invitation, mail, password_reset, pending_sign_in,
    pending_sign_up, second_factor, session, sms_code, trusted_browser,
};
use super::second_factors::APP;
use crate::domain::totp::TimeStep;

/// Ends sessions, pending sign-ins, unfinished set-ups, trusted browsers and every mailed link, and forgets mails that
/// waited: they were sent since. Invitations stay, run out, and can be sent again.
pub async fn end_what_was_open(db: &impl ConnectionTrait, now: Timestamp) -> Stored<()> {
    session::Entity::delete_many().exec(db).await?;
    pending_sign_in::Entity::delete_many().exec(db).await?;
    pending_sign_up::Entity::delete_many().exec(db).await?;
    enrolment::Entity::delete_many().exec(db).await?;
    sms_code::Entity::delete_many().exec(db).await?;
    password_reset::Entity::delete_many().exec(db).await?;
    email_change::Entity::delete_many().exec(db).await?;
    trusted_browser::Entity::delete_many().exec(db).await?;
    mail::Entity::delete_many().exec(db).await?;
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, Expr::value(now.seconds()))
        .filter(invitation::Column::ExpiresAt.gt(now.seconds()))
        .exec(db)
        .await?;
    instance::Entity::update_many()
        .col_expr(
            instance::Column::SetupTokenHash,
            Expr::value(Option::<Vec<u8>>::None),
        )
        .exec(db)
        .await?;
    Ok(())
}

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
