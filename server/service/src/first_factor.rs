//! Admission to a first factor: the proof that it takes besides the password, whatever the kind of the factor.
//! docs/decisions/0033-first-factor.md
//!
//! Every enrolment calls [`enter`], which returns the witness that storage requires before it turns a factor on. A change of
//! address passes through here too, by a rule of its own, because a first factor is proven by the mailbox.

pub mod allowance;
pub mod decline;
pub mod entry;
mod mailbox;

use crate::refusal::Refusal;
use app::types::secret_text::SecretText;
use app::types::two_factor::MailboxAct;

use super::change::Change;
use super::sessions::SignedIn;
use super::{Outcome, Services, factor_set};
use domain::first_factor::{Address, Allowance, Evidence, HasFactor, MailboxProof, NotAdmitted};
use storage::known_browsers::has_proven_mailbox;
use storage::users::User;
use storage::{ConnectionTrait, Stored};

pub use mailbox::mail_code;

/// Admits a user to an act that takes a proof of the mailbox, by the rule of the act and in its transaction. The caller has
/// locked the user and verified the password. A wrong code is counted, whatever becomes of the transaction.
///
/// # Errors
/// `MailboxCodeNeeded` where a code is due and none was given; what is wrong with the one that was; `EmailNotVerified`
/// where none can be mailed.
pub async fn enter<'a, T>(
    change: Change<'a>,
    (caller, user): (&SignedIn, &User),
    (act, code): (MailboxAct, Option<&SecretText>),
    rule: fn(Evidence) -> Result<T, NotAdmitted>,
) -> Outcome<(Change<'a>, T)> {
    let allowance = match act {
        MailboxAct::FirstFactor | MailboxAct::ChangeAddress => {
            allowance_of(change.services, change.db(), caller).await?
        }
        // Whoever lets somebody set up a factor has not said that they need none.
        MailboxAct::DeclineFactor => Allowance::None,
    };
    let mut evidence = Evidence {
        allowance,
        ..evidence_without_allowance(&change, caller, user).await?
    };
    let given = code.filter(|code| !code.expose().trim().is_empty());
    let is_due = matches!(rule(evidence), Err(NotAdmitted::CodeDue));
    let change = match given {
        Some(code) if is_due => {
            let change = mailbox::spend(change, (caller, user), act, code).await?;
            evidence.proof = MailboxProof::Code;
            change
        }
        Some(_) | None => change,
    };
    match rule(evidence) {
        Ok(admitted) => Ok((change, admitted)),
        Err(NotAdmitted::CodeDue) => Err(Refusal::MailboxCodeNeeded.into()),
        Err(NotAdmitted::NotReachable) => Err(Refusal::EmailNotVerified.into()),
    }
}

/// What there is for a first factor in the moment of a request, but for a code: the end of an enrolment asks for it as its
/// beginning did, since an allowance or a proof may be gone meanwhile.
pub(super) async fn evidence_now(
    change: &Change<'_>,
    caller: &SignedIn,
    user: &User,
) -> Outcome<Evidence> {
    Ok(Evidence {
        allowance: allowance_of(change.services, change.db(), caller).await?,
        ..evidence_without_allowance(change, caller, user).await?
    })
}

async fn evidence_without_allowance(
    change: &Change<'_>,
    caller: &SignedIn,
    user: &User,
) -> Outcome<Evidence> {
    Ok(Evidence {
        has: has_factor(change, user).await?,
        proof: proof_of_browser(change.db(), caller).await?,
        allowance: Allowance::None,
        address: address_of(user),
    })
}

/// Whether a user has a factor now, of those that Twofold stored.
pub(super) async fn has_factor(change: &Change<'_>, user: &User) -> Outcome<HasFactor> {
    let kept = factor_set::load(change.services, change.db(), user.id).await?;
    Ok(if kept.is_on() {
        HasFactor::Yes
    } else {
        HasFactor::No
    })
}

/// What the address in use of a user is worth.
pub(super) const fn address_of(user: &User) -> Address {
    Address::of(user.is_email_verified, user.is_email_corrected)
}

/// Whether the browser of a request has proven the mailbox, and is still known.
pub(super) async fn proof_of_browser(
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Stored<MailboxProof> {
    let Some(hash) = &caller.known else {
        return Ok(MailboxProof::None);
    };
    Ok(if has_proven_mailbox(db, caller.user.id, hash).await? {
        MailboxProof::Browser
    } else {
        MailboxProof::None
    })
}

/// Whether the session of a request was let in.
pub(super) async fn allowance_of(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Outcome<Allowance> {
    let found = allowance::find(services, db, caller.user.id).await?;
    let here = found.filter(|(row, _)| row.session == Some(caller.session.id));
    Ok(here.map_or(Allowance::None, |(_, by)| Allowance::InThisSession(by)))
}
