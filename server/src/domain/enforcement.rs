//! The requirement: "every user of this account has two-factor authentication", from a day on.
//!
//! Whether it holds for a user, and which requirements an owner may save.

use app::types::account::AccountRules;
use app::types::timestamp::Timestamp;

/// Seconds of a day.
const A_DAY: i64 = 86_400;
/// The farthest day from which a requirement can hold, in seconds from now: 90 days.
pub const FARTHEST_START: i64 = 90 * A_DAY;

/// An account's requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Two-factor authentication is each user's own choice.
    Off,
    /// Every user needs it from this moment on.
    From(Timestamp),
}

impl From<Option<Timestamp>> for Requirement {
    fn from(from: Option<Timestamp>) -> Self {
        from.map_or(Self::Off, Self::From)
    }
}

/// What kind of second factor a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// An authenticator app.
    App,
    /// SMS, the legacy factor.
    Sms,
}

/// Whether a second factor satisfies the requirement of an account.
pub fn counts(factor: Option<FactorKind>, sms_counts: bool) -> bool {
    match factor {
        None => false,
        Some(FactorKind::App) => true,
        Some(FactorKind::Sms) => sms_counts,
    }
}

/// What a requirement means to one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: there is none, or the user has two-factor authentication.
    Free,
    /// Access ends at this moment unless two-factor authentication is on by then.
    DueFrom(Timestamp),
    /// No access until two-factor authentication is on.
    Due,
}

/// Why a requirement cannot hold from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayRefused {
    /// The day has passed.
    #[error("the day has passed")]
    InThePast,
    /// The day is more than 90 days ahead.
    #[error("the day is more than 90 days ahead")]
    TooFarAhead,
}

/// What an account settles about signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The requirement.
    pub requirement: Requirement,
    /// The further rules.
    pub rules: AccountRules,
}

/// What a requirement means to a user, at the moment of an access.
pub fn standing(requirement: Requirement, has_two_factor: bool, now: Timestamp) -> Standing {
    match requirement {
        Requirement::Off => Standing::Free,
        Requirement::From(_) if has_two_factor => Standing::Free,
        Requirement::From(from) if now < from => Standing::DueFrom(from),
        Requirement::From(_) => Standing::Due,
    }
}

/// The requirement that follows from turning it on, or leaving it on, with a day or at once. One that holds already
/// keeps its day. A day that began less than 24 hours ago is today for somebody, and means at once.
///
/// # Errors
/// See [`DayRefused`].
pub fn require(
    current: Requirement,
    from: Option<Timestamp>,
    now: Timestamp,
) -> Result<Requirement, DayRefused> {
    match (current, from) {
        (Requirement::From(day), _) if day <= now => Ok(current),
        (Requirement::From(day), Some(wanted)) if day == wanted => Ok(current),
        (Requirement::Off | Requirement::From(_), None) => Ok(Requirement::From(now)),
        (Requirement::Off | Requirement::From(_), Some(wanted)) => {
            if wanted <= now - A_DAY {
                Err(DayRefused::InThePast)
            } else if wanted > now + FARTHEST_START {
                Err(DayRefused::TooFarAhead)
            } else {
                Ok(Requirement::From(wanted.max(now)))
            }
        }
    }
}

/// Whether settings are stricter to somebody than those before: required, and from another day or of more factors.
pub fn is_stricter(before: Settings, after: Settings) -> bool {
    let sms_ceases = before.rules.sms_counts && !after.rules.sms_counts;
    match after.requirement {
        Requirement::Off => false,
        Requirement::From(_) => after.requirement != before.requirement || sms_ceases,
    }
}

/// Whether saving would shut the owner out: nobody requires of others what they have not done themselves.
pub fn shuts_owner_out(before: Settings, after: Settings, owner: Option<FactorKind>) -> bool {
    is_stricter(before, after) && !counts(owner, after.rules.sms_counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    #[test]
    fn a_requirement_holds_from_its_second_on_for_users_without_two_factor() {
        let table = [
            (Requirement::Off, false, Standing::Free),
            (Requirement::Off, true, Standing::Free),
            (Requirement::From(NOW), true, Standing::Free),
            (Requirement::From(NOW), false, Standing::Due),
            (Requirement::From(NOW - 1), false, Standing::Due),
            (
                Requirement::From(NOW + 1),
                false,
                Standing::DueFrom(NOW + 1),
            ),
            (Requirement::From(NOW + 1), true, Standing::Free),
        ];
        for (requirement, has_two_factor, expected) in table {
            let actual = standing(requirement, has_two_factor, NOW);
            assert_eq!(actual, expected, "{requirement:?} {has_two_factor}");
        }
    }

    #[test]
    fn an_app_always_counts_and_sms_where_the_account_says_so() {
        for (factor, sms_counts, expected) in [
            (None, true, false),
            (Some(FactorKind::App), false, true),
            (Some(FactorKind::Sms), false, false),
            (Some(FactorKind::Sms), true, true),
        ] {
            assert_eq!(counts(factor, sms_counts), expected, "{factor:?}");
        }
    }

    #[test]
    fn access_returns_in_the_moment_two_factor_is_on() {
        let requirement = Requirement::From(NOW - 86_400);
        assert_eq!(standing(requirement, false, NOW), Standing::Due);
        assert_eq!(standing(requirement, true, NOW), Standing::Free);
    }

    #[test]
    fn a_requirement_starts_at_once_today_or_up_to_90_days_ahead() {
        let from = |at| Ok(Requirement::From(at));
        let table = [
            (None, from(NOW)),
            (Some(NOW), from(NOW)),
            (Some(NOW - 1), from(NOW)),
            (Some(NOW - A_DAY + 1), from(NOW)),
            (Some(NOW - A_DAY), Err(DayRefused::InThePast)),
            (Some(NOW + 1), from(NOW + 1)),
            (Some(NOW + 90 * A_DAY), from(NOW + 90 * A_DAY)),
            (Some(NOW + 90 * A_DAY + 1), Err(DayRefused::TooFarAhead)),
            (Some(Timestamp(i64::MIN)), Err(DayRefused::InThePast)),
            (Some(Timestamp(i64::MAX)), Err(DayRefused::TooFarAhead)),
        ];
        for (day, expected) in table {
            assert_eq!(require(Requirement::Off, day, NOW), expected, "{day:?}");
            let later = Requirement::From(NOW + 7);
            assert_eq!(require(later, day, NOW), expected, "{day:?}");
        }
    }

    #[test]
    fn a_requirement_that_holds_keeps_its_day_and_one_that_is_sent_back_does_not_move() {
        let held = Requirement::From(NOW - 400 * A_DAY);
        for day in [None, Some(NOW), Some(Timestamp(i64::MAX))] {
            assert_eq!(require(held, day, NOW), Ok(held));
        }
        let ahead = Requirement::From(NOW + 89 * A_DAY);
        assert_eq!(require(ahead, Some(NOW + 89 * A_DAY), NOW), Ok(ahead));
    }

    #[test]
    fn an_owner_without_a_factor_that_counts_cannot_make_it_stricter() {
        let settings = |requirement, sms_counts| Settings {
            requirement,
            rules: AccountRules {
                trusted_browsers_allowed: true,
                sms_counts,
            },
        };
        let (off, on) = (Requirement::Off, Requirement::From(NOW));
        let later = Requirement::From(NOW + 1);
        let (app, sms) = (Some(FactorKind::App), Some(FactorKind::Sms));
        let table = [
            (settings(off, false), settings(on, false), None, true),
            (settings(off, false), settings(on, false), app, false),
            (settings(off, false), settings(on, false), sms, true),
            (settings(off, false), settings(on, true), sms, false),
            (settings(on, true), settings(on, false), sms, true),
            (settings(later, false), settings(on, false), None, true),
            (settings(later, false), settings(off, false), None, false),
            (settings(later, false), settings(later, true), None, false),
            (settings(off, true), settings(off, false), sms, false),
        ];
        for (before, after, owner, expected) in table {
            assert_eq!(
                shuts_owner_out(before, after, owner),
                expected,
                "{before:?} {after:?} {owner:?}"
            );
        }
    }
}
