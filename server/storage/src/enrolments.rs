//! Unfinished enrolments: at most one for each user; a new one replaces the old.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use app::types::ids::{EnrolmentId, SessionId, UserId};
use app::types::timestamp::Timestamp;
use app::types::two_factor::EnrolmentPurpose;

use super::Stored;
use super::entity::enrolment::{ActiveModel, Column, Entity};
use domain::first_factor::Ground;

/// What an enrolment sets up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolmentOf {
    /// An authenticator app.
    App(EnrolmentPurpose),
    /// A number for SMS, the legacy factor. It takes the place of nothing.
    Sms,
    /// A key.
    Key {
        /// A passkey, or a security key.
        is_passkey: bool,
    },
}

/// An unfinished enrolment.
#[derive(Clone)]
pub struct PendingEnrolment {
    /// Which one.
    pub id: EnrolmentId,
    /// What it sets up.
    pub of: EnrolmentOf,
    /// The session that began it; no other can finish it.
    pub session: SessionId,
    /// The new secret or number, sealed.
    pub sealed_secret: Vec<u8>,
    /// The key that seals it.
    pub key_id: String,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Wrong codes so far.
    pub failures: u32,
    /// What it was begun by; none where a server of an earlier version began it.
    pub admitted_by: Option<Ground>,
}

const fn purpose_text(of: EnrolmentOf) -> &'static str {
    match of {
        EnrolmentOf::App(EnrolmentPurpose::Enable) => "enable",
        EnrolmentOf::App(EnrolmentPurpose::Replace) => "replace",
        EnrolmentOf::Sms => "sms",
        EnrolmentOf::Key { is_passkey: true } => "passkey",
        EnrolmentOf::Key { is_passkey: false } => "security_key",
    }
}

/// Begins an enrolment; an earlier unfinished one of the user is gone.
pub async fn upsert_enrolment(
    db: &impl ConnectionTrait,
    user: UserId,
    enrolment: PendingEnrolment,
) -> Stored<()> {
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        id: Set(enrolment.id.uuid()),
        purpose: Set(purpose_text(enrolment.of).to_owned()),
        session_id: Set(enrolment.session.uuid()),
        sealed_secret: Set(enrolment.sealed_secret),
        key_id: Set(enrolment.key_id),
        expires_at: Set(enrolment.expires_at.seconds()),
        failures: Set(0),
        admitted_by: Set(enrolment.admitted_by.map(|ground| ground.word().to_owned())),
    };
    let replaced = OnConflict::column(Column::UserId)
        .update_columns([
            Column::Id,
            Column::Purpose,
            Column::SessionId,
            Column::SealedSecret,
            Column::KeyId,
            Column::ExpiresAt,
            Column::Failures,
            Column::AdmittedBy,
        ])
        .to_owned();
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The unfinished enrolment of a user, locked until the transaction ends.
pub async fn lock_enrolment(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Stored<Option<PendingEnrolment>> {
    let Some(row) = Entity::find_by_id(user.uuid())
        .lock_exclusive()
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let of = match row.purpose.as_str() {
        "enable" => EnrolmentOf::App(EnrolmentPurpose::Enable),
        "replace" => EnrolmentOf::App(EnrolmentPurpose::Replace),
        "sms" => EnrolmentOf::Sms,
        "passkey" => EnrolmentOf::Key { is_passkey: true },
        "security_key" => EnrolmentOf::Key { is_passkey: false },
        // Nobody can finish what is no set-up of ours; another one takes its place.
        _ => return Ok(None),
    };
    Ok(Some(PendingEnrolment {
        id: EnrolmentId::new(row.id),
        of,
        session: SessionId::new(row.session_id),
        sealed_secret: row.sealed_secret,
        key_id: row.key_id,
        expires_at: Timestamp(row.expires_at),
        failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
        admitted_by: row.admitted_by.as_deref().and_then(Ground::of_word),
    }))
}

/// Counts a wrong code.
pub async fn count_enrolment_failure(db: &impl ConnectionTrait, id: EnrolmentId) -> Stored<()> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes an enrolment: true when it was still there.
pub async fn delete_enrolment(
    db: &impl ConnectionTrait,
    user: UserId,
    id: EnrolmentId,
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
