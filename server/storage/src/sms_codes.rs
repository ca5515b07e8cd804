//! Codes sent by SMS, as hashes under a key: at most one for each user, good for whoever asked for it and nobody else.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::ids::{EnrolmentId, SessionId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::entity::sms_code::{ActiveModel, Column, Entity};

/// What a code is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeFor {
    /// Finishing the pending sign-in of this token hash.
    SignIn(Vec<u8>),
    /// Sensitive acts in a session.
    StepUp(SessionId),
    /// Proving the number of an enrolment.
    Enrolment(EnrolmentId),
}

impl CodeFor {
    /// The word of a code for sensitive acts.
    pub(crate) const STEP_UP: &str = "step_up";
    /// The word of a code for an enrolment.
    pub(crate) const ENROLMENT: &str = "enrol";

    /// The word of the row, and the bytes of what asked for the code.
    pub fn parts(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::SignIn(token_hash) => ("sign_in", token_hash.clone()),
            Self::StepUp(session) => (Self::STEP_UP, session.uuid().as_bytes().to_vec()),
            Self::Enrolment(enrolment) => (Self::ENROLMENT, enrolment.uuid().as_bytes().to_vec()),
        }
    }
}

/// Keeps the code of a user; one sent before is gone.
pub async fn replace_sms_code(
    db: &impl ConnectionTrait,
    user: UserId,
    code_for: &CodeFor,
    code_hash: &[u8],
    expires_at: Timestamp,
) -> Stored<()> {
    delete_sms_codes_of(db, user).await?;
    let (purpose, bound_to) = code_for.parts();
    let row = ActiveModel {
        user_id: Set(user.uuid()),
        purpose: Set(purpose.to_owned()),
        bound_to: Set(bound_to),
        code_hash: Set(code_hash.to_vec()),
        expires_at: Set(expires_at.seconds()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The hash of the code that was sent for this, while it is good.
pub async fn find_sms_code(
    db: &impl ConnectionTrait,
    user: UserId,
    code_for: &CodeFor,
    now: Timestamp,
) -> Stored<Option<Vec<u8>>> {
    let (purpose, bound_to) = code_for.parts();
    let row = Entity::find_by_id(user.uuid())
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::BoundTo.eq(bound_to))
        .filter(Column::ExpiresAt.gt(now.seconds()))
        .one(db)
        .await?;
    Ok(row.map(|row| row.code_hash))
}

/// Spends a code: true for the one who came first.
pub async fn spend_sms_code(
    db: &impl ConnectionTrait,
    user: UserId,
    code_hash: &[u8],
) -> Stored<bool> {
    let done = Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::CodeHash.eq(code_hash.to_vec()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes whatever code a user was sent.
pub async fn delete_sms_codes_of(db: &impl ConnectionTrait, user: UserId) -> Stored<()> {
    Entity::delete_by_id(user.uuid()).exec(db).await?;
    Ok(())
}
