//! The audit log of an account: a page at a time, and as an export.

use app::events::{EventKind, operator_in_words};
use app::types::account::AccountRef;
use app::types::activity::{ActivityFilter, ActivityPage, ActivityQuery, EventGroup};
use app::types::ids::{AccountId, AuditEventId};
use app::types::timestamp::Timestamp;

use super::{Member, admit};
use crate::audit::{page_of, shown};
use crate::principal::Principal;
use crate::refusal::Wrong;
use crate::sessions::{self};
use crate::team::search::{Sought, sought};
use crate::{Outcome, Services};
use domain::days::days_after;
use domain::folded::folded;
use domain::roles::Action;
use storage::ConnectionTrait;
use storage::account_log::{LogLine, LogQuery, Party, find_former_members, find_log_lines};
use storage::team::{UserFilter, find_member_ids};

/// Lines of a page.
const PAGE: u64 = 50;
/// Lines that an export reads at a time.
const BATCH: u64 = 500;
/// People who may be meant at once; a statement takes some tens of thousands of values.
const MOST_PEOPLE: usize = 1_000;

/// A filter with everything looked up: what it means stays the same from the first batch of a file to the last.
struct ResolvedFilter {
    people: Option<Vec<Party>>,
    kinds: Option<Vec<&'static str>>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl ResolvedFilter {
    async fn of(
        db: &impl ConnectionTrait,
        member: &Member,
        filter: &ActivityFilter,
    ) -> Outcome<Self> {
        let zone = member.account.zone;
        Ok(Self {
            people: people(db, member, &filter.person).await?,
            kinds: filter.about.map(kinds_of),
            since: filter.from.map(|day| zone.first_moment_of(day)),
            until: filter
                .to
                .map(|day| zone.first_moment_of(days_after(day, 1))),
        })
    }

    fn query(&self, account: AccountId, before: Option<AuditEventId>, most: u64) -> LogQuery<'_> {
        LogQuery {
            account,
            people: self.people.as_deref(),
            kinds: self.kinds.as_deref(),
            since: self.since,
            until: self.until,
            before,
            most,
        }
    }
}

fn kinds_of(group: EventGroup) -> Vec<&'static str> {
    let all = EventKind::ALL.iter();
    let of_group = all.filter(|kind| kind.group() == group);
    of_group.map(|kind| kind.word()).collect()
}

/// Who is meant by a part of a name or an address: users of the account, by what they are called now, those who belonged to
/// it, by the name of their time there, since what became of them is not for the account, and the operator by that word. An id,
/// as the files have it, tells namesakes apart of whom nothing else is known. None where everybody is.
async fn people(
    db: &impl ConnectionTrait,
    member: &Member,
    text: &str,
) -> Outcome<Option<Vec<Party>>> {
    let text = match sought(text) {
        Sought::All => return Ok(None),
        Sought::Nobody => return Ok(Some(Vec::new())),
        Sought::Some(text) => text,
    };
    if let Ok(user) = text.lower.parse() {
        return Ok(Some(vec![Party::User(user)]));
    }
    let id = member.account.id;
    let filter = UserFilter {
        account: id,
        text: Some(&text),
        two_factor: None,
        sms_counts: member.account.rules.sms_counts,
        role: None,
        owner: member.account.owner,
    };
    let most = u64::try_from(MOST_PEOPLE + 1).unwrap_or(u64::MAX);
    let mut people = find_member_ids(db, &filter, most).await?;
    for former in find_former_members(db, id, &text, MOST_PEOPLE).await? {
        if !people.contains(&former) {
            people.push(former);
        }
    }
    if people.len() > MOST_PEOPLE {
        return Err(Wrong::TooManyPeople.into());
    }
    let mut parties: Vec<_> = people.into_iter().map(Party::User).collect();
    if is_operator(&text.folded) {
        parties.push(Party::Operator);
    }
    Ok(Some(parties))
}

/// Whether a text is what the log calls the operator, with or without the article. A part of the word is none: whoever looks
/// for a short name does not mean the operator.
fn is_operator(text: &str) -> bool {
    let called = folded(operator_in_words());
    let article = called.strip_suffix(text);
    article.is_some_and(|article| article.is_empty() || article.ends_with(' '))
}

/// A page of the log.
///
/// # Errors
/// As [`admit`]; forbidden to those who do not look after users; a person whom too many could be.
pub async fn page(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    query: &ActivityQuery,
) -> Outcome<ActivityPage> {
    let member = admit(services, caller, account).await?;
    member.may(Action::ReadAudit)?;
    let db = services.database.read();
    let wanted = ResolvedFilter::of(db, &member, &query.filter).await?;
    let query = wanted.query(member.account.id, query.before, PAGE + 1);
    let lines = find_log_lines(db, &query).await?;
    Ok(page_of(lines, PAGE, shown))
}

/// What a file consists of.
pub struct Export {
    /// The account whose log it is.
    pub account: AccountId,
    wanted: ResolvedFilter,
}

/// Where an export begins: the account, once its log may be read.
///
/// # Errors
/// As [`page`].
pub async fn begin_export(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    filter: &ActivityFilter,
) -> Outcome<Export> {
    let member = admit(services, caller, account).await?;
    member.may(Action::ReadAudit)?;
    let wanted = ResolvedFilter::of(services.database.read(), &member, filter).await?;
    Ok(Export {
        account: member.account.id,
        wanted,
    })
}

/// The next lines of an export. Session and membership are checked again each time: a long one ends when the right to
/// it does.
///
/// # Errors
/// As [`page`]; `SignedOut` once the session has ended.
pub async fn next_of_export(
    services: &Services,
    caller: &Principal,
    export: &Export,
    before: Option<AuditEventId>,
) -> Outcome<Vec<LogLine>> {
    sessions::recheck(services, caller).await?;
    let member = admit(services, caller, AccountRef::Id(export.account)).await?;
    member.may(Action::ReadAudit)?;
    let query = export.wanted.query(export.account, before, BATCH);
    Ok(find_log_lines(services.database.read(), &query).await?)
}
