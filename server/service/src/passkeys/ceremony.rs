//! Challenges: asked for without a write, checked by their tag, spent by one conditional write.

use app::types::ids::{EnrolmentId, SessionId};
use app::types::timestamp::Timestamp;

use crate::refusal::Refusal;
use crate::{Outcome, Services};
use crypto::random::bytes;
use storage::ConnectionTrait;
use storage::instance::find_challenge_epoch;
use storage::user_keys::spend_challenge;
use webauthn::challenge::{ChallengeFor, NewChallenge, OwnChallenge, check};
use webauthn::{Malformed, Purpose, Rejected, ToldToBrowser};

/// Keeps these tags apart from others under the same keys.
const PURPOSE: &str = "key challenge";

/// For whom a challenge is good.
#[derive(Clone, Copy, Debug)]
pub enum Holder {
    /// The browser that has a cookie with this hash.
    Browser([u8; 32]),
    /// The pending sign-in whose token has this hash.
    Pending([u8; 32]),
    /// A session.
    Session(SessionId),
    /// An enrolment.
    Enrolment(EnrolmentId),
}

impl Holder {
    /// What the tag covers: no two kinds of holders give the same bytes.
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Browser(hash) => [&b"browser "[..], &hash].concat(),
            Self::Pending(hash) => [&b"pending "[..], &hash].concat(),
            Self::Session(id) => [&b"session "[..], id.uuid().as_bytes()].concat(),
            Self::Enrolment(id) => [&b"enrolment "[..], id.uuid().as_bytes()].concat(),
        }
    }
}

/// A new challenge. Nothing is stored for it.
///
/// # Errors
/// Faults of the database.
pub async fn ceremony_challenge(
    services: &Services,
    db: &impl ConnectionTrait,
    purpose: Purpose,
    holder: Holder,
) -> Outcome<NewChallenge> {
    let (epoch, holder) = (find_challenge_epoch(db).await?, holder.bytes());
    let what_for = ChallengeFor {
        purpose,
        holder: &holder,
        epoch: &epoch,
    };
    let ring = services.keys.ring();
    let (now, random) = (services.now().seconds(), bytes(services.random.as_ref()));
    Ok(NewChallenge::make(now, random, &what_for, |parts| {
        ring.tag(PURPOSE, parts)
    }))
}

/// Whether a challenge is ours, for this and now. It is not spent yet.
///
/// # Errors
/// Faults of the database.
pub async fn own_challenge(
    services: &Services,
    db: &impl ConnectionTrait,
    presented: &[u8],
    (purpose, holder): (Purpose, Holder),
) -> Outcome<Result<OwnChallenge, Rejected>> {
    let (epoch, holder) = (find_challenge_epoch(db).await?, holder.bytes());
    let what_for = ChallengeFor {
        purpose,
        holder: &holder,
        epoch: &epoch,
    };
    let (ring, now) = (services.keys.ring(), services.now().seconds());
    Ok(check(presented, now, &what_for, |parts| {
        ring.tags(PURPOSE, parts)
    }))
}

/// Spends a challenge: whoever comes second is told that it is over.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn spend(
    db: &impl ConnectionTrait,
    challenge: &OwnChallenge,
) -> Outcome<Result<(), Rejected>> {
    let spend = challenge.spend();
    let is_first = spend_challenge(db, spend.id, Timestamp(spend.keep_until)).await?;
    Ok(if is_first {
        Ok(())
    } else {
        Err(Rejected::ChallengeOver)
    })
}

/// The refusal of an answer. The log has the reason, the browser one of three answers.
pub fn refuse(services: &Services, rejected: Rejected, purpose: Purpose) -> Refusal {
    let (reason, what_for) = (rejected.word(), purpose.word());
    tracing::info!(reason, what_for, problem = %rejected, "the answer of a key was refused");
    services.refusals.note_guess("key_refused", services.now());
    match rejected.told(purpose) {
        ToldToBrowser::Unknown => Refusal::PasskeyUnknown,
        ToldToBrowser::ChallengeOver => Refusal::ChallengeOver,
        ToldToBrowser::Refused => Refusal::KeyNotAccepted {
            signs_in: is_sign_in(purpose),
        },
    }
}

/// The refusal of what cannot be read, before anything is looked up.
pub(crate) fn unreadable(malformed: Malformed, purpose: Purpose) -> Refusal {
    let (reason, what_for) = (malformed.word(), purpose.word());
    tracing::info!(reason, what_for, problem = %malformed, "what a key sent cannot be read");
    Refusal::KeyNotAccepted {
        signs_in: is_sign_in(purpose),
    }
}

const fn is_sign_in(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::SignInAlone | Purpose::AfterPassword)
}
