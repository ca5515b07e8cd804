use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::device::{Device, SpokenAnswer, attestation_object, b64};

fn registration() -> Value {
    Device::p256().registration(&SpokenAnswer::new("webauthn.create", &[1; 38]))
}

fn assertion() -> Value {
    let said = SpokenAnswer::new("webauthn.get", &[1; 38]).handle(&[4; 16]);
    Device::p256().assertion(&said)
}

/// With one member changed, by its path.
fn with(mut json: Value, path: &str, value: Value) -> String {
    *json.pointer_mut(path).unwrap() = value;
    json.to_string()
}

fn without(mut json: Value, parent: &str, member: &str) -> String {
    let removed = json
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(member);
    assert!(removed.is_some());
    json.to_string()
}

#[test]
fn what_a_browser_writes_is_read() {
    let read = Registration::read(&registration().to_string()).unwrap();
    assert_eq!(read.challenge(), [1; 38]);
    assert_eq!(read.credential_id().as_bytes(), [7; 16]);
    assert_eq!(read.transports, [Transport::Internal, Transport::Hybrid]);
    let read = Assertion::read(&assertion().to_string()).unwrap();
    assert_eq!(read.challenge(), [1; 38]);
    assert_eq!(read.credential_id().to_base64url(), b64(&[7; 16]));
    assert_eq!(read.user_handle(), Some(&[4; 16][..]));
}

#[test]
fn what_browsers_add_is_passed_over() {
    let mut json = registration();
    json["new"] = json!({"x": [1, null]});
    json["response"]["new"] = json!(true);
    json["clientExtensionResults"] = json!({"prf": {"results": {"first": {"x": 1}}}});
    assert!(Registration::read(&json.to_string()).is_ok());
    // What managers leave out, or have as null.
    for member in [
        "authenticatorData",
        "publicKey",
        "publicKeyAlgorithm",
        "transports",
    ] {
        assert!(
            Registration::read(&without(registration(), "/response", member)).is_ok(),
            "{member}"
        );
        let null = with(registration(), &format!("/response/{member}"), Value::Null);
        assert!(Registration::read(&null).is_ok(), "{member}");
    }
    for member in ["authenticatorAttachment", "clientExtensionResults"] {
        assert!(
            Registration::read(&without(registration(), "", member)).is_ok(),
            "{member}"
        );
        assert!(
            Assertion::read(&without(assertion(), "", member)).is_ok(),
            "{member}"
        );
    }
    let unknown = json!(["cable", "internal", "internal", "usb"]);
    let read = Registration::read(&with(registration(), "/response/transports", unknown)).unwrap();
    assert_eq!(read.transports, [Transport::Internal, Transport::Usb]);
    for handle in [Value::Null, json!("")] {
        let read =
            Assertion::read(&with(assertion(), "/response/userHandle", handle.clone())).unwrap();
        assert_eq!(
            read.user_handle().is_some(),
            !handle.is_null(),
            "an empty handle is one"
        );
    }
}

#[test]
fn bad_envelopes_are_refused_before_a_look_up_each_with_its_reason() {
    use Malformed as M;
    let spelt = |text: &str| json!(text);
    let long_id = b64(&[1; 1024]);
    // Both forms have these.
    for (path, value, expected) in [
        ("/type", spelt("password"), M::CredentialType),
        ("/type", spelt("Public-Key"), M::CredentialType),
        ("/type", json!(1), M::MemberType),
        ("/type", Value::Null, M::MissingMember),
        ("/id", spelt("AAAA"), M::CredentialIdsDiffer),
        ("/rawId", spelt("AAAA"), M::CredentialIdsDiffer),
        ("/rawId", spelt(""), M::CredentialIdLength),
        ("/rawId", spelt(&long_id), M::CredentialIdLength),
        ("/rawId", json!([7, 7]), M::MemberType),
        ("/response", json!("x"), M::MemberType),
        ("/response", Value::Null, M::MissingMember),
        // Other alphabets than base64url's without padding: padded, standard, with blanks, with bits left over, percent.
        ("/rawId", spelt("BwcHBwcHBwcHBwcHBwcHBw=="), M::Base64),
        ("/rawId", spelt("+/++"), M::Base64),
        ("/rawId", spelt("AAA A"), M::Base64),
        ("/rawId", spelt("AAA\nA"), M::Base64),
        ("/rawId", spelt("AB"), M::Base64),
        ("/rawId", spelt("A"), M::Base64),
        ("/rawId", spelt("AA%3D"), M::Base64),
        ("/rawId", spelt("ÄÄÄÄ"), M::Base64),
        ("/rawId", spelt("AA\0A"), M::Nul),
        ("/response/clientDataJSON", spelt("e30="), M::Base64),
        ("/response/clientDataJSON", spelt("e30"), M::MissingMember),
        ("/response/clientDataJSON", spelt(&b64(b"{")), M::NotJson),
        (
            "/response/clientDataJSON",
            spelt(&b64(b"\xff")),
            M::ClientDataNotText,
        ),
        ("/response/clientDataJSON", spelt(""), M::NotJson),
    ] {
        let text = with(registration(), path, value.clone());
        assert_eq!(
            Registration::read(&text).unwrap_err(),
            expected,
            "{path} {value}"
        );
        let text = with(assertion(), path, value.clone());
        assert_eq!(
            Assertion::read(&text).unwrap_err(),
            expected,
            "{path} {value}"
        );
    }
    for (path, value, expected) in [
        ("/response/attestationObject", spelt(""), M::CborCutOff),
        (
            "/response/attestationObject",
            spelt("oA"),
            M::AttestationObject,
        ),
        ("/response/attestationObject", spelt("oAA"), M::CborTrailing),
        ("/response/attestationObject", Value::Null, M::MissingMember),
        ("/response/transports", json!("usb"), M::MemberType),
        ("/response/transports", json!([1]), M::MemberType),
    ] {
        let text = with(registration(), path, value.clone());
        assert_eq!(
            Registration::read(&text).unwrap_err(),
            expected,
            "{path} {value}"
        );
    }
    for (path, value, expected) in [
        (
            "/response/authenticatorData",
            spelt(""),
            M::AuthenticatorDataLength,
        ),
        (
            "/response/authenticatorData",
            spelt(&b64(&[0; 36])),
            M::AuthenticatorDataLength,
        ),
        (
            "/response/authenticatorData",
            spelt(&b64(&[0; 38])),
            M::AuthenticatorDataTrailing,
        ),
        ("/response/signature", spelt("AA=="), M::Base64),
        ("/response/signature", Value::Null, M::MissingMember),
        ("/response/userHandle", spelt("AA=="), M::Base64),
        ("/response/userHandle", json!(1), M::MemberType),
        (
            "/response/userHandle",
            spelt(&b64(&[0; 65])),
            M::UserHandleLength,
        ),
    ] {
        let text = with(assertion(), path, value.clone());
        assert_eq!(
            Assertion::read(&text).unwrap_err(),
            expected,
            "{path} {value}"
        );
    }
}

#[test]
fn a_text_has_at_most_8_kib() {
    let pad = |json: Value, length: usize| {
        let text = json.to_string();
        format!("{text}{}", " ".repeat(length - text.len()))
    };
    for json in [registration(), assertion()] {
        let is_registration = json["response"].get("attestationObject").is_some();
        let read = |text: &str| {
            if is_registration {
                Registration::read(text).map(|_| ())
            } else {
                Assertion::read(text).map(|_| ())
            }
        };
        assert_eq!(read(&pad(json.clone(), 8 * 1024)), Ok(()));
        assert_eq!(read(&pad(json, 8 * 1024 + 1)), Err(Malformed::TextTooLong));
    }
    assert_eq!(
        Assertion::read(&"[".repeat(1_000_000)).unwrap_err(),
        Malformed::TextTooLong
    );
    assert_eq!(
        Assertion::read(&"[".repeat(8000)).unwrap_err(),
        Malformed::JsonTooDeep
    );
}

#[test]
fn spellings_that_readers_take_differently_are_refused() {
    let twice = registration()
        .to_string()
        .replacen("\"id\":", "\"id\":\"AAAA\",\"id\":", 1);
    assert_eq!(
        Registration::read(&twice).unwrap_err(),
        Malformed::DuplicateMember
    );
    let twice = assertion().to_string().replacen(
        "\"signature\":",
        "\"signature\":\"AAAA\",\"signature\":",
        1,
    );
    assert_eq!(
        Assertion::read(&twice).unwrap_err(),
        Malformed::DuplicateMember
    );
    for (escape, expected) in [
        ("\\ud800", Malformed::LoneSurrogate),
        ("\\u0000", Malformed::Nul),
    ] {
        let text = assertion()
            .to_string()
            .replacen('{', &format!("{{\"x\":\"{escape}\","), 1);
        assert_eq!(Assertion::read(&text).unwrap_err(), expected);
    }
}

#[test]
fn an_attestation_of_any_format_is_read_past() {
    let said = SpokenAnswer::new("webauthn.create", &[1; 38]);
    let mut data = said.authenticator_data.clone();
    data[32] |= 0x40;
    data.extend(Device::p256().attested(&said.id));
    let data = [&[0x58, u8::try_from(data.len()).unwrap()], &data[..]].concat();
    let object = |statement: &[u8], more: &[u8], count: u8| {
        let name =
            |text: &str| [&[0x60 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let head = [
            vec![0xa0 | count],
            name("fmt"),
            name("whatever"),
            name("attStmt"),
            statement.to_vec(),
        ]
        .concat();
        [head, name("authData"), data.clone(), more.to_vec()].concat()
    };
    let read = |object: &[u8]| {
        let text = with(
            registration(),
            "/response/attestationObject",
            json!(b64(object)),
        );
        Registration::read(&text).map(|_| ())
    };
    for (statement, expected) in [
        // {}, {"sig": h'', "x5c": [h'']}, [{"fmt": "none"}].
        (&[0xa0][..], Ok(())),
        (
            &[
                0xa2, 0x63, b's', b'i', b'g', 0x40, 0x63, b'x', b'5', b'c', 0x81, 0x40,
            ],
            Ok(()),
        ),
        (&[0x81, 0xa1, 0x63, b'f', b'm', b't', 0x60], Ok(())),
        (&[0x40], Err(Malformed::CborType)),
        (&[0x60], Err(Malformed::CborType)),
        (&[0xf6], Err(Malformed::CborType)),
        (&[0xbf, 0xff], Err(Malformed::CborIndefinite)),
        (
            &[0xa2, 0x61, b'a', 0x00, 0x61, b'a', 0x00],
            Err(Malformed::CborDuplicateKey),
        ),
        (
            &[0xa1, 0x61, b'a', 0x18, 0x01],
            Err(Malformed::CborNotShortest),
        ),
        (
            &[0xa1, 0x61, b'a', 0x81, 0x81, 0x80],
            Err(Malformed::CborTooDeep),
        ),
        (
            &[0xa1, 0x61, b'a', 0xd8, 0x1c, 0xd8, 0x1d, 0x00],
            Err(Malformed::CborUnsupported),
        ),
    ] {
        assert_eq!(read(&object(statement, &[], 3)), expected, "{statement:x?}");
    }
    assert_eq!(
        read(&object(&[0xa0], &[0x01, 0x02], 4)),
        Ok(()),
        "a member more is passed over"
    );
    assert_eq!(
        read(&object(&[0xa0], &[0x00], 3)),
        Err(Malformed::CborTrailing)
    );
    // Whatever the order of its members; each of them has to be there.
    let plain = attestation_object(&[]);
    assert_eq!(read(&plain[..plain.len() - 2]), Err(Malformed::CborCutOff));
}

#[test]
fn the_id_that_is_sent_is_the_one_that_was_made() {
    let mut said = SpokenAnswer::new("webauthn.create", &[1; 38]);
    said.id = vec![8; 16];
    let mut json = Device::p256().registration(&said);
    json["id"] = json!(b64(&[7; 16]));
    json["rawId"] = json!(b64(&[7; 16]));
    assert_eq!(
        Registration::read(&json.to_string()).unwrap_err(),
        Malformed::CredentialIdsDiffer
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,300}") {
        let _ = Registration::read(&text);
        let _ = Assertion::read(&text);
    }

    #[test]
    fn any_bytes_within_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for member in ["clientDataJSON", "attestationObject"] {
            let text = with(registration(), &format!("/response/{member}"), json!(b64(&bytes)));
            prop_assert!(Registration::read(&text).is_err());
        }
        let _ = Assertion::read(&with(assertion(), "/response/authenticatorData", json!(b64(&bytes))));
        let _ = crate::PublicKey::read(&bytes);
    }

    #[test]
    fn any_change_of_a_text_is_read_or_refused(at in 0_usize..900, byte in any::<u8>()) {
        for json in [registration(), assertion()] {
            let mut bytes = json.to_string().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(text) = String::from_utf8(bytes) {
                let _ = Registration::read(&text);
                let _ = Assertion::read(&text);
            }
        }
    }

    #[test]
    fn any_truncation_is_refused(cut in 0_usize..900) {
        for json in [registration(), assertion()] {
            let text = json.to_string();
            let cut = cut % text.len();
            prop_assert!(Registration::read(&text[..cut]).is_err() && Assertion::read(&text[..cut]).is_err());
        }
    }
}
