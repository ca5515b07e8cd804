//! The requirement: "every user of this account has two-factor authentication", from a day on.
//!
//! Whether it holds for a user, and which requirements an owner may save.

use app::types::timestamp::Timestamp;

/// The farthest day from which a requirement can hold, in seconds from now: 90 days.
pub const FARTHEST_START: i64 = 90 * 86_400;

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

/// From when an owner wants a requirement to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At once.
    Now,
    /// On a day to come.
    On(Timestamp),
}

/// Why a requirement cannot be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The owner would be the first to be shut out.
    #[error("the owner has no two-factor authentication")]
    OwnerWithoutTwoFactor,
    /// The day has passed.
    #[error("the day has passed")]
    InThePast,
    /// The day is more than 90 days ahead.
    #[error("the day is more than 90 days ahead")]
    TooFarAhead,
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

/// The requirement that an owner turns on.
///
/// # Errors
/// See [`Refusal`].
pub fn require(
    start: Start,
    owner_has_two_factor: bool,
    now: Timestamp,
) -> Result<Requirement, Refusal> {
    if !owner_has_two_factor {
        return Err(Refusal::OwnerWithoutTwoFactor);
    }
    match start {
        Start::Now => Ok(Requirement::From(now)),
        Start::On(day) if day < now => Err(Refusal::InThePast),
        Start::On(day) if day > now + FARTHEST_START => Err(Refusal::TooFarAhead),
        Start::On(day) => Ok(Requirement::From(day)),
    }
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
    fn a_requirement_starts_at_once_or_up_to_90_days_ahead() {
        let table = [
            (Start::Now, Ok(Requirement::From(NOW))),
            (Start::On(NOW), Ok(Requirement::From(NOW))),
            (Start::On(NOW - 1), Err(Refusal::InThePast)),
            (Start::On(NOW + 1), Ok(Requirement::From(NOW + 1))),
            (
                Start::On(NOW + 90 * 86_400),
                Ok(Requirement::From(NOW + 90 * 86_400)),
            ),
            (Start::On(NOW + 90 * 86_400 + 1), Err(Refusal::TooFarAhead)),
            (Start::On(Timestamp(i64::MIN)), Err(Refusal::InThePast)),
            (Start::On(Timestamp(i64::MAX)), Err(Refusal::TooFarAhead)),
        ];
        for (start, expected) in table {
            assert_eq!(require(start, true, NOW), expected, "{start:?}");
            assert_eq!(
                require(start, false, NOW),
                Err(Refusal::OwnerWithoutTwoFactor),
                "{start:?}"
            );
        }
    }
}
