//! Time-based codes (RFC 6238): SHA-1, six digits, steps of 30 seconds, one step either way.
//!
//! The arithmetic is totp-rs's; what is decided here is which step a code stands for and whether
//! that step is still worth anything. Spending the step is storage's part.

pub mod import;
mod key_uri;
mod secret;

use app::types::one_time_code::OneTimeCode;
use app::types::timestamp::Timestamp;
use constant_time_eq::constant_time_eq;

pub use self::key_uri::{otpauth_uri, shown_name};
pub use self::secret::{LONGEST_SECRET, NotASecret, SECRET_BYTES, SHORTEST_SECRET, TotpSecret};

/// Seconds of one step.
pub const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one whose codes are taken (RFC 6238 §5.2).
pub const SKEW_STEPS: i64 = 1;
/// How far a clock that is off is looked for: ten minutes either way.
pub const CLOCK_SEARCH_STEPS: i64 = 10 * 60 / STEP_SECONDS;
/// Steps of half an hour: zones differ by hours and halves of them.
const HALF_HOUR_STEPS: i64 = 30 * 60 / STEP_SECONDS;
/// How many half hours a zone that was set wrong is looked for: fourteen hours either way, the furthest that a zone is from UTC.
const ZONE_SEARCH_HALF_HOURS: i64 = 28;

/// The number of a step: whole steps since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeStep(pub i64);

impl TimeStep {
    /// The step in which a moment lies.
    pub const fn at(now: Timestamp) -> Self {
        Self(now.0.div_euclid(STEP_SECONDS))
    }
}

/// The answer to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It is the code of this step, which is newer than the last one used: spend it.
    Right(TimeStep),
    /// It is the code of a step that has been used, or of one before that.
    Used,
    /// It is the code of no step in the window.
    Wrong,
}

/// Checks a code against the steps that count at `now`.
///
/// Every step of the window is computed and compared in full, whatever the code, so that the time
/// tells nothing. Where two steps of the window have the same code, the newer one counts: with the
/// older one the same digits would pass again as the newer.
pub fn check(
    secret: &TotpSecret,
    code: &OneTimeCode,
    now: Timestamp,
    last_step: Option<TimeStep>,
) -> CodeVerdict {
    match newest_match(secret, code, TimeStep::at(now), -SKEW_STEPS..=SKEW_STEPS) {
        None => CodeVerdict::Wrong,
        Some(step) if last_step.is_some_and(|last| step <= last) => CodeVerdict::Used,
        Some(step) => CodeVerdict::Right(step),
    }
}

/// By how many seconds the device's clock is ahead of ours, behind when negative, if that is why
/// `code` is wrong.
///
/// Looks up to ten minutes either way, outside of the window that [`check`] takes, then at whole and half hours up to
/// fourteen, as a time zone or summer time that was set by hand makes them; and answers with the offset nearest to none. In whole steps: the code does not tell more. Only for an enrolment, whose key the
/// asker has seen: at a sign-in it would tell a guesser that a code was near.
pub fn device_ahead_by(secret: &TotpSecret, code: &OneTimeCode, now: Timestamp) -> Option<i64> {
    let present = TimeStep::at(now);
    let near = SKEW_STEPS + 1..=CLOCK_SEARCH_STEPS;
    let of_zones = (1..=ZONE_SEARCH_HALF_HOURS).flat_map(|halves| {
        let steps = halves * HALF_HOUR_STEPS;
        steps - SKEW_STEPS..=steps + SKEW_STEPS
    });
    let nearest = near
        .chain(of_zones)
        .flat_map(|steps| [steps, -steps])
        .find(|offset| newest_match(secret, code, present, *offset..=*offset).is_some());
    nearest.map(|offset| offset * STEP_SECONDS)
}

/// By how many seconds the device's clock seems to be off, at most ten minutes either way, for the operator's log. Every step is computed
/// and compared, whatever the code, so that the time tells nothing.
pub fn seems_ahead_by(secret: &TotpSecret, code: &OneTimeCode, now: Timestamp) -> Option<i64> {
    let present = TimeStep::at(now);
    let found = newest_match(
        secret,
        code,
        present,
        -CLOCK_SEARCH_STEPS..=CLOCK_SEARCH_STEPS,
    );
    found.map(|step| (step.0 - present.0) * STEP_SECONDS)
}

fn newest_match(
    secret: &TotpSecret,
    code: &OneTimeCode,
    present: TimeStep,
    offsets: impl Iterator<Item = i64>,
) -> Option<TimeStep> {
    let totp = secret.totp();
    let mut newest = None;
    for step in offsets.map(|offset| present.0.saturating_add(offset)) {
        let Ok(seconds) = u64::try_from(step.saturating_mul(STEP_SECONDS)) else {
            continue;
        };
        let expected = zeroize::Zeroizing::new(totp.generate(seconds).to_string());
        if constant_time_eq(expected.as_bytes(), code.digits().as_bytes()) {
            newest = Some(TimeStep(step));
        }
    }
    newest
}

#[cfg(test)]
mod tests;
