//! What a browser is asked to do: `PublicKeyCredentialCreationOptionsJSON` and `PublicKeyCredentialRequestOptionsJSON`
//! (WebAuthn 3 §5.1.8 and §5.1.9), which its own `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` read.

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;

use crate::challenge::{NewChallenge, TIMEOUT_SECONDS};
use crate::cose::Algorithm;
use crate::envelope::{CredentialId, Transport};
use crate::purpose::{KeyKind, Purpose, UserHandle};
use crate::relying_party::RelyingParty;

/// A key that the user has, for a list of keys to exclude or to allow.
#[derive(Clone, Debug)]
pub struct ListedKey {
    /// Its credential id.
    pub id: CredentialId,
    /// Ways to it.
    pub transports: Vec<Transport>,
    /// For which RP ID it was made.
    pub rp_id: String,
    /// What it is.
    pub kind: KeyKind,
}

/// For whom a key is made.
#[derive(Clone, Copy, Debug)]
pub struct KeyUser<'a> {
    /// The id of the user, for ever.
    pub handle: &'a UserHandle,
    /// The e-mail address, which password managers show.
    pub name: &'a str,
    /// The name of the person.
    pub display_name: &'a str,
}

/// The options of `create()`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    rp: RpEntity,
    user: UserEntity,
    challenge: String,
    pub_key_cred_params: Vec<CredentialParameter>,
    timeout: i64,
    exclude_credentials: Vec<CredentialDescriptor>,
    authenticator_selection: AuthenticatorSelection,
    hints: Vec<&'static str>,
    attestation: &'static str,
    extensions: CreationExtensions,
}

#[derive(Clone, Debug, Serialize)]
struct RpEntity {
    id: String,
    name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserEntity {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Clone, Debug, Serialize)]
struct CredentialParameter {
    #[serde(rename = "type")]
    credential_type: &'static str,
    alg: i64,
}

#[derive(Clone, Debug, Serialize)]
struct CredentialDescriptor {
    #[serde(rename = "type")]
    credential_type: &'static str,
    id: String,
    transports: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticatorSelection {
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_attachment: Option<&'static str>,
    resident_key: &'static str,
    /// What level 1 had in place of it (§5.4.4).
    require_resident_key: bool,
    user_verification: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreationExtensions {
    /// Always: Firefox on Android makes a key that is not discoverable without it. Its result is not relied on.
    cred_props: bool,
}

/// The options of `get()`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    challenge: String,
    timeout: i64,
    rp_id: String,
    allow_credentials: Vec<CredentialDescriptor>,
    user_verification: &'static str,
    hints: Vec<&'static str>,
}

const PUBLIC_KEY: &str = "public-key";
const TIMEOUT_MILLISECONDS: i64 = TIMEOUT_SECONDS * 1000;

fn descriptor(key: &ListedKey) -> CredentialDescriptor {
    CredentialDescriptor {
        credential_type: PUBLIC_KEY,
        id: key.id.to_base64url(),
        transports: key.transports.iter().map(|one| one.word()).collect(),
    }
}

impl CreationOptions {
    /// The options for adding a key of this kind. `keys` are all that the user has: none is made where one of them is.
    pub fn new(
        kind: KeyKind,
        party: &RelyingParty,
        product: &str,
        user: KeyUser<'_>,
        keys: &[ListedKey],
        challenge: &NewChallenge,
    ) -> Self {
        let parameter = |algorithm: Algorithm| CredentialParameter {
            credential_type: PUBLIC_KEY,
            alg: algorithm.number(),
        };
        Self {
            rp: RpEntity {
                id: party.rp_id.clone(),
                name: product.to_owned(),
            },
            user: UserEntity {
                id: BASE64URL_NOPAD.encode(user.handle),
                name: user.name.to_owned(),
                display_name: user.display_name.to_owned(),
            },
            challenge: challenge.to_base64url(),
            pub_key_cred_params: Algorithm::OFFERED.into_iter().map(parameter).collect(),
            timeout: TIMEOUT_MILLISECONDS,
            exclude_credentials: keys.iter().map(descriptor).collect(),
            authenticator_selection: match kind {
                KeyKind::Passkey => AuthenticatorSelection {
                    authenticator_attachment: None,
                    resident_key: "required",
                    require_resident_key: true,
                    user_verification: "required",
                },
                KeyKind::SecurityKey => AuthenticatorSelection {
                    authenticator_attachment: Some("cross-platform"),
                    resident_key: "discouraged",
                    require_resident_key: false,
                    user_verification: "discouraged",
                },
            },
            hints: match kind {
                KeyKind::Passkey => Vec::new(),
                KeyKind::SecurityKey => vec!["security-key"],
            },
            attestation: "none",
            extensions: CreationExtensions { cred_props: true },
        }
    }
}

impl RequestOptions {
    /// The options for an answer to this purpose. Of the user's keys those are listed that can give it: made for this RP ID, and
    /// of a kind that is enough. Whoever signs in by a key alone is not known yet, so nothing is listed for them whatever is
    /// passed: the options are the same for everybody.
    pub fn new(
        purpose: Purpose,
        party: &RelyingParty,
        keys: &[ListedKey],
        challenge: &NewChallenge,
    ) -> Self {
        let is_listed = |key: &&ListedKey| {
            !purpose.finds_user() && key.rp_id == party.rp_id && purpose.takes(key.kind)
        };
        let listed: Vec<_> = keys.iter().filter(is_listed).collect();
        let user_verification = if purpose.demands_verification() {
            "required"
        } else if listed.iter().any(|key| key.kind == KeyKind::Passkey) {
            "preferred"
        } else {
            "discouraged"
        };
        Self {
            challenge: challenge.to_base64url(),
            timeout: TIMEOUT_MILLISECONDS,
            rp_id: party.rp_id.clone(),
            allow_credentials: listed.into_iter().map(descriptor).collect(),
            user_verification,
            hints: Vec::new(),
        }
    }

    /// Whether there is a key that could answer. Without one, nobody is asked.
    pub fn has_keys(&self) -> bool {
        !self.allow_credentials.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::ChallengeFor;

    fn party() -> RelyingParty {
        RelyingParty::new("https://sec.example.org", None).unwrap()
    }

    fn challenge() -> NewChallenge {
        let what_for = ChallengeFor {
            purpose: Purpose::SignInAlone,
            holder: b"h",
            epoch: b"e",
        };
        NewChallenge::make(1_795_579_199, [9; 16], &what_for, |_| [1; 32])
    }

    fn key(id: u8, kind: KeyKind, rp_id: &str) -> ListedKey {
        ListedKey {
            id: CredentialId::new(vec![id; 4]).unwrap(),
            transports: vec![Transport::Internal, Transport::Hybrid],
            rp_id: rp_id.to_owned(),
            kind,
        }
    }

    fn keys() -> Vec<ListedKey> {
        vec![
            key(1, KeyKind::Passkey, "sec.example.org"),
            key(2, KeyKind::SecurityKey, "sec.example.org"),
            key(3, KeyKind::Passkey, "old.example.org"),
        ]
    }

    #[test]
    fn options_of_a_new_key() {
        let user = KeyUser {
            handle: &[4; 16],
            name: "ada@example.org",
            display_name: "Ada Lovelace",
        };
        for (name, kind) in [
            ("passkey", KeyKind::Passkey),
            ("security_key", KeyKind::SecurityKey),
        ] {
            let options =
                CreationOptions::new(kind, &party(), "Twofold", user, &keys(), &challenge());
            insta::assert_json_snapshot!(format!("create_{name}"), options);
        }
    }

    #[test]
    fn options_of_a_request() {
        for purpose in Purpose::ALL
            .into_iter()
            .filter(|purpose| purpose.adds().is_none())
        {
            let options = RequestOptions::new(purpose, &party(), &keys(), &challenge());
            insta::assert_json_snapshot!(format!("request_{}", purpose.word()), options);
        }
    }

    #[test]
    fn options_of_who_signs_in_by_a_key_alone_name_nobody_and_nothing() {
        let with = RequestOptions::new(Purpose::SignInAlone, &party(), &keys(), &challenge());
        let without = RequestOptions::new(Purpose::SignInAlone, &party(), &[], &challenge());
        let text = |options: &RequestOptions| serde_json::to_string(options).unwrap();
        assert_eq!(text(&with), text(&without));
        assert!(!with.has_keys());
    }

    #[test]
    fn verification_is_preferred_where_a_passkey_could_answer() {
        for (of, expected) in [
            (vec![], "discouraged"),
            (
                vec![key(1, KeyKind::SecurityKey, "sec.example.org")],
                "discouraged",
            ),
            (
                vec![key(1, KeyKind::Passkey, "old.example.org")],
                "discouraged",
            ),
            (
                vec![key(1, KeyKind::Passkey, "sec.example.org")],
                "preferred",
            ),
            (keys(), "preferred"),
        ] {
            let options = RequestOptions::new(Purpose::AfterPassword, &party(), &of, &challenge());
            assert_eq!(options.user_verification, expected, "{of:?}");
        }
    }
}
