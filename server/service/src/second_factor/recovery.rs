//! Recovery codes, which stand in for every second factor: the check of one, and what using one leads to.

use app::types::recovery_code::RecoveryCode;

use super::{Checked, ProvenBy, USED, WRONG};
use crate::change::Change;
use crate::letters::Letter;
use crate::{Outcome, Services};
use domain::ends::Occasion;
use domain::recovery_codes;
use storage::WriteTransaction;
use storage::recovery_codes::{Spent, count_recovery_codes, spend_recovery_code};
use storage::users::User;

/// Checks a recovery code, and spends it.
pub(super) async fn check(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    code: &RecoveryCode,
) -> Outcome<Checked> {
    let hash = recovery_codes::hash(code, user.id);
    let spent = spend_recovery_code(transaction, user.id, hash, services.now()).await?;
    Ok(match spent {
        Spent::Now => {
            let left = count_recovery_codes(transaction, user.id).await?;
            Checked::Right(ProvenBy::RecoveryCode { left })
        }
        Spent::Before => USED,
        Spent::Unknown => WRONG,
    })
}

/// A recovery code was used: who does has lost something, so no browser stays trusted, and the user is mailed.
pub async fn tell_recovery(change: &Change<'_>, user: &User, left: u32) -> Outcome<()> {
    change.end(Occasion::RecoveryCodeUsed, user.id).await?;
    let from = change.visitor();
    change
        .queue(user, &Letter::RecoveryCodeUsed { left, from })
        .await?;
    Ok(())
}
