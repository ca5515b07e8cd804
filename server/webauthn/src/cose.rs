//! Public keys in COSE (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4) of the three algorithms that are offered, and their signatures.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};

use crate::cbor::{Entries, Item, map};
use crate::curve::{is_on_p256, is_sound_ed25519};
use crate::refusal::Malformed;

/// An algorithm of IANA's registry of COSE algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `EdDSA` with Ed25519 (WebAuthn 3 §5.8.5).
    Ed25519,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256. Windows Hello has keys of no other kind on some machines.
    Rs256,
}

impl Algorithm {
    /// Those that are offered, the preferred one first.
    pub const OFFERED: [Self; 3] = [Self::Ed25519, Self::Es256, Self::Rs256];

    /// Its number in COSE.
    pub const fn number(self) -> i64 {
        match self {
            Self::Ed25519 => -8,
            Self::Es256 => -7,
            Self::Rs256 => -257,
        }
    }

    fn offered(number: i64) -> Option<Self> {
        Self::OFFERED.into_iter().find(|one| one.number() == number)
    }
}

/// The labels of a key: its type, its algorithm, and what its type has (RFC 9052 §7.1, RFC 9053 §7.1 and §7.2, RFC 8230 §4).
mod label {
    pub(super) const KEY_TYPE: i64 = 1;
    pub(super) const ALGORITHM: i64 = 3;
    pub(super) const CURVE_OR_N: i64 = -1;
    pub(super) const X_OR_E: i64 = -2;
    pub(super) const Y: i64 = -3;
}

/// Types and curves.
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const CURVE_ED25519: i64 = 6;

/// A public key that is well-formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Form);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Ed25519([u8; 32]),
    Es256 { x: [u8; 32], y: [u8; 32] },
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

/// The members of a key, each of which has to be taken.
struct KeyMembersLeft<'a>(Vec<(i64, Item<'a>)>);

impl<'a> KeyMembersLeft<'a> {
    fn take(&mut self, label: i64) -> Result<Item<'a>, Malformed> {
        let at = self.0.iter().position(|(key, _)| *key == label);
        let at = at.ok_or(Malformed::KeyMembers)?;
        Ok(self.0.swap_remove(at).1)
    }

    fn integer(&mut self, label: i64) -> Result<i64, Malformed> {
        match self.take(label)? {
            Item::Integer(value) => Ok(value),
            _ => Err(Malformed::CborType),
        }
    }

    fn bytes(&mut self, label: i64) -> Result<&'a [u8], Malformed> {
        match self.take(label)? {
            Item::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed::CborType),
        }
    }

    fn coordinate(&mut self, label: i64) -> Result<[u8; 32], Malformed> {
        self.bytes(label)?
            .try_into()
            .map_err(|_| Malformed::KeyLength)
    }
}

impl PublicKey {
    /// A key as it was sent or stored.
    pub fn read(cose: &[u8]) -> Result<Self, Malformed> {
        Self::from_entries(&map(cose)?)
    }

    pub(crate) fn from_entries(entries: &Entries<'_>) -> Result<Self, Malformed> {
        let labelled = |(key, value): &(Item<'_>, _)| match key {
            Item::Integer(label) => Ok((*label, *value)),
            _ => Err(Malformed::KeyMembers),
        };
        let members: Result<Vec<_>, _> = entries.iter().map(labelled).collect();
        let mut members = KeyMembersLeft(members?);
        let key_type = members.integer(label::KEY_TYPE)?;
        let algorithm = members.integer(label::ALGORITHM)?;
        let algorithm = Algorithm::offered(algorithm).ok_or(Malformed::AlgorithmNotOffered)?;
        let form = match algorithm {
            Algorithm::Ed25519 => {
                is_kind(key_type == OKP && members.integer(label::CURVE_OR_N)? == CURVE_ED25519)?;
                ed25519(members.coordinate(label::X_OR_E)?)?
            }
            Algorithm::Es256 => {
                is_kind(key_type == EC2 && members.integer(label::CURVE_OR_N)? == P256)?;
                // §5.8.5: no compressed points, whose y is a truth value.
                es256(
                    members.coordinate(label::X_OR_E)?,
                    members.coordinate(label::Y)?,
                )?
            }
            Algorithm::Rs256 => {
                is_kind(key_type == RSA)?;
                rs256(
                    members.bytes(label::CURVE_OR_N)?,
                    members.bytes(label::X_OR_E)?,
                )?
            }
        };
        // WebAuthn 3 §6.5.1: no optional members.
        if members.0.is_empty() {
            Ok(Self(form))
        } else {
            Err(Malformed::KeyMembers)
        }
    }

    /// Its algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        match self.0 {
            Form::Ed25519(_) => Algorithm::Ed25519,
            Form::Es256 { .. } => Algorithm::Es256,
            Form::Rs256 { .. } => Algorithm::Rs256,
        }
    }

    /// The one form in which it is stored: COSE with its members in the canonical order of CTAP2.
    pub fn to_cose(&self) -> Vec<u8> {
        match &self.0 {
            Form::Ed25519(x) => [
                &[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20],
                &x[..],
            ]
            .concat(),
            Form::Es256 { x, y } => {
                let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                [&head, &x[..], &[0x22, 0x58, 0x20], &y[..]].concat()
            }
            Form::Rs256 { n, e } => {
                let [high, low] = u16::try_from(n.len()).unwrap_or_default().to_be_bytes();
                let head = [
                    0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, high, low,
                ];
                let length = u8::try_from(e.len()).unwrap_or_default();
                [&head, &n[..], &[0x21, 0x40 | length], &e[..]].concat()
            }
        }
    }

    /// Whether the signature is one of these bytes under this key (WebAuthn 3 §7.2 step 21, its forms §6.5.5).
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let verdict = match &self.0 {
            Form::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).verify(bytes, signature),
            Form::Es256 { x, y } => {
                // SEC 1 §2.3.3: uncompressed.
                let point = [&[0x04], &x[..], &y[..]].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(bytes, signature)
            }
            Form::Rs256 { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                bytes,
                signature,
            ),
        };
        verdict.is_ok()
    }
}

fn is_kind(is_it: bool) -> Result<(), Malformed> {
    if is_it {
        Ok(())
    } else {
        Err(Malformed::KeyKindDiffers)
    }
}

fn ed25519(x: [u8; 32]) -> Result<Form, Malformed> {
    if is_sound_ed25519(&x) {
        Ok(Form::Ed25519(x))
    } else {
        Err(Malformed::PointWeak)
    }
}

fn es256(x: [u8; 32], y: [u8; 32]) -> Result<Form, Malformed> {
    if is_on_p256(&x, &y) {
        Ok(Form::Es256 { x, y })
    } else {
        Err(Malformed::PointNotOnCurve)
    }
}

/// RFC 8230 §4: numbers without leading zeros.
fn rs256(n: &[u8], e: &[u8]) -> Result<Form, Malformed> {
    let bits = n
        .first()
        .map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if n.first() == Some(&0) || !(2048..=4096).contains(&bits) || !is_odd(n) {
        return Err(Malformed::RsaModulus);
    }
    let is_bounded = matches!(e.len(), 3..=4) && e[0] != 0;
    if !is_bounded || !is_odd(e) {
        return Err(Malformed::RsaExponent);
    }
    Ok(Form::Rs256 {
        n: n.to_vec(),
        e: e.to_vec(),
    })
}

#[cfg(test)]
mod tests;
