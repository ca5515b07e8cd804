//! Ephemeral rows: the table of each kind, and how its rows are ended. Which of them end when is a rule (`domain::ends`).
//! Upkeep deletes expired rows in steps, so that other writers do not wait long.

use sea_orm::sea_query::{
    Alias, Condition, DeleteStatement, Expr, ExprTrait as _, Query, SelectStatement,
};
use sea_orm::{ConnectionTrait, Value};

use app::types::ids::{AccountId, SessionId, TrustedBrowserId, UserId};
use app::types::timestamp::Timestamp;

use super::Stored;
use super::ended_sessions::{EndNote, note_ends};
use super::session_rows::{GoneSession, delete_sessions};
use domain::ends::Ephemeral;

/// Rows that one step of upkeep removes.
pub const ROWS_IN_A_STEP: u64 = 500;

/// Where the rows of a kind are stored.
#[derive(Clone, Copy)]
pub struct EphemeralTable {
    /// The table.
    pub table: &'static str,
    /// A column that tells the rows apart.
    key: &'static str,
    /// The column that says whose a row is, where it is a user's.
    pub user: Option<&'static str>,
    /// Columns that tell how long a row lasts; each has an index.
    pub moments: &'static [(&'static str, Moment)],
    /// Columns of tokens, codes and what else a row is found by.
    pub tokens: &'static [&'static str],
}

/// What a moment in a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When the row is over.
    End,
    /// When it was last used.
    LastUse,
    /// When it began.
    Beginning,
    /// When something is to be done with it.
    Due,
}

impl EphemeralTable {
    /// Of rows that a user has, by `user_id`.
    const fn of_user(
        table: &'static str,
        key: &'static str,
        moments: &'static [(&'static str, Moment)],
    ) -> Self {
        Self {
            table,
            key,
            user: Some("user_id"),
            moments,
            tokens: &["token_hash"],
        }
    }

    /// Of rows that are nobody's.
    const fn of_nobody(
        table: &'static str,
        key: &'static str,
        moments: &'static [(&'static str, Moment)],
    ) -> Self {
        Self {
            table,
            key,
            user: None,
            moments,
            tokens: &[],
        }
    }

    /// The same with another column that says whose a row is.
    const fn by(mut self, user: &'static str) -> Self {
        self.user = Some(user);
        self
    }

    const fn with_tokens(mut self, tokens: &'static [&'static str]) -> Self {
        self.tokens = tokens;
        self
    }
}

/// Where the rows of a kind are. A new kind of row enters itself here, and at each occasion that ends it.
#[expect(
    clippy::too_many_lines,
    reason = "one table, which reads best in one piece"
)]
pub const fn place(what: Ephemeral) -> EphemeralTable {
    const END: &[(&str, Moment)] = &[("expires_at", Moment::End)];
    match what {
        Ephemeral::Sessions => EphemeralTable::of_user(
            "sessions",
            "token_hash",
            &[
                ("last_active_at", Moment::LastUse),
                ("created_at", Moment::Beginning),
            ],
        ),
        Ephemeral::EndedSessions => EphemeralTable::of_nobody("ended_sessions", "token_hash", END)
            .with_tokens(&["token_hash"]),
        Ephemeral::PendingSignIns => EphemeralTable::of_user("pending_sign_ins", "token_hash", END)
            .with_tokens(&["token_hash", "link_hash", "known_hash"]),
        Ephemeral::Enrolments => {
            EphemeralTable::of_user("enrolments", "user_id", END).with_tokens(&[])
        }
        Ephemeral::SmsCodes => {
            EphemeralTable::of_user("sms_codes", "user_id", END).with_tokens(&["code_hash"])
        }
        Ephemeral::MailboxCodes => {
            EphemeralTable::of_user("mailbox_codes", "session_id", END).with_tokens(&["code_tag"])
        }
        Ephemeral::FirstFactorAllowances => {
            EphemeralTable::of_user("first_factor_allowances", "user_id", END).with_tokens(&[])
        }
        Ephemeral::FirstFactorAllowancesMade => {
            EphemeralTable::of_user("first_factor_allowances", "user_id", &[])
                .by("allowed_by")
                .with_tokens(&[])
        }
        Ephemeral::TrustedBrowsers => {
            EphemeralTable::of_user("trusted_browsers", "token_hash", END)
        }
        Ephemeral::KnownBrowsers => EphemeralTable::of_user(
            "known_browsers",
            "token_hash",
            &[("last_seen_at", Moment::LastUse)],
        ),
        Ephemeral::PasswordResets => {
            EphemeralTable::of_user("password_reset_links", "token_hash", END)
        }
        Ephemeral::PasswordResetsBefore => {
            EphemeralTable::of_user("password_resets", "user_id", END)
        }
        Ephemeral::EmailChanges => EphemeralTable::of_user("email_changes", "user_id", END),
        Ephemeral::LostAddresses => {
            EphemeralTable::of_user("lost_addresses", "user_id", END).with_tokens(&[])
        }
        Ephemeral::ResetOffers => EphemeralTable::of_user("reset_offers", "token_hash", END),
        Ephemeral::ResetOffersMade => {
            EphemeralTable::of_user("reset_offers", "token_hash", &[]).by("offered_by")
        }
        Ephemeral::TransferOffers => EphemeralTable::of_user("transfer_offers", "account_id", END)
            .by("to_id")
            .with_tokens(&[]),
        Ephemeral::TransferOffersMade => {
            EphemeralTable::of_user("transfer_offers", "account_id", &[])
                .by("from_id")
                .with_tokens(&[])
        }
        Ephemeral::RefusedMailboxes => EphemeralTable::of_nobody(
            "refused_mailboxes",
            "email",
            &[("refused_at", Moment::LastUse)],
        ),
        Ephemeral::SignUps => EphemeralTable::of_nobody("pending_sign_ups", "token_hash", END)
            .with_tokens(&["token_hash"]),
        Ephemeral::Invitations => EphemeralTable::of_nobody("invitations", "id", END)
            .with_tokens(&["token_hash", "handed_hash"]),
        Ephemeral::SetupLink => {
            EphemeralTable::of_nobody("instance", "id", &[]).with_tokens(&["setup_token_hash"])
        }
        Ephemeral::Mails => {
            EphemeralTable::of_nobody("mails", "id", &[("next_try_at", Moment::Due)])
        }
        Ephemeral::Announcements => {
            EphemeralTable::of_nobody("announcements", "id", &[("due_at", Moment::Due)])
        }
        Ephemeral::Announced => {
            EphemeralTable::of_nobody("announced", "user_id", &[("began_at", Moment::Beginning)])
        }
        Ephemeral::Tries => {
            EphemeralTable::of_nobody("tries", "bucket_hash", &[("ends_at", Moment::End)])
                .with_tokens(&["bucket_hash"])
        }
        Ephemeral::Leases => {
            EphemeralTable::of_nobody("leases", "job", &[("ends_at", Moment::End)])
        }
        Ephemeral::DeletedAccounts => EphemeralTable::of_nobody("deleted_accounts", "id", END),
        Ephemeral::DeletedMemberships => {
            EphemeralTable::of_nobody("deleted_memberships", "account_id", &[])
        }
        Ephemeral::AccountNotices => {
            EphemeralTable::of_nobody("account_notices", "account_id", &[("due_at", Moment::Due)])
        }
        Ephemeral::SpentChallenges => {
            EphemeralTable::of_nobody("spent_challenges", "hash", END).with_tokens(&["hash"])
        }
        Ephemeral::AccountEntries => EphemeralTable::of_nobody(
            "account_entries",
            "session_id",
            &[("entered_at", Moment::Beginning)],
        ),
    }
}

/// Whose rows end.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// A user's.
    User(UserId),
    /// Those of every user of an account.
    UsersOf(AccountId),
    /// Everybody's, and nobody's.
    Everybody,
}

impl From<UserId> for Of {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

/// One row that ends.
#[derive(Clone, Copy)]
pub enum OneRow<'a> {
    /// By its name.
    Session(SessionId),
    /// By its token.
    Token(&'a [u8]),
    /// By its name on the Security page.
    TrustedBrowser(TrustedBrowserId),
    /// By the address that is asked for.
    NewAddress(&'a str),
}

/// What was removed.
#[derive(Debug, Default)]
pub struct Removed {
    /// How many rows.
    pub rows: u64,
    /// The sessions among them.
    pub sessions: Vec<GoneSession>,
}

/// Removes rows of a kind. With a note, which is for sessions, their end is noted, here and below.
pub async fn delete_all(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    of: Of,
    note: Option<EndNote>,
) -> Stored<Removed> {
    let place = place(what);
    if what == Ephemeral::SetupLink {
        let [column] = place.tokens else {
            return Ok(Removed::default());
        };
        let emptied = Query::update()
            .table(Alias::new(place.table))
            .value(Alias::new(*column), Value::Bytes(None))
            .to_owned();
        let rows = db.execute(&emptied).await?.rows_affected();
        return Ok(Removed {
            rows,
            ..Removed::default()
        });
    }
    delete(db, what, whose(place, of), note).await
}

/// Removes the rows of a kind but for those of a session and of the browser that it is in.
pub async fn delete_others(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    of: Of,
    kept: Kept<'_>,
    note: Option<EndNote>,
) -> Stored<Removed> {
    let place = place(what);
    let others = match (what, kept) {
        (Ephemeral::Sessions, Kept { session, .. }) => {
            session.map(|id| Expr::col(Alias::new("id")).ne(id.uuid()))
        }
        (Ephemeral::KnownBrowsers, Kept { browser, .. }) => {
            browser.map(|hash| Expr::col(Alias::new("token_hash")).ne(hash))
        }
        // Nothing else is kept for one session or browser: what hangs on a session is ended with it.
        (_, Kept { .. }) => None,
    };
    delete(db, what, whose(place, of).add_option(others), note).await
}

/// Whether there is a row of a kind that is found by the hash of this token, or the tag of this code.
pub async fn has_row_of_token(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    hash: Vec<u8>,
) -> Stored<bool> {
    let place = place(what);
    let mut any = Condition::any();
    for column in place.tokens {
        any = any.add(Expr::col(Alias::new(*column)).eq(hash.clone()));
    }
    let found = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(place.table))
        .cond_where(any)
        .limit(1)
        .to_owned();
    Ok(db.query_one(&found).await?.is_some())
}

/// What `delete_others` keeps.
#[derive(Clone, Copy, Default)]
pub struct Kept<'a> {
    /// A session.
    pub session: Option<SessionId>,
    /// A known browser, by the hash of its token.
    pub browser: Option<&'a [u8]>,
}

/// Removes one row of a kind.
pub async fn delete_one(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    of: Of,
    row: OneRow<'_>,
    note: Option<EndNote>,
) -> Stored<Removed> {
    let place = place(what);
    let is_it = match row {
        OneRow::Session(id) => Expr::col(Alias::new("id")).eq(id.uuid()),
        OneRow::TrustedBrowser(id) => Expr::col(Alias::new("id")).eq(id.uuid()),
        OneRow::NewAddress(email) => Expr::col(Alias::new("email")).eq(email),
        OneRow::Token(hash) => Expr::col(Alias::new("token_hash")).eq(hash),
    };
    delete(db, what, whose(place, of).add(is_it), note).await
}

/// Removes the rows of a kind in one account. Only of kinds that have an account.
pub async fn delete_in_account(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    of: Of,
    account: AccountId,
) -> Stored<Removed> {
    let place = place(what);
    let here = Expr::col(Alias::new("account_id")).eq(account.uuid());
    delete(db, what, whose(place, of).add(here), None).await
}

/// By which trusted browser sessions were opened.
#[derive(Clone, Copy, Debug)]
pub enum ByTrust {
    /// By any, and no second factor was given since.
    Any,
    /// By this one, whatever was given since; and those that a server of the version before has opened by any.
    Of(TrustedBrowserId),
}

/// Ends the sessions that a trusted browser opened without the second factor their user has, but for one that is kept.
pub async fn delete_sessions_by_trust(
    db: &impl ConnectionTrait,
    of: Of,
    by: ByTrust,
    kept: Option<SessionId>,
    note: Option<EndNote>,
) -> Stored<Removed> {
    let place = place(Ephemeral::Sessions);
    let with_factor = Query::select()
        .column(Alias::new("user_id"))
        .from(Alias::new("second_factors"))
        .to_owned();
    let without = Condition::all()
        .add(Expr::col(Alias::new("second_factor_at")).is_null())
        .add(Expr::col(Alias::new("user_id")).in_subquery(with_factor));
    let opened_by = || Expr::col(Alias::new("trusted_browser_id"));
    let opened = match by {
        ByTrust::Any => without,
        ByTrust::Of(id) => Condition::any()
            .add(opened_by().eq(id.uuid()))
            .add(without.add(opened_by().is_null())),
    };
    let by_trust = whose(place, of)
        .add(opened)
        .add_option(kept.map(|id| Expr::col(Alias::new("id")).ne(id.uuid())));
    delete(db, Ephemeral::Sessions, by_trust, note).await
}

/// Removes rows that end, or began, later than anything of this time can.
pub async fn delete_late(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    latest: Timestamp,
) -> Stored<Removed> {
    let place = place(what);
    let mut moments = place.moments.iter();
    let late = moments.find(|(_, moment)| matches!(moment, Moment::End | Moment::Beginning));
    let Some((column, _)) = late else {
        return Ok(Removed::default());
    };
    let late = Expr::col(Alias::new(*column)).gt(latest.seconds());
    delete(db, what, Condition::all().add(late), None).await
}

/// Sets the moments of a kind that lie beyond one to now: what was to end then is over, what was due then is due.
pub async fn set_to_now(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    beyond: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let place = place(what);
    for (column, _) in place.moments {
        let column = Alias::new(*column);
        let change = Query::update()
            .table(Alias::new(place.table))
            .value(column.clone(), now.seconds())
            .and_where(Expr::col(column).gt(beyond.seconds()))
            .to_owned();
        db.execute(&change).await?;
    }
    Ok(())
}

/// Removes a step of the rows whose moment is before this one, which is fewer than a full step at the end.
pub async fn delete_some(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    column: &str,
    before: Timestamp,
    note: Option<EndNote>,
) -> Stored<Removed> {
    let EphemeralTable { table, key, .. } = place(what);
    let is_over = Expr::col(Alias::new(column)).lt(before.seconds());
    let some = Query::select()
        .column(Alias::new(key))
        .from(Alias::new(table))
        .and_where(is_over.clone())
        .limit(ROWS_IN_A_STEP)
        .to_owned();
    // Asked twice, since a row may have been given more time while this waited for it.
    let which = Condition::all()
        .add(Expr::col(Alias::new(key)).in_subquery(some))
        .add(is_over);
    delete(db, what, which, note).await
}

async fn delete(
    db: &impl ConnectionTrait,
    what: Ephemeral,
    which: Condition,
    note: Option<EndNote>,
) -> Stored<Removed> {
    if let Some(note) = note {
        note_ends(db, which.clone(), note).await?;
    }
    let deletion: DeleteStatement = Query::delete()
        .from_table(Alias::new(place(what).table))
        .cond_where(which)
        .to_owned();
    if what == Ephemeral::Sessions {
        let sessions = delete_sessions(db, deletion).await?;
        return Ok(Removed {
            rows: sessions.len() as u64,
            sessions,
        });
    }
    Ok(Removed {
        rows: db.execute(&deletion).await?.rows_affected(),
        sessions: Vec::new(),
    })
}

/// The rows of whom it may be. A kind without users has no rows of anybody.
fn whose(place: EphemeralTable, of: Of) -> Condition {
    let which = Condition::all();
    let users = |column| Expr::col(Alias::new(column));
    match (of, place.user) {
        (Of::Everybody, _) => which,
        (Of::User(_) | Of::UsersOf(_), None) => which.add(Expr::value(1).eq(0)),
        (Of::User(user), Some(column)) => which.add(users(column).eq(user.uuid())),
        (Of::UsersOf(account), Some(column)) => {
            which.add(users(column).in_subquery(members(account)))
        }
    }
}

fn members(account: AccountId) -> SelectStatement {
    Query::select()
        .column(Alias::new("user_id"))
        .from(Alias::new("memberships"))
        .and_where(Expr::col(Alias::new("account_id")).eq(account.uuid()))
        .to_owned()
}
