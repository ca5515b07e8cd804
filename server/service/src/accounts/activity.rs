//! The audit log of an account: a page at a time, and as an export.

use app::types::account::AccountRef;
use app::types::activity::{ActivityPage, ActivityQuery};
use app::types::ids::{AccountId, AuditEventId};

use super::admit;
use crate::audit::{page_of, shown};
use crate::principal::Principal;
use crate::sessions::{self};
use crate::{Outcome, Services};
use domain::roles::Action;
use storage::account_log::{LogLine, LogQuery, find_log_lines};

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
    let lines = find_log_lines(db, &wanted).await?;
    Ok(page_of(lines, PAGE, shown))
}

/// No other text is a kind, and a database need not see it.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_KIND
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
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
