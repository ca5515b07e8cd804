//! Where the two differ by intent, and why. Neither list has a signature, a challenge, a ceremony, an RP ID, presence or
//! verification in it: about those there is nothing to differ.

use crate::{ours, theirs};

/// We refuse, by this reason of ours, and the other judge takes.
const WE_REFUSE: &[(&str, &str)] = &[
    (
        "origin",
        "origins are compared by character here, and as parsed addresses there",
    ),
    (
        "cross_origin",
        "crossOrigin is not looked at in answers there",
    ),
    ("top_origin", "topOrigin is not looked at there"),
    (
        "cbor_not_shortest",
        "numbers have one form here (CTAP2 canonical form)",
    ),
    (
        "cbor_indefinite",
        "lengths are definite here (CTAP2 canonical form)",
    ),
    (
        "cbor_duplicate_key",
        "keys of a map are there once here (RFC 8949 §5.6)",
    ),
    (
        "cbor_unsupported",
        "tags, floats and undefined are refused here",
    ),
    ("cbor_too_deep", "depth is four here"),
    (
        "cbor_type",
        "names of extensions are texts here, and the format of an attestation, too",
    ),
    (
        "cbor_trailing",
        "nothing follows the attestation object here",
    ),
    (
        "authenticator_data_trailing",
        "nothing follows the authenticator data here",
    ),
    (
        "key_members",
        "a key has no optional members here (WebAuthn 3 §6.5.1)",
    ),
    ("rsa_exponent", "RSA exponents are bounded here"),
    ("rsa_modulus", "RSA moduli are bounded here"),
    (
        "point_weak",
        "Ed25519 keys are canonical and of no small order here",
    ),
    (
        "credential_ids_differ",
        "id, rawId and the authenticator's id are compared here",
    ),
    ("credential_id_length", "id and rawId are looked at here"),
    (
        "credential_type",
        "the type of the credential is looked at here",
    ),
    ("user_handle", "the user handle is left to the caller there"),
    (
        "user_handle_length",
        "the user handle is left to the caller there",
    ),
    ("base64", "every member of bytes is looked at here"),
    ("nul", "NUL is refused wherever it stands here"),
    ("lone_surrogate", "surrogates are pairs here"),
    (
        "duplicate_member",
        "a member of JSON is there once here, known or not",
    ),
    ("json_too_deep", "JSON has eight levels here"),
    (
        "member_type",
        "a member that is null or of another type is not taken for a missing one here",
    ),
];

/// The other judge refuses, by this reason of its own, and we take.
const THEY_REFUSE: &[(&str, &str)] = &[
    (
        "CredentialBackupEligibilityInconsistent",
        "backup eligibility that changes is taken over and noted here",
    ),
    (
        "CredentialMayNotBeHardwareBound",
        "backup eligibility that changes is taken over and noted here",
    ),
    (
        "CredentialPossibleCompromise",
        "a synced key whose counter does not rise is noted here",
    ),
    (
        "AttestationNotSupported",
        "attestation of any format is read past here",
    ),
    (
        "Json",
        "what browsers add beside the answer is not read here",
    ),
];

/// Why a difference is known, if it is.
pub fn reason(our: &ours::Verdict, their: &theirs::Verdict) -> Option<&'static str> {
    let find = |list: &[(&str, &'static str)], word: &str| {
        list.iter()
            .find(|(known, _)| *known == word)
            .map(|(_, reason)| *reason)
    };
    match (our, their) {
        (Err(word), Ok(())) => find(WE_REFUSE, word),
        (Ok(()), Err(word)) => find(THEY_REFUSE, word),
        _ => None,
    }
}
