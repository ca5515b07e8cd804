//! Pending sign-ins: the password was right, something is still due. Not a session.

use app::types::session::{PendingSignIn, SignInStep};
use app::types::timestamp::Timestamp;

use super::{NewCookie, Stepped};
use crate::crypto::token::Token;
use crate::domain::attempts::WRONG_CODES_PER_SIGN_IN;
use crate::service::{Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::sign_ins::{PendingRow, find_pending, insert_pending};
use crate::storage::users::User;

/// Keeps hashes of these tokens apart from those of other tokens.
pub(super) const PURPOSE: &str = "pending sign-in";
/// Seconds that a pending sign-in lives.
pub const PENDING_LIFE: i64 = 10 * 60;

/// Begins a pending sign-in of a user whose password was right.
pub(super) async fn begin_pending(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
) -> Outcome<Stepped> {
    let token = Token::new(services.random.as_ref());
    let expires_at = services.now() + PENDING_LIFE;
    let row = PendingRow {
        token_hash: token.hash(PURPOSE).to_vec(),
        user: user.id,
        expires_at,
        failures: 0,
    };
    insert_pending(transaction, row).await?;
    let pending = PendingSignIn {
        expires_at,
        attempts_left: WRONG_CODES_PER_SIGN_IN,
        may_trust_browser: false,
    };
    Ok(Stepped {
        step: SignInStep::SecondFactorDue(pending),
        cookie: NewCookie::Pending(token),
    })
}

/// The pending sign-in of a browser, while it lives.
pub async fn find(services: &Services, token: &Token) -> Outcome<Option<PendingSignIn>> {
    let row = find_pending(services.database.read(), &token.hash(PURPOSE)).await?;
    let now = services.now();
    Ok(row
        .filter(|row| is_alive(row, now))
        .map(|row| PendingSignIn {
            expires_at: row.expires_at,
            attempts_left: WRONG_CODES_PER_SIGN_IN.saturating_sub(row.failures),
            may_trust_browser: false,
        }))
}

/// Whether it can still be finished.
pub(super) fn is_alive(row: &PendingRow, now: Timestamp) -> bool {
    row.expires_at > now && row.failures < WRONG_CODES_PER_SIGN_IN
}
