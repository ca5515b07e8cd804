//! W3C's own test vectors (WebAuthn 3, "Test Vectors") against this crate: a judge that is not ours.

use std::collections::BTreeMap;

use crate::challenge::OwnChallenge;
use crate::device::{assertion_json, registration_json};
use crate::{
    Assertion, Expected, KeyAnswer, KeyKind, Malformed, NewKey, Purpose, RegisteredKey,
    Registration, Rejected,
};

const VECTORS: &str = include_str!("../fixtures/w3c-webauthn-3.txt");
const ORIGIN: &str = "https://example.org";
const RP_ID: &str = "example.org";

/// The members of a vector, by ceremony and name.
type Vector = BTreeMap<&'static str, Vec<u8>>;

fn vectors() -> BTreeMap<&'static str, Vector> {
    let mut all = BTreeMap::<_, Vector>::new();
    let mut name = "";
    for line in VECTORS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(section) = line.strip_prefix('[') {
            name = section.trim_end_matches(']');
            continue;
        }
        let (member, hex) = line.split_once(" = ").unwrap();
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        all.entry(name).or_default().insert(member, bytes);
    }
    all
}

/// Why it was refused.
#[derive(Debug, PartialEq, Eq)]
enum Why {
    Malformed(Malformed),
    Rejected(Rejected),
}

fn register(vector: &Vector) -> Result<NewKey, Why> {
    let text = registration_json(
        &vector["registration.credential_id"],
        &vector["registration.clientDataJSON"],
        &vector["registration.attestationObject"],
    );
    let read = Registration::read(&text.to_string()).map_err(Why::Malformed)?;
    // These keys are not verified in each case; a security key need not be.
    let challenge = OwnChallenge::kept(
        read.challenge(),
        &vector["registration.challenge"],
        Purpose::AddSecurityKey,
    );
    let challenge = challenge.map_err(Why::Rejected)?;
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: None,
    };
    read.verify(&expected).map_err(Why::Rejected)
}

fn answer(vector: &Vector, key: &NewKey) -> Result<KeyAnswer, Why> {
    let text = assertion_json(
        &vector["registration.credential_id"],
        &vector["authentication.clientDataJSON"],
        &vector["authentication.authenticatorData"],
        &vector["authentication.signature"],
        None,
    );
    let read = Assertion::read(&text.to_string()).map_err(Why::Malformed)?;
    let challenge = OwnChallenge::kept(
        read.challenge(),
        &vector["authentication.challenge"],
        Purpose::AfterPassword,
    );
    let challenge = challenge.map_err(Why::Rejected)?;
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: Some(&[4; 16]),
    };
    let registered = RegisteredKey {
        credential_id: key.credential_id.as_bytes(),
        public_key: &key.public_key,
        user: &[4; 16],
        rp_id: RP_ID,
        kind: KeyKind::SecurityKey,
        sign_count: key.sign_count,
        is_backup_eligible: key.is_backup_eligible,
    };
    read.verify(&expected, &registered).map_err(Why::Rejected)
}

/// Refused here although each is right in itself: algorithms that are not offered, and pages within pages.
fn refused_here(name: &str) -> Option<Why> {
    match name {
        "packed-es384" | "packed-es512" | "packed-ed448" => {
            Some(Why::Malformed(Malformed::AlgorithmNotOffered))
        }
        // The second says that it is cross-origin, too, which is looked at first.
        "none-es256-crossOrigin" | "none-es256-topOrigin" => {
            Some(Why::Rejected(Rejected::CrossOrigin))
        }
        _ => None,
    }
}

#[test]
fn each_vector_passes_or_is_refused_for_what_is_not_offered_here() {
    let all = vectors();
    assert_eq!(all.len(), 15);
    for (name, vector) in &all {
        let registered = register(vector);
        if let Some(why) = refused_here(name) {
            assert_eq!(registered.err(), Some(why), "{name}");
            continue;
        }
        assert_eq!(registered.as_ref().err(), None, "{name}");
        let key = registered.unwrap();
        assert_eq!(
            key.credential_id.as_bytes(),
            vector["registration.credential_id"],
            "{name}"
        );
        assert_eq!(key.aaguid[..], vector["registration.aaguid"], "{name}");
        let answered = answer(vector, &key);
        assert_eq!(answered.as_ref().err(), None, "{name}");
        assert_eq!(answered.unwrap().sign_count, 0, "{name}");
    }
}

/// The answer to a page within a page, by a key that was made elsewhere, is refused as well.
#[test]
fn answers_from_within_other_pages_are_refused() {
    let all = vectors();
    let key = register(&all["none-es256"]).unwrap();
    for name in ["none-es256-crossOrigin", "none-es256-topOrigin"] {
        let mut vector = all[name].clone();
        vector.insert(
            "registration.credential_id",
            key.credential_id.as_bytes().to_vec(),
        );
        assert_eq!(answer(&vector, &key).err(), refused_here(name), "{name}");
    }
}

/// One byte of signature, authenticator data or client data changed: never right.
#[test]
fn each_vector_fails_when_any_one_byte_is_changed() {
    for (name, vector) in vectors() {
        if refused_here(name).is_some() {
            continue;
        }
        let key = register(&vector).unwrap();
        for member in ["signature", "authenticatorData", "clientDataJSON"] {
            let member = format!("authentication.{member}");
            for at in 0..vector[member.as_str()].len() {
                let mut changed = vector.clone();
                changed.get_mut(member.as_str()).unwrap()[at] ^= 0x01;
                assert!(
                    answer(&changed, &key).is_err(),
                    "{name}: {member}, byte {at}"
                );
            }
        }
        for at in 0..vector["registration.challenge"].len() {
            let mut changed = vector.clone();
            changed.get_mut("registration.challenge").unwrap()[at] ^= 0x80;
            assert_eq!(
                register(&changed).err(),
                Some(Why::Rejected(Rejected::ChallengeNotOurs)),
                "{name}"
            );
        }
        // What is cut off is never read.
        let object = &vector["registration.attestationObject"];
        for length in 0..object.len() {
            let mut changed = vector.clone();
            changed.insert("registration.attestationObject", object[..length].to_vec());
            assert!(register(&changed).is_err(), "{name}: {length} bytes");
        }
    }
}
