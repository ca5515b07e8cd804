//! What the operator does with accounts at the command line.

use app::types::account::AccountRules;
use app::types::day::Day;
use app::types::ids::{AccountId, UserId};
use app::types::name::{Name, NotAName};
use app::types::timestamp::Timestamp;

use super::deletion::{Shut, open_again, shut, take_over};
use super::naming::{store_name, store_zone};
use super::settings_store::{settings_of, store};
use crate::audit::{About, Event};
use crate::change::Change;
use crate::ends::Concerned;
use crate::factor_set::is_refused;
use crate::letters::Letter;
use crate::readable::{ReadablePage, read_page};
use crate::refusal::Refusal;
use crate::users::lock_named;
use crate::{Failure, Outcome, Services};
use domain::account_deletion::{Named, NotBroughtBack, erased_at, may_come_back, next_owner};
use domain::days::Zone;
use domain::ends::Occasion;
use domain::enforcement::{AccountSettings, DayRefused, Requirement, require, shuts_owner_out};
use domain::factors::FactorKinds;
use domain::offers::is_open;
use domain::ownership::{NotToOwn, OwnerToBe, may_own};
use domain::roles::Role;
use domain::time::in_words;
use storage::accounts::{Account, change_owner, find_account_of, give_role, lock_account};
use storage::coverage::{CoverageCount, count_covered};
use storage::deleted_accounts::{
    DeletedAccount, add_to_deserted, find_deleted_named, find_deleted_of, lock_deleted,
    next_deleted, next_deleted_ids,
};
use storage::factors::find_readable_factors;
use storage::operator_lists::{find_accounts_named, next_account_ids, next_accounts};
use storage::transfer_offers::delete_transfer_offer;
use storage::users::{User, find_user, lock_user};
use storage::{ConnectionTrait, StorageError};

/// Why a command does nothing; each is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// No account.
    #[error("there is no account with that id or name")]
    NoSuchAccount,
    /// Names are not unique.
    #[error("{0} accounts have that name; give the id, which `account list` shows")]
    SeveralAccounts(usize),
    /// Not a user of it.
    #[error("that account has no user with that address")]
    NoSuchUser,
    /// The same owner as before.
    #[error("that user owns the account already")]
    OwnerAlready,
    /// The new owner could not enter it.
    #[error(transparent)]
    NewOwner(#[from] NotToOwn),
    /// The new owner is shut out for now.
    #[error(
        "another account has reset the second factor of that user: this one is shut to them until {}, or until somebody in it \
         opens it to them",
        in_words(*.0)
    )]
    NewOwnerKeptOut(Timestamp),
    /// The owner would be shut out.
    #[error("the owner of that account has no two-factor authentication; they turn it on first")]
    OwnerWithoutTwoFactor,
    /// No account that was deleted.
    #[error(
        "there is no deleted account with that id or name; `account list` shows those that can be restored"
    )]
    NoSuchDeleted,
    /// The operator has deleted it before.
    #[error("that account is deleted already, and twofold account restore alone brings it back")]
    DeletedAlready,
    /// The owner is shut out as it is.
    #[error(
        "the second factors of the owner of that account cannot be read or were edited in the database; \
         `twofold user reset-two-factor` comes first"
    )]
    OwnerRefused,
    /// Who would own it.
    #[error(transparent)]
    Owner(#[from] NotBroughtBack),
    /// The new name.
    #[error("--to: {0}")]
    Name(NotAName),
    /// The new zone.
    #[error("--to: no time zone that is known has that name; one is written as Europe/Berlin")]
    Zone,
    /// The day.
    #[error("--from: {0}")]
    Day(#[from] DayRefused),
    /// The owner saved at the same time.
    #[error("somebody else has saved in the meantime; try again")]
    Stale,
    /// A fault, or a refusal that no command meets.
    #[error(transparent)]
    Failed(Failure),
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(Refusal::Stale) => Self::Stale,
            other => Self::Failed(other),
        }
    }
}

impl From<StorageError> for NotDone {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

/// An account as a list shows it.
pub struct AccountLine {
    /// The account.
    pub account: Account,
    /// The address of its owner.
    pub owner: String,
    /// How many users it has, and how many of them are covered.
    pub counted: CoverageCount,
}

/// A deleted account as a list shows it.
pub struct DeletedLine {
    /// The account.
    pub account: DeletedAccount,
    /// The address of its owner; none where they are gone.
    pub owner: Option<String>,
}

/// The next accounts in the order of ids, after one.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    services: &Services,
    after: Option<AccountId>,
    most: u64,
) -> Outcome<ReadablePage<AccountLine, AccountId>> {
    let db = services.database.read();
    let page = async |after, most| {
        let mut lines = Vec::new();
        for account in next_accounts(db, after, most).await? {
            let owner = find_user(db, account.owner).await?;
            lines.push(AccountLine {
                owner: owner.map(|owner| owner.for_operator()).unwrap_or_default(),
                counted: count_covered(db, account.id, account.rules.sms_counts).await?,
                account,
            });
        }
        Ok(lines)
    };
    let ids = async |after, most| Ok(next_account_ids(db, after, most).await?);
    read_page(after, most, |it: &AccountLine| it.account.id, page, ids).await
}

/// What a command makes of an account's requirement.
#[derive(Clone, Copy, Debug)]
pub enum RequirementChange {
    /// Turn it on, from a day in the zone of the account or at once.
    On(Option<Day>),
    /// Turn it off.
    Off,
}

/// Turns the requirement of an account on or off, without a step-up: whoever runs the command has the machine. Gives
/// what it is then; nothing where it was so already.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn require_two_factor(
    services: &Services,
    account: &str,
    command: RequirementChange,
) -> Result<Option<Requirement>, NotDone> {
    let change = Change::by_operator(services).await?;
    let account = find(change.db(), account).await?;
    let before = settings_of(&account);
    let requirement = match command {
        RequirementChange::Off => Requirement::Off,
        RequirementChange::On(from) => {
            require(before.requirement, from, account.zone, services.now())?
        }
    };
    let after = AccountSettings {
        requirement,
        ..before
    };
    lock_user(change.db(), account.owner).await?;
    let kinds = standing_kinds(&change, account.owner).await?;
    if shuts_owner_out(before, after, kinds.unwrap_or(FactorKinds::UNREADABLE)) {
        return Err(match kinds {
            None => NotDone::OwnerRefused,
            Some(_) => NotDone::OwnerWithoutTwoFactor,
        });
    }
    let changes = before != after;
    if changes {
        store(&change, &account, after).await?;
    }
    change.commit().await?;
    Ok(changes.then_some(requirement))
}

/// Gives an account another time zone: the zone, where it is another one.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn set_zone(
    services: &Services,
    account: &str,
    to: &str,
) -> Result<Option<Zone>, NotDone> {
    let zone = Zone::parse(to).ok_or(NotDone::Zone)?;
    let change = Change::by_operator(services).await?;
    let account = find(change.db(), account).await?;
    let changes = store_zone(&change, &account, zone).await?;
    change.commit().await?;
    Ok(changes.then_some(zone))
}

/// Gives an account another name: true where it is another one.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn rename(services: &Services, account: &str, to: &str) -> Result<bool, NotDone> {
    let name = Name::parse(to).map_err(NotDone::Name)?;
    let change = Change::by_operator(services).await?;
    let account = find(change.db(), account).await?;
    let changes = store_name(&change, account, &name).await?;
    change.commit().await?;
    Ok(changes)
}

/// What the operator's deletion of an account has done, and when the account is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorDeletion {
    /// It is shut.
    Shut(Timestamp),
    /// Its owner had deleted it, and can no longer restore it.
    TakenOver(Timestamp),
}

/// Deletes an account: shut at once, erased later. One that its owner has deleted is the operator's to restore from then on.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn delete(services: &Services, account: &str) -> Result<OperatorDeletion, NotDone> {
    let change = Change::by_operator(services).await?;
    let now = change.services.now();
    let done = match find_either(change.db(), account, now).await? {
        Meant::There(account) => {
            shut(&change, &account, Shut::ByItself).await?;
            OperatorDeletion::Shut(erased_at(now))
        }
        Meant::Deleted(account) if take_over(&change, &account).await? => {
            OperatorDeletion::TakenOver(account.erased_at)
        }
        Meant::Deleted(_) => return Err(NotDone::DeletedAlready),
    };
    change.commit().await?;
    Ok(done)
}

/// Brings a deleted account back. One whose owner has deleted themselves gets another of its users as owner, or any user where
/// nobody is left of them.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn restore(
    services: &Services,
    account: &str,
    owner: Option<&str>,
) -> Result<(), NotDone> {
    let change = Change::by_operator(services).await?;
    let account = find_deleted(change.db(), account, services.now()).await?;
    let named = match owner {
        Some(owner) => {
            let user = lock_named(change.db(), owner).await.map_err(no_such_user)?;
            let (id, now) = (account.id, services.now());
            match find_deleted_of(change.db(), id, user.id).await? {
                Some(found) => {
                    let is_required = account.required_from.is_some();
                    refuse_kept_out(is_required, found.opens_at, now)?;
                }
                None if add_to_deserted(change.db(), id, user.id, now).await? => {}
                None => return Err(NotDone::NoSuchUser),
            }
            Some(user)
        }
        None => None,
    };
    let candidate = match &named {
        Some(user) => Some(Named {
            user: user.id,
            to_be: owner_to_be(&change, user, account.rules).await?,
        }),
        None => None,
    };
    let before = find_deleted_of(change.db(), account.id, account.owner).await?;
    let is_required = account.required_from.is_some();
    let owner = next_owner(before.is_some(), is_required, candidate)?;
    open_again(&change, &account, owner).await?;
    if let Some(user) = &named {
        tell_new_owner(&change, (account.id, &account.name), user).await?;
    }
    change.commit().await?;
    Ok(())
}

/// The next deleted accounts in the order of ids, after one.
///
/// # Errors
/// Faults of the database.
pub async fn list_deleted(
    services: &Services,
    after: Option<AccountId>,
    most: u64,
) -> Outcome<ReadablePage<DeletedLine, AccountId>> {
    let db = services.database.read();
    let page = async |after, most| {
        let mut lines = Vec::new();
        for account in next_deleted(db, after, most).await? {
            let owner = find_user(db, account.owner).await?;
            lines.push(DeletedLine {
                owner: owner.map(|owner| owner.for_operator()),
                account,
            });
        }
        Ok(lines)
    };
    let ids = async |after, most| Ok(next_deleted_ids(db, after, most).await?);
    read_page(after, most, |it: &DeletedLine| it.account.id, page, ids).await
}

/// Gives an account to another of its users; the owner before stays as administrator.
///
/// # Errors
/// Says in one line what is in the way.
pub async fn transfer(services: &Services, account: &str, to: &str) -> Result<(), NotDone> {
    let change = Change::by_operator(services).await?;
    let account = find(change.db(), account).await?;
    // Locked, so that nobody loses the factor that is asked for in the same moment.
    let to = lock_named(change.db(), to).await.map_err(no_such_user)?;
    let found = find_account_of(change.db(), to.id, account.id)
        .await?
        .ok_or(NotDone::NoSuchUser)?;
    if to.id == account.owner {
        return Err(NotDone::OwnerAlready);
    }
    let is_required = account.required_from.is_some();
    let to_be = owner_to_be(&change, &to, account.rules).await?;
    may_own(is_required, to_be)?;
    refuse_kept_out(is_required, found.opens_at, services.now())?;
    if !change_owner(change.db(), account.id, account.owner, to.id).await? {
        return Err(NotDone::Stale);
    }
    give_role(change.db(), account.id, account.owner, Role::Admin).await?;
    for user in [account.owner, to.id] {
        let here = Concerned::in_account(account.id);
        change.end_named(Occasion::RolesChanged, user, here).await?;
    }
    delete_transfer_offer(change.db(), account.id).await?;
    tell_new_owner(&change, (account.id, &account.name), &to).await?;
    let from = find_user(change.db(), account.owner).await?;
    if let Some(from) = &from {
        let taken = Letter::OwnershipTakenByOperator {
            account: &account.name,
            to: &to.name,
        };
        change.queue(from, &taken).await?;
    }
    change.commit().await?;
    Ok(())
}

/// What says whether a user, whose row is locked, can own an account with these rules.
async fn owner_to_be(change: &Change<'_>, user: &User, rules: AccountRules) -> Outcome<OwnerToBe> {
    let kinds = standing_kinds(change, user.id).await?;
    Ok(OwnerToBe {
        is_disabled: user.is_disabled,
        is_refused: kinds.is_none(),
        is_covered: kinds.is_some_and(|kinds| kinds.cover(rules)),
    })
}

/// The kinds of a user's second factors; none where they are refused.
async fn standing_kinds(change: &Change<'_>, user: UserId) -> Outcome<Option<FactorKinds>> {
    if is_refused(change.services, change.db(), user).await? {
        return Ok(None);
    }
    let factors = find_readable_factors(change.db(), user).await?;
    Ok(factors.map(|factors| factors.kinds()))
}

/// Refuses an owner to whom the account is shut for a day after a reset: it would have nobody who opens it.
fn refuse_kept_out(
    is_required: bool,
    opens_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), NotDone> {
    match opens_at {
        Some(at) if is_required && !is_open(opens_at, now) => Err(NotDone::NewOwnerKeptOut(at)),
        Some(_) | None => Ok(()),
    }
}

/// Whoever has got an account from the operator hears of it, and so does its log.
async fn tell_new_owner(
    change: &Change<'_>,
    (account, name): (AccountId, &str),
    owner: &User,
) -> Outcome<()> {
    let about = About::user(owner).within(account);
    change.record(&Event::AccountTransferred, about).await?;
    let letter = Letter::OwnershipGivenByOperator { account: name };
    change.queue(owner, &letter).await?;
    Ok(())
}

fn no_such_user(failure: Failure) -> NotDone {
    match failure {
        Failure::Refused(_) => NotDone::NoSuchUser,
        fault @ Failure::Fault(_) => fault.into(),
    }
}

/// The deleted account that an operator means by its id or its name, locked, unless it is to be erased.
async fn find_deleted(
    db: &impl ConnectionTrait,
    text: &str,
    now: Timestamp,
) -> Result<DeletedAccount, NotDone> {
    let id = match text.parse::<AccountId>() {
        Ok(id) => id,
        Err(_) => match find_deleted_named(db, text.trim()).await?[..] {
            [] => return Err(NotDone::NoSuchDeleted),
            [id] => id,
            ref several => return Err(NotDone::SeveralAccounts(several.len())),
        },
    };
    let found = lock_deleted(db, id).await?;
    let found = found.filter(|it| may_come_back(it.erased_at, now));
    found.ok_or(NotDone::NoSuchDeleted)
}

/// An account that an operator means, whether or not it is deleted for now.
enum Meant {
    There(Account),
    Deleted(DeletedAccount),
}

async fn find_either(
    db: &impl ConnectionTrait,
    text: &str,
    now: Timestamp,
) -> Result<Meant, NotDone> {
    match find(db, text).await {
        Err(NotDone::NoSuchAccount) => match find_deleted(db, text, now).await {
            // It may have been brought back between the two.
            Err(NotDone::NoSuchDeleted) => find(db, text).await.map(Meant::There),
            found => found.map(Meant::Deleted),
        },
        found => found.map(Meant::There),
    }
}

/// The account that an operator means by its id or its name, locked.
///
/// # Errors
/// Where there is none, or several have the name.
pub async fn find(db: &impl ConnectionTrait, text: &str) -> Result<Account, NotDone> {
    let id = match text.parse::<AccountId>() {
        Ok(id) => id,
        Err(_) => match find_accounts_named(db, text.trim()).await?[..] {
            [] => return Err(NotDone::NoSuchAccount),
            [id] => id,
            ref several => return Err(NotDone::SeveralAccounts(several.len())),
        },
    };
    lock_account(db, id).await?.ok_or(NotDone::NoSuchAccount)
}
