//! One function for everything that reads what comes from outside, by the name of its fuzz target. Each takes any bytes and
//! fails where a rule about its parser is broken; what the parser refuses is no failure.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::types::email::EmailAddress;
use app::types::local_path::LocalPath;
use app::types::name::Name;
use app::types::one_time_code::OneTimeCode;
use app::types::recovery_code::RecoveryCode;
use crypto::seal::KeyRing;
use crypto::token::Token;
use domain::password_policy;
use domain::phone_number::PhoneNumber;
use domain::totp::import::{Import, MOST_USERS, read};
use http::{HeaderMap, HeaderName, HeaderValue};
use server::console::cookies::CookieKind;
use server::http::client_address::client_address;
use server::http::cookies::CookieJar;
use server::http::origin_check::{is_ours, may_download};
use service::browsers::MOST_TOKENS;
use settings::{Sources, load};
use webauthn::{Assertion, PublicKey, Registration};

pub use crate::wire::{answer, call};

/// A target: its name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 16] = [
    ("answer", answer),
    ("call", call),
    ("client_address", client_address_and_origin),
    ("cookies", cookies),
    ("email", email),
    ("key_file", key_file),
    ("local_path", local_path),
    ("name", name),
    ("one_time_code", one_time_code),
    ("passkey", passkey),
    ("password_policy", password_policy),
    ("phone_number", phone_number),
    ("recovery_code", recovery_code),
    ("settings", settings),
    ("token", token),
    ("totp_import", totp_import),
];

/// The longest body that the server takes; nothing from outside is longer.
pub(crate) const LONGEST: usize = 16 * 1024;

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data)
        .ok()
        .filter(|text| text.len() <= LONGEST)
}

/// An address is ASCII of at most 254 characters, and parses to itself.
pub fn email(data: &[u8]) {
    let Some(Ok(email)) = text(data).map(EmailAddress::parse) else {
        return;
    };
    let shown = email.as_str();
    assert!(shown.len() <= 254 && shown.is_ascii() && !shown.contains(char::is_control));
    assert_eq!(shown.matches('@').count(), 1);
    assert_eq!(EmailAddress::parse(shown).as_ref(), Ok(&email));
}

/// A name holds no control characters, is bounded, and parses to itself.
pub fn name(data: &[u8]) {
    let Some(Ok(name)) = text(data).map(Name::parse) else {
        return;
    };
    let shown = name.as_str();
    assert!(!shown.trim().is_empty() && shown.chars().count() <= 100);
    assert!(!shown.contains(char::is_control));
    assert_eq!(Name::parse(shown).as_ref().map(Name::as_str), Ok(shown));
}

/// A code is six ASCII digits, whatever they were written in.
pub fn one_time_code(data: &[u8]) {
    let Some(Ok(code)) = text(data).map(OneTimeCode::parse) else {
        return;
    };
    let digits = code.digits();
    assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(OneTimeCode::parse(digits).as_ref(), Ok(&code));
}

/// A recovery code is what it is shown as.
pub fn recovery_code(data: &[u8]) {
    let Some(Ok(code)) = text(data).map(RecoveryCode::parse) else {
        return;
    };
    let shown = code.shown();
    assert_eq!(shown.expose().len(), 19);
    assert!(RecoveryCode::parse(shown.expose()).is_ok_and(|again| again == code));
}

/// The first two characters are the country. A number is E.164, parses to itself in any country, and masks itself.
pub fn phone_number(data: &[u8]) {
    let Some((country, number)) = text(data).and_then(|text| text.split_at_checked(2)) else {
        return;
    };
    let Ok(number) = PhoneNumber::parse(country, number) else {
        return;
    };
    let shown = number.e164();
    assert!(
        shown.starts_with('+') && (8..=16).contains(&shown.len()),
        "{shown}"
    );
    assert!(shown[1..].bytes().all(|byte| byte.is_ascii_digit()));
    assert!(PhoneNumber::parse("AT", shown).is_ok_and(|again| again == number));
    assert!(PhoneNumber::from_e164(shown).is_some_and(|again| again == number));
    assert!(!number.masked().contains(&shown[3..shown.len() - 2]));
}

/// What a key sends is read or refused, as it is and as the parts of it that are bytes. What was read has a credential id that
/// can be stored, and a public key that is stored in one form, reads the same from it, and signs nothing that is empty.
pub fn passkey(data: &[u8]) {
    let key = PublicKey::read(data);
    if let Some(text) = text(data) {
        if let Ok(one) = Registration::read(text) {
            assert!((1..=1023).contains(&one.credential_id().as_bytes().len()));
        }
        if let Ok(one) = Assertion::read(text) {
            assert!((1..=1023).contains(&one.credential_id().as_bytes().len()));
            assert!(one.user_handle().is_none_or(|handle| handle.len() <= 64));
        }
    }
    let Ok(key) = key else { return };
    let stored = key.to_cose();
    assert!(stored.len() <= data.len(), "nothing was added");
    assert_eq!(PublicKey::read(&stored).as_ref(), Ok(&key));
    assert!(!key.has_signed(data, &[]));
}

/// The first line is the password, the others are what is known of the user. A password that is taken is of 8 to 128
/// characters and not what is known.
pub fn password_policy(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let mut lines = text.split('\n');
    let password = lines.next().unwrap_or_default();
    let known: Vec<_> = lines.take(3).collect();
    if password_policy::check_shape(password).is_ok()
        && password_policy::estimate(password, &known).is_ok()
    {
        assert!(password.chars().count() >= 8);
        assert!(!password.contains(char::is_control));
        for known in known {
            assert_ne!(password.to_lowercase(), known.to_lowercase());
        }
    }
}

/// A path that is followed is on our own origin, as a browser's parser of addresses sees it.
pub fn local_path(data: &[u8]) {
    let Some(path) = text(data).and_then(LocalPath::parse) else {
        return;
    };
    let ours = url::Url::parse("https://us.example/sign-in?next=x").expect("a constant");
    let spelt = path.clone().into_string();
    let led_to = ours.join(&spelt).expect("a path is always an address");
    assert_eq!(led_to.origin(), ours.origin(), "{path:?}");
    assert!(!led_to.cannot_be_a_base() && spelt.len() <= 512);
    assert_eq!(LocalPath::parse(&spelt).as_ref(), Some(&path));
}

fn header(data: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(data).ok()
}

/// Lines are headers of one name.
fn headers(name: &'static str, data: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in data
        .split(|byte| *byte == b'\n')
        .take(20)
        .filter_map(header)
    {
        headers.append(HeaderName::from_static(name), value);
    }
    headers
}

/// A cookie is a token of ours or nothing, and of two there is none.
pub fn cookies(data: &[u8]) {
    let once = headers("cookie", data);
    let mut twice = once.clone();
    for value in once.get_all("cookie") {
        twice.append("cookie", value.clone());
    }
    for is_https in [true, false] {
        let jar = CookieJar::new(is_https);
        let known = jar.read_all(&once).known;
        let spelled = known.to_text();
        assert!(String::from_utf8_lossy(data).contains(spelled.expose()));
        assert!(known.hashes().len() <= MOST_TOKENS);
        assert!(spelled.expose().is_empty() || jar.read_all(&twice).known.hashes().is_empty());
        for kind in [
            CookieKind::Session,
            CookieKind::PendingSignIn,
            CookieKind::TrustedBrowser,
        ] {
            if let Some(found) = jar.read(&once, kind) {
                let spelled = found.to_text();
                let raw = String::from_utf8_lossy(data);
                assert!(raw.contains(spelled.expose()));
                assert!(jar.read(&twice, kind).is_none());
            }
        }
    }
}

/// The first line is an origin, the others forwarded addresses. A peer that is no proxy is itself; only what says that it
/// is ours is ours.
pub fn client_address_and_origin(data: &[u8]) {
    let (origin, forwarded) = data.split_at(data.iter().position(|b| *b == b'\n').unwrap_or(0));
    let forwarded = headers("x-forwarded-for", forwarded);
    let stranger = SocketAddr::from(([192, 0, 2, 1], 1));
    let of_peer = client_address(stranger, &forwarded, &[]);
    assert_eq!(of_peer.address, IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    let proxies: Vec<_> = ["10.0.0.0/8", "::1", "fd00::/8"]
        .iter()
        .filter_map(|text| serde_json::from_value((*text).into()).ok())
        .collect();
    assert_eq!(proxies.len(), 3);
    assert_eq!(client_address(stranger, &forwarded, &proxies), of_peer);
    assert_eq!(of_peer.misunderstood, None);
    let _ = client_address(SocketAddr::from(([10, 0, 0, 1], 1)), &forwarded, &proxies);
    for name in ["origin", "sec-fetch-site"] {
        let headers = headers(name, origin);
        if is_ours(&headers, "https://us.example") {
            assert!(matches!(origin, b"https://us.example" | b"same-origin"));
            assert!(may_download(&headers, "https://us.example"));
        }
    }
}

/// A token has one spelling.
pub fn token(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.to_text().expose(), text);
        assert_ne!(token.hash("session"), token.hash("sign-up"));
    }
}

/// Keys that are read are written so that the same are read.
pub fn key_file(data: &[u8]) {
    let Some(text) = text(data) else { return };
    match KeyRing::parse(text) {
        Ok(keys) => {
            let again = KeyRing::parse(&keys.file_text()).expect("what is written is read");
            assert_eq!(again.ids(), keys.ids());
            assert_eq!(again.file_text(), keys.file_text());
        }
        Err(problem) => assert!(problem.to_string().len() < 200),
    }
}

/// Settings that are taken can be used; what is refused is said in words that hold nothing of secrets.
pub fn settings(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let name = format!(
        "twofold-{}-{:?}.toml",
        std::process::id(),
        std::thread::current().id()
    );
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, text).expect("the folder for what is passing is writable");
    let sources = Sources {
        file: Some(path.clone()),
        ..Sources::default()
    };
    match load(&sources) {
        Ok(settings) => {
            assert!(settings.password_hash.memory_kib >= 8 * 1024);
            assert!(!settings.public_url().ends_with('/'));
            let _ = (
                settings.is_https(),
                settings.location(),
                settings.keys_path(),
            );
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
    let _ = std::fs::remove_file(path);
}

/// Each user and each secret of an import is there once, secrets are of 128 to 512 bits, and what was read, written down
/// again, reads the same. What is refused is named in the order of its lines.
pub fn totp_import(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let imports = match read(text) {
        Ok(imports) => imports,
        Err(bad) => {
            assert!(!bad.is_empty() && bad.is_sorted_by_key(|bad| bad.line));
            return;
        }
    };
    assert!(imports.len() <= MOST_USERS);
    for (at, one) in imports.iter().enumerate() {
        assert!((16..=64).contains(&one.secret.bytes().len()));
        for other in &imports[..at] {
            assert!(other.email != one.email && other.secret != one.secret);
        }
    }
    // In quotes, since an address may begin with `#`, as a line that says nothing does.
    let line = |one: &Import| {
        let key = one.secret.key_in_groups();
        format!("\"{}\",{}\n", one.email, key.expose())
    };
    let again: String = imports.iter().map(line).collect();
    let again = read(&again).expect("what was read can be read again");
    let same = |(a, b): (&Import, &Import)| a.email == b.email && a.secret == b.secret;
    assert!(again.len() == imports.len() && again.iter().zip(&imports).all(same));
}
