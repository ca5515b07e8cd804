//! Mailbox codes: counted and mailed, then checked at most five times, and consumed once.

use app::error::{ApiError, Field, Problem};
use app::types::secret_text::SecretText;
use app::types::timestamp::Timestamp;
use app::types::two_factor::{MailboxAct, MailedCode, StepUp};
use constant_time_eq::constant_time_eq;

use super::entry::{delivery, helper};
use super::{address_of, has_factor};
use crate::crypto::random::bytes;
use crate::crypto::token::Token;
use crate::domain::first_factor::{Address, HasFactor};
use crate::domain::mailbox_code::{
    KNOWN_FOR, MAILBOX_CODE_LIFE, MailboxCode, WRONG_CODES_PER_MAILBOX_CODE, masked, word_of,
};
use crate::service::audit::{Event, record_own};
use crate::service::browsers::note_mailbox_proof;
use crate::service::letters::{Letter, queue};
use crate::service::limits::Limit;
use crate::service::sessions::SignedIn;
use crate::service::step_up::{prove_password, prove_second_factor};
use crate::service::{Failure, Outcome, Services};
use crate::storage::known_browsers::known_since;
use crate::storage::mailbox_codes::{
    BoundTo, KeptCode, count_mailbox_code_failure, delete_mailbox_code, find_mailbox_code,
    replace_mailbox_code, spend_mailbox_code,
};
use crate::storage::users::{User, lock_user};
use crate::storage::{ConnectionTrait, Stored, WriteTransaction};

/// Keeps tags of codes apart from other tags.
const PURPOSE: &str = "code from a mailbox";

/// Mails a code for an act, which takes the place of the one before. It takes the password, so that a stolen session
/// alone fills no mailbox. When session or user have had theirs, the code before is given while it is good, so that a page
/// that was loaded again asks for it.
///
/// # Errors
/// `TwoFactorAlreadyOn` where nothing is to be proven; `EmailNotVerified` where the address proves nothing;
/// `TooManyMailedCodes` where no more can be mailed for now, and there is none that is good.
pub async fn mail_code(
    services: &Services,
    caller: &SignedIn,
    act: MailboxAct,
    given: &StepUp,
) -> Outcome<MailedCode> {
    let password = prove_password(services, caller, given).await?;
    let transaction = services.database.begin_write().await?;
    lock_user(&transaction, caller.user.id).await?;
    // Checked first, so that no code of a factor is consumed by an act that is refused.
    if has_factor(services, &transaction, &caller.user).await? == HasFactor::Yes {
        return Err(ApiError::TwoFactorAlreadyOn.into());
    }
    let (transaction, user) =
        prove_second_factor(services, transaction, caller, given, &password).await?;
    if !is_of_use(act, address_of(&user)) {
        return Err(ApiError::EmailNotVerified.into());
    }
    let refusal = take_codes(services, &transaction, caller).await?;
    let expires_at = match &refusal {
        None => write_code(services, &transaction, (caller, &user), act).await?,
        Some(refusal) => {
            let earlier = find_mailbox_code(&transaction, bound_to(caller, act), services.now());
            let earlier = earlier.await?.ok_or_else(|| refusal.clone())?;
            earlier.expires_at
        }
    };
    let mailed = MailedCode {
        is_earlier: refusal.is_some(),
        masked: masked(user.email.shown()),
        expires_at,
        delivery: delivery(services, &transaction, &user).await?,
        helper: helper(&transaction, &user, act).await?,
    };
    if !mailed.is_earlier {
        transaction.commit().await?;
        services.mail_queued.notify_one();
    }
    Ok(mailed)
}

/// Makes a code and queues the mail that brings it; gives when it is over.
async fn write_code(
    services: &Services,
    transaction: &WriteTransaction,
    (caller, user): (&SignedIn, &User),
    act: MailboxAct,
) -> Outcome<Timestamp> {
    let code = MailboxCode::new(bytes(services.random.as_ref()));
    let keys = services.keys.sealing(transaction).await?;
    let tag = with_parts(caller, user, act, &code, |parts| keys.tag(PURPOSE, parts));
    let expires_at = services.now() + MAILBOX_CODE_LIFE;
    let bound_to = bound_to(caller, act);
    replace_mailbox_code(transaction, user.id, bound_to, &tag, expires_at).await?;
    let (event, visitor) = (Event::MailboxCodeSent, &caller.visitor);
    record_own(services, transaction, user, &event, visitor).await?;
    let letter = Letter::MailboxCode {
        act,
        code: &code,
        from: visitor,
    };
    queue(services, transaction, user.into(), &letter).await?;
    Ok(expires_at)
}

/// Whether a code from the mailbox of an address proves anything for an act.
const fn is_of_use(act: MailboxAct, address: Address) -> bool {
    match (act, address) {
        (_, Address::Proven) | (MailboxAct::ChangeAddress, Address::Corrected) => true,
        (_, Address::NotProven)
        | (MailboxAct::FirstFactor | MailboxAct::DeclineFactor, Address::Corrected) => false,
    }
}

/// One code for each of what is counted; the refusal where one has had theirs, and then no code is taken from any, since the
/// caller drops the transaction. A browser that has just become known, as a thief's does by the password, leaves the last
/// codes of the day to those that were known before.
async fn take_codes(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
) -> Stored<Option<ApiError>> {
    let user = caller.user.id;
    let mut buckets = vec![
        Limit::MailboxCodesOfSession.of_session(caller.session.id),
        Limit::MailboxCodesOfUser.of_user(user),
    ];
    if !is_long_known(services, transaction, caller).await? {
        buckets.push(Limit::MailboxCodesOfStrangers.of_user(user));
    }
    for bucket in buckets {
        if let Some(until) = bucket.take(services, transaction).await? {
            let seconds = until.since(services.now()).max(1);
            let retry_after = u32::try_from(seconds).unwrap_or(u32::MAX);
            return Ok(Some(ApiError::TooManyMailedCodes { retry_after }));
        }
    }
    Ok(None)
}

async fn is_long_known(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Stored<bool> {
    let Some(hash) = &caller.known else {
        return Ok(false);
    };
    let since = known_since(db, caller.user.id, hash).await?;
    Ok(since.is_some_and(|since| services.now().since(since) >= KNOWN_FOR))
}

/// Checks a code, spends it, and makes the browser one that has proven the mailbox; gives its new token. A wrong code is
/// counted in a transaction that commits.
///
/// # Errors
/// `WrongCode` with the tries that are left; `MailboxCodeOver` where none are, or there is no code.
pub(super) async fn spend(
    services: &Services,
    transaction: WriteTransaction,
    (caller, user): (&SignedIn, &User),
    act: MailboxAct,
    given: &SecretText,
) -> Outcome<(WriteTransaction, Token)> {
    let code = MailboxCode::parse(given.expose())
        .map_err(|_| ApiError::field(Field::MailboxCode, Problem::NotAMailboxCode))?;
    let over = || Failure::Refused(ApiError::MailboxCodeOver);
    let bound_to = bound_to(caller, act);
    let kept = find_mailbox_code(&transaction, bound_to, services.now())
        .await?
        .ok_or_else(over)?;
    let keys = services.keys.sealing(&transaction).await?;
    let tags = with_parts(caller, user, act, &code, |parts| keys.tags(PURPOSE, parts));
    let is_right = tags
        .iter()
        .fold(false, |found, tag| found | constant_time_eq(&kept.tag, tag));
    if !is_right {
        let refusal = count_wrong(&transaction, bound_to, &kept).await?;
        transaction.commit().await?;
        return Err(refusal.into());
    }
    if !spend_mailbox_code(&transaction, bound_to, &kept.tag).await? {
        return Err(over());
    }
    let (held, visitor) = (caller.known.as_ref(), &caller.visitor);
    let known = note_mailbox_proof(services, &transaction, user.id, held, visitor).await?;
    Ok((transaction, known))
}

/// Counts a wrong code; at the fifth the code is over.
async fn count_wrong(
    transaction: &WriteTransaction,
    bound_to: BoundTo,
    kept: &KeptCode,
) -> Stored<ApiError> {
    let left = WRONG_CODES_PER_MAILBOX_CODE.saturating_sub(kept.failures + 1);
    if left == 0 {
        delete_mailbox_code(transaction, bound_to).await?;
        return Ok(ApiError::MailboxCodeOver);
    }
    count_mailbox_code_failure(transaction, bound_to).await?;
    Ok(ApiError::WrongCode {
        attempts_left: Some(left),
    })
}

const fn bound_to(caller: &SignedIn, act: MailboxAct) -> BoundTo {
    BoundTo {
        session: caller.session.id,
        act,
    }
}

/// What a tag of a code is made of: it is of one user, their address of now, one session and one act.
fn with_parts<T>(
    caller: &SignedIn,
    user: &User,
    act: MailboxAct,
    code: &MailboxCode,
    make: impl FnOnce(&[&[u8]]) -> T,
) -> T {
    let (id, session) = (user.id.uuid(), caller.session.id.uuid());
    make(&[
        id.as_bytes(),
        user.email.stored().as_bytes(),
        session.as_bytes(),
        word_of(act).as_bytes(),
        code.bytes(),
    ])
}
