//! Whether a key may be added, and whether an answer is right (WebAuthn 3 §7.1 and §7.2). Every rule is a line here; what an
//! answer is asked for decides what it has to show ([`Purpose`]).

use constant_time_eq::constant_time_eq;
use sha2::{Digest, Sha256};

use crate::authenticator_data::AuthenticatorData;
use crate::challenge::OwnChallenge;
use crate::client_data::ClientData;
use crate::cose::PublicKey;
use crate::envelope::{Assertion, CredentialId, Registration, Transport};
use crate::purpose::{KeyKind, Purpose, UserHandle};
use crate::refusal::Rejected;

/// What an answer has to be. It has no defaults, so that no caller can leave a part out.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge, checked and spent. Its purpose says what is demanded.
    pub challenge: &'a OwnChallenge,
    /// The address of this server, as browsers spell it.
    pub origin: &'a str,
    /// The RP ID of this server.
    pub rp_id: &'a str,
    /// Whom it is asked of. Nobody yet, where a purpose finds its user.
    pub user: Option<&'a UserHandle>,
}

/// A key as it was stored.
#[derive(Clone, Copy, Debug)]
pub struct RegisteredKey<'a> {
    /// Its credential id.
    pub credential_id: &'a [u8],
    /// Its public key.
    pub public_key: &'a PublicKey,
    /// Whose it is.
    pub user: &'a UserHandle,
    /// For which RP ID it was made.
    pub rp_id: &'a str,
    /// As what it was added.
    pub kind: KeyKind,
    /// The counter that it said last.
    pub sign_count: u32,
    /// Whether it said last that it can be backed up.
    pub is_backup_eligible: bool,
}

/// A key that may be added, once its id is known to nobody.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it becomes.
    pub kind: KeyKind,
    /// Its credential id.
    pub credential_id: CredentialId,
    /// Its public key.
    pub public_key: PublicKey,
    /// Its counter.
    pub sign_count: u32,
    /// Whether it can be backed up.
    pub is_backup_eligible: bool,
    /// Whether it is backed up.
    pub is_backed_up: bool,
    /// The make of the authenticator, as it says and nobody has attested. Good for a name.
    pub aaguid: [u8; 16],
    /// Ways to it, for the options of later requests.
    pub transports: Vec<Transport>,
}

/// What the counter said (§6.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterNote {
    /// It rose, or there is none.
    InOrder,
    /// It did not, for a key that is synced: copies count by themselves.
    NotRisingSynced,
}

/// What the flag of backup eligibility said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EligibilityNote {
    /// What it said before.
    Unchanged,
    /// Something else: an update of the manager. It is taken over and noted.
    Changed,
}

/// A right answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAnswer {
    /// Whether the user was verified.
    pub is_verified: bool,
    /// The counter to store.
    pub sign_count: u32,
    /// What is noted of it.
    pub counter: CounterNote,
    /// Whether the key can be backed up, to store.
    pub is_backup_eligible: bool,
    /// What is noted of it.
    pub eligibility: EligibilityNote,
    /// Whether it is backed up, to store.
    pub is_backed_up: bool,
}

/// The types of client data.
const CREATE: &str = "webauthn.create";
const GET: &str = "webauthn.get";

impl Expected<'_> {
    /// What both ceremonies have in common.
    fn check(
        &self,
        ceremony: &str,
        client: &ClientData,
        authenticator: &AuthenticatorData,
    ) -> Result<(), Rejected> {
        ensure(client.ceremony == ceremony, Rejected::Ceremony)?;
        ensure(
            constant_time_eq(&client.challenge, self.challenge.bytes()),
            Rejected::ChallengeDiffers,
        )?;
        ensure(client.origin == self.origin, Rejected::Origin)?;
        ensure(!client.is_cross_origin, Rejected::CrossOrigin)?;
        ensure(!client.names_top_origin, Rejected::TopOrigin)?;
        let rp_id_hash: [u8; 32] = Sha256::digest(self.rp_id).into();
        ensure(authenticator.rp_id_hash == rp_id_hash, Rejected::RpId)?;
        let flags = authenticator.flags;
        ensure(flags.is_present(), Rejected::NotPresent)?;
        let is_verified = flags.is_verified() || !self.challenge.purpose().demands_verification();
        ensure(is_verified, Rejected::NotVerified)?;
        ensure(
            flags.is_backup_eligible() || !flags.is_backed_up(),
            Rejected::BackedUpIneligible,
        )
    }

    fn purpose(&self) -> Purpose {
        self.challenge.purpose()
    }
}

impl Registration {
    /// Whether the key may be added. Its id has to be known to nobody, which is for the caller to look up (§7.1 step 25).
    pub fn verify(self, expected: &Expected<'_>) -> Result<NewKey, Rejected> {
        let kind = expected.purpose().adds().ok_or(Rejected::Purpose)?;
        expected.check(CREATE, &self.client_data, &self.authenticator_data)?;
        let flags = self.authenticator_data.flags;
        Ok(NewKey {
            kind,
            credential_id: self.key.id,
            public_key: self.key.public_key,
            sign_count: self.authenticator_data.sign_count,
            is_backup_eligible: flags.is_backup_eligible(),
            is_backed_up: flags.is_backed_up(),
            aaguid: self.key.aaguid,
            transports: self.transports,
        })
    }
}

impl Assertion {
    /// Whether the answer is right, by this key.
    pub fn verify(
        &self,
        expected: &Expected<'_>,
        key: &RegisteredKey<'_>,
    ) -> Result<KeyAnswer, Rejected> {
        let purpose = expected.purpose();
        ensure(purpose.adds().is_none(), Rejected::Purpose)?;
        expected.check(GET, &self.client_data, &self.authenticator_data)?;
        ensure(
            self.credential_id.as_bytes() == key.credential_id,
            Rejected::OtherCredential,
        )?;
        ensure(key.rp_id == expected.rp_id, Rejected::KeyOfOtherRpId)?;
        self.check_user(expected, key)?;
        ensure(purpose.takes(key.kind), Rejected::SecurityKeyAlone)?;
        ensure(
            key.public_key.has_signed(&self.signed, &self.signature),
            Rejected::Signature,
        )?;
        let data = &self.authenticator_data;
        let is_backup_eligible = data.flags.is_backup_eligible();
        Ok(KeyAnswer {
            is_verified: data.flags.is_verified(),
            sign_count: data.sign_count,
            counter: judge_counter(key, data.sign_count)?,
            is_backup_eligible,
            eligibility: if is_backup_eligible == key.is_backup_eligible {
                EligibilityNote::Unchanged
            } else {
                EligibilityNote::Changed
            },
            is_backed_up: data.flags.is_backed_up(),
        })
    }

    /// §7.2 step 6. The credential has to be that user's, and a handle, where there is one, too; whoever is found by the answer
    /// is found by both.
    fn check_user(&self, expected: &Expected<'_>, key: &RegisteredKey<'_>) -> Result<(), Rejected> {
        let is_asked = match expected.user {
            Some(user) => user == key.user,
            None => expected.purpose().finds_user(),
        };
        ensure(is_asked, Rejected::OtherUser)?;
        match self.user_handle() {
            Some(handle) => ensure(handle == key.user, Rejected::UserHandle),
            None => ensure(!expected.purpose().finds_user(), Rejected::NoUserHandle),
        }
    }
}

fn ensure(holds: bool, or: Rejected) -> Result<(), Rejected> {
    if holds { Ok(()) } else { Err(or) }
}

/// §7.2 step 22. Whether the key can be synced is what it said when it was stored: whoever has copied it could say otherwise now.
fn judge_counter(key: &RegisteredKey<'_>, sent: u32) -> Result<CounterNote, Rejected> {
    let has_none = sent == 0 && key.sign_count == 0;
    if has_none || sent > key.sign_count {
        Ok(CounterNote::InOrder)
    } else if key.is_backup_eligible {
        Ok(CounterNote::NotRisingSynced)
    } else {
        Err(Rejected::Counter)
    }
}

#[cfg(test)]
mod tests;
