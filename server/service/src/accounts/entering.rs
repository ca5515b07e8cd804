//! A user's accounts: listing them, creating one, entering one, and its overview.

use app::events::EventKind;
use app::types::account::{AccountEntry, AccountRef, Coverage, EnteredAccount};
use app::types::day::FromDay;
use app::types::ids::AccountId;
use app::types::name::Name;
use app::types::timestamp::Timestamp;

use super::admit;
use super::deletion::{self, DeletedEntry};
use super::used;
use crate::audit::{About, Event, name_in};
use crate::change::Change;
use crate::limits::Limit;
use crate::principal::Principal;
use crate::refusal::Wrong;
use crate::sessions;
use crate::team::transfer::accept::{OfferedTransfer, pending};
use crate::{Outcome, Services};
use domain::days::{Deadline, Zone};
use domain::enforcement::{Requirement, RequirementStatus, standing_after_reset};
use domain::roles::{Action, denial};
use storage::ConnectionTrait;
use storage::accounts::{Account, NewAccount, accounts_of, insert_account};
use storage::coverage::{count_covered, first_uncovered_names};
use storage::factors::find_factors;
use storage::invitations::count_open_invitations;
use storage::own_activity::find_last_membership_end;

/// Names of users without two-factor authentication that are told.
const UNCOVERED_NAMES: u64 = 5;

/// The accounts of a user.
pub struct AccountList {
    /// The one used last comes first, the others by name; those whose doors are shut are among them.
    pub accounts: Vec<AccountEntry>,
    /// How the user came to be in none; nothing where they are in one, or never were.
    pub left: Option<LeftLast>,
    /// Those that were deleted and are not erased yet.
    pub deleted: Vec<DeletedEntry>,
}

/// The account that a user belonged to last.
pub struct LeftLast {
    /// The name that it had then; nothing where the account is gone.
    pub name: Option<String>,
    /// When that was.
    pub at: Timestamp,
    /// Who removed the user, by name; nothing where they left by themselves.
    pub removed_by: Option<String>,
}

/// Reads the accounts of a user.
///
/// # Errors
/// Faults of the database.
pub async fn list(services: &Services, caller: &Principal) -> Outcome<AccountList> {
    let db = services.database.read();
    let now = services.now();
    let factors = find_factors(db, caller.user.id).await?;
    let entries = accounts_of(db, caller.user.id).await?.into_iter();
    let accounts = entries
        .map(|of_user| {
            let account = of_user.account;
            let has_two_factor = factors.cover(account.rules);
            let requirement = Requirement::from(account.required_from);
            let opens_at = of_user.opens_at;
            let standing = standing_after_reset(requirement, has_two_factor, opens_at, now);
            AccountEntry {
                id: account.id,
                name: account.name,
                roles: of_user.roles.list(),
                is_shut: standing == RequirementStatus::Due,
                required_from: account.required_from.map(FromDay::from),
                in_force: account.required_from.is_some_and(|from| from.at <= now),
                leave: denial(of_user.roles, Action::Leave),
            }
        })
        .collect::<Vec<_>>();
    let left = if accounts.is_empty() {
        last_left(db, caller).await?
    } else {
        None
    };
    let deleted = deletion::list(db, caller, now).await?;
    Ok(AccountList {
        accounts,
        left,
        deleted,
    })
}

/// The account that a user belonged to last, under the name that it had then: what it is called since is not for somebody
/// outside.
async fn last_left(db: &impl ConnectionTrait, caller: &Principal) -> Outcome<Option<LeftLast>> {
    let Some(end) = find_last_membership_end(db, caller.user.id).await? else {
        return Ok(None);
    };
    let name = match &end.renamed {
        Some(data) => name_in(EventKind::AccountRenamed, data),
        None => end.account,
    };
    Ok(Some(LeftLast {
        name,
        at: end.at,
        removed_by: end.removed_by,
    }))
}

/// Creates an account that the user owns, in the time zone of the browser.
///
/// # Errors
/// Refuses what is no name; `Paused` beyond so many in a day.
pub async fn create(
    services: &Services,
    caller: &Principal,
    name: &str,
    zone: Option<&str>,
) -> Outcome<AccountId> {
    let name = Name::parse(name).map_err(Wrong::AccountName)?;
    let id = AccountId::new(services.new_uuid());
    let change = Change::by_session(services, caller).await?;
    sessions::still(&change, caller).await?;
    let created = Limit::AccountsOfUser.of_user(caller.user.id);
    change.take_or_refuse(&created).await?;
    let account = NewAccount {
        id,
        name: &name,
        zone: Zone::of_browser(zone),
        owner: caller.user.id,
    };
    insert_account(change.db(), account, services.now()).await?;
    let about = About::account(id);
    change.record(&Event::AccountCreated, about).await?;
    change.commit().await?;
    Ok(id)
}

/// Enters an account: it is the one used last from then on.
///
/// # Errors
/// As [`admit`].
pub async fn enter(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<EnteredAccount> {
    let member = admit(services, caller, account).await?;
    used::note_entered(services, caller, member.account.id).await?;
    let denied = |action| denial(member.roles, action);
    Ok(EnteredAccount {
        id: member.account.id,
        zone: member.account.zone.name().to_owned(),
        roles: member.roles.list(),
        due_from: match member.standing {
            RequirementStatus::DueFrom(from) => Some(from.into()),
            RequirementStatus::Free | RequirementStatus::Due => None,
        },
        read_users: denied(Action::ReadUsers),
        read_settings: denied(Action::ReadAuthenticationSettings),
        read_activity: denied(Action::ReadAudit),
        leave: denied(Action::Leave),
        rename: denied(Action::Rename),
        delete: denied(Action::Delete),
        name: member.account.name,
    })
}

/// How an account stands, as a user of it sees it.
pub struct AccountStanding {
    /// From when it requires two-factor authentication of everybody, if it does.
    pub required_from: Option<Deadline>,
    /// Whether that holds already.
    pub in_force: bool,
    /// How many of its users are covered; only for those who may see the users.
    pub coverage: Option<Coverage>,
    /// The offer to hand it over; only for the owner who made it and the one who may accept it.
    pub transfer: Option<OfferedTransfer>,
}

/// Reads how an account stands.
///
/// # Errors
/// As [`admit`].
pub async fn overview(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<AccountStanding> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    let coverage = match member.may(Action::ReadUsers) {
        Ok(()) => Some(coverage(services, db, &member.account).await?),
        Err(_) => None,
    };
    let required_from = member.account.required_from;
    Ok(AccountStanding {
        required_from,
        in_force: required_from.is_some_and(|from| from.at <= services.now()),
        coverage,
        transfer: pending(services, db, &member, caller).await?,
    })
}

/// How many users of an account are covered, and who is not.
pub(super) async fn coverage(
    services: &Services,
    db: &impl ConnectionTrait,
    account: &Account,
) -> Outcome<Coverage> {
    let sms_counts = account.rules.sms_counts;
    let counted = count_covered(db, account.id, sms_counts).await?;
    let uncovered = if counted.covered < counted.users {
        first_uncovered_names(db, account.id, sms_counts, UNCOVERED_NAMES).await?
    } else {
        Vec::new()
    };
    let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Coverage {
        users: count(counted.users),
        covered: count(counted.covered),
        uncovered,
        invitations: count(count_open_invitations(db, account.id, services.now()).await?),
    })
}
