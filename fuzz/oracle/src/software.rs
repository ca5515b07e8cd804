//! A software authenticator and its client (passkey-rs): they read the options that we write, and both judges take what they
//! answer.

use futures_executor::block_on;
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData};
use passkey_crypto::AvailableBackend;
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use passkey_types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};
use url::Url;
use webauthn::challenge::{ChallengeFor, NewChallenge, check};
use webauthn::options::{CreationOptions, KeyUser, ListedKey, RequestOptions};
use webauthn::{Assertion, Expected, KeyKind, Purpose, RegisteredKey, Registration, RelyingParty};

use crate::changes::USER;

const NOW: i64 = 1_795_579_199;
/// How many keys are added.
const KEYS: u8 = 32;

struct Present;

#[async_trait::async_trait]
impl UserValidationMethod for Present {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence,
            verification,
        })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

fn tag(parts: &[&[u8]]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    // A hash of parts with their lengths stands for the MAC: what is tried here is not the tag.
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn what_for(purpose: Purpose) -> ChallengeFor<'static> {
    ChallengeFor {
        purpose,
        holder: b"holder",
        epoch: b"epoch",
    }
}

fn challenge(purpose: Purpose, random: u8) -> NewChallenge {
    NewChallenge::make(NOW, [random; 16], &what_for(purpose), tag)
}

/// As `toJSON` would write it.
fn text(credential: &impl serde::Serialize) -> String {
    serde_json::to_string(credential).expect("a credential is JSON")
}

/// Adds keys and has each answer, for each purpose. Gives how many.
pub fn agree() -> u8 {
    let party = RelyingParty::new("https://example.org", None).expect("a constant");
    let origin = Url::parse(&party.origin).expect("a constant");
    for number in 0..KEYS {
        let mut authenticator = Authenticator::new(
            Aaguid::new_empty(),
            None::<Passkey>,
            Present,
            AvailableBackend,
        );
        authenticator.set_make_credentials_with_signature_counter(number % 2 == 0);
        let mut client = Client::new(authenticator);
        let made = challenge(Purpose::AddPasskey, number);
        let user = KeyUser {
            handle: &USER,
            name: "ada@example.org",
            display_name: "Ada",
        };
        let options = CreationOptions::new(KeyKind::Passkey, &party, "Twofold", user, &[], &made);
        let options: Value = json!({ "publicKey": options });
        let options: CredentialCreationOptions =
            serde_json::from_value(options).expect("our options are read");
        let created =
            block_on(client.register(&origin, options, DefaultClientData)).expect("a key is made");
        let read = Registration::read(&text(&created)).expect("a registration is read");
        let own = check(
            read.challenge(),
            NOW,
            &what_for(Purpose::AddPasskey),
            |parts| vec![tag(parts)],
        )
        .expect("ours");
        let expected = Expected {
            challenge: &own,
            origin: &party.origin,
            rp_id: &party.rp_id,
            user: None,
        };
        let key = read
            .verify(&expected)
            .expect("a right registration is taken");

        let listed = ListedKey {
            id: key.credential_id.clone(),
            transports: key.transports.clone(),
            rp_id: party.rp_id.clone(),
            kind: KeyKind::Passkey,
        };
        let mut count = key.sign_count;
        for purpose in [
            Purpose::SignInAlone,
            Purpose::AfterPassword,
            Purpose::StepUp,
            Purpose::ProveSession,
        ] {
            let asked = challenge(purpose, number);
            let options =
                RequestOptions::new(purpose, &party, std::slice::from_ref(&listed), &asked);
            let options: CredentialRequestOptions =
                serde_json::from_value(json!({ "publicKey": options }))
                    .expect("our options are read");
            let answered = block_on(client.authenticate(&origin, options, DefaultClientData))
                .expect("a key answers");
            let read = Assertion::read(&text(&answered)).expect("an answer is read");
            let own = check(read.challenge(), NOW, &what_for(purpose), |parts| {
                vec![tag(parts)]
            })
            .expect("ours");
            let user = (!purpose.finds_user()).then_some(&USER);
            let expected = Expected {
                challenge: &own,
                origin: &party.origin,
                rp_id: &party.rp_id,
                user,
            };
            let registered = RegisteredKey {
                credential_id: key.credential_id.as_bytes(),
                public_key: &key.public_key,
                user: &USER,
                rp_id: &party.rp_id,
                kind: key.kind,
                sign_count: count,
                is_backup_eligible: key.is_backup_eligible,
            };
            let answer = read
                .verify(&expected, &registered)
                .expect("a right answer is taken");
            count = answer.sign_count;
        }
    }
    KEYS
}
