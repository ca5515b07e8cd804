//! What a page sends: the text of `RegistrationResponseJSON` or `AuthenticationResponseJSON` (WebAuthn 3 §5.1), as the
//! browser's own `toJSON` writes it. It is read whole before anything is looked up; a value of these types cannot be made in
//! another way.
//!
//! Members that browsers add are passed over. What the key said is read from what it signed: the copies of its data beside it
//! (`authenticatorData`, `publicKey`, `publicKeyAlgorithm` of a registration) are not read, and some managers have none.

use data_encoding::BASE64URL_NOPAD;

use crate::authenticator_data::{AttestedKey, AuthenticatorData};
use crate::cbor::{Item, map};
use crate::client_data::ClientData;
use crate::json::{Members, object};
use crate::refusal::Malformed;

/// The longest text of a credential, in bytes. Browsers send 0.6 to 1.3 kB; RSA 4096 with the longest id stays below 4.
pub const MOST_TEXT: usize = 8 * 1024;

/// The longest user handle (WebAuthn 3 §5.4.3).
const MOST_HANDLE: usize = 64;

/// The most words for ways to a key that are looked at. There are six.
const MOST_TRANSPORTS: usize = 16;

/// Base64url without padding (RFC 4648 §5), and only its one spelling.
pub(crate) fn base64url(text: &str) -> Result<Vec<u8>, Malformed> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| Malformed::Base64)
}

/// The id of a credential: 1 to 1,023 bytes (WebAuthn 3 §7.1 step 24).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// An id of allowed length.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Malformed> {
        Self::check_length(bytes.len())?;
        Ok(Self(bytes))
    }

    pub(crate) fn check_length(length: usize) -> Result<(), Malformed> {
        if (1..=1023).contains(&length) {
            Ok(())
        } else {
            Err(Malformed::CredentialIdLength)
        }
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As JSON has it.
    pub fn to_base64url(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

/// A way to a key (WebAuthn 3 §5.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// In the device.
    Internal,
    /// Another device, by what is near and over the network.
    Hybrid,
    /// USB.
    Usb,
    /// NFC.
    Nfc,
    /// Bluetooth.
    Ble,
    /// A card.
    SmartCard,
}

impl Transport {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::Internal,
        Self::Hybrid,
        Self::Usb,
        Self::Nfc,
        Self::Ble,
        Self::SmartCard,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Hybrid => "hybrid",
            Self::Usb => "usb",
            Self::Nfc => "nfc",
            Self::Ble => "ble",
            Self::SmartCard => "smart-card",
        }
    }

    /// The known ones among these words, each once, in one order.
    pub fn known(words: &[&str]) -> Vec<Self> {
        let is_there = |one: &Self| {
            words
                .iter()
                .take(MOST_TRANSPORTS)
                .any(|word| *word == one.word())
        };
        Self::ALL.into_iter().filter(is_there).collect()
    }
}

/// A key that is to be added, read and not verified.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(crate) client_data: ClientData,
    pub(crate) authenticator_data: AuthenticatorData,
    pub(crate) key: AttestedKey,
    pub(crate) transports: Vec<Transport>,
}

/// An answer by a key, read and not verified.
#[derive(Clone, Debug)]
pub struct Assertion {
    pub(crate) credential_id: CredentialId,
    pub(crate) client_data: ClientData,
    pub(crate) authenticator_data: AuthenticatorData,
    /// The authenticator data as they were sent, and the hash of the client data: what the signature is over.
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) user_handle: Option<Vec<u8>>,
}

/// What both have: the id and the object within.
fn credential(text: &str) -> Result<(CredentialId, Members), Malformed> {
    if text.len() > MOST_TEXT {
        return Err(Malformed::TextTooLong);
    }
    let members = object(text)?;
    if members.text("type")? != "public-key" {
        return Err(Malformed::CredentialType);
    }
    let id = CredentialId::new(base64url(members.text("rawId")?)?)?;
    if base64url(members.text("id")?)? != id.as_bytes() {
        return Err(Malformed::CredentialIdsDiffer);
    }
    Ok((id, members))
}

impl Registration {
    /// Reads what `PublicKeyCredential.toJSON()` wrote after `create()`.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let (id, members) = credential(text)?;
        let response = members.object("response")?;
        let client_data = ClientData::read(&base64url(response.text("clientDataJSON")?)?)?;
        let attestation = base64url(response.text("attestationObject")?)?;
        let (authenticator_data, key) =
            AuthenticatorData::read_new(authenticator_data(&attestation)?)?;
        if key.id != id {
            return Err(Malformed::CredentialIdsDiffer);
        }
        Ok(Self {
            client_data,
            authenticator_data,
            key,
            transports: Transport::known(&response.texts("transports")?),
        })
    }

    /// The challenge that it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.client_data.challenge
    }

    /// The id of the new credential, which has to be known to nobody.
    pub fn credential_id(&self) -> &CredentialId {
        &self.key.id
    }
}

impl Assertion {
    /// Reads what `PublicKeyCredential.toJSON()` wrote after `get()`.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let (credential_id, members) = credential(text)?;
        let response = members.object("response")?;
        let client_data = ClientData::read(&base64url(response.text("clientDataJSON")?)?)?;
        let mut signed = base64url(response.text("authenticatorData")?)?;
        let authenticator_data = AuthenticatorData::read(&signed)?;
        signed.extend_from_slice(&client_data.hash);
        let user_handle = response
            .text_if_any("userHandle")?
            .map(base64url)
            .transpose()?;
        if user_handle
            .as_ref()
            .is_some_and(|handle| handle.len() > MOST_HANDLE)
        {
            return Err(Malformed::UserHandleLength);
        }
        Ok(Self {
            credential_id,
            client_data,
            authenticator_data,
            signed,
            signature: base64url(response.text("signature")?)?,
            user_handle,
        })
    }

    /// The challenge that it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.client_data.challenge
    }

    /// The id of the credential, by which it is looked up.
    pub fn credential_id(&self) -> &CredentialId {
        &self.credential_id
    }

    /// The user handle, where the key sent one.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.user_handle.as_deref()
    }
}

/// The authenticator data within an attestation object (WebAuthn 3 §6.5.4). Its statement is read past, of whatever format:
/// a browser hands a key's own through although none was asked for (§5.1.3), and nothing is concluded from it.
fn authenticator_data(attestation: &[u8]) -> Result<&[u8], Malformed> {
    let entries = map(attestation)?;
    let member = |name| {
        let found = entries.iter().find(|(key, _)| *key == Item::Text(name));
        found
            .map(|(_, value)| *value)
            .ok_or(Malformed::AttestationObject)
    };
    if !matches!(member("fmt")?, Item::Text(_))
        || !matches!(member("attStmt")?, Item::Map(_) | Item::List)
    {
        return Err(Malformed::CborType);
    }
    match member("authData")? {
        Item::Bytes(bytes) => Ok(bytes),
        _ => Err(Malformed::CborType),
    }
}

#[cfg(test)]
mod tests;
