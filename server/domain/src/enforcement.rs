//! The requirement: "every user of this account has two-factor authentication", from a day on.
//!
//! Whether it is in force for a user, and which requirements an owner may save.

use std::cmp::Ordering;

use app::types::account::AccountRules;
use app::types::day::Day;
use app::types::timestamp::Timestamp;

use super::days::{Deadline, Zone, days_after};
use super::factors::FactorKinds;
use super::offers::is_open;

/// The farthest day from which a requirement can hold, in days from today.
pub const MOST_DAYS_AHEAD: u32 = 90;
/// How far ahead the day is that is offered in place of at once.
const OFFERED_DAYS_AHEAD: u32 = 14;

/// An account's requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Two-factor authentication is each user's own choice.
    Off,
    /// Every user needs it from this day on.
    From(Deadline),
}

impl From<Option<Deadline>> for Requirement {
    fn from(from: Option<Deadline>) -> Self {
        from.map_or(Self::Off, Self::From)
    }
}

/// What a requirement means to one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementStatus {
    /// Nothing: there is none, or the user has two-factor authentication.
    Free,
    /// Access ends then unless two-factor authentication is on by then.
    DueFrom(Deadline),
    /// No access until two-factor authentication is on.
    Due,
}

/// Why a requirement cannot hold from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayRefused {
    /// The day has passed.
    #[error("the day has passed")]
    InThePast,
    /// The requirement holds already, and keeps its day until it is turned off.
    #[error("it holds already; to put it off, turn it off first")]
    HoldsAlready,
    /// The day is more than 90 days ahead.
    #[error("the day is more than 90 days ahead")]
    TooFarAhead,
}

/// The authentication settings of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// The requirement.
    pub requirement: Requirement,
    /// The further rules.
    pub rules: AccountRules,
}

/// What a requirement means to a user, at the moment of an access.
pub fn standing(
    requirement: Requirement,
    has_two_factor: bool,
    now: Timestamp,
) -> RequirementStatus {
    match requirement {
        Requirement::Off => RequirementStatus::Free,
        Requirement::From(_) if has_two_factor => RequirementStatus::Free,
        Requirement::From(from) if now < from.at => RequirementStatus::DueFrom(from),
        Requirement::From(_) => RequirementStatus::Due,
    }
}

/// The same for a user whose factor may have been reset by the offer of another account: until this one opens, a
/// requirement that holds keeps them out, whatever factor they have.
pub fn standing_after_reset(
    requirement: Requirement,
    has_two_factor: bool,
    opens_at: Option<Timestamp>,
    now: Timestamp,
) -> RequirementStatus {
    let by_factor = standing(requirement, has_two_factor, now);
    let holds = standing(requirement, false, now) == RequirementStatus::Due;
    if holds && !is_open(opens_at, now) {
        RequirementStatus::Due
    } else {
        by_factor
    }
}

/// The days from which a requirement can begin in the zone of its account: the first is today, which means at once.
pub fn days_to_begin(zone: Zone, now: Timestamp) -> (Day, Day) {
    let today = zone.day_of(now);
    (today, days_after(today, MOST_DAYS_AHEAD))
}

/// The day that is offered to whoever would shut people out at once: two weeks to set it up in.
pub fn day_to_offer(zone: Zone, now: Timestamp) -> Day {
    days_after(zone.day_of(now), OFFERED_DAYS_AHEAD)
}

/// The requirement that follows from turning it on, or leaving it on, with a day in the zone of its account or at once. One
/// that holds already keeps its day, and a later one is refused. One that is sent back does not move, whatever the zone is
/// by now.
///
/// # Errors
/// See [`DayRefused`].
pub fn require(
    current: Requirement,
    from: Option<Day>,
    zone: Zone,
    now: Timestamp,
) -> Result<Requirement, DayRefused> {
    let (today, last) = days_to_begin(zone, now);
    let at_once = Requirement::From(Deadline::at(now, zone));
    match (current, from) {
        (Requirement::From(set), Some(wanted)) if set.day == wanted => Ok(current),
        (Requirement::From(set), wanted) if set.at <= now => match wanted {
            Some(wanted) if wanted > today => Err(DayRefused::HoldsAlready),
            Some(_) | None => Ok(current),
        },
        (Requirement::Off | Requirement::From(_), None) => Ok(at_once),
        (Requirement::Off | Requirement::From(_), Some(wanted)) => match wanted.cmp(&today) {
            Ordering::Less => Err(DayRefused::InThePast),
            Ordering::Equal => Ok(at_once),
            Ordering::Greater if wanted > last => Err(DayRefused::TooFarAhead),
            Ordering::Greater => Ok(Requirement::From(Deadline::on(wanted, zone))),
        },
    }
}

/// Whether the new settings are stricter for anyone: required, and from another day or without SMS.
pub fn is_stricter(before: AccountSettings, after: AccountSettings) -> bool {
    let sms_ceases = before.rules.sms_counts && !after.rules.sms_counts;
    match after.requirement {
        Requirement::Off => false,
        Requirement::From(_) => {
            requirement_strictness(before.requirement, after.requirement) != Ordering::Equal
                || sms_ceases
        }
    }
}

/// The parts of the settings, each with how strict it is after a change beside before: `Less` is weaker. One table, so
/// that a part that is added is weighed in both directions.
fn strictness(before: AccountSettings, after: AccountSettings) -> [Ordering; 3] {
    let forbids = |allowed: bool| !allowed;
    let (old, new) = (before.rules, after.rules);
    [
        requirement_strictness(before.requirement, after.requirement),
        forbids(new.trusted_browsers_allowed).cmp(&forbids(old.trusted_browsers_allowed)),
        forbids(new.sms_counts).cmp(&forbids(old.sms_counts)),
    ]
}

/// A requirement is stricter than none, and the stricter the earlier it holds; moments decide, not days.
fn requirement_strictness(before: Requirement, after: Requirement) -> Ordering {
    match (before, after) {
        (Requirement::Off, Requirement::Off) => Ordering::Equal,
        (Requirement::Off, Requirement::From(_)) => Ordering::Greater,
        (Requirement::From(_), Requirement::Off) => Ordering::Less,
        (Requirement::From(old), Requirement::From(new)) => old.at.cmp(&new.at),
    }
}

/// Whether settings are not at least as strict as those before for everybody: no requirement, a later moment, SMS
/// counted, trusted browsers allowed. Another part that becomes stricter makes up for nothing. A rule counts though no
/// requirement gives it effect yet: the one that is turned on later would be the weaker for it.
pub fn is_weaker(before: AccountSettings, after: AccountSettings) -> bool {
    strictness(before, after).contains(&Ordering::Less)
}

/// Whether saving would shut the owner out: nobody requires of others what they have not done themselves.
pub fn shuts_owner_out(
    before: AccountSettings,
    after: AccountSettings,
    owner: FactorKinds,
) -> bool {
    is_stricter(before, after) && !owner.cover(after.rules)
}

#[cfg(test)]
mod tests;
