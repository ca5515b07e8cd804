//! Checks a second factor: the only place where a code is compared, counted and consumed, for sign-in and step-up alike.

mod counting;
mod opened;

use crate::refusal::{Refusal as ApiError, Wrong};
use app::types::one_time_code::{NotACode, OneTimeCode};
use app::types::recovery_code::RecoveryCode;
use app::types::timestamp::Timestamp;

use self::counting::CountedAttempt;
use super::audit::Event;
use super::change::Change;
use super::letters::Letter;
use super::limits::Limit;
use super::{Failure, Outcome, Services, factor_set, sms};
use domain::ends::Occasion;
use domain::factors::FactorKind;
use domain::recovery_codes;
use domain::totp::{self, CodeVerdict, TimeStep, TotpSecret};
use storage::recovery_codes::{Spent, count_recovery_codes, spend_recovery_code};
use storage::second_factors::{SecondFactor, spend_step};
use storage::sms_codes::{CodeFor, find_sms_code, spend_sms_code};
use storage::users::User;
use storage::{ConnectionTrait, WriteTransaction};

pub use opened::{
    NUMBER, Opened, SECRET, open, open_number, open_secret, seal_number, seal_secret,
};

/// A second factor as typed, parsed.
pub enum GivenCode {
    /// Six digits.
    Code(OneTimeCode),
    /// A recovery code.
    Recovery(RecoveryCode),
    /// Something that can be neither, but counts as a guess.
    Guess,
}

/// A second factor that is given.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// What was given.
    pub given: &'a GivenCode,
    /// What asks for it: a code that was sent is good only for that.
    pub code_for: &'a CodeFor,
    /// The hash by which the browser would be known: one that has proven itself is counted apart.
    pub browser: Option<&'a [u8; 32]>,
}

/// What checking it led to. Whatever it is, the caller commits.
pub enum Checked {
    /// Right, and spent.
    Code {
        /// Of what.
        by: FactorKind,
    },
    /// A recovery code, and spent.
    Recovery {
        /// How many are left.
        left: u32,
    },
    /// Not accepted.
    Wrong {
        /// Whether it was a good code once: no sign of guessing, so the user's count stays.
        was_used: bool,
        /// Whether it is the one that closes the factor to browsers that have proven nothing.
        closes: bool,
    },
    /// Not even looked at.
    Paused {
        /// Until when.
        until: Timestamp,
    },
    /// Codes are closed; a recovery code or a reset opens them.
    Closed,
}

/// A code that was good once.
const USED: Checked = Checked::Wrong {
    was_used: true,
    closes: false,
};
/// Any other that is not right, before it is counted.
const WRONG: Checked = Checked::Wrong {
    was_used: false,
    closes: false,
};

impl GivenCode {
    /// Parses what was typed into a field that takes codes of the app.
    ///
    /// # Errors
    /// Refuses what is too little to be a guess; it costs nothing and counts nowhere.
    pub fn code(text: &str) -> Result<Self, ApiError> {
        match OneTimeCode::parse(text) {
            Ok(code) => Ok(Self::Code(code)),
            Err(NotACode::Guess) => Ok(Self::Guess),
            Err(NotACode::Unfinished) => Err(Wrong::Code.into()),
        }
    }

    /// Parses what was typed into a field that takes recovery codes.
    ///
    /// # Errors
    /// Refuses what is not sixteen characters of a recovery code.
    pub fn recovery_code(text: &str) -> Result<Self, ApiError> {
        RecoveryCode::parse(text)
            .map(Self::Recovery)
            .map_err(|_| Wrong::RecoveryCode.into())
    }

    /// Parses what was typed into a field that takes either.
    ///
    /// # Errors
    /// Refuses what is neither and too little to be a guess.
    pub fn either(text: &str) -> Result<Self, ApiError> {
        RecoveryCode::parse(text)
            .map(Self::Recovery)
            .or_else(|_| Self::code(text))
    }
}

/// Checks and spends a second factor of a user whose row the caller has locked.
///
/// # Errors
/// When the user has no second factor, or it cannot be read.
pub async fn check(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    attempt: Attempt<'_>,
) -> Outcome<Checked> {
    let (given, now) = (attempt.given, services.now());
    let factor = factor_set::load(services, transaction, user.id)
        .await?
        .ok_or(Failure::Refused(ApiError::TwoFactorOff))?;
    let counted = CountedAttempt::load(transaction, user, &factor, attempt.browser).await?;
    if let Some(refused) = counted.refused_unseen(given, now) {
        let is_closed = matches!(refused, Checked::Closed);
        let reason = if is_closed { "factor_closed" } else { "paused" };
        services.refusals.note_guess(reason, now);
        return Ok(refused);
    }
    let checked = match given {
        GivenCode::Code(code) => match open(services, user.id, &factor)? {
            Opened::App(secret) => {
                let last = factor.last_step;
                check_app(transaction, user, (&secret, last), code, now).await?
            }
            Opened::Sms(_) => {
                check_sms(services, transaction, user, code, attempt.code_for).await?
            }
        },
        GivenCode::Recovery(code) => {
            let hash = recovery_codes::hash(code, user.id);
            match spend_recovery_code(transaction, user.id, hash, now).await? {
                Spent::Now => Checked::Recovery {
                    left: count_recovery_codes(transaction, user.id).await?,
                },
                Spent::Before => USED,
                Spent::Unknown => WRONG,
            }
        }
        GivenCode::Guess => WRONG,
    };
    match checked {
        Checked::Code { .. } => counted.right_code(transaction, now).await?,
        Checked::Recovery { .. } => counted.right_recovery_code(transaction, now).await?,
        Checked::Wrong {
            was_used: false, ..
        } => {
            let closes = counted.wrong_code(transaction, now).await?;
            return Ok(Checked::Wrong {
                was_used: false,
                closes,
            });
        }
        Checked::Wrong { was_used: true, .. } | Checked::Paused { .. } | Checked::Closed => {}
    }
    Ok(checked)
}

async fn check_app(
    transaction: &WriteTransaction,
    user: &User,
    (secret, last_step): (&TotpSecret, TimeStep),
    code: &OneTimeCode,
    now: Timestamp,
) -> Outcome<Checked> {
    let by = FactorKind::App;
    Ok(match totp::check(secret, code, now, Some(last_step)) {
        CodeVerdict::Right(step) if spend_step(transaction, user.id, step).await? => {
            Checked::Code { by }
        }
        CodeVerdict::Right(_) | CodeVerdict::Used => USED,
        CodeVerdict::Wrong => WRONG,
    })
}

/// A code that was sent leaves nothing behind when it is spent: a second time it is wrong.
async fn check_sms(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    code: &OneTimeCode,
    code_for: &CodeFor,
) -> Outcome<Checked> {
    let sent = find_sms_code(transaction, user.id, code_for, services.now()).await?;
    let keys = services.keys.sealing(transaction).await?;
    let right = sent.filter(|sent| sms::is_the_code_sent(&keys, user.id, code_for, code, sent));
    if let Some(sent) = right
        && spend_sms_code(transaction, user.id, &sent).await?
    {
        let by = FactorKind::Sms;
        return Ok(Checked::Code { by });
    }
    Ok(WRONG)
}

/// Whether a code may be sent to a user, for this browser: not while one would not be looked at.
///
/// # Errors
/// `Paused` or `FactorClosed`, as the code itself would be refused.
pub async fn may_send(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, factor): (&User, &SecondFactor),
    browser: Option<&[u8; 32]>,
) -> Outcome<()> {
    let now = services.now();
    let counted = CountedAttempt::load(db, user, factor, browser).await?;
    let refused = counted.refused_unseen(&GivenCode::Guess, now);
    let refusal = refused.and_then(|refused| refusal(&refused, None, now));
    refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// The refusal for a check that did not succeed.
pub fn refusal(checked: &Checked, attempts_left: Option<u32>, now: Timestamp) -> Option<ApiError> {
    match checked {
        Checked::Code { .. } | Checked::Recovery { .. } => None,
        Checked::Wrong { .. } => Some(ApiError::WrongCode { attempts_left }),
        Checked::Paused { until } => {
            let retry_after = u32::try_from(until.since(now).max(1)).unwrap_or(u32::MAX);
            Some(ApiError::Paused { retry_after })
        }
        Checked::Closed => Some(ApiError::FactorClosed),
    }
}

/// A recovery code was used: who does has lost something, so no browser stays trusted, and the user is mailed.
pub async fn tell_recovery(change: &Change<'_>, user: &User, left: u32) -> Outcome<()> {
    change.end(Occasion::RecoveryCodeUsed, user.id).await?;
    let from = change.visitor();
    change
        .queue(user, &Letter::RecoveryCodeUsed { left, from })
        .await?;
    Ok(())
}

/// A wrong second factor after a right password: listed each time, mailed at most once an hour. The one that `closes` the
/// factor is said besides, in the log, the user's activity and a mail.
pub async fn tell_wrong(change: &Change<'_>, user: &User, closes: bool) -> Outcome<()> {
    change.record_own(user, &Event::WrongSecondFactor).await?;
    if closes {
        return tell_closed(change, user).await;
    }
    let bucket = Limit::WrongFactorMails.of_user(user.id);
    if change.take(&bucket).await?.is_none() {
        let from = change.visitor();
        change
            .queue(user, &Letter::WrongSecondFactor { from })
            .await?;
    }
    Ok(())
}

/// So many wrong codes in a row have closed the factor. It is told once in each closing; a right code of the user's own
/// browser may open it for a stranger to close it again, so the mail has a budget of its own besides: one a day.
async fn tell_closed(change: &Change<'_>, user: &User) -> Outcome<()> {
    change.services.refusals.note_closed(change.services.now());
    change.record_own(user, &Event::FactorClosed).await?;
    let bucket = Limit::ClosingMails.of_user(user.id);
    if change.take(&bucket).await?.is_none() {
        let from = change.visitor();
        change.queue(user, &Letter::FactorClosed { from }).await?;
    }
    Ok(())
}
