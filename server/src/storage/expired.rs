//! Rows whose time has passed, removed in steps, so that nobody who writes waits long behind it.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};

use app::types::timestamp::Timestamp;

use super::Stored;

/// Rows that one step removes.
pub const ROWS_IN_A_STEP: u64 = 500;

/// What there is a time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiring {
    /// Enrolments, by their end; their secrets go with them.
    Enrolments,
    /// Codes by SMS, by their end.
    SmsCodes,
    /// Pending sign-ins, by their end.
    PendingSignIns,
    /// Sign-ups, by the end of their link.
    SignUps,
    /// Invitations, by the end of their link.
    Invitations,
    /// Links that set a password, by their end.
    PasswordResets,
    /// Changes of address, by the end of their link.
    EmailChanges,
    /// Trusted browsers, by the end of the trust.
    TrustedBrowsers,
    /// Known browsers, by when they were last seen.
    KnownBrowsers,
    /// Sessions, by when they were last used.
    IdleSessions,
    /// Sessions, by when they began.
    OldSessions,
    /// Counts of tries, by the end of their window.
    Tries,
}

impl Expiring {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Enrolments,
        Self::SmsCodes,
        Self::PendingSignIns,
        Self::SignUps,
        Self::Invitations,
        Self::PasswordResets,
        Self::EmailChanges,
        Self::TrustedBrowsers,
        Self::KnownBrowsers,
        Self::IdleSessions,
        Self::OldSessions,
        Self::Tries,
    ];

    /// Table, column that tells its rows apart, column of the moment, which has an index.
    const fn place(self) -> [&'static str; 3] {
        match self {
            Self::Enrolments => ["enrolments", "user_id", "expires_at"],
            Self::SmsCodes => ["sms_codes", "user_id", "expires_at"],
            Self::PendingSignIns => ["pending_sign_ins", "token_hash", "expires_at"],
            Self::SignUps => ["pending_sign_ups", "token_hash", "expires_at"],
            Self::Invitations => ["invitations", "id", "expires_at"],
            Self::PasswordResets => ["password_resets", "user_id", "expires_at"],
            Self::EmailChanges => ["email_changes", "user_id", "expires_at"],
            Self::TrustedBrowsers => ["trusted_browsers", "token_hash", "expires_at"],
            Self::KnownBrowsers => ["known_browsers", "token_hash", "last_seen_at"],
            Self::IdleSessions => ["sessions", "token_hash", "last_active_at"],
            Self::OldSessions => ["sessions", "token_hash", "created_at"],
            Self::Tries => ["tries", "bucket_hash", "ends_at"],
        }
    }
}

/// Removes a step of the rows whose moment is before this one: how many, which is fewer than a full step at the end.
pub async fn delete_some(
    db: &impl ConnectionTrait,
    what: Expiring,
    before: Timestamp,
) -> Stored<u64> {
    let [table, key, moment] = what.place().map(Alias::new);
    let is_over = Expr::col(moment).lt(before.seconds());
    let some = Query::select()
        .column(key.clone())
        .from(table.clone())
        .and_where(is_over.clone())
        .limit(ROWS_IN_A_STEP)
        .to_owned();
    // Asked twice, since a row may have been given more time while this waited for it.
    let deletion = Query::delete()
        .from_table(table)
        .and_where(Expr::col(key).in_subquery(some))
        .and_where(is_over)
        .to_owned();
    Ok(db.execute(&deletion).await?.rows_affected())
}
