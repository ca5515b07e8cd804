//! Passkeys and security keys: what a browser sends when one is added or answers, read and verified. Pure: bytes, addresses,
//! the time and random bytes in, a verdict out.
//!
//! The rules are those of a relying party in "Web Authentication, Level 3" (W3C; "WebAuthn 3" here, with its section numbers):
//! §7.1 registers a key, §7.2 verifies an answer. No attestation is verified: it is read past, and nothing is concluded from
//! it. What is read is bounded before it is read: a text of [`MOST_TEXT`] bytes, CBOR of [`MOST_CBOR_DEPTH`] levels.
//!
//! The order of a caller: [`Registration::read`] or [`Assertion::read`], whose failure needs no look-up;
//! [`challenge::check`], and the challenge spent by a conditional write, whatever follows; then [`Registration::verify`] or
//! [`Assertion::verify`].

mod aaguid;
mod authenticator_data;
mod cbor;
pub mod challenge;
mod client_data;
mod cose;
mod curve;
#[cfg(any(test, feature = "device"))]
pub mod device;
mod envelope;
mod json;
pub mod options;
mod purpose;
mod refusal;
mod relying_party;
mod rights;
#[cfg(test)]
mod vectors;
mod verify;

pub use aaguid::{MOST_NAME, free_name, make};
pub use cbor::MOST_CBOR_DEPTH;
pub use cose::{Algorithm, PublicKey};
pub use envelope::{Assertion, CredentialId, MOST_TEXT, Registration, Transport};
pub use purpose::{KeyKind, Purpose, USER_HANDLE_BYTES, UserHandle};
pub use refusal::{Malformed, Rejected, RejectedFor, ToldToBrowser};
pub use relying_party::{NotOffered, RelyingParty, RpIdRelation};
pub use rights::{LedTo, Owned, SignInEvidence, SignInStrength};
pub use verify::{CounterNote, EligibilityNote, Expected, KeyAnswer, NewKey, RegisteredKey};
