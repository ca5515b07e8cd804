//! Passkeys and security keys of users: added, answered by, renamed, removed. What they send is verified by `webauthn`; here are
//! the challenges, whose key it is, and what follows.
//! docs/decisions/0065-keys-as-factors.md

mod add;
mod answer;
mod ceremony;
mod manage;

use crate::change::Change;
use crate::refusal::Refusal;
use app::types::ids::UserId;

use serde::Serialize;

use super::{Failure, Fault, Outcome, Services};
use domain::factors::UserKey;
use storage::factors::SealedNothing;
use storage::user_keys::KeyDetails;
use webauthn::options::ListedKey;
use webauthn::{CredentialId, KeyKind, RelyingParty, Transport};

pub use add::{KeyAdded, KeyEnrolment, begin, confirm};
pub use answer::{KeyProof, check_answer};
pub use ceremony::{Holder, ceremony_challenge, own_challenge, refuse};
pub(crate) use ceremony::{spend, unreadable};
pub use manage::{remove, remove_app, rename};

/// What is bound to a user in place of a secret, where they have keys alone.
pub const NOTHING_SEALED: &str = "no code";

/// What is stored in place of the secret of an app, where a user has keys alone.
///
/// # Errors
/// When the key that seals is not here.
async fn seal_nothing(change: &Change<'_>, user: UserId) -> Outcome<SealedNothing> {
    let keys = change.services.keys.sealing(change.db()).await?;
    let random = change.services.random.as_ref();
    Ok(SealedNothing {
        sealed: keys.seal(random, NOTHING_SEALED, &user.to_string(), b""),
        key_id: keys.current().to_string(),
    })
}

/// This server, as browsers and keys know it.
///
/// # Errors
/// `PasskeysNotOffered` where browsers make no keys for its address.
pub fn party(services: &Services) -> Outcome<RelyingParty> {
    let party = RelyingParty::new(&services.settings.public_url(), None);
    party.map_err(|_| Refusal::PasskeysNotOffered.into())
}

/// Options as the browser's own methods read them.
pub(crate) fn as_json(options: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(options)
        .map_err(|_| Failure::Fault(Fault::Broken("options are not JSON")))
}

/// What a key was added as.
pub const fn kind_of(key: &UserKey) -> KeyKind {
    if key.is_passkey {
        KeyKind::Passkey
    } else {
        KeyKind::SecurityKey
    }
}

/// Keys as options for a browser list them.
pub(crate) fn listed(keys: &[KeyDetails]) -> Vec<ListedKey> {
    let keys = keys.iter().filter_map(|details| {
        let key = &details.key;
        let words: Vec<_> = details.transports.split(' ').collect();
        Some(ListedKey {
            // One of another length was written past us, and answers for nobody.
            id: CredentialId::new(key.credential_id.clone()).ok()?,
            transports: Transport::known(&words),
            rp_id: key.rp_id.clone(),
            kind: kind_of(key),
        })
    });
    keys.collect()
}
