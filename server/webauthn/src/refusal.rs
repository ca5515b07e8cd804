//! Why an answer of a key is refused: one reason each, for the log and the metrics. The browser is told none of them, only one
//! of three answers ([`ToldToBrowser`]).

use crate::purpose::Purpose;

/// An enum of reasons, each with the word of the metrics and the sentence of the log.
macro_rules! reasons {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $reason:ident = $word:literal, $sentence:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
        pub enum $name {
            $($(#[$doc])* #[error($sentence)] $reason,)*
        }

        impl $name {
            /// Each of them.
            pub const ALL: &[Self] = &[$(Self::$reason),*];

            /// Its word, which the log and the metrics know.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$reason => $word,)* }
            }
        }
    };
}

reasons! {
    /// What was sent cannot be read, so nothing is looked up for it.
    Malformed {
        /// More than [`crate::MOST_TEXT`].
        TextTooLong = "text_too_long", "a credential's text is at most 8 KiB";
        /// RFC 8259.
        NotJson = "not_json", "the text is not JSON";
        /// A surrogate that is no half of a pair, which is no character.
        LoneSurrogate = "lone_surrogate", "the JSON has a surrogate without its other half";
        /// U+0000, bare or escaped.
        Nul = "nul", "the JSON has a NUL";
        /// The same member twice, of which readers take one or the other.
        DuplicateMember = "duplicate_member", "the JSON has a member twice";
        /// Objects in objects beyond what any answer needs.
        JsonTooDeep = "json_too_deep", "the JSON is nested too deeply";
        /// A member that has to be there.
        MissingMember = "missing_member", "the JSON lacks a member";
        /// A member of another type.
        MemberType = "member_type", "a member of the JSON has a wrong type";
        /// RFC 4648 §5 without padding, and only that.
        Base64 = "base64", "a member is not base64url without padding";
        /// `type` is not `public-key`.
        CredentialType = "credential_type", "the credential is not a public key";
        /// WebAuthn 3 §7.1, step 24: 1 to 1,023 bytes.
        CredentialIdLength = "credential_id_length", "a credential id has 1 to 1023 bytes";
        /// `id`, `rawId` and the authenticator's do not agree.
        CredentialIdsDiffer = "credential_ids_differ", "the credential has two ids";
        /// WebAuthn 3 §5.4.3: at most 64 bytes.
        UserHandleLength = "user_handle_length", "a user handle has at most 64 bytes";
        /// The client data are not UTF-8.
        ClientDataNotText = "client_data_not_text", "the client data are not UTF-8";
        /// RFC 8949 §3: an initial byte that says nothing.
        CborNotWellFormed = "cbor_not_well_formed", "the CBOR is not well-formed";
        /// Less than it announces.
        CborCutOff = "cbor_cut_off", "the CBOR ends before it is complete";
        /// Something after it.
        CborTrailing = "cbor_trailing", "something follows the CBOR";
        /// Deeper than [`crate::MOST_CBOR_DEPTH`].
        CborTooDeep = "cbor_too_deep", "the CBOR is nested too deeply";
        /// A map with more entries than anything needs.
        CborTooLarge = "cbor_too_large", "a map of the CBOR has too many entries";
        /// RFC 8949 §5.6.
        CborDuplicateKey = "cbor_duplicate_key", "a map of the CBOR has a key twice";
        /// RFC 8949 §4.2.1.
        CborIndefinite = "cbor_indefinite", "the CBOR has an indefinite length";
        /// RFC 8949 §4.2.1.
        CborNotShortest = "cbor_not_shortest", "the CBOR has a number that is not in its shortest form";
        /// Tags, floats and simple values, of which there are none in WebAuthn.
        CborUnsupported = "cbor_unsupported", "the CBOR has a tag, a float or a simple value";
        /// Another type than the one that belongs there.
        CborType = "cbor_type", "an item of the CBOR has a wrong type";
        /// An attestation object without one of its three members.
        AttestationObject = "attestation_object", "the attestation object lacks a member";
        /// WebAuthn 3 §6.1: at least 37 bytes.
        AuthenticatorDataLength = "authenticator_data_length", "the authenticator data are cut off";
        /// Something after what the flags announce.
        AuthenticatorDataTrailing = "authenticator_data_trailing", "something follows the authenticator data";
        /// A registration without a key.
        NoCredentialData = "no_credential_data", "the authenticator data have no credential";
        /// WebAuthn 3 §6.5.1: no member but those that its kind has.
        KeyMembers = "key_members", "the public key has other members than its kind";
        /// Its algorithm is none of [`crate::Algorithm::OFFERED`].
        AlgorithmNotOffered = "algorithm_not_offered", "the algorithm was not offered";
        /// Its type or curve is not that of its algorithm.
        KeyKindDiffers = "key_kind_differs", "type or curve of the public key are not those of its algorithm";
        /// A coordinate or modulus of another length.
        KeyLength = "key_length", "a part of the public key has a wrong length";
        /// SEC 1 §3.2.2.1: the point is not on P-256.
        PointNotOnCurve = "point_not_on_curve", "the public key is no point of the curve";
        /// RFC 8032 §5.1.3, and a point of small order, for which anybody can sign.
        PointWeak = "point_weak", "the public key is not canonical or has a small order";
        /// Fewer than 2,048 or more than 4,096 bits, or an even number.
        RsaModulus = "rsa_modulus", "an RSA key has 2048 to 4096 bits";
        /// FIPS 186-5 §5.4: odd, above 2^16; below 2^32 so that verifying stays cheap.
        RsaExponent = "rsa_exponent", "an RSA exponent is odd and between 2^16 and 2^32";
    }
}

reasons! {
    /// What was sent can be read, and is not what was asked for.
    Rejected {
        /// WebAuthn 3 §7.1 step 7, §7.2 step 10.
        Ceremony = "ceremony", "the client data are of the other ceremony";
        /// The purpose of the challenge is not what is verified.
        Purpose = "purpose", "the challenge was made for something else";
        /// Not made by us, or for another purpose, holder or epoch.
        ChallengeNotOurs = "challenge_not_ours", "the challenge is not ours, or for something or somebody else";
        /// Its time is up.
        ChallengeOver = "challenge_over", "the challenge is over";
        /// A clock was set back.
        ChallengeEarly = "challenge_early", "the challenge is from the future";
        /// The answer is to another challenge than the one that was checked.
        ChallengeDiffers = "challenge_differs", "the answer is to another challenge";
        /// WebAuthn 3 §7.1 step 9, §7.2 step 12.
        Origin = "origin", "the answer was made for another origin";
        /// WebAuthn 3 §7.1 step 10, §7.2 step 13: pages in other pages ask for nothing here.
        CrossOrigin = "cross_origin", "the answer was made within a page of another origin";
        /// WebAuthn 3 §7.1 step 11, §7.2 step 14.
        TopOrigin = "top_origin", "the answer names the page around it";
        /// WebAuthn 3 §7.1 step 14, §7.2 step 15.
        RpId = "rp_id", "the answer is for another RP ID";
        /// WebAuthn 3 §7.1 step 15, §7.2 step 16.
        NotPresent = "not_present", "the key says that nobody was present";
        /// WebAuthn 3 §7.1 step 16, §7.2 step 17.
        NotVerified = "not_verified", "the user was not verified, and had to be";
        /// WebAuthn 3 §7.1 step 17, §7.2 step 18.
        BackedUpIneligible = "backed_up_ineligible", "the key says that it is backed up and cannot be";
        /// WebAuthn 3 §7.2 step 5.
        OtherCredential = "other_credential", "the answer is by another credential";
        /// WebAuthn 3 §7.2 step 6.
        OtherUser = "other_user", "the credential is another user's";
        /// WebAuthn 3 §7.2 step 6.
        UserHandle = "user_handle", "the user handle is not that of the credential's user";
        /// WebAuthn 3 §7.2 step 6: who signs in alone is found by it.
        NoUserHandle = "no_user_handle", "the answer has no user handle";
        /// A security key where only a passkey is enough.
        SecurityKeyAlone = "security_key_alone", "a security key is not enough here";
        /// The key was made for another RP ID than this server's.
        KeyOfOtherRpId = "key_of_other_rp_id", "the key was made for another RP ID";
        /// WebAuthn 3 §7.2 step 21.
        Signature = "signature", "the signature does not fit";
        /// WebAuthn 3 §7.2 step 22.
        Counter = "counter", "the counter did not rise: the key may have been copied";
        /// Nobody has this credential id.
        UnknownCredential = "unknown_credential", "nobody has this credential";
    }
}

/// What the metrics count refused answers by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectedFor {
    /// The challenge, or what it was for.
    Challenge,
    /// The address.
    Origin,
    /// Presence, verification and flags.
    Verification,
    /// The signature.
    Signature,
    /// The counter.
    Counter,
    /// Whose key it is.
    Unknown,
}

impl RejectedFor {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::Verification => "verification",
            Self::Signature => "signature",
            Self::Counter => "counter",
            Self::Unknown => "unknown",
        }
    }
}

impl Rejected {
    /// What the metrics count it by.
    pub const fn counted_as(self) -> RejectedFor {
        match self {
            Self::Ceremony
            | Self::Purpose
            | Self::ChallengeNotOurs
            | Self::ChallengeOver
            | Self::ChallengeEarly
            | Self::ChallengeDiffers => RejectedFor::Challenge,
            Self::Origin
            | Self::CrossOrigin
            | Self::TopOrigin
            | Self::RpId
            | Self::KeyOfOtherRpId => RejectedFor::Origin,
            Self::NotPresent
            | Self::NotVerified
            | Self::BackedUpIneligible
            | Self::SecurityKeyAlone => RejectedFor::Verification,
            Self::Signature => RejectedFor::Signature,
            Self::Counter => RejectedFor::Counter,
            Self::OtherCredential
            | Self::OtherUser
            | Self::UserHandle
            | Self::NoUserHandle
            | Self::UnknownCredential => RejectedFor::Unknown,
        }
    }
}

/// What the browser is told. What cannot be read ([`Malformed`]) is `Refused`, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldToBrowser {
    /// The key was not accepted, whatever the cause.
    Refused,
    /// It took too long.
    ChallengeOver,
    /// Nobody has such a key, so that it can be deleted where it is kept. Whoever has a credential id knows it from a key.
    Unknown,
}

impl Rejected {
    /// What the browser is told. Whoever signs in by a key alone is told one thing of everything but a key that nobody has:
    /// not even whether the challenge or the user was at fault.
    pub const fn told(self, purpose: Purpose) -> ToldToBrowser {
        match self {
            Self::UnknownCredential => ToldToBrowser::Unknown,
            Self::ChallengeOver | Self::ChallengeEarly if !purpose.finds_user() => {
                ToldToBrowser::ChallengeOver
            }
            _ => ToldToBrowser::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_has_a_word_and_a_sentence_of_its_own() {
        let malformed = Malformed::ALL
            .iter()
            .map(|one| (one.word(), one.to_string()));
        let rejected = Rejected::ALL
            .iter()
            .map(|one| (one.word(), one.to_string()));
        let all: Vec<_> = malformed.chain(rejected).collect();
        let words: BTreeSet<_> = all.iter().map(|(word, _)| *word).collect();
        let sentences: BTreeSet<_> = all.iter().map(|(_, sentence)| sentence).collect();
        assert_eq!((words.len(), sentences.len()), (all.len(), all.len()));
        for (word, _) in &all {
            assert!(
                word.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            );
        }
    }

    #[test]
    fn who_signs_in_by_a_key_alone_is_told_one_of_two_things() {
        for reason in Rejected::ALL {
            let told = reason.told(Purpose::SignInAlone);
            let expected = match reason {
                Rejected::UnknownCredential => ToldToBrowser::Unknown,
                _ => ToldToBrowser::Refused,
            };
            assert_eq!(told, expected, "{reason}");
        }
    }

    #[test]
    fn elsewhere_a_challenge_that_is_over_is_said_to_be() {
        for purpose in Purpose::ALL {
            if purpose.finds_user() {
                continue;
            }
            for reason in Rejected::ALL {
                let expected = match reason {
                    Rejected::UnknownCredential => ToldToBrowser::Unknown,
                    Rejected::ChallengeOver | Rejected::ChallengeEarly => {
                        ToldToBrowser::ChallengeOver
                    }
                    _ => ToldToBrowser::Refused,
                };
                assert_eq!(reason.told(purpose), expected, "{purpose:?} {reason}");
            }
        }
    }

    #[test]
    fn metrics_count_by_six_words() {
        let words: BTreeSet<_> = Rejected::ALL
            .iter()
            .map(|one| one.counted_as().word())
            .collect();
        let expected = [
            "challenge",
            "counter",
            "origin",
            "signature",
            "unknown",
            "verification",
        ];
        assert_eq!(words, expected.into());
    }
}
