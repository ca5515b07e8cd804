//! Registrations and answers that are right, and then changed: before they are signed, so that only the rules can refuse them,
//! or after, or both.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::device::{
    Device, SpokenAnswer, assertion_json, attestation_object, b64, registration_json,
};

/// The challenge that each case answers.
pub const CHALLENGE: [u8; 38] = [1; 38];
/// The user of each key.
pub const USER: [u8; 16] = [4; 16];

/// A small generator of numbers (xorshift64*): the cases are the same for the same seed.
pub struct Chances(u64);

impl Chances {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % bound.max(1)
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Ceremony {
    Registration,
    Assertion,
}

/// One case.
pub struct Case {
    pub ceremony: Ceremony,
    /// The JSON that is sent.
    pub text: String,
    /// What was changed.
    pub changes: Vec<String>,
    /// Of an answer: the public key, in COSE, and what is stored of the key.
    pub cose: Vec<u8>,
    pub stored_count: u32,
    pub stored_eligible: bool,
    /// Whether verification is demanded.
    pub verified: bool,
}

const ORIGINS: [&str; 14] = [
    "https://example.org:8443",
    "https://example.org:443",
    "https://example.org/",
    "https://example.org/path",
    "http://example.org",
    "https://www.example.org",
    "https://evil-example.org",
    "https://example.org.evil.test",
    "https://EXAMPLE.org",
    "https://user@example.org",
    "https://example.com",
    "android:apk-key-hash:x",
    "null",
    "",
];

/// Members of client data as browsers, and nobody, would write them.
fn change_client_data(chances: &mut Chances, said: &mut SpokenAnswer) -> String {
    let values = [
        json!(true),
        json!(false),
        json!(null),
        json!("x"),
        json!(""),
        json!(1),
        json!([]),
        json!({"a": {}}),
    ];
    let members = [
        "type",
        "challenge",
        "origin",
        "crossOrigin",
        "topOrigin",
        "other",
    ];
    let member = *chances.of(&members);
    let value = match (member, chances.below(3)) {
        ("origin", 0 | 1) => json!(chances.of(&ORIGINS)),
        ("type", 0 | 1) => json!(chances.of(&[
            "webauthn.create",
            "webauthn.get",
            "payment.get",
            "WEBAUTHN.GET",
            ""
        ])),
        ("challenge", 0) => json!(b64(&[2; 38])),
        ("challenge", 1) => json!(format!("{}=", b64(&CHALLENGE))),
        ("topOrigin", 0 | 1) => json!("https://example.com"),
        _ => chances.of(&values).clone(),
    };
    if chances.one_in(5) {
        if let Some(members) = said.client_data.as_object_mut() {
            members.remove(member);
        }
        return format!("without {member}");
    }
    said.client_data[member] = value.clone();
    format!("{member} = {value}")
}

/// Bytes changed in one place.
fn change_bytes(chances: &mut Chances, bytes: &mut Vec<u8>) -> String {
    let at = chances.below(bytes.len() + 1);
    let kind = chances.below(8);
    match kind {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << chances.below(8),
        2 if at < bytes.len() => bytes[at] = chances.byte(),
        3 => bytes.truncate(at),
        4 => bytes.insert(at, chances.byte()),
        5 if at < bytes.len() => {
            bytes.remove(at);
        }
        6 => {
            // Initial bytes of CBOR where they matter.
            let heads = [
                0x00, 0x18, 0x19, 0x1f, 0x20, 0x38, 0x40, 0x58, 0x5f, 0x60, 0x78, 0x7f, 0x80, 0x98,
                0x9f, 0xa0, 0xa1, 0xb8, 0xbf, 0xc0, 0xd8, 0xf5, 0xf6, 0xf9, 0xff,
            ];
            if at < bytes.len() {
                bytes[at] = *chances.of(&heads);
            }
        }
        _ => {
            let length = chances.below(4);
            let piece: Vec<u8> = bytes.iter().skip(at).take(length).copied().collect();
            bytes.splice(at..at, piece);
        }
    }
    format!("bytes, {kind} at {at}")
}

fn change_authenticator_data(chances: &mut Chances, data: &mut Vec<u8>) -> String {
    match chances.below(6) {
        0 | 1 => {
            data[32] ^= 1 << chances.below(8);
            format!("flags {:02x}", data[32])
        }
        2 => {
            let count = *chances.of(&[0_u32, 1, 4, 5, 6, u32::MAX]);
            data[33..37].copy_from_slice(&count.to_be_bytes());
            format!("counter {count}")
        }
        3 => {
            data[chances.below(32)] ^= 1;
            "RP ID hash".to_owned()
        }
        4 => {
            // Extensions, said and unsaid: a map, not a map, an empty one, one by number.
            let maps: [&[u8]; 5] = [
                &[0xa1, 0x61, 0x78, 0xf5],
                &[0xa0],
                &[0x80],
                &[0xa1, 0x01, 0xf5],
                &[0xbf, 0xff],
            ];
            let map: &&[u8] = chances.of(&maps);
            data.extend_from_slice(map);
            if chances.one_in(2) {
                data[32] |= 0x80;
            }
            format!("extensions, flags {:02x}", data[32])
        }
        _ => change_bytes(chances, data),
    }
}

/// Members of the JSON around.
fn change_envelope(chances: &mut Chances, json: &mut Value) -> String {
    let paths = [
        "/id",
        "/rawId",
        "/type",
        "/response/userHandle",
        "/response/signature",
        "/response/transports",
        "/clientExtensionResults",
        "/authenticatorAttachment",
        "/new",
    ];
    let path = *chances.of(&paths);
    let values = [
        json!(null),
        json!(""),
        json!("AAAA"),
        json!("AA=="),
        json!("+/+/"),
        json!(1),
        json!([]),
        json!({}),
        json!("public-key"),
        json!(b64(&USER)),
        json!(b64(&[5; 16])),
    ];
    let value = chances.of(&values).clone();
    let (parent, member) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(Value::Object(members)) = json.pointer_mut(parent) {
        members.insert(member.to_owned(), value.clone());
    }
    format!("{path} = {value}")
}

/// Bytes within the JSON, after they were signed.
fn change_signed(chances: &mut Chances, json: &mut Value) -> String {
    let members = [
        "clientDataJSON",
        "authenticatorData",
        "signature",
        "attestationObject",
    ];
    let member = *chances.of(&members);
    let Some(text) = json["response"][member].as_str() else {
        return format!("no {member}");
    };
    let Ok(mut bytes) = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()) else {
        return format!("unread {member}");
    };
    let change = change_bytes(chances, &mut bytes);
    json["response"][member] = json!(b64(&bytes));
    format!("{member}: {change}")
}

/// The other judge has no Ed25519; those keys are the business of the software authenticator and of the W3C's vectors.
fn device(chances: &mut Chances) -> Device {
    if chances.one_in(5) {
        Device::rsa()
    } else {
        Device::p256()
    }
}

/// One case, with no to three changes.
pub fn case(chances: &mut Chances) -> Case {
    let device = device(chances);
    let ceremony = *chances.of(&[Ceremony::Registration, Ceremony::Assertion]);
    let kind = match ceremony {
        Ceremony::Registration => "webauthn.create",
        Ceremony::Assertion => "webauthn.get",
    };
    let mut said = SpokenAnswer::new(kind, &CHALLENGE).handle(&USER);
    let mut changes = Vec::new();
    if matches!(ceremony, Ceremony::Registration) {
        said.authenticator_data[32] |= 0x40;
        said.authenticator_data.extend(device.attested(&said.id));
    }
    for _ in 0..chances.below(3) {
        if chances.one_in(2) {
            changes.push(change_client_data(chances, &mut said));
        } else {
            changes.push(change_authenticator_data(
                chances,
                &mut said.authenticator_data,
            ));
            if said.authenticator_data.len() < 37 {
                break;
            }
        }
    }
    let mut client_data = said.client_data.to_string().into_bytes();
    if chances.one_in(10) {
        changes.push(format!(
            "client data: {}",
            change_bytes(chances, &mut client_data)
        ));
    }
    let mut json = match ceremony {
        Ceremony::Registration => {
            let mut object = attestation_object(&said.authenticator_data);
            if chances.one_in(6) {
                changes.push(format!(
                    "attestation object: {}",
                    change_bytes(chances, &mut object)
                ));
            }
            registration_json(&said.id, &client_data, &object)
        }
        Ceremony::Assertion => {
            let hash = Sha256::digest(&client_data);
            let signature = device.sign(&[&said.authenticator_data[..], &hash].concat());
            assertion_json(
                &said.id,
                &client_data,
                &said.authenticator_data,
                &signature,
                said.user_handle.as_deref(),
            )
        }
    };
    // What browsers do not send in this form, and the other judge would read.
    if let Some(response) = json["response"].as_object_mut() {
        response.remove("publicKey");
    }
    if chances.one_in(6) {
        changes.push(change_envelope(chances, &mut json));
    }
    if chances.one_in(6) {
        changes.push(change_signed(chances, &mut json));
    }
    Case {
        ceremony,
        text: json.to_string(),
        changes,
        cose: device.cose(),
        stored_count: *chances.of(&[0, 0, 4, 5]),
        stored_eligible: chances.one_in(3),
        verified: chances.one_in(2),
    }
}
