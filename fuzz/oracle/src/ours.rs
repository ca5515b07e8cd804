//! The verdicts of `server/webauthn`: the word of the reason where it refuses.

use webauthn::challenge::OwnChallenge;
use webauthn::{
    Assertion, Expected, KeyKind, PublicKey, Purpose, RegisteredKey, Registration, Rejected,
};

use crate::changes::{CHALLENGE, Case, USER};

pub const ORIGIN: &str = "https://example.org";
pub const RP_ID: &str = "example.org";

pub type Verdict = Result<(), &'static str>;

fn challenge(presented: &[u8], purpose: Purpose) -> Result<OwnChallenge, &'static str> {
    OwnChallenge::kept(presented, &CHALLENGE, purpose).map_err(Rejected::word)
}

pub fn register(text: &str) -> Verdict {
    let read = Registration::read(text).map_err(|why| why.word())?;
    let challenge = challenge(read.challenge(), Purpose::AddPasskey)?;
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: None,
    };
    read.verify(&expected).map(|_| ()).map_err(Rejected::word)
}

pub fn answer(case: &Case) -> Verdict {
    let read = Assertion::read(&case.text).map_err(|why| why.word())?;
    let purpose = if case.verified {
        Purpose::StepUp
    } else {
        Purpose::AfterPassword
    };
    let challenge = challenge(read.challenge(), purpose)?;
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: Some(&USER),
    };
    let public_key = PublicKey::read(&case.cose).map_err(|why| why.word())?;
    let key = RegisteredKey {
        credential_id: &[7; 16],
        public_key: &public_key,
        user: &USER,
        rp_id: RP_ID,
        kind: KeyKind::Passkey,
        sign_count: case.stored_count,
        is_backup_eligible: case.stored_eligible,
    };
    read.verify(&expected, &key)
        .map(|_| ())
        .map_err(Rejected::word)
}
