//! The first time that a session comes into an account: a line of the account's log.
//! docs/decisions/0060-log-for-an-auditor.md

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use app::types::account::AccountRef;
use app::types::ids::{AccountId, SessionId};

use super::{Member, admit_unnoted, used};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::principal::{Credential, Principal};
use crate::refusal::Refusal;
use crate::{Outcome, Services, sessions};
use storage::account_entries::note_entry;
use storage::sessions::{Session, find_session_by_id};

/// Entries that are remembered at most; 32 bytes each.
const MOST_REMEMBERED: usize = 20_000;

/// Entries that this server knows to be in the log, so that it does not ask the database at each request.
#[derive(Default)]
pub struct NotedEntries(Mutex<HashSet<(SessionId, AccountId)>>);

impl NotedEntries {
    fn held(&self) -> MutexGuard<'_, HashSet<(SessionId, AccountId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, session: SessionId, account: AccountId) -> bool {
        self.held().contains(&(session, account))
    }

    /// When there are too many, all are forgotten: the database still knows.
    fn add(&self, session: SessionId, account: AccountId) {
        let mut noted = self.held();
        if noted.len() >= MOST_REMEMBERED {
            noted.clear();
        }
        noted.insert((session, account));
    }
}

/// Whether the log is known to have the first access of this session to an account.
pub(super) fn is_noted(services: &Services, caller: &Principal, account: AccountId) -> bool {
    let Credential::Session(session) = caller.credential;
    services.noted_entries.has(session, account)
}

/// Notes that somebody has come into an account, where their session has not before. They are admitted once more, in the
/// transaction of the line: what they may is by the rights of that moment.
///
/// # Errors
/// As [`admit_unnoted`]; `SignedOut` where the session has ended; faults of the database.
pub(super) async fn note(
    services: &Services,
    caller: &Principal,
    account: AccountId,
) -> Outcome<Member> {
    let Credential::Session(session) = caller.credential;
    let change = Change::by_session(services, caller).await?;
    sessions::still(&change, caller).await?;
    let account = AccountRef::Id(account);
    let member = admit_unnoted(services, change.db(), caller, account).await?;
    record_first(&change, session, member.account.id).await?;
    used::note_within(&change, caller, &member).await?;
    change.commit().await?;
    services.noted_entries.add(session, member.account.id);
    Ok(member)
}

/// The same within a change: the line is there if what is done is.
///
/// # Errors
/// Faults of the database.
pub(super) async fn note_within(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountId,
) -> Outcome<()> {
    let Credential::Session(session) = caller.credential;
    if !change.services.noted_entries.has(session, account) {
        record_first(change, session, account).await?;
    }
    Ok(())
}

async fn record_first(change: &Change<'_>, session: SessionId, account: AccountId) -> Outcome<()> {
    let now = change.services.now();
    if !note_entry(change.db(), session, account, now).await? {
        return Ok(());
    }
    let found = find_session_by_id(change.db(), session).await?;
    let (session, _) = found.ok_or(Refusal::SignedOut)?;
    change
        .record(&proof_of(&session), About::account(account))
        .await
}

/// By what the session was opened, or has shown since.
const fn proof_of(session: &Session) -> Event {
    match session {
        Session {
            second_factor_at: Some(_),
            ..
        } => Event::AccountEnteredWithSecondFactor,
        Session {
            trusted_browser: Some(_),
            ..
        } => Event::AccountEnteredFromTrustedBrowser,
        Session { .. } => Event::AccountEntered,
    }
}
