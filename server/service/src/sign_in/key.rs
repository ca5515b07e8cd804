//! Signing in by a key: alone, or after the password in place of a code.

use crate::refusal::Refusal;
use app::types::factors::FactorKind;

use super::code::{Completed, complete, count_wrong, waiting_for_code};
use super::counted::take_by_proof;
use super::pending::{PURPOSE, TakenUp, is_alive};
use super::{FinishedSignIn, Stepped, finish, leave};
use crate::audit::Event;
use crate::browsers::{FromBrowser, known_to};
use crate::limits::{Limit, give_back};
use crate::metrics::Proof;
use crate::passkeys::{self, Holder, KeyProof, ceremony_challenge, own_challenge};
use crate::refusal_log::name_user;
use crate::{Failure, Outcome, Services};
use crypto::token::Token;
use storage::sign_ins::find_pending;
use storage::user_keys::{find_key_details, find_key_owner};
use storage::users::{clear_factor_failures, lock_user};
use webauthn::options::RequestOptions;
use webauthn::{Assertion, Purpose, Rejected};

/// Keeps hashes of the cookie of a ceremony apart from those of other tokens.
const CEREMONY: &str = "key ceremony";

/// The options for whoever signs in by a passkey alone, as JSON: the same for everybody. Nothing is stored for them.
///
/// # Errors
/// `PasskeysNotOffered`; faults of the database.
pub async fn passkey_options(services: &Services, ceremony: &Token) -> Outcome<String> {
    let party = passkeys::party(services)?;
    let (purpose, holder) = (
        Purpose::SignInAlone,
        Holder::Browser(ceremony.hash(CEREMONY)),
    );
    let db = services.database.read();
    let challenge = ceremony_challenge(services, db, purpose, holder).await?;
    passkeys::as_json(&RequestOptions::new(purpose, &party, &[], &challenge))
}

/// Signs in by a passkey alone, which is two factors in one. The password is not asked and not counted.
///
/// # Errors
/// `KeyNotAccepted` whatever the cause, but `PasskeyUnknown` for a credential that nobody has. Who is refused too often from one
/// client address is paused.
pub async fn with_passkey(
    services: &Services,
    ceremony: &Token,
    credential: &str,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let purpose = Purpose::SignInAlone;
    let assertion =
        Assertion::read(credential).map_err(|why| passkeys::unreadable(why, purpose))?;
    let party = passkeys::party(services)?;
    let holder = Holder::Browser(ceremony.hash(CEREMONY));
    let id = assertion.credential_id().as_bytes();
    let owner = find_key_owner(services.database.read(), id).await?;
    if let Some((user, _)) = owner {
        name_user(user);
    }
    let change = crate::change::Change::by_visitor(services, from.visitor).await?;
    let tries = Limit::RefusedKeys.of_client(from.visitor);
    change.take_or_refuse(&tries).await?;
    let asked = (purpose, holder);
    let checked = match own_challenge(services, change.db(), assertion.challenge(), asked).await? {
        Err(rejected) => Err(rejected),
        Ok(challenge) => {
            let user = match owner {
                Some((user, _)) => lock_user(change.db(), user).await?,
                None => None,
            };
            match user {
                None => {
                    let spent = passkeys::spend(change.db(), &challenge).await?;
                    Err(spent.err().unwrap_or(Rejected::UnknownCredential))
                }
                Some(user) => {
                    let of = (&assertion, &challenge);
                    let checked = passkeys::check_answer(&change, &user, of, &party).await;
                    signed_by(checked)?.map(|proof| (user, proof))
                }
            }
        }
    };
    // Whom the operator has disabled is told what a wrong signature is told.
    let checked = checked.and_then(|(user, proof)| {
        if user.is_disabled {
            Err(Rejected::OtherUser)
        } else {
            Ok((user, proof))
        }
    });
    let (user, proof) = match checked {
        Ok(right) => right,
        Err(rejected) => {
            let refusal = passkeys::refuse(services, rejected, purpose);
            return Err(change.refuse(refusal).await);
        }
    };
    give_back(change.db(), &[tries]).await?;
    // Nobody guesses a signature, so who has given one opens what wrong codes have closed, as a recovery code does.
    clear_factor_failures(change.db(), user.id).await?;
    if let Err(spent) = take_by_proof(&change, &user).await {
        return Err(change.keep_spent(spent).await);
    }
    let held = from.held;
    leave(&change, held.session.as_ref(), held.pending.as_ref()).await?;
    let known = known_to(change.db(), user.id, held).await?;
    let event = Event::SignedInWithPasskey { key: proof.name };
    let mut finished = FinishedSignIn::by(event, Proof::Factor(FactorKind::Passkey), known);
    finished.opened.second_factor_at = Some(services.now());
    let stepped = finish(&change, &user, held, finished).await?;
    change.commit().await?;
    Ok(stepped)
}

/// Keys that are not those that the program stored are refused as a wrong signature is: who signs in alone is told no cause.
fn signed_by(checked: Outcome<Result<KeyProof, Rejected>>) -> Outcome<Result<KeyProof, Rejected>> {
    match checked {
        Err(Failure::Refused(Refusal::FactorUnreadable)) => Ok(Err(Rejected::OtherUser)),
        checked => checked,
    }
}

/// The options for an answer after the password, as JSON: the keys of this user that could give one. Nothing is stored for them.
///
/// # Errors
/// `SignInOver`; `NotFound` where the user has no key of this address; faults of the database.
pub async fn key_options(services: &Services, token: &Token) -> Outcome<String> {
    let party = passkeys::party(services)?;
    let hash = token.hash(PURPOSE);
    let row = find_pending(&services.database, &hash).await?;
    let waits = |row: &_| is_alive(row, services.now());
    let row = row.filter(waits).filter(|row| row.link_hash.is_none());
    let row = row.ok_or(Failure::Refused(Refusal::SignInOver))?;
    let db = services.database.read();
    let purpose = Purpose::AfterPassword;
    let challenge = ceremony_challenge(services, db, purpose, Holder::Pending(hash)).await?;
    let keys = passkeys::listed(&find_key_details(db, row.user).await?);
    let options = RequestOptions::new(purpose, &party, &keys, &challenge);
    if !options.has_keys() {
        return Err(Refusal::NotFound.into());
    }
    passkeys::as_json(&options)
}

/// Finishes a pending sign-in by a key. A refused answer takes one of the tries of the pending sign-in, and nothing of the user's:
/// a broken password manager must not close the codes.
///
/// # Errors
/// `KeyNotAccepted`, `ChallengeOver`, `PasskeyUnknown`, whose reason the log has; `SignInOver`.
pub async fn with_key(
    services: &Services,
    token: &Token,
    credential: &str,
    trust_browser: bool,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let purpose = Purpose::AfterPassword;
    let assertion =
        Assertion::read(credential).map_err(|why| passkeys::unreadable(why, purpose))?;
    let party = passkeys::party(services)?;
    let hash = token.hash(PURPOSE);
    let TakenUp {
        change,
        pending,
        user,
    } = waiting_for_code(services, &hash, from.visitor).await?;
    let asked = (purpose, Holder::Pending(hash));
    let own = own_challenge(services, change.db(), assertion.challenge(), asked).await?;
    let checked = match own {
        Err(rejected) => Err(rejected),
        Ok(challenge) => {
            passkeys::check_answer(&change, &user, (&assertion, &challenge), &party).await?
        }
    };
    let proof = match checked {
        Ok(proof) => proof,
        Err(rejected) => {
            count_wrong(change.db(), &pending).await?;
            let refusal = passkeys::refuse(services, rejected, purpose);
            return Err(change.refuse(refusal).await);
        }
    };
    clear_factor_failures(change.db(), user.id).await?;
    let browser = known_to(change.db(), user.id, from.held).await?;
    let kind = proof.key.kind();
    let event = Event::SignedInWithKey { key: proof.name };
    let completed = Completed {
        finished: FinishedSignIn::by(event, Proof::Factor(kind), browser),
        recovery_codes_left: None,
        trust_browser,
    };
    complete(change, (&hash, &user), from, completed).await
}
