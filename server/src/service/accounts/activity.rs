//! The audit log of an account: a page at a time, and as an export.

use app::types::account::AccountRef;
use app::types::activity::{ActivityEvent, ActivityPage, ActivityQuery};
use app::types::ids::{AccountId, AuditEventId};

use super::admit;
use crate::domain::roles::Action;
use crate::service::principal::Principal;
use crate::service::sessions::{self};
use crate::service::{Outcome, Services};
use crate::storage::account_log::{LogLine, LogQuery, Person, find_log_lines};

/// Lines of a page.
const PAGE: u64 = 50;
/// Lines that an export reads at a time.
const BATCH: u64 = 500;
/// The longest word for a kind.
const LONGEST_KIND: usize = 64;

/// A page of the log.
///
/// # Errors
/// As [`admit`]; forbidden to those who do not look after users.
pub async fn page(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    query: &ActivityQuery,
) -> Outcome<ActivityPage> {
    let db = services.database.read();
    let member = admit(services, db, caller, account).await?;
    member.may(Action::ReadAudit)?;
    if !query.kind.as_deref().is_none_or(is_word) {
        return Ok(ActivityPage {
            events: Vec::new(),
            has_more: false,
        });
    }
    let wanted = LogQuery {
        account: member.account.id,
        person: query.person,
        kind: query.kind.as_deref(),
        before: query.before,
        most: PAGE + 1,
    };
    let mut lines = find_log_lines(db, &wanted).await?;
    let has_more = lines.len() as u64 > PAGE;
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok(ActivityPage {
        events: lines.into_iter().map(event).collect(),
        has_more,
    })
}

/// No other text is a kind, and a database need not see it.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_KIND
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

pub(super) fn event(line: LogLine) -> ActivityEvent {
    let actor_id = line.actor.as_ref().map(|actor| actor.id);
    let somebody_else = |person: Person| (Some(person.id) != actor_id).then_some(person.name);
    ActivityEvent {
        id: line.id,
        at: line.at,
        kind: line.kind,
        actor: line.actor.map(|actor| actor.name),
        actor_id,
        subject: line.subject.and_then(somebody_else),
        address: line.address,
        browser: line.browser,
        detail: (!line.details.is_empty()).then_some(line.details),
    }
}

/// Where an export begins: the account, once its log may be read.
///
/// # Errors
/// As [`page`].
pub async fn begin_export(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<AccountId> {
    let member = admit(services, services.database.read(), caller, account).await?;
    member.may(Action::ReadAudit)?;
    Ok(member.account.id)
}

/// The next lines of an export. Session and membership are checked again each time: a long one ends when the right to
/// it does.
///
/// # Errors
/// As [`page`]; `SignedOut` once the session has ended.
pub async fn next_of_export(
    services: &Services,
    caller: &Principal,
    account: AccountId,
    before: Option<AuditEventId>,
) -> Outcome<Vec<LogLine>> {
    sessions::recheck(services, caller).await?;
    begin_export(services, caller, AccountRef::Id(account)).await?;
    let wanted = LogQuery {
        account,
        person: None,
        kind: None,
        before,
        most: BATCH,
    };
    Ok(find_log_lines(services.database.read(), &wanted).await?)
}
