//! New passwords: the only place where one is estimated and hashed before it is stored, whichever function sets it.
//!
//! An estimate costs as much as a hash. A try is taken before it is made, and it runs in the slots of the hasher, never on
//! the threads that answer requests. A refused password has cost its try.

use app::types::secret_text::SecretText;
use zeroize::Zeroizing;

use super::limits::{self, Bucket};
use super::{Outcome, Services};
use domain::password_policy::{self, PasswordProblem};

/// Who pays for the estimate of a new password.
pub enum PaidBy<'a> {
    /// A try of this bucket.
    Try(&'a Bucket),
    /// Nobody: the operator, at the command line.
    Operator,
}

/// A password that may become a user's.
pub struct AcceptedPassword<'a>(&'a SecretText);

/// Checks a new password of a user about whom `known` is known. What is too short or too long costs nothing.
///
/// # Errors
/// `Paused` when no try is left, before anything that costs; `Busy` without a slot. What is wrong with the password is
/// the inner result.
pub async fn accept<'a>(
    services: &Services,
    password: &'a SecretText,
    known: &[&str],
    paid_by: PaidBy<'_>,
) -> Outcome<Result<AcceptedPassword<'a>, PasswordProblem>> {
    if let Err(problem) = password_policy::check_shape(password.expose()) {
        return Ok(Err(problem));
    }
    match paid_by {
        PaidBy::Try(bucket) => limits::admit(services, bucket).await?,
        PaidBy::Operator => {}
    }
    let text = Zeroizing::new(password.expose().to_owned());
    let known: Vec<String> = known.iter().copied().map(str::to_owned).collect();
    let estimate = move || password_policy::estimate(&text, &known);
    let verdict = services.hasher.estimate(estimate).await?;
    Ok(verdict.map(|()| AcceptedPassword(password)))
}

/// Checks a new password that the operator gives at the command line, where nothing else waits for the thread.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_by_operator(password: &SecretText, known: &[&str]) -> Result<(), PasswordProblem> {
    password_policy::check_shape(password.expose())?;
    password_policy::estimate(password.expose(), known)
}

/// Hashes a password that was accepted.
///
/// # Errors
/// `Busy` without a slot.
pub async fn hash(services: &Services, password: &AcceptedPassword<'_>) -> Outcome<String> {
    Ok(services.hasher.hash(password.0.expose()).await?)
}
