//! Making users, and what the operator does for them.

pub mod address;
pub mod listed;
pub mod named;
pub mod operator;
pub mod won;

use app::types::email::EmailAddress;
use app::types::ids::{AccountId, UserId};
use app::types::name::Name;
use app::types::setup::NewUser;

use super::audit::{About, Event};
use super::change::Change;
use super::letters::Letter;
use super::new_passwords::{AcceptedPassword, PaidBy};
use super::refusal::{Refusal, Wrong, keep};
use super::{Failure, Outcome, Services, factor_set, new_passwords, two_factor};
use domain::days::Zone;
use domain::ends::Occasion;
use domain::roles::Denial;
use storage::WriteTransaction;
use storage::accounts::{NewAccount, insert_account};
use storage::operator_lists::find_accounts_named;
use storage::users::{
    NewUserRow, User, find_user, find_user_by_email, insert_user, lock_user, lock_user_by_email,
    set_sign_in_link_due,
};

/// A new user whose every field but the password was accepted.
pub struct AcceptedUser {
    /// Their name.
    pub name: Name,
    /// Their address.
    pub email: EmailAddress,
    /// The name of the account they will own.
    pub account_name: Name,
}

/// Checks every field of a new user, so that all that is wrong is said at once.
///
/// # Errors
/// Refuses with each field that cannot be taken; as [`new_passwords::accept`] where there is no try left.
pub async fn accept<'a>(
    services: &Services,
    user: &'a NewUser,
    paid_by: PaidBy<'_>,
) -> Outcome<(AcceptedUser, AcceptedPassword<'a>)> {
    let mut wrong = Vec::new();
    let (name, email, account_name) = parse_fields(&mut wrong, user);
    let password =
        new_passwords::accept(services, &user.password, &known_of(user), paid_by).await?;
    let password = keep(&mut wrong, password.map_err(Wrong::Password));
    match (name, email, account_name, password) {
        (Some(name), Some(email), Some(account_name), Some(password)) => {
            let accepted = AcceptedUser {
                name,
                email,
                account_name,
            };
            Ok((accepted, password))
        }
        _ => Err(Refusal::Wrong(wrong).into()),
    }
}

/// Checks the same before there are services, for a command that would begin a database: what is refused makes nothing.
///
/// # Errors
/// Names each field that cannot be taken.
pub fn check(user: &NewUser) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    let _ = parse_fields(&mut wrong, user);
    let password = new_passwords::check_by_operator(&user.password, &known_of(user));
    keep(&mut wrong, password.map_err(Wrong::Password));
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Wrong(wrong))
    }
}

/// Name, address and the account's name, each where it can be taken.
fn parse_fields(
    wrong: &mut Vec<Wrong>,
    user: &NewUser,
) -> (Option<Name>, Option<EmailAddress>, Option<Name>) {
    let account_name = Name::parse(&user.account_name).map_err(Wrong::AccountName);
    (
        keep(wrong, Name::parse(&user.name).map_err(Wrong::Name)),
        keep(wrong, parse_email(&user.email)),
        keep(wrong, account_name),
    )
}

/// What a guesser of the password would know.
fn known_of(user: &NewUser) -> [&str; 3] {
    [&user.name, &user.email, &user.account_name].map(String::as_str)
}

/// An address that has to be given.
///
/// # Errors
/// `EmailMissing` or `Email`.
pub fn parse_email(text: &str) -> Result<EmailAddress, Wrong> {
    EmailAddress::parse(text).map_err(|_| {
        if text.trim().is_empty() {
            Wrong::EmailMissing
        } else {
            Wrong::Email
        }
    })
}

/// How many accounts have this name, of which the operator may have meant one.
///
/// # Errors
/// Faults of the database.
pub async fn count_accounts_named(services: &Services, name: &str) -> Outcome<usize> {
    let found = find_accounts_named(services.database.read(), name.trim()).await?;
    Ok(found.len())
}

/// Adds a user and the account they own, which is in that time zone.
pub async fn add(
    change: &Change<'_>,
    user: &AcceptedUser,
    password_hash: String,
    zone: Zone,
) -> Outcome<UserId> {
    let id = UserId::new(change.services.new_uuid());
    let now = change.services.now();
    let row = NewUserRow {
        id,
        email: &user.email,
        name: &user.name,
        password_hash,
        is_email_proven: true,
    };
    insert_user(change.db(), row, now).await?;
    let account = NewAccount {
        id: AccountId::new(change.services.new_uuid()),
        name: &user.account_name,
        zone,
        owner: id,
    };
    insert_account(change.db(), account, now).await?;
    factor_set::bind(change.services, change.db(), id).await?;
    Ok(id)
}

/// The operator creates a user, whose account is in a time zone. One who had used the address and never proven it loses it, as to
/// its mailbox: gives who.
///
/// # Errors
/// Refuses fields that cannot be taken, and an address that a user has proven: the operator may know.
pub async fn create(services: &Services, user: &NewUser, zone: Zone) -> Outcome<Option<UserId>> {
    let (accepted, password) = accept(services, user, PaidBy::Operator).await?;
    let hash = new_passwords::hash(services, &password).await?;
    let change = Change::by_operator(services).await?;
    let won = won::win(&change, &accepted.email).await?;
    let id = add(&change, &accepted, hash, zone).await.map_err(taken)?;
    let about = About {
        account: None,
        subject: Some((id, accepted.name.as_str())),
    };
    change.record(&Event::UserCreated, about).await?;
    let lost_by = won.lost_by();
    if lost_by.is_some() {
        won::tell(&change, id).await?;
    }
    change.commit().await?;
    Ok(lost_by)
}

fn taken(failure: Failure) -> Failure {
    if failure.is_duplicate() {
        Failure::Refused(Refusal::Taken)
    } else {
        failure
    }
}

/// Takes the second factor of a user, whose row the caller has locked, away with everything that it was made of or has opened. What is left takes a mailed link
/// besides the password, where `takes_link`. True when there was a factor.
pub async fn reset_factor(change: &Change<'_>, user: &User, takes_link: bool) -> Outcome<bool> {
    let is_refused = factor_set::is_refused(change.services, change.db(), user.id).await?;
    // Where rows were changed past the program, there is something to reset although there is no factor.
    if !two_factor::remove_factor(change, user).await? && !is_refused {
        return Ok(false);
    }
    change.end(Occasion::FactorReset, user.id).await?;
    set_sign_in_link_due(change.db(), user.id, takes_link).await?;
    Ok(true)
}

/// How a user signs in after the operator's reset, until they have enabled two-factor authentication again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterReset {
    /// With the password alone.
    PasswordAlone,
    /// With a mailed link besides.
    MailedLink,
    /// Not before the operator lets them in, or gives them an address: no link is mailed to one that is not proven.
    SomebodyLetsThemIn,
}

/// The operator resets the two-factor authentication of a user who lost everything. As after a reset by the team, the
/// next sign-in takes a mailed link besides the password, unless the operator says otherwise. Says how they sign in then.
///
/// # Errors
/// Refuses an address without a user, and a user without two-factor authentication.
pub async fn reset_two_factor(
    services: &Services,
    email: &str,
    takes_link: bool,
) -> Outcome<AfterReset> {
    let change = Change::by_operator(services).await?;
    let user = lock_named(change.db(), email).await?;
    if !reset_factor(&change, &user, takes_link).await? {
        return Err(Denial::TwoFactorOff.into());
    }
    let about = About::user(&user);
    change.record(&Event::TwoFactorReset, about).await?;
    let is_reached = user.email.in_use().is_some() && user.mail_reader().may_act_for_user();
    let letter = Letter::TwoFactorResetByOperator { takes_link };
    change.queue(&user, &letter).await?;
    change.commit().await?;
    Ok(match (takes_link, is_reached) {
        (false, _) => AfterReset::PasswordAlone,
        (true, true) => AfterReset::MailedLink,
        (true, false) => AfterReset::SomebodyLetsThemIn,
    })
}

/// The user whom the operator means by their address, or by their id where they have lost it, locked.
///
/// # Errors
/// Refuses what is neither, and what nobody has.
pub async fn lock_named(transaction: &WriteTransaction, who: &str) -> Outcome<User> {
    let found = if let Ok(id) = who.trim().parse::<UserId>() {
        lock_user(transaction, id).await?
    } else {
        lock_user_by_email(transaction, &address_named(who)?).await?
    };
    found.ok_or(Failure::Refused(Refusal::NotFound))
}

/// The same, without a lock.
///
/// # Errors
/// As [`lock_named`].
async fn find_named(transaction: &WriteTransaction, who: &str) -> Outcome<User> {
    let found = if let Ok(id) = who.trim().parse::<UserId>() {
        find_user(transaction, id).await?
    } else {
        find_user_by_email(transaction, &address_named(who)?).await?
    };
    found.ok_or(Failure::Refused(Refusal::NotFound))
}

fn address_named(who: &str) -> Result<EmailAddress, Wrong> {
    EmailAddress::parse(who).map_err(|_| Wrong::Email)
}
