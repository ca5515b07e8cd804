//! An answer of a key of a user: checked, its challenge spent, its counter stored.

use super::ceremony::spend;
use super::kind_of;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::{Outcome, factor_set};
use domain::factor_set::user_bytes;
use domain::factors::UserKey;
use storage::user_keys::{AnswerNoted, find_key_details, note_key_use};
use storage::users::User;
use webauthn::challenge::OwnChallenge;
use webauthn::{
    Assertion, EligibilityNote, Expected, KeyAnswer, PublicKey, RegisteredKey, Rejected,
    RelyingParty,
};

/// A key that has answered rightly.
pub struct KeyProof {
    /// It.
    pub key: UserKey,
    /// The name that its user has given it.
    pub name: String,
    /// Whether it verified the user.
    pub is_verified: bool,
}

/// Checks an answer by a key of this user, whose row the caller has locked. The challenge is spent, whether it is right or wrong:
/// the caller commits in either case.
///
/// # Errors
/// `FactorUnreadable` where the keys are not those that the program stored; faults of the database.
pub async fn check_answer(
    change: &Change<'_>,
    user: &User,
    (assertion, challenge): (&Assertion, &OwnChallenge),
    party: &RelyingParty,
) -> Outcome<Result<KeyProof, Rejected>> {
    if let Err(rejected) = spend(change.db(), challenge).await? {
        return Ok(Err(rejected));
    }
    let factors = factor_set::load(change.services, change.db(), user.id).await?;
    let credential_id = assertion.credential_id().as_bytes();
    let details = find_key_details(change.db(), user.id).await?;
    // By the set that is bound to the user, and not by the row that was found.
    let is_it = |key: &&UserKey| key.credential_id == credential_id;
    let Some(key) = factors.keys().iter().find(is_it) else {
        return Ok(Err(Rejected::OtherUser));
    };
    let Some(details) = details.into_iter().find(|it| it.key.id == key.id) else {
        return Ok(Err(Rejected::OtherUser));
    };
    let Ok(public_key) = PublicKey::read(&key.public_key) else {
        return Ok(Err(Rejected::Signature));
    };
    let handle = user_bytes(user.id);
    let registered = RegisteredKey {
        credential_id: &key.credential_id,
        public_key: &public_key,
        user: &handle,
        rp_id: &key.rp_id,
        kind: kind_of(key),
        sign_count: details.sign_count,
        is_backup_eligible: details.is_backup_eligible,
    };
    let expected = Expected {
        challenge,
        origin: &party.origin,
        rp_id: &party.rp_id,
        user: if challenge.purpose().finds_user() {
            None
        } else {
            Some(&handle)
        },
    };
    match assertion.verify(&expected, &registered) {
        Ok(answer) => {
            note(change, (user, key), details.sign_count, answer).await?;
            Ok(Ok(KeyProof {
                key: key.clone(),
                name: details.name,
                is_verified: answer.is_verified,
            }))
        }
        Err(Rejected::Counter) => {
            tell_copied(change, user, (key, details.name)).await?;
            Ok(Err(Rejected::Counter))
        }
        Err(rejected) => Ok(Err(rejected)),
    }
}

/// Stores what a right answer changes. The user's row is locked, so that no other answer moves the counter meanwhile.
async fn note(
    change: &Change<'_>,
    (user, key): (&User, &UserKey),
    counted_before: u32,
    answer: KeyAnswer,
) -> Outcome<()> {
    let noted = AnswerNoted {
        counted_before,
        sign_count: answer.sign_count,
        is_backup_eligible: answer.is_backup_eligible,
        is_backed_up: answer.is_backed_up,
        at: change.services.now(),
    };
    if answer.eligibility == EligibilityNote::Changed {
        tracing::info!(user.id = %user.id, key.id = %key.id, "whether a key can be backed up has changed");
    }
    note_key_use(change.db(), key.id, &noted).await?;
    Ok(())
}

/// A key whose counter did not rise may have been copied: its user is told. Nothing is locked by it.
async fn tell_copied(
    change: &Change<'_>,
    user: &User,
    (key, name): (&UserKey, String),
) -> Outcome<()> {
    change
        .record_own(user, &Event::KeyRefused { key: name })
        .await?;
    let letter = Letter::KeyCopied {
        is_passkey: key.is_passkey,
        from: change.visitor(),
    };
    change.queue(user, &letter).await?;
    Ok(())
}
