//! Giving an account another name or another time zone.

use app::types::account::AccountRef;
use app::types::name::Name;

use crate::audit::{About, Event};
use crate::change::Change;
use crate::principal::Principal;
use crate::refusal::Wrong;
use crate::team::admit_locked;
use crate::{Outcome, Services};
use domain::days::Zone;
use domain::roles::Action;
use storage::accounts::{Account, set_account_name, set_account_zone};

/// Gives an account another name. The log has the one before, so that people still know what an older line or letter meant.
///
/// # Errors
/// Refuses what is no name; only the owner can.
pub async fn rename(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    name: &str,
) -> Outcome<()> {
    let name = Name::parse(name).map_err(Wrong::AccountName)?;
    let change = Change::by_session(services, caller).await?;
    let member = admit_locked(&change, caller, account).await?;
    member.may(Action::Rename)?;
    if store_name(&change, member.account, &name).await? {
        change.commit().await?;
    }
    Ok(())
}

/// Stores the name of an account that is locked: true where it is another one.
pub(super) async fn store_name(
    change: &Change<'_>,
    account: Account,
    name: &Name,
) -> Outcome<bool> {
    if account.name == name.as_str() {
        return Ok(false);
    }
    set_account_name(change.db(), account.id, name).await?;
    let event = Event::AccountRenamed { name: account.name };
    change.record(&event, About::account(account.id)).await?;
    Ok(true)
}

/// Gives an account another time zone. What is set already keeps its day and its moment.
///
/// # Errors
/// Refuses what is no zone; only who can rename it can.
pub async fn set_zone(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
    zone: &str,
) -> Outcome<()> {
    let zone = parse_zone(zone)?;
    let change = Change::by_session(services, caller).await?;
    let member = admit_locked(&change, caller, account).await?;
    member.may(Action::Rename)?;
    if store_zone(&change, &member.account, zone).await? {
        change.commit().await?;
    }
    Ok(())
}

/// A zone that has to be given.
fn parse_zone(text: &str) -> Result<Zone, Wrong> {
    Zone::parse(text).ok_or(if text.trim().is_empty() {
        Wrong::ZoneMissing
    } else {
        Wrong::Zone
    })
}

/// Stores the time zone of an account that is locked: true where it is another one.
pub(super) async fn store_zone(
    change: &Change<'_>,
    account: &Account,
    zone: Zone,
) -> Outcome<bool> {
    if account.zone == zone {
        return Ok(false);
    }
    set_account_zone(change.db(), account.id, zone).await?;
    let event = Event::AccountZoneChanged {
        zone: zone.name().to_owned(),
    };
    change.record(&event, About::account(account.id)).await?;
    Ok(true)
}
