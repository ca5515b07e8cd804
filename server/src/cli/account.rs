//! `twofold account …`.

use clap::{Args, Subcommand};

use super::behind::{GivenBy, say_who_is_behind};
use super::output::{complete, print, print_row};
use super::{Ended, Options, services};
use domain::enforcement::Requirement;
use domain::time::in_words;
use service::Services;
use service::accounts::operator::{
    self, AccountLine, DeletedLine, OperatorDeletion, RequirementChange,
};
use service::audit::{Event, note};
use storage::coverage::CoverageCount;

/// What is known of an account whose row cannot be read.
const UNREADABLE: &str = "unreadable";

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// List accounts: id, name, owner, users with two-factor authentication, requirement, time zone; after them the deleted ones
    List,
    /// Require two-factor authentication of all users of an account, or lift that
    RequireTwoFactor(RequireTwoFactor),
    /// Give an account another name
    Rename(Rename),
    /// Give an account another time zone; no day that is set moves
    SetZone(SetZone),
    /// Make another of its users the owner of an account
    Transfer(Transfer),
    /// Delete an account: shut at once, erased after 7 days, its users are told by mail. Once its owner has deleted it, this
    /// keeps them from restoring it
    Delete(DeleteAccount),
    /// Restore a deleted account that is not erased yet, with users, roles and requirement as they were
    Restore(RestoreAccount),
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("switch").args(["on", "off"]).required(true))]
pub(super) struct RequireTwoFactor {
    /// The account's id, or its name where no other has it
    account: String,
    /// Turn the requirement on
    #[arg(long)]
    on: bool,
    /// Turn the requirement off
    #[arg(long)]
    off: bool,
    /// From when: the beginning of this day in the time zone of the account, up to 90 days ahead; at once without it
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "off")]
    from: Option<String>,
}

#[derive(Args)]
pub(super) struct Rename {
    /// The account's id, or its name where no other has it
    account: String,
    /// The new name
    #[arg(long, value_name = "NAME")]
    to: String,
}

#[derive(Args)]
pub(super) struct SetZone {
    /// The account's id, or its name where no other has it
    account: String,
    /// The zone by its name, as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    to: String,
}

#[derive(Args)]
pub(super) struct Transfer {
    /// The account's id, or its name where no other has it
    account: String,
    /// The address of the user who becomes the owner
    #[arg(long, value_name = "EMAIL")]
    to: String,
}

#[derive(Args)]
pub(super) struct DeleteAccount {
    /// The account's id, or its name where no other has it
    account: String,
}

#[derive(Args)]
pub(super) struct RestoreAccount {
    /// The account's id, or its name where no other deleted one has it; `account list` shows them
    account: String,
    /// The address of one of its users, who becomes the owner: only where the owner has deleted themselves
    #[arg(long, value_name = "EMAIL")]
    owner: Option<String>,
}

pub(super) async fn run(options: &Options, command: AccountCommand) -> Ended {
    match command {
        AccountCommand::List => list(options).await,
        AccountCommand::RequireTwoFactor(given) => require_two_factor(options, &given).await,
        AccountCommand::Rename(Rename { account, to }) => {
            let services = services(options).await?;
            let changed = operator::rename(&services, &account, &to)
                .await
                .map_err(|error| error.to_string())?;
            print(&if changed {
                format!("{account} is called {} now.", to.trim())
            } else {
                format!("Nothing changed for {account}: it was so already.")
            })?;
            Ok(())
        }
        AccountCommand::SetZone(SetZone { account, to }) => {
            let services = services(options).await?;
            let changed = operator::set_zone(&services, &account, &to)
                .await
                .map_err(|error| error.to_string())?;
            print(&match changed {
                Some(zone) => format!("{account} is in the time zone {} now.", zone.name()),
                None => format!("Nothing changed for {account}: it was so already."),
            })?;
            Ok(())
        }
        AccountCommand::Delete(DeleteAccount { account }) => {
            let services = services(options).await?;
            let done = operator::delete(&services, &account)
                .await
                .map_err(|error| error.to_string())?;
            let (what, end) = match done {
                OperatorDeletion::Shut(end) => ("is deleted and shut", end),
                OperatorDeletion::TakenOver(end) => (
                    "was deleted by its owner, who cannot restore it any more",
                    end,
                ),
            };
            print(&format!(
                "{account} {what}. It is erased on {}; until then, twofold account restore brings it back.",
                in_words(end)
            ))?;
            Ok(())
        }
        AccountCommand::Restore(RestoreAccount { account, owner }) => {
            let services = services(options).await?;
            operator::restore(&services, &account, owner.as_deref())
                .await
                .map_err(|error| error.to_string())?;
            print(&format!("{account} is restored."))?;
            match owner {
                Some(owner) => say_who_is_behind(&services, &owner, GivenBy::Right).await,
                None => Ok(()),
            }
        }
        AccountCommand::Transfer(given) => {
            let services = services(options).await?;
            operator::transfer(&services, &given.account, &given.to)
                .await
                .map_err(|error| error.to_string())?;
            print(&format!("{} owns {} now.", given.to, given.account))?;
            say_who_is_behind(&services, &given.to, GivenBy::Right).await
        }
    }
}

async fn require_two_factor(options: &Options, given: &RequireTwoFactor) -> Ended {
    let command = match &given.from {
        _ if given.off => RequirementChange::Off,
        None => RequirementChange::On(None),
        Some(day) => RequirementChange::On(Some(
            day.parse()
                .map_err(|_| "--from is not a day of the calendar; it takes one as 2027-01-31")?,
        )),
    };
    let services = services(options).await?;
    let changed = operator::require_two_factor(&services, &given.account, command)
        .await
        .map_err(|error| error.to_string())?;
    let account = &given.account;
    print(&match changed {
        None => format!("Nothing changed for {account}: it was so already."),
        Some(Requirement::Off) => {
            format!("{account} no longer requires two-factor authentication.")
        }
        Some(Requirement::From(from)) if from.at <= services.now() => {
            format!("{account} requires two-factor authentication now.")
        }
        Some(Requirement::From(from)) => {
            format!(
                "{account} requires two-factor authentication from {} on.",
                from.in_words()
            )
        }
    })?;
    Ok(())
}

async fn list(options: &Options) -> Ended {
    const AT_A_TIME: u64 = 100;
    let services = services(options).await?;
    note(&services, &Event::AccountsListed)
        .await
        .map_err(|problem| problem.to_string())?;
    let (mut after, mut unreadable) = (None, 0);
    loop {
        let page = operator::list(&services, after, AT_A_TIME)
            .await
            .map_err(|failure| super::refusal_words::line(failure, ""))?;
        for line in &page.rows {
            if !print_told(line)? {
                return Ok(());
            }
        }
        for id in &page.unreadable {
            unreadable += 1;
            let id = id.to_string();
            if !print_row(&[&id, "", UNREADABLE, UNREADABLE, UNREADABLE, UNREADABLE])? {
                return Ok(());
            }
        }
        match page.last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    list_deleted(&services, AT_A_TIME, unreadable).await
}

async fn list_deleted(services: &Services, at_a_time: u64, mut unreadable: usize) -> Ended {
    let mut after = None;
    loop {
        let page = operator::list_deleted(services, after, at_a_time)
            .await
            .map_err(|failure| super::refusal_words::line(failure, ""))?;
        for line in &page.rows {
            if !print_deleted(line)? {
                return Ok(());
            }
        }
        for id in &page.unreadable {
            unreadable += 1;
            let id = id.to_string();
            if !print_row(&[&id, "", UNREADABLE, "deleted", UNREADABLE])? {
                return Ok(());
            }
        }
        match page.last {
            Some(last) => after = Some(last),
            None => return complete(unreadable, "accounts"),
        }
    }
}

fn print_deleted(line: &DeletedLine) -> Result<bool, String> {
    let DeletedLine { account, owner } = line;
    let by = match &account.deleted_by {
        Some((_, name)) => name,
        None => "the operator",
    };
    print_row(&[
        &account.id.to_string(),
        &account.name,
        owner.as_deref().unwrap_or("owner gone"),
        &format!("deleted on {} by {by}", in_words(account.deleted_at)),
        &format!("erased on {}", in_words(account.erased_at)),
    ])
}

fn print_told(line: &AccountLine) -> Result<bool, String> {
    let AccountLine {
        account,
        owner,
        counted: CoverageCount { users, covered },
    } = line;
    let requirement = account.required_from.map_or_else(
        || "not required".to_owned(),
        |from| format!("required from {}", from.in_words()),
    );
    print_row(&[
        &account.id.to_string(),
        &account.name,
        owner,
        &format!("{covered} of {users}"),
        &requirement,
        account.zone.name(),
    ])
}
