//! The users of an account: the list, and what its use cases have in common.
//!
//! A use case that changes memberships or roles locks the row of the account before it reads roles: of two members who
//! remove or demote each other at the same time, the second sees what the first has done.

pub mod first_factor;
pub mod let_in;
pub mod membership;
mod on_member;
pub mod reset;
pub mod search;
pub mod transfer;

use std::collections::HashSet;

use app::types::account::AccountRef;
use app::types::ids::{AccountId, UserId};
use app::types::team::TeamUser;
use app::types::timestamp::Timestamp;
use app::types::users_query::{UserSort, UsersQuery};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use self::let_in::is_own_offer;
use self::search::{Sought, sought};
use self::transfer::transferable;
use super::accounts::{Member, admit, admit_shut, admit_unnoted, admit_within};
use super::change::Change;
use super::principal::Principal;
use super::sessions;
use super::{Failure, Fault, Outcome, Services};
use crate::factor_set::{is_refused, refused_among};
use crate::refusal::Refusal;
use domain::factors::FactorKinds;
use domain::offers::is_open;
use domain::roles::{Action, Denial, Roles};
use domain::team::{self, MailReach, Other, Transferable};
use storage::ConnectionTrait;
use storage::accounts::lock_account;
use storage::first_factors::{AllowanceRow, find_allowances};
use storage::invitations::count_open_invitations_by_sender;
use storage::refused_mailboxes::find_refused_mailboxes;
use storage::team::{
    TeamMember, UserFilter, count_members, find_member, find_members, find_members_elsewhere,
};
use storage::team_order::TeamPlace;
use storage::users::lock_users;

/// Users on a page.
const PAGE: usize = 50;
/// Keeps sealed places in a list apart from what else is sealed; the row is the account.
const PURPOSE: &str = "place in a team";

/// A page of the users of an account.
pub struct TeamPage {
    /// The users.
    pub users: Vec<TeamUser>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many users the query finds.
    pub found: u32,
    /// What the reader is in the account.
    pub reader: Roles,
}

/// Reads a page of the users of an account.
///
/// # Errors
/// Only owners and administrators see users; a place that is not of this account's list is not found.
pub async fn users(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    query: &UsersQuery,
) -> Outcome<TeamPage> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    member.may(Action::ReadUsers)?;
    let id = member.account.id;
    let after = match &query.after {
        Some(cursor) => Some(open_place(services, id, query.sort, cursor)?),
        None => None,
    };
    let (found, mut rows) = find_page(db, &member, query, after.as_ref()).await?;
    let addresses = rows.iter().filter_map(|row| row.email.in_use());
    let refused = find_refused_mailboxes(db, addresses).await?;
    let transferable = transferable(services, db, &member).await?;
    let next = if rows.len() > PAGE {
        rows.truncate(PAGE);
        rows.last()
            .map(|last| seal_place(services, id, &TeamPlace::of(last, query.sort)))
            .transpose()?
    } else {
        None
    };
    let now = services.now();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let refused_factors = refused_among(services, db, &ids).await?;
    let beside = Beside {
        transferable,
        sent: count_open_invitations_by_sender(db, id, &ids, now).await?,
        elsewhere: find_members_elsewhere(db, id, &ids).await?,
        allowed: find_allowances(db, &ids, now).await?,
    };
    let mut users: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let known = Known {
                mailbox: mailbox(services, refused.contains(row.email.shown())),
                is_elsewhere: beside.elsewhere.contains(&row.id),
                is_refused: refused_factors.contains(&row.id),
            };
            let other = other(services, &member, caller, (&row, known));
            shown(&member, other, (&beside, now), row)
        })
        .collect();
    // Of the few who are kept out.
    for user in users.iter_mut().filter(|user| user.let_in.is_none()) {
        if is_own_offer(services, db, (id, user.id), caller.user.id).await? {
            user.let_in = Some(Denial::OwnOffer);
        }
    }
    Ok(TeamPage {
        users,
        next,
        found: u32::try_from(found).unwrap_or(u32::MAX),
        reader: member.roles,
    })
}

/// How many users there are, and those of the page with the first of the next.
async fn find_page(
    db: &impl ConnectionTrait,
    member: &Member,
    query: &UsersQuery,
    after: Option<&TeamPlace>,
) -> Outcome<(u64, Vec<TeamMember>)> {
    let text = match sought(&query.search) {
        Sought::All => None,
        Sought::Some(text) => Some(text),
        Sought::Nobody => return Ok((0, Vec::new())),
    };
    let wanted = UserFilter {
        account: member.account.id,
        text: text.as_ref(),
        two_factor: query.two_factor,
        sms_counts: member.account.rules.sms_counts,
        role: query.role,
        owner: member.account.owner,
    };
    let rows = find_members(db, &wanted, (query.sort, after), PAGE as u64 + 1).await?;
    // A search goes over the names of all: once is enough where what it finds is on one page.
    let found = if after.is_none() && rows.len() <= PAGE {
        rows.len() as u64
    } else {
        count_members(db, &wanted).await?
    };
    Ok((found, rows))
}

/// What is read beside the users of a page.
struct Beside {
    transferable: Transferable,
    /// Open invitations by who sent them.
    sent: Vec<(UserId, u64)>,
    /// Those who belong to other accounts too.
    elsewhere: HashSet<UserId>,
    /// Those who were let set up a first factor.
    allowed: Vec<AllowanceRow>,
}

fn shown(
    member: &Member,
    other: Other,
    (beside, now): (&Beside, Timestamp),
    row: TeamMember,
) -> TeamUser {
    let kinds = kinds_of(&row);
    let sent = beside.sent.iter().find(|(sender, _)| *sender == row.id);
    let sent = sent.map_or(0, |(_, count)| *count);
    // Of one that the operator or another owner gave, nothing is this account's to know.
    let (account, owner) = (member.account.id, member.account.owner);
    let by_owner = |it: &&AllowanceRow| it.user == row.id && it.by == Some((account, owner));
    let allowed = beside.allowed.iter().find(by_owner);
    TeamUser {
        id: row.id,
        name: row.name,
        email: row.email.shown().to_owned(),
        roles: row.roles.list(),
        is_factor_refused: other.is_refused,
        two_factor_since: row.factors.map(|factors| factors.since),
        factors: kinds.iter().collect(),
        // A step ahead of the clock where somebody has gone from account to account within a second.
        last_active_at: row.last_used_at.map(|at| at.min(now)),
        invitations: u32::try_from(sent).unwrap_or(u32::MAX),
        change_roles: team::change_any_role(member.roles, other),
        remove: team::remove(member.roles, other),
        opens_at: row.opens_at.filter(|_| other.is_kept_out),
        reset_two_factor: team::reset_two_factor(member.roles, other),
        let_in: team::let_in(member.roles, other),
        transfer: team::transfer(member.roles, other, beside.transferable),
        not_set_up: team::not_set_up(member.account.required_from.is_some(), other),
        allowed_until: allowed
            .map(|it| it.expires_at)
            .filter(|_| !other.has_two_factor && !other.is_refused && other.is_new_here_alone),
        allow_first_factor: team::allow_first_factor(member.roles, other),
    }
}

/// Whether letters reach somebody whose address has refused the last one, or has not.
fn mailbox(services: &Services, has_refused: bool) -> MailReach {
    match (&services.settings.mail.smtp_url, has_refused) {
        (None, _) => MailReach::NoMailServer,
        (Some(_), true) => MailReach::Refused,
        (Some(_), false) => MailReach::Reachable,
    }
}

fn kinds_of(row: &TeamMember) -> FactorKinds {
    row.factors.map(|factors| factors.kinds).unwrap_or_default()
}

/// What is known of a member besides the row.
struct Known {
    mailbox: MailReach,
    /// Whether they belong to another account, too.
    is_elsewhere: bool,
    /// Whether their second factors are refused.
    is_refused: bool,
}

fn other(
    services: &Services,
    member: &Member,
    caller: &Principal,
    (row, known): (&TeamMember, Known),
) -> Other {
    let kinds = kinds_of(row);
    Other {
        roles: row.roles,
        is_actor: row.id == caller.user.id,
        has_two_factor: kinds.is_on(),
        is_refused: known.is_refused,
        is_covered: kinds.cover(member.account.rules) && !known.is_refused,
        is_disabled: row.is_disabled,
        is_kept_out: !is_open(row.opens_at, services.now()),
        mailbox: known.mailbox,
        address: row.address,
        is_new_here_alone: !row.had_factor && !known.is_elsewhere,
    }
}

/// Where a page ended, sealed: nobody reads a name in it, makes one up, or uses it in another account or another order.
fn seal_place(services: &Services, account: AccountId, last: &TeamPlace) -> Outcome<String> {
    let plain = match last {
        TeamPlace::Name(name, id) => serde_json::to_vec(&(name, id)),
        TeamPlace::LastActive(at, id) => serde_json::to_vec(&(at, id)),
        TeamPlace::TwoFactor(rank, name, id) => serde_json::to_vec(&(rank, name, id)),
    };
    let plain =
        plain.map_err(|_| Failure::Fault(Fault::Broken("a place in a list does not serialise")))?;
    let (random, row) = (services.random.as_ref(), account.to_string());
    let sealed = services.keys.ring().seal(random, PURPOSE, &row, &plain);
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

fn open_place(
    services: &Services,
    account: AccountId,
    sort: UserSort,
    cursor: &str,
) -> Result<TeamPlace, Refusal> {
    let sealed = URL_SAFE_NO_PAD.decode(cursor).ok();
    let row = account.to_string();
    let plain = sealed.and_then(|sealed| services.keys.open(PURPOSE, &row, &sealed).ok());
    let plain = plain.ok_or(Refusal::NotFound)?;
    // A place of another order is another text of JSON.
    let place = match sort {
        UserSort::Name => {
            serde_json::from_slice(&plain).map(|(name, id)| TeamPlace::Name(name, id))
        }
        UserSort::LastActive => {
            serde_json::from_slice(&plain).map(|(at, id)| TeamPlace::LastActive(at, id))
        }
        UserSort::TwoFactor => serde_json::from_slice(&plain)
            .map(|(rank, name, id)| TeamPlace::TwoFactor(rank, name, id)),
    };
    place.map_err(|_| Refusal::NotFound)
}

/// Admits to an account whose row is locked until the transaction ends: what the roles are then stays true.
pub(super) async fn admit_locked(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    admit_locked_with(change, caller, account, caller.user.id).await
}

/// As `admit_locked`, for an act on another user, whose row is locked as well. Both are locked before the session, in the
/// order of their ids: two who act on each other at once would wait for each other otherwise.
pub(super) async fn admit_locked_with(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountRef,
    other: UserId,
) -> Outcome<Member> {
    let (services, db) = (change.services, change.db());
    let member = admit_unnoted(services, db, caller, account).await?;
    let id = member.account.id;
    lock_account(change.db(), id)
        .await?
        .ok_or(Refusal::NotFound)?;
    lock_users(change.db(), [caller.user.id, other]).await?;
    sessions::still(change, caller).await?;
    admit_within(change, caller, AccountRef::Id(id)).await
}

/// As `admit_locked`, through a door that may be shut to the caller: for what only takes something of theirs back.
pub(super) async fn admit_shut_locked(
    change: &Change<'_>,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<Member> {
    let id = admit_shut(change.services, change.db(), caller, account)
        .await?
        .account
        .id;
    lock_account(change.db(), id)
        .await?
        .ok_or(Refusal::NotFound)?;
    sessions::still(change, caller).await?;
    admit_shut(change.services, change.db(), caller, AccountRef::Id(id)).await
}

/// The user of an account to whom something is to be done.
///
/// # Errors
/// Who does not belong to the account is not found, whoever they are elsewhere.
async fn find_other(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    caller: &Principal,
    user: UserId,
) -> Outcome<(TeamMember, Other)> {
    let row = find_member(db, member.account.id, user)
        .await?
        .ok_or(Refusal::NotFound)?;
    let refused = find_refused_mailboxes(db, row.email.in_use()).await?;
    let mailbox = mailbox(services, !refused.is_empty());
    let elsewhere = find_members_elsewhere(db, member.account.id, &[user]).await?;
    let known = Known {
        mailbox,
        is_elsewhere: elsewhere.contains(&user),
        is_refused: is_refused(services, db, user).await?,
    };
    let other = other(services, member, caller, (&row, known));
    Ok((row, other))
}

/// Refuses for the reason that the list shows.
fn refuse(denial: Option<Denial>) -> Result<(), Denial> {
    denial.map_or(Ok(()), Err)
}
