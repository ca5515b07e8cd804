//! Mailbox codes: counted and mailed, then checked at most five times, and consumed once.

use crate::refusal::{Refusal, Wrong};
use app::types::secret_text::SecretText;
use app::types::timestamp::Timestamp;
use app::types::two_factor::{MailboxAct, MailedCode, StepUp};
use constant_time_eq::constant_time_eq;

use super::entry::{delivery, helper};
use super::{address_of, has_factor};
use crate::audit::Event;
use crate::browsers::note_own_mailbox_proof;
use crate::change::Change;
use crate::letters::Letter;
use crate::limits::Limit;
use crate::principal::Principal;
use crate::sessions::{self, SignedIn};
use crate::step_up::{prove_password, prove_second_factor};
use crate::{Failure, Outcome, Services};
use crypto::random::bytes;
use domain::first_factor::{Address, HasFactor};
use domain::mailbox_code::{
    KNOWN_FOR, MAILBOX_CODE_LIFE, MailboxCode, WRONG_CODES_PER_MAILBOX_CODE, masked, word_of,
};
use domain::roles::Denial;
use storage::known_browsers::known_since;
use storage::mailbox_codes::{
    BoundTo, KeptCode, count_mailbox_code_failure, delete_mailbox_code, find_mailbox_code,
    replace_mailbox_code, spend_mailbox_code,
};
use storage::users::{User, lock_user};
use storage::{ConnectionTrait, Stored, WriteTransaction};

/// Keeps tags of codes apart from other tags.
const PURPOSE: &str = "code from a mailbox";

/// Mails a code for an act, which takes the place of the one before. It takes the password, so that a stolen session
/// alone fills no mailbox. When session or user have had theirs, the code before is given while it is good, so that a page
/// that was loaded again asks for it.
///
/// # Errors
/// `TwoFactorOn` where nothing is to be proven; `EmailNotVerified` where the address proves nothing;
/// `TooManyMailedCodes` where no more can be mailed for now, and there is none that is good.
pub async fn mail_code(
    services: &Services,
    caller: &SignedIn,
    act: MailboxAct,
    given: &StepUp,
) -> Outcome<MailedCode> {
    let password = prove_password(services, caller, given).await?;
    // Before a code is looked at, and again below, where it stays so.
    check_off(&Change::by_session(services, caller).await?, caller).await?;
    let proven = prove_second_factor(services, caller, given, password).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    check_off(&change, caller).await?;
    if !is_of_use(act, address_of(&user)) {
        return Err(Refusal::EmailNotVerified.into());
    }
    let refusal = take_codes(&change, caller).await?;
    let expires_at = match &refusal {
        None => write_code(&change, (caller, &user), act).await?,
        Some(refusal) => {
            let earlier = find_mailbox_code(change.db(), bound_to(caller, act), services.now());
            let earlier = earlier.await?.ok_or_else(|| refusal.clone())?;
            earlier.expires_at
        }
    };
    let mailed = MailedCode {
        is_earlier: refusal.is_some(),
        masked: masked(user.email.shown()),
        expires_at,
        delivery: delivery(services, change.db(), &user).await?,
        helper: helper(change.db(), &user, act).await?,
    };
    if !mailed.is_earlier {
        change.commit().await?;
    }
    Ok(mailed)
}

async fn check_off(change: &Change<'_>, caller: &Principal) -> Outcome<()> {
    lock_user(change.db(), caller.user.id).await?;
    match has_factor(change, &caller.user).await? {
        HasFactor::Yes => Err(Denial::TwoFactorOn.into()),
        HasFactor::No => Ok(()),
    }
}

/// Makes a code and queues the mail that brings it; gives when it is over.
async fn write_code(
    change: &Change<'_>,
    (caller, user): (&SignedIn, &User),
    act: MailboxAct,
) -> Outcome<Timestamp> {
    let services = change.services;
    let code = MailboxCode::new(bytes(services.random.as_ref()));
    let keys = services.keys.sealing(change.db()).await?;
    let tag = with_parts(caller, user, act, &code, |parts| keys.tag(PURPOSE, parts));
    let expires_at = services.now() + MAILBOX_CODE_LIFE;
    let bound_to = bound_to(caller, act);
    replace_mailbox_code(change.db(), user.id, bound_to, &tag, expires_at).await?;
    change.record_own(user, &Event::MailboxCodeSent).await?;
    let letter = Letter::MailboxCode {
        act,
        code: &code,
        tag: &tag,
        from: change.visitor(),
    };
    change.queue(user, &letter).await?;
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
/// caller drops the change. A browser that has just become known, as a thief's does by the password, leaves the last
/// codes of the day to those that were known before.
async fn take_codes(change: &Change<'_>, caller: &SignedIn) -> Stored<Option<Refusal>> {
    let user = caller.user.id;
    let mut buckets = vec![
        Limit::MailboxCodesOfSession.of_session(caller.session.id),
        Limit::MailboxCodesOfUser.of_user(user),
    ];
    if !is_long_known(change.services, change.db(), caller).await? {
        buckets.push(Limit::MailboxCodesOfStrangers.of_user(user));
    }
    for bucket in buckets {
        if let Some(refusal) = change.take(&bucket).await? {
            return Ok(Some(refusal));
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

/// Checks a code, spends it, and makes the browser one that has proven the mailbox, by another token. A wrong code is
/// counted in a transaction that commits.
///
/// # Errors
/// `WrongCode` with the tries that are left; `MailboxCodeOver` where none are, or there is no code.
pub(super) async fn spend<'a>(
    change: Change<'a>,
    (caller, user): (&SignedIn, &User),
    act: MailboxAct,
    given: &SecretText,
) -> Outcome<Change<'a>> {
    let code = MailboxCode::parse(given.expose()).map_err(|_| Wrong::MailboxCode)?;
    let over = || Failure::Refused(Refusal::MailboxCodeOver);
    let bound_to = bound_to(caller, act);
    let kept = find_mailbox_code(change.db(), bound_to, change.services.now())
        .await?
        .ok_or_else(over)?;
    let keys = change.services.keys.sealing(change.db()).await?;
    let tags = with_parts(caller, user, act, &code, |parts| keys.tags(PURPOSE, parts));
    let is_right = tags
        .iter()
        .fold(false, |found, tag| found | constant_time_eq(&kept.tag, tag));
    if !is_right {
        let refusal = count_wrong(change.db(), bound_to, &kept).await?;
        return Err(change.refuse(refusal).await);
    }
    if !spend_mailbox_code(change.db(), bound_to, &kept.tag).await? {
        return Err(over());
    }
    note_own_mailbox_proof(&change, caller).await?;
    Ok(change)
}

/// Counts a wrong code; at the fifth the code is over.
async fn count_wrong(
    transaction: &WriteTransaction,
    bound_to: BoundTo,
    kept: &KeptCode,
) -> Stored<Refusal> {
    let left = WRONG_CODES_PER_MAILBOX_CODE.saturating_sub(kept.failures + 1);
    if left == 0 {
        delete_mailbox_code(transaction, bound_to).await?;
        return Ok(Refusal::MailboxCodeOver);
    }
    count_mailbox_code_failure(transaction, bound_to).await?;
    Ok(Refusal::WrongCode {
        attempts_left: Some(left),
        at: None,
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
