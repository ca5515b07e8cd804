//! The verdicts of `webauthn-rs-core`, asked for the same: its states are made by it, with our challenge in place of its own.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;
use webauthn_rs_core::WebauthnCore;

use webauthn_rs_core::proto::{
    AuthenticationState, COSEAlgorithm, Credential, PublicKeyCredential,
    RegisterPublicKeyCredential, RegistrationState, UserVerificationPolicy,
};

use crate::changes::{CHALLENGE, Case, USER};
use crate::device::{Device, SpokenAnswer, b64};
use crate::ours::{ORIGIN, RP_ID};

pub type Verdict = Result<(), String>;

pub struct Judge {
    core: WebauthnCore,
    registration: RegistrationState,
    /// Of each device, by its public key in COSE.
    credentials: Vec<(Vec<u8>, Credential)>,
}

/// The state with our challenge.
fn with_our_challenge(state: &impl serde::Serialize) -> Value {
    let mut state = serde_json::to_value(state).expect("a state is JSON");
    state["challenge"] = json!(b64(&CHALLENGE));
    state
}

fn word(error: impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    // The name of the variant, without what it carries.
    text.split(['(', ' ', '{'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

impl Judge {
    pub fn new() -> Self {
        let origin = Url::parse(ORIGIN).expect("a constant");
        let core = WebauthnCore::new_unsafe_experts_only(
            "Twofold",
            RP_ID,
            vec![origin],
            Duration::from_secs(300),
            Some(false),
            Some(false),
        );
        let builder = core
            .new_challenge_register_builder(&USER, "ada", "Ada")
            .expect("a user has names")
            .user_verification_policy(UserVerificationPolicy::Required)
            .credential_algorithms(vec![COSEAlgorithm::ES256, COSEAlgorithm::RS256]);
        let (_, state) = core
            .generate_challenge_register(builder)
            .expect("options can be made");
        let registration =
            serde_json::from_value(with_our_challenge(&state)).expect("a state of theirs");
        let mut judge = Self {
            core,
            registration,
            credentials: Vec::new(),
        };
        for device in [Device::p256(), Device::rsa()] {
            let said = SpokenAnswer::new("webauthn.create", &CHALLENGE);
            let text = device.registration(&said).to_string();
            let credential = judge
                .registered(&text)
                .expect("what is right is taken by both");
            judge.credentials.push((device.cose(), credential));
        }
        judge
    }

    fn registered(&self, text: &str) -> Result<Credential, String> {
        let sent: RegisterPublicKeyCredential =
            serde_json::from_str(text).map_err(|_| "Json".to_owned())?;
        self.core
            .register_credential(&sent, &self.registration, None)
            .map_err(word)
    }

    pub fn register(&self, text: &str) -> Verdict {
        self.registered(text).map(|_| ())
    }

    pub fn answer(&self, case: &Case) -> Verdict {
        let sent: PublicKeyCredential =
            serde_json::from_str(&case.text).map_err(|_| "Json".to_owned())?;
        let credential = self.credentials.iter().find(|(cose, _)| *cose == case.cose);
        let mut credential = credential.expect("each device is there").1.clone();
        let policy = if case.verified {
            UserVerificationPolicy::Required
        } else {
            UserVerificationPolicy::Discouraged_DO_NOT_USE
        };
        credential.counter = case.stored_count;
        credential.backup_eligible = case.stored_eligible;
        // What it was asked for when it was added would be demanded again.
        credential.registration_policy = policy;
        credential.user_verified = false;
        let builder = self
            .core
            .new_challenge_authenticate_builder(vec![credential], Some(policy))
            .map_err(word)?
            .allow_backup_eligible_upgrade(true);
        let (_, state) = self
            .core
            .generate_challenge_authenticate(builder)
            .map_err(word)?;
        let state: AuthenticationState =
            serde_json::from_value(with_our_challenge(&state)).expect("a state of theirs");
        self.core
            .authenticate_credential(&sent, &state)
            .map(|_| ())
            .map_err(word)
    }
}
