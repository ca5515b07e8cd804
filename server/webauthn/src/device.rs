//! A software authenticator and the browser around it, for tests: it says whatever a test has it say, and signs that.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cose::Algorithm;

/// Authenticator data without key and extensions, of `example.org`, present and verified, with counter 5.
pub const AUTHENTICATOR_DATA: [u8; 37] = [
    0xbf, 0xab, 0xc3, 0x74, 0x32, 0x95, 0x8b, 0x06, 0x33, 0x60, 0xd3, 0xad, 0x64, 0x61, 0xc9, 0xc4,
    0x73, 0x5a, 0xe7, 0xf8, 0xed, 0xd4, 0x65, 0x92, 0xa5, 0xe0, 0xf0, 0x14, 0x52, 0xb2, 0xe4, 0xb5,
    0x05, 0, 0, 0, 5,
];

/// A private key of W3C's test vectors (none.ES256), and its point.
const P256_PRIVATE: &str = "6e68e7a58484a3264f66b77f5d6dc5bc36a47085b615c9727ab334e8c369c2ee";
const P256_X: &str = "afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61";
const P256_Y: &str = "930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220";

/// A key for tests alone.
const RSA_PKCS8: &str = include_str!("../fixtures/rsa-2048.txt");

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

/// Base64url, as JSON has it.
pub fn b64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// A key pair.
pub struct Device {
    algorithm: Algorithm,
}

/// What an answer says; a test changes what it is about.
#[derive(Clone)]
pub struct SpokenAnswer {
    /// The credential id.
    pub id: Vec<u8>,
    /// The client data.
    pub client_data: Value,
    /// The authenticator data.
    pub authenticator_data: Vec<u8>,
    /// The user handle, if one is sent.
    pub user_handle: Option<Vec<u8>>,
}

impl SpokenAnswer {
    /// What a browser at `https://example.org` says of this challenge.
    pub fn new(ceremony: &str, challenge: &[u8]) -> Self {
        Self {
            id: vec![7; 16],
            client_data: json!({
                "type": ceremony,
                "challenge": b64(challenge),
                "origin": "https://example.org",
                "crossOrigin": false,
            }),
            authenticator_data: AUTHENTICATOR_DATA.to_vec(),
            user_handle: None,
        }
    }

    /// The same at another address: its origin, and the RP ID that the key answers for.
    #[must_use]
    pub fn at(mut self, origin: &str, rp_id: &str) -> Self {
        self.authenticator_data[..32].copy_from_slice(&Sha256::digest(rp_id));
        self.client("origin", Value::from(origin))
    }

    /// The same with another credential id.
    #[must_use]
    pub fn id(mut self, id: &[u8]) -> Self {
        self.id = id.to_vec();
        self
    }

    /// The same with these flags.
    #[must_use]
    pub fn flags(mut self, flags: u8) -> Self {
        self.authenticator_data[32] = flags;
        self
    }

    /// The same with this counter.
    #[must_use]
    pub fn counter(mut self, counter: u32) -> Self {
        self.authenticator_data[33..37].copy_from_slice(&counter.to_be_bytes());
        self
    }

    /// The same with this user handle.
    #[must_use]
    pub fn handle(mut self, handle: &[u8]) -> Self {
        self.user_handle = Some(handle.to_vec());
        self
    }

    /// The same with another member of the client data.
    #[must_use]
    pub fn client(mut self, member: &str, value: Value) -> Self {
        self.client_data[member] = value;
        self
    }
}

impl Device {
    /// One of P-256.
    pub const fn p256() -> Self {
        Self {
            algorithm: Algorithm::Es256,
        }
    }

    /// One of Ed25519.
    pub const fn ed25519() -> Self {
        Self {
            algorithm: Algorithm::Ed25519,
        }
    }

    /// One of RSA.
    pub const fn rsa() -> Self {
        Self {
            algorithm: Algorithm::Rs256,
        }
    }

    /// Its algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn ed25519_pair() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap()
    }

    fn rsa_pair() -> RsaKeyPair {
        let text: String = RSA_PKCS8.split_whitespace().collect();
        RsaKeyPair::from_pkcs8(&BASE64.decode(text.as_bytes()).unwrap()).unwrap()
    }

    /// The modulus of the RSA key.
    pub fn rsa_modulus() -> Vec<u8> {
        RsaPublicKeyComponents::<Vec<u8>>::from(Self::rsa_pair().public()).n
    }

    /// The public key in COSE.
    pub fn cose(&self) -> Vec<u8> {
        match self.algorithm {
            Algorithm::Es256 => {
                let head = hex("a5010203262001215820");
                [head, hex(P256_X), hex("225820"), hex(P256_Y)].concat()
            }
            Algorithm::Ed25519 => {
                let pair = Self::ed25519_pair();
                [&hex("a4010103272006215820"), pair.public_key().as_ref()].concat()
            }
            Algorithm::Rs256 => [
                hex("a401030339010020590100"),
                Self::rsa_modulus(),
                hex("2143010001"),
            ]
            .concat(),
        }
    }

    /// Attested credential data with this id.
    pub fn attested(&self, id: &[u8]) -> Vec<u8> {
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        [&[0xaa; 16], &length[..], id, &self.cose()].concat()
    }

    /// A signature over these bytes.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self.algorithm {
            Algorithm::Es256 => {
                let point = [&[4], &hex(P256_X)[..], &hex(P256_Y)].concat();
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    &ECDSA_P256_SHA256_ASN1_SIGNING,
                    &hex(P256_PRIVATE),
                    &point,
                    &random,
                );
                pair.unwrap()
                    .sign(&random, bytes)
                    .unwrap()
                    .as_ref()
                    .to_vec()
            }
            Algorithm::Ed25519 => Self::ed25519_pair().sign(bytes).as_ref().to_vec(),
            Algorithm::Rs256 => {
                let pair = Self::rsa_pair();
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .unwrap();
                signature
            }
        }
    }

    /// A signature of P-256 in the form that is not WebAuthn's.
    pub fn sign_fixed(&self, bytes: &[u8]) -> Vec<u8> {
        assert_eq!(self.algorithm, Algorithm::Es256);
        let random = SystemRandom::new();
        let point = [&[4], &hex(P256_X)[..], &hex(P256_Y)].concat();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &hex(P256_PRIVATE),
            &point,
            &random,
        );
        pair.unwrap()
            .sign(&random, bytes)
            .unwrap()
            .as_ref()
            .to_vec()
    }

    /// `RegistrationResponseJSON`, without attestation.
    pub fn registration(&self, said: &SpokenAnswer) -> Value {
        let mut data = said.authenticator_data.clone();
        data[32] |= 0x40;
        data.extend(self.attested(&said.id));
        let client_data = said.client_data.to_string();
        registration_json(&said.id, client_data.as_bytes(), &attestation_object(&data))
    }

    /// `AuthenticationResponseJSON`, signed.
    pub fn assertion(&self, said: &SpokenAnswer) -> Value {
        let client_data = said.client_data.to_string();
        let hash = Sha256::digest(client_data.as_bytes());
        let signature = self.sign(&[&said.authenticator_data[..], &hash].concat());
        let handle = said.user_handle.as_deref();
        assertion_json(
            &said.id,
            client_data.as_bytes(),
            &said.authenticator_data,
            &signature,
            handle,
        )
    }
}

/// An attestation object of the format "none".
pub fn attestation_object(authenticator_data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(authenticator_data.len())
        .unwrap()
        .to_be_bytes();
    let head = hex("a363666d74646e6f6e656761747453746d74a0686175746844617461");
    let length = if authenticator_data.len() < 256 {
        vec![0x58, length[1]]
    } else {
        vec![0x59, length[0], length[1]]
    };
    [&head[..], &length, authenticator_data].concat()
}

/// A registration as a browser writes it, with the copies that nobody reads.
pub fn registration_json(id: &[u8], client_data: &[u8], attestation_object: &[u8]) -> Value {
    json!({
        "id": b64(id),
        "rawId": b64(id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {"credProps": {"rk": true}},
        "response": {
            "clientDataJSON": b64(client_data),
            "attestationObject": b64(attestation_object),
            "authenticatorData": "",
            "publicKey": "",
            "publicKeyAlgorithm": -7,
            "transports": ["internal", "hybrid"],
        },
    })
}

/// An answer as a browser writes it.
pub fn assertion_json(
    id: &[u8],
    client_data: &[u8],
    authenticator_data: &[u8],
    signature: &[u8],
    user_handle: Option<&[u8]>,
) -> Value {
    let mut response = json!({
        "clientDataJSON": b64(client_data),
        "authenticatorData": b64(authenticator_data),
        "signature": b64(signature),
    });
    if let Some(handle) = user_handle {
        response["userHandle"] = json!(b64(handle));
    }
    json!({
        "id": b64(id),
        "rawId": b64(id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    })
}
