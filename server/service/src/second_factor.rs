//! Checks a second factor: the only place where a code is compared, counted and consumed, for sign-in and step-up alike.

mod authenticator;
mod counting;
mod kinds;
mod number;
mod recovery;

use crate::refusal::{Refusal, Wrong};
use app::types::factors::{CodeFactorKind, Way};
use app::types::ids::UserId;
use app::types::limited::Limited;
use app::types::one_time_code::{NotACode, OneTimeCode};
use app::types::recovery_code::RecoveryCode;
use app::types::timestamp::Timestamp;

use self::counting::CountedAttempt;
use super::audit::Event;
use super::change::Change;
use super::letters::Letter;
use super::limits::{Limit, seconds_until};
use super::{Outcome, Services, factor_set};
use domain::factors::Factors;
use domain::roles::Denial;
use storage::sms_codes::CodeFor;
use storage::users::User;
use storage::{ConnectionTrait, WriteTransaction};

pub use authenticator::{open_secret, seal_secret};
pub use kinds::{Opened, open, purpose, shown};
pub use number::{open_number, seal_number};
pub use recovery::tell_recovery;

/// A proof of a second factor as given, parsed.
pub enum FactorProof {
    /// Six digits.
    Code(OneTimeCode),
    /// A recovery code.
    RecoveryCode(RecoveryCode),
    /// Something that can be neither, but counts as a guess.
    Guess,
}

/// A proof that is given, and for what.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// What was given.
    pub given: &'a FactorProof,
    /// What asks for it: a code that was sent is good only for that.
    pub code_for: &'a CodeFor,
    /// The hash by which the browser would be known: one that has proven itself is counted apart.
    pub browser: Option<&'a [u8; 32]>,
}

/// What a second factor was proven by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenBy {
    /// A code of a factor of this kind.
    Factor(CodeFactorKind),
    /// A recovery code in place of one.
    RecoveryCode {
        /// How many are left.
        left: u32,
    },
}

impl ProvenBy {
    /// The event of a sign-in that it has finished.
    pub const fn sign_in_event(self) -> Event {
        match self {
            Self::Factor(kind) => kinds::sign_in_event(kind),
            Self::RecoveryCode { left } => Event::SignedInWithRecoveryCode { left },
        }
    }

    /// How many recovery codes are left, where one was used.
    pub const fn recovery_codes_left(self) -> Option<u32> {
        match self {
            Self::Factor(_) => None,
            Self::RecoveryCode { left } => Some(left),
        }
    }
}

/// What checking it led to. Whatever it is, the caller commits.
pub enum Checked {
    /// Right, and spent.
    Right(ProvenBy),
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

impl FactorProof {
    /// Parses what was typed into a field that takes codes of the app.
    ///
    /// # Errors
    /// Refuses what is too little to be a guess; it costs nothing and counts nowhere.
    pub fn code(text: &str) -> Result<Self, Refusal> {
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
    pub fn recovery_code(text: &str) -> Result<Self, Refusal> {
        RecoveryCode::parse(text)
            .map(Self::RecoveryCode)
            .map_err(|_| Wrong::RecoveryCode.into())
    }

    /// Parses what was typed into a field that takes either.
    ///
    /// # Errors
    /// Refuses what is neither and too little to be a guess.
    pub fn either(text: &str) -> Result<Self, Refusal> {
        RecoveryCode::parse(text)
            .map(Self::RecoveryCode)
            .or_else(|_| Self::code(text))
    }
}

/// Checks and spends a proof of a user whose row the caller has locked.
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
    let factors = factor_set::load(services, transaction, user.id).await?;
    if !factors.is_on() {
        return Err(Denial::TwoFactorOff.into());
    }
    let counted = CountedAttempt::load(transaction, user, &factors, attempt.browser).await?;
    if let Some(refused) = counted.refused_unseen(given, now) {
        let is_closed = matches!(refused, Checked::Closed);
        let reason = if is_closed { "factor_closed" } else { "paused" };
        services.refusals.note_guess(reason, now);
        return Ok(refused);
    }
    let checked = match given {
        FactorProof::Code(code) => {
            let of = (user, &*factors);
            check_code(services, transaction, of, code, attempt.code_for).await?
        }
        FactorProof::RecoveryCode(code) => {
            recovery::check(services, transaction, user, code).await?
        }
        FactorProof::Guess => WRONG,
    };
    match checked {
        Checked::Right(ProvenBy::Factor(_)) => counted.right_code(transaction, now).await?,
        Checked::Right(ProvenBy::RecoveryCode { .. }) => {
            counted.right_recovery_code(transaction, now).await?;
        }
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

/// Checks a code against each factor that is offered, until one takes it. One that was good once for any of them is no guess.
async fn check_code(
    services: &Services,
    transaction: &WriteTransaction,
    (user, factors): (&User, &Factors),
    code: &OneTimeCode,
    code_for: &CodeFor,
) -> Outcome<Checked> {
    let mut verdict = WRONG;
    for factor in factors.offered() {
        let of = (user, factor);
        match kinds::check(services, transaction, of, code, code_for).await? {
            right @ Checked::Right(_) => return Ok(right),
            Checked::Wrong { was_used: true, .. } => verdict = USED,
            Checked::Wrong { .. } | Checked::Paused { .. } | Checked::Closed => {}
        }
    }
    Ok(verdict)
}

/// The ways in which a user may prove a second factor, the first one first; none while it is off.
///
/// # Errors
/// Faults of the database.
pub async fn ways(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, factors): (UserId, &Factors),
    code_for: &CodeFor,
) -> Outcome<Vec<Way>> {
    let mut ways = Vec::new();
    for factor in factors.offered() {
        ways.push(kinds::way(services, db, (user, factor), code_for).await?);
    }
    if factors.is_on() {
        ways.push(Way::RecoveryCode);
    }
    Ok(ways)
}

/// Whether a code may be sent to a user, for this browser: not while one would not be looked at.
///
/// # Errors
/// `Paused` or `FactorClosed`, as the code itself would be refused.
pub async fn may_send(
    services: &Services,
    db: &impl ConnectionTrait,
    (user, factors): (&User, &Factors),
    browser: Option<&[u8; 32]>,
) -> Outcome<()> {
    let now = services.now();
    let counted = CountedAttempt::load(db, user, factors, browser).await?;
    let refused = counted.refused_unseen(&FactorProof::Guess, now);
    let refusal = refused.and_then(|refused| refusal(&refused, None, now));
    refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// The refusal for a check that did not succeed.
pub fn refusal(checked: &Checked, attempts_left: Option<u32>, now: Timestamp) -> Option<Refusal> {
    match checked {
        Checked::Right(_) => None,
        Checked::Wrong { .. } => Some(Refusal::WrongCode {
            attempts_left,
            at: None,
        }),
        Checked::Paused { until } => {
            let (of, retry_after) = (Limited::WrongSecrets, seconds_until(*until, now));
            Some(Refusal::Paused { of, retry_after })
        }
        Checked::Closed => Some(Refusal::FactorClosed),
    }
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
