//! Challenges (WebAuthn 3 §13.5.3): 16 random bytes, their time, and our tag over both, so that asking for one writes nothing.
//! It is spent by the first answer that names it, right or wrong: [`OwnChallenge::spend`] says under which id and until when
//! that has to be kept.
//!
//! The tag is a MAC of at least 16 bytes that the caller computes, under a function that prefixes each part with its length;
//! this module says over what.

use constant_time_eq::constant_time_eq;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::purpose::Purpose;
use crate::refusal::Rejected;

/// Random bytes in a challenge. §13.5.3 asks for at least 16.
pub const RANDOM_BYTES: usize = 16;

/// Bytes of its time: seconds since the Unix epoch.
const TIME_BYTES: usize = 6;

/// Bytes of its tag.
const TAG_BYTES: usize = 16;

const HEAD_BYTES: usize = TIME_BYTES + RANDOM_BYTES;

/// Bytes of a challenge.
pub const CHALLENGE_BYTES: usize = HEAD_BYTES + TAG_BYTES;

/// How long a browser waits for an answer. §15.1 recommends 5 to 10 minutes.
pub const TIMEOUT_SECONDS: i64 = 300;

/// How much longer than the browser's own time a challenge is good, for the way back.
pub const GRACE_SECONDS: i64 = 30;

/// How long a challenge for adding a key is good: as long as the enrolment that it is bound to.
pub const ENROLMENT_SECONDS: i64 = 600;

/// How far ahead of our clock the time of a challenge may be: clocks of several servers differ. A clock that was set back by
/// more makes no old challenge good again.
const AHEAD_SECONDS: i64 = 60;

/// How long past its end a challenge is remembered as spent, whatever the clocks do meanwhile.
pub const REMEMBERED_SECONDS: i64 = 24 * 3600;

impl Purpose {
    /// How long a challenge for it is good.
    pub const fn challenge_seconds(self) -> i64 {
        match self.adds() {
            Some(_) => ENROLMENT_SECONDS,
            None => TIMEOUT_SECONDS + GRACE_SECONDS,
        }
    }
}

/// What a challenge is good for: its tag covers all of it.
#[derive(Clone, Copy, Debug)]
pub struct ChallengeFor<'a> {
    /// What for.
    pub purpose: Purpose,
    /// For whom: a hash of the cookie, of the pending sign-in's token, of session and act, or of the enrolment.
    pub holder: &'a [u8],
    /// Since when challenges are good at all: renewed when a backup is restored.
    pub epoch: &'a [u8],
}

impl<'a> ChallengeFor<'a> {
    /// The parts of the MAC.
    fn parts(&self, head: &'a [u8]) -> [&'a [u8]; 4] {
        [
            self.purpose.word().as_bytes(),
            self.holder,
            self.epoch,
            head,
        ]
    }
}

/// A challenge that is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChallenge([u8; CHALLENGE_BYTES]);

impl NewChallenge {
    /// Makes one at `now` of random bytes. `tag` is the MAC under the current key.
    pub fn make(
        now: i64,
        random: [u8; RANDOM_BYTES],
        what_for: &ChallengeFor<'_>,
        tag: impl FnOnce(&[&[u8]]) -> [u8; 32],
    ) -> Self {
        let mut bytes = [0; CHALLENGE_BYTES];
        // Before 1970 there is no time; after the year 8,000,000 the last one stands.
        let seconds = u64::try_from(now)
            .unwrap_or_default()
            .min((1 << (8 * TIME_BYTES)) - 1);
        bytes[..TIME_BYTES].copy_from_slice(&seconds.to_be_bytes()[8 - TIME_BYTES..]);
        bytes[TIME_BYTES..HEAD_BYTES].copy_from_slice(&random);
        let (head, rest) = bytes.split_at_mut(HEAD_BYTES);
        rest.copy_from_slice(&tag(&what_for.parts(head))[..TAG_BYTES]);
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; CHALLENGE_BYTES] {
        &self.0
    }

    /// As JSON has it.
    pub fn to_base64url(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }
}

/// How a challenge is spent: one conditional write, whose loser is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpendChallenge {
    /// SHA-256 of its time and random bytes, so that it is one challenge whichever key its tag is under.
    pub id: [u8; 32],
    /// Until when it is kept.
    pub keep_until: i64,
}

/// A challenge that was found to be ours and good, for one purpose. It cannot be made without a check.
#[derive(Clone, Debug)]
pub struct OwnChallenge {
    bytes: Vec<u8>,
    purpose: Purpose,
    spend: SpendChallenge,
}

impl OwnChallenge {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it is for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// How it is spent.
    pub const fn spend(&self) -> SpendChallenge {
        self.spend
    }

    /// A challenge that was kept instead of tagged, as those of test vectors are: what was presented is what was asked for.
    /// Whoever keeps challenges spends them by removing them.
    pub fn kept(presented: &[u8], asked: &[u8], purpose: Purpose) -> Result<Self, Rejected> {
        if presented.len() < RANDOM_BYTES || !constant_time_eq(presented, asked) {
            return Err(Rejected::ChallengeNotOurs);
        }
        Ok(Self {
            bytes: presented.to_vec(),
            purpose,
            spend: SpendChallenge {
                id: Sha256::digest(presented).into(),
                keep_until: i64::MAX,
            },
        })
    }
}

/// Whether a presented challenge is ours, for this and now. `tags` are the MACs under every key that is still known. A challenge
/// that is over was ours; nothing has to be spent for it.
pub fn check(
    presented: &[u8],
    now: i64,
    what_for: &ChallengeFor<'_>,
    tags: impl FnOnce(&[&[u8]]) -> Vec<[u8; 32]>,
) -> Result<OwnChallenge, Rejected> {
    let bytes: &[u8; CHALLENGE_BYTES] = presented
        .try_into()
        .map_err(|_| Rejected::ChallengeNotOurs)?;
    let (head, tag) = bytes.split_at(HEAD_BYTES);
    let known = tags(&what_for.parts(head));
    if !known
        .iter()
        .any(|known| constant_time_eq(&known[..TAG_BYTES], tag))
    {
        return Err(Rejected::ChallengeNotOurs);
    }
    let seconds = head[..TIME_BYTES]
        .iter()
        .fold(0, |time, byte| time << 8 | i64::from(*byte));
    let until = seconds + what_for.purpose.challenge_seconds();
    if seconds > now.saturating_add(AHEAD_SECONDS) {
        return Err(Rejected::ChallengeEarly);
    }
    if now > until {
        return Err(Rejected::ChallengeOver);
    }
    Ok(OwnChallenge {
        bytes: presented.to_vec(),
        purpose: what_for.purpose,
        spend: SpendChallenge {
            id: Sha256::digest(head).into(),
            keep_until: until + REMEMBERED_SECONDS,
        },
    })
}

#[cfg(test)]
mod tests;
