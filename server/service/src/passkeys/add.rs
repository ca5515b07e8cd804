//! A key is added: asked for with a step-up, answered once within its enrolment.

use crate::refusal::Refusal;
use app::types::factors::{CodeFactorKind, FactorKind};
use app::types::ids::{EnrolmentId, UserKeyId};
use app::types::timestamp::Timestamp;
use app::types::two_factor::{MailboxAct, RecoveryCodes};

use super::ceremony::{Holder, ceremony_challenge, own_challenge, refuse, spend, unreadable};
use super::{listed, party, seal_nothing};
use crate::audit::Event;
use crate::change::Change;
use crate::first_factor::{enter, evidence_now};
use crate::letters::Letter;
use crate::sessions::{self, SignedIn};
use crate::step_up::prove;
use crate::two_factor::{
    EnrolmentProofs, FactorChange, end_elsewhere, find_confirmable, renew_recovery_codes,
};
use crate::{Failure, Outcome, Services, factor_set};
use domain::ends::Occasion;
use domain::factor_set::user_bytes;
use domain::factors::{Factors, MOST_KEYS, UserKey};
use domain::first_factor;
use domain::roles::Denial;
use storage::ConnectionTrait;
use storage::enrolments::{EnrolmentOf, PendingEnrolment, delete_enrolment, upsert_enrolment};
use storage::factors::{find_factors, insert_first_key, insert_further_key};
use storage::user_keys::{KeyDetails, NewUserKey, find_key_details, find_key_owner};
use webauthn::challenge::ENROLMENT_SECONDS;
use webauthn::options::{CreationOptions, KeyUser};
use webauthn::{Expected, KeyKind, NewKey, Purpose, Registration, free_name, make};

/// An enrolment of a key, as a page needs it.
pub struct KeyEnrolment {
    /// Which one.
    pub id: EnrolmentId,
    /// The options for `create()`, as JSON (WebAuthn 3 §5.1.8).
    pub options: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A key that was added.
pub struct KeyAdded {
    /// It.
    pub key: KeyDetails,
    /// Ten codes, where two-factor authentication went on by it. They are shown once.
    pub recovery_codes: Option<RecoveryCodes>,
}

const fn purpose_of(kind: KeyKind) -> Purpose {
    match kind {
        KeyKind::Passkey => Purpose::AddPasskey,
        KeyKind::SecurityKey => Purpose::AddSecurityKey,
    }
}

/// Begins to add a key; an earlier unfinished enrolment of the user is overtaken.
///
/// # Errors
/// `PasskeysNotOffered`; `TooManyPasskeys` before anything else is looked at; what a step-up and, for a first factor, the proof of
/// the mailbox refuse.
pub async fn begin(
    services: &Services,
    caller: &SignedIn,
    kind: KeyKind,
    given: EnrolmentProofs<'_>,
) -> Outcome<KeyEnrolment> {
    let party = party(services)?;
    check_room(services.database.read(), caller).await?;
    let proven = prove(services, caller, given.step_up).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    check_room(change.db(), caller).await?;
    let asked = (MailboxAct::FirstFactor, given.mailbox_code);
    let (change, admitted) = enter(change, (caller, &user), asked, first_factor::admit).await?;
    let nothing = seal_nothing(&change, user.id).await?;
    let enrolment = PendingEnrolment {
        id: EnrolmentId::new(services.new_uuid()),
        of: EnrolmentOf::Key {
            is_passkey: kind == KeyKind::Passkey,
        },
        session: caller.session.id,
        sealed_secret: nothing.sealed,
        key_id: nothing.key_id,
        expires_at: services.now() + ENROLMENT_SECONDS,
        failures: 0,
        admitted_by: Some(admitted.ground()),
    };
    let (id, expires_at) = (enrolment.id, enrolment.expires_at);
    upsert_enrolment(change.db(), user.id, enrolment).await?;
    let holder = Holder::Enrolment(id);
    let challenge = ceremony_challenge(services, change.db(), purpose_of(kind), holder).await?;
    let of_user = listed(&find_key_details(change.db(), user.id).await?);
    change.commit().await?;
    let handle = user_bytes(user.id);
    let key_user = KeyUser {
        handle: &handle,
        name: user.label(),
        display_name: &user.name,
    };
    let product = &services.settings.product_name;
    let options = CreationOptions::new(kind, &party, product, key_user, &of_user, &challenge);
    Ok(KeyEnrolment {
        id,
        options: super::as_json(&options)?,
        expires_at,
    })
}

async fn check_room(db: &impl ConnectionTrait, caller: &SignedIn) -> Outcome<()> {
    let factors = find_factors(db, caller.user.id).await?;
    if factors.keys().len() >= MOST_KEYS {
        return Err(Refusal::TooManyPasskeys.into());
    }
    Ok(())
}

/// Finishes an enrolment by the answer of a key: from here on it is one of the user's second factors. What the server refuses ends
/// the enrolment; the answer that finished one is answered again with the same key, without codes, since a browser may not have
/// got the first reply.
///
/// # Errors
/// `KeyNotAccepted` and `ChallengeOver`, whose reason the log has; `PasskeyAlreadyAdded`; what ends an enrolment.
pub async fn confirm(
    services: &Services,
    caller: &SignedIn,
    id: EnrolmentId,
    credential: &str,
) -> Outcome<KeyAdded> {
    let registration = Registration::read(credential)
        .map_err(|malformed| unreadable(malformed, Purpose::AddPasskey))?;
    let party = party(services)?;
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    let enrolment = match find_confirmable(&change, caller, id).await {
        Ok(enrolment) => enrolment,
        Err(refused) => {
            let found = answered_before(&change, caller, id, &registration).await?;
            return found.ok_or_else(|| as_over(refused));
        }
    };
    let EnrolmentOf::Key { is_passkey } = enrolment.of else {
        return Err(Refusal::EnrolmentOver.into());
    };
    let purpose = purpose_of(if is_passkey {
        KeyKind::Passkey
    } else {
        KeyKind::SecurityKey
    });
    // Whatever comes of it, the enrolment is over: it takes one answer.
    delete_enrolment(change.db(), user.id, id).await?;
    let holder = Holder::Enrolment(id);
    let presented = registration.challenge().to_vec();
    let new = match own_challenge(services, change.db(), &presented, (purpose, holder)).await? {
        Err(rejected) => Err(rejected),
        Ok(challenge) => match spend(change.db(), &challenge).await? {
            Err(rejected) => Err(rejected),
            Ok(()) => registration.verify(&Expected {
                challenge: &challenge,
                origin: &party.origin,
                rp_id: &party.rp_id,
                user: Some(&user_bytes(user.id)),
            }),
        },
    };
    let new = match new {
        Ok(new) => new,
        Err(rejected) => {
            let refusal = refuse(services, rejected, purpose);
            return Err(change.refuse(refusal).await);
        }
    };
    let credential_id = new.credential_id.as_bytes();
    if find_key_owner(change.db(), credential_id).await?.is_some() {
        return Err(change.refuse(Refusal::PasskeyAlreadyAdded).await);
    }
    let now = evidence_now(&change, caller, &user).await?;
    let Some(admitted) = first_factor::finish(now, enrolment.admitted_by) else {
        return Err(change.refuse(Refusal::EnrolmentOver).await);
    };
    let before = factor_set::load(services, change.db(), user.id).await?;
    if before.keys().len() >= MOST_KEYS {
        return Err(change.refuse(Refusal::TooManyPasskeys).await);
    }
    let details = find_key_details(change.db(), user.id).await?;
    let stored = as_stored(services, &new, &party.rp_id, &details);
    let (key, name, maker) = (stored.key.clone(), stored.name.clone(), make(stored.aaguid));
    let is_first = !before.is_on();
    let nothing = seal_nothing(&change, user.id).await?;
    if is_first {
        insert_first_key(change.db(), user.id, stored, nothing, admitted).await?;
    } else {
        insert_further_key(change.db(), user.id, (&before, nothing), stored, admitted).await?;
    }
    factor_set::bind(services, change.db(), user.id).await?;
    let recovery_codes = if is_first {
        Some(renew_recovery_codes(&change, &user).await?)
    } else {
        None
    };
    tell(&change, caller, (&before, &key), (&name, maker)).await?;
    let details = find_key_details(change.db(), user.id).await?;
    change.commit().await?;
    tracing::info!(user.id = %user.id, kind = key.kind().word(), "a key was added");
    Ok(KeyAdded {
        key: named(details, key.id)?,
        recovery_codes,
    })
}

/// That two-factor authentication is on says nothing to whoever adds another key.
fn as_over(refused: Failure) -> Failure {
    match refused {
        Failure::Refused(Refusal::Denied(Denial::TwoFactorOn)) => Refusal::EnrolmentOver.into(),
        refused => refused,
    }
}

/// Ends what a new key ends, with a line of the log and a letter.
async fn tell(
    change: &Change<'_>,
    caller: &SignedIn,
    (before, key): (&Factors, &UserKey),
    (name, maker): (&str, Option<&'static str>),
) -> Outcome<()> {
    let gives_way = before.of(CodeFactorKind::Sms).is_some();
    let occasion = match (before.is_on(), gives_way) {
        (false, _) => Occasion::FactorOn,
        (true, true) => Occasion::FactorReplaced,
        (true, false) => Occasion::KeyAdded,
    };
    let name = name.to_owned();
    let event = match key.kind() {
        FactorKind::Passkey => Event::PasskeyAdded { key: name },
        FactorKind::SecurityKey | FactorKind::App | FactorKind::Sms => {
            Event::SecurityKeyAdded { key: name }
        }
    };
    let of_factor = FactorChange::new(occasion, event);
    end_elsewhere(change, caller, &of_factor, Some(change.services.now())).await?;
    if gives_way {
        change.record_own(&caller.user, &Event::SmsGaveWay).await?;
    }
    let (from, is_passkey) = (&caller.visitor, key.is_passkey);
    let letter = if before.is_on() {
        Letter::KeyAdded {
            is_passkey,
            maker,
            gives_way,
            from,
        }
    } else {
        Letter::TwoFactorEnabledByKey {
            is_passkey,
            maker,
            from,
        }
    };
    change.queue(&caller.user, &letter).await?;
    Ok(())
}

/// The key that this very answer has added, if it has.
async fn answered_before(
    change: &Change<'_>,
    caller: &SignedIn,
    id: EnrolmentId,
    registration: &Registration,
) -> Outcome<Option<KeyAdded>> {
    let credential_id = registration.credential_id().as_bytes();
    let Some((owner, key)) = find_key_owner(change.db(), credential_id).await? else {
        return Ok(None);
    };
    for purpose in [Purpose::AddPasskey, Purpose::AddSecurityKey] {
        let asked = (purpose, Holder::Enrolment(id));
        let presented = registration.challenge();
        let own = own_challenge(change.services, change.db(), presented, asked).await?;
        if own.is_ok() && owner == caller.user.id {
            let details = find_key_details(change.db(), owner).await?;
            return Ok(Some(KeyAdded {
                key: named(details, key)?,
                recovery_codes: None,
            }));
        }
    }
    Ok(None)
}

fn named(details: Vec<KeyDetails>, id: UserKeyId) -> Outcome<KeyDetails> {
    let found = details.into_iter().find(|details| details.key.id == id);
    found.ok_or(Failure::Refused(Refusal::NotFound))
}

fn as_stored(services: &Services, new: &NewKey, rp_id: &str, before: &[KeyDetails]) -> NewUserKey {
    let taken = before.iter().map(|details| details.name.as_str());
    let words: Vec<_> = new.transports.iter().map(|one| one.word()).collect();
    NewUserKey {
        name: free_name(new.aaguid, new.kind, taken),
        key: UserKey {
            id: UserKeyId::new(services.new_uuid()),
            is_passkey: new.kind == KeyKind::Passkey,
            credential_id: new.credential_id.as_bytes().to_vec(),
            public_key: new.public_key.to_cose(),
            rp_id: rp_id.to_owned(),
            since: services.now(),
        },
        aaguid: new.aaguid,
        transports: words.join(" "),
        sign_count: new.sign_count,
        is_backup_eligible: new.is_backup_eligible,
        is_backed_up: new.is_backed_up,
    }
}
