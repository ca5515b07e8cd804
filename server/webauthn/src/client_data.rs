//! The client data (WebAuthn 3 §5.8.1): what the browser says of the ceremony, as JSON that it hashes and the key signs.

use sha2::{Digest, Sha256};

use crate::envelope::base64url;
use crate::json::object;
use crate::refusal::Malformed;

/// What is read of them. Members that are not known are passed over: browsers add some.
#[derive(Clone, Debug)]
pub(crate) struct ClientData {
    pub(crate) ceremony: String,
    pub(crate) challenge: Vec<u8>,
    pub(crate) origin: String,
    pub(crate) is_cross_origin: bool,
    /// Whether the page around is named, in whatever way.
    pub(crate) names_top_origin: bool,
    /// SHA-256 of the bytes as they were sent (§7.1 step 18, §7.2 step 20).
    pub(crate) hash: [u8; 32],
}

impl ClientData {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let text = str::from_utf8(bytes).map_err(|_| Malformed::ClientDataNotText)?;
        // §7.1 step 5: UTF-8 is decoded as the Encoding Standard has it, which leaves out a mark at its begin.
        let members = object(text.strip_prefix('\u{feff}').unwrap_or(text))?;
        Ok(Self {
            ceremony: members.text("type")?.to_owned(),
            challenge: base64url(members.text("challenge")?)?,
            origin: members.text("origin")?.to_owned(),
            is_cross_origin: members.is_true("crossOrigin")?,
            names_top_origin: members.has("topOrigin"),
            hash: Sha256::digest(bytes).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ClientData, Malformed> {
        ClientData::read(text.as_bytes())
    }

    #[test]
    fn four_members_are_read_and_others_passed_over() {
        let text = r#"{"type":"webauthn.get","challenge":"AAEC","origin":"https://example.org","crossOrigin":false,"other":{"x":[1]},"tokenBinding":null}"#;
        let read_from = read(text).unwrap();
        assert_eq!(read_from.ceremony, "webauthn.get");
        assert_eq!(read_from.challenge, [0, 1, 2]);
        assert_eq!(read_from.origin, "https://example.org");
        assert!(!read_from.is_cross_origin && !read_from.names_top_origin);
        let with_mark = read(&format!("\u{feff}{text}")).unwrap();
        assert_eq!(with_mark.origin, read_from.origin);
        assert_ne!(
            with_mark.hash, read_from.hash,
            "what was signed is what was sent"
        );
    }

    #[test]
    fn what_is_not_said_plainly_is_refused() {
        let with =
            |members: &str| format!(r#"{{"type":"t","challenge":"AAEC","origin":"o"{members}}}"#);
        for (members, expected) in [
            (r#","crossOrigin":null"#, Malformed::MemberType),
            (r#","crossOrigin":"false""#, Malformed::MemberType),
            (r#","crossOrigin":0"#, Malformed::MemberType),
            (
                r#","crossOrigin":false,"crossOrigin":true"#,
                Malformed::DuplicateMember,
            ),
            (r#","type":"t""#, Malformed::DuplicateMember),
            (r#","x":1,"x":1"#, Malformed::DuplicateMember),
            (r#","x":"\u0000""#, Malformed::Nul),
            (r#","x":"\udfff""#, Malformed::LoneSurrogate),
        ] {
            assert_eq!(read(&with(members)).unwrap_err(), expected, "{members}");
        }
        for top in [
            r#","topOrigin":"o""#,
            r#","topOrigin":null"#,
            r#","topOrigin":"""#,
            r#","topOrigin":[]"#,
        ] {
            assert!(read(&with(top)).unwrap().names_top_origin, "{top}");
        }
        assert!(
            read(&with(r#","crossOrigin":true"#))
                .unwrap()
                .is_cross_origin
        );
        assert_eq!(
            ClientData::read(b"{\"type\":\"\xff\"}").unwrap_err(),
            Malformed::ClientDataNotText
        );
        for missing in [
            r#"{"challenge":"AAEC","origin":"o"}"#,
            r#"{"type":"t","origin":"o"}"#,
            r#"{"type":"t","challenge":"AAEC"}"#,
            r#"{"type":"t","challenge":"AAEC","origin":null}"#,
        ] {
            assert_eq!(
                read(missing).unwrap_err(),
                Malformed::MissingMember,
                "{missing}"
            );
        }
        let padded = r#"{"type":"t","challenge":"AAE=","origin":"o"}"#;
        assert_eq!(read(padded).unwrap_err(), Malformed::Base64);
    }
}
