//! What the pure rules in the way of a request cost, in the order in which a request meets them. They are to be lost beside a
//! statement of the database (some microseconds) and a hash (some milliseconds); only the estimate of a new password is not.

use std::hint::black_box;

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;
use app::types::recovery_code::RecoveryCode;
use app::types::timestamp::Timestamp;
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue, header};
use crypto::random::SeededRandom;
use crypto::seal::KeyRing;
use crypto::token::Token;
use domain::attempts::{Begins, Budget, Failures, spend, standing};
use domain::days::{Deadline, Zone};
use domain::enforcement::{self, Requirement};
use domain::first_factor::Address;
use domain::password_policy;
use domain::recovery_codes;
use domain::roles::{Action, Role, Roles, may};
use domain::team::{MailReach, Other, change_roles};
use domain::totp::{TotpSecret, check};

use server::http::cookies::CookieJar;
use server::http::origin_check::is_ours;
use uuid::Uuid;
use webauthn::challenge::OwnChallenge;
use webauthn::{Assertion, Expected, KeyKind, Purpose, RegisteredKey, Registration};

const NOW: Timestamp = Timestamp(1_795_579_199);
const ORIGIN: &str = "http://127.0.0.1:3000";

/// What every request passes.
fn every_request(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("every request");
    let token = Token::new(&SeededRandom::new(1));
    let text = token.to_text();
    let cookie = format!("twofold_browser={0}; twofold_session={0}", text.expose());
    let headers = HeaderMap::from_iter([
        (header::ORIGIN, HeaderValue::from_static(ORIGIN)),
        (
            header::COOKIE,
            HeaderValue::from_str(&cookie).expect("a cookie is a header"),
        ),
    ]);
    group.bench_function("origin", |it| {
        it.iter(|| is_ours(black_box(&headers), ORIGIN));
    });
    group.bench_function("cookies", |it| {
        it.iter(|| CookieJar::new(false).read_all(black_box(&headers)));
    });
    group.bench_function("hash of a session token", |it| {
        it.iter(|| black_box(&token).hash("session"));
    });
    group.finish();
}

/// What a sign-in passes beside the password's hash.
fn sign_in(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sign-in");
    group.bench_function("address", |it| {
        it.iter(|| EmailAddress::parse(black_box("Ada.Lovelace@analytical-engine.example")));
    });
    let budget = Budget {
        limit: 50,
        window: 900,
        begins: Begins::WithTheFirst,
    };
    group.bench_function("try of a limit", |it| {
        it.iter(|| {
            spend(
                black_box(7),
                black_box(NOW + -60),
                black_box(budget),
                black_box(NOW),
            )
        });
    });
    let failures = Failures {
        in_a_row: 11,
        last_at: Some(NOW + -60),
    };
    group.bench_function("standing of the second factor", |it| {
        it.iter(|| standing(black_box(failures), black_box(NOW)));
    });
    let random = SeededRandom::new(2);
    let (keys, _) = KeyRing::generate(&random);
    let sealed = keys.seal(
        &random,
        "totp",
        "01a2137c-d6df-79ab-a232-7b8ca669270f",
        &[7; 20],
    );
    group.bench_function("secret of the app, opened", |it| {
        it.iter(|| {
            keys.open(
                "totp",
                "01a2137c-d6df-79ab-a232-7b8ca669270f",
                black_box(&sealed),
            )
        });
    });
    let secret = TotpSecret::new([7; 20]);
    group.bench_function("code of the app, read and checked", |it| {
        it.iter(|| {
            let code = OneTimeCode::parse(black_box("123 456")).expect("six digits");
            check(&secret, &code, black_box(NOW), None)
        });
    });
    let recovery = RecoveryCode::new([7; 10]).shown();
    let user = UserId::new(Uuid::from_u128(1));
    group.bench_function("recovery code, read and hashed", |it| {
        it.iter(|| {
            let code = RecoveryCode::parse(black_box(recovery.expose())).expect("as shown");
            recovery_codes::hash(&code, user)
        });
    });
    group.finish();
}

/// What an act in an account passes.
fn account(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("account");
    let admin = Roles::NONE.with(Role::Admin).with(Role::Billing);
    let developer = Roles::NONE.with(Role::Developer);
    group.bench_function("right", |it| {
        it.iter(|| may(black_box(admin), black_box(Action::ReadUsers)));
    });
    let other = Other {
        roles: developer,
        is_actor: false,
        has_two_factor: true,
        is_covered: true,
        is_disabled: false,
        is_kept_out: false,
        mailbox: MailReach::Reachable,
        address: Address::Proven,
        is_refused: false,
        is_new_here_alone: false,
    };
    group.bench_function("right over another user", |it| {
        it.iter(|| change_roles(black_box(admin), black_box(other), black_box(admin)));
    });
    group.bench_function("standing under the requirement", |it| {
        let requirement = Requirement::From(Deadline::at(NOW, Zone::UTC));
        it.iter(|| enforcement::standing(black_box(requirement), black_box(false), black_box(NOW)));
    });
    group.finish();
}

/// What a new password passes, and nothing else does.
fn new_password(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("new password");
    let known = [
        "Ada Lovelace",
        "ada.lovelace@analytical-engine.example",
        "Difference & Sons",
    ];
    for (what, password) in [
        ("of five words", "Jacquard loom 1843 punch cards"),
        (
            "of letters written as digits and signs",
            "p4$$w0rd!1843@l0v3l4c3&50n5",
        ),
    ] {
        group.bench_function(what, |it| {
            it.iter(|| password_policy::estimate(black_box(password), &known));
        });
    }
    group.finish();
}

/// The vectors of the W3C's recommendation.
const VECTORS: &str = include_str!("../../../server/webauthn/fixtures/w3c-webauthn-3.txt");

/// A member of a vector, as JSON has it.
fn vector(name: &str, member: &str) -> String {
    let section = VECTORS.split(&format!("[{name}]")).nth(1);
    let line = section.and_then(|text| text.split(&format!("{member} = ")).nth(1));
    let hex = line.and_then(|text| text.lines().next());
    let hex = hex.expect("the vector has the member");
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes());
    data_encoding::BASE64URL_NOPAD.encode(&bytes.expect("vectors are hexadecimal"))
}

/// What an answer by a passkey passes, and the one that adds it: read from JSON, and verified.
fn passkey(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("passkey");
    for (what, name) in [
        ("ES256", "none-es256"),
        ("Ed25519", "packed-eddsa"),
        ("RS256", "packed-rs256"),
    ] {
        let id = vector(name, "registration.credential_id");
        let envelope = |response: &str| {
            format!("{{\"id\":\"{id}\",\"rawId\":\"{id}\",\"type\":\"public-key\",\"response\":{{{response}}}}}")
        };
        let added = envelope(&format!(
            "\"clientDataJSON\":\"{}\",\"attestationObject\":\"{}\"",
            vector(name, "registration.clientDataJSON"),
            vector(name, "registration.attestationObject"),
        ));
        let answered = envelope(&format!(
            "\"clientDataJSON\":\"{}\",\"authenticatorData\":\"{}\",\"signature\":\"{}\"",
            vector(name, "authentication.clientDataJSON"),
            vector(name, "authentication.authenticatorData"),
            vector(name, "authentication.signature"),
        ));
        let register = |text: &str| {
            let read = Registration::read(text).expect("a vector is read");
            let asked = read.challenge().to_vec();
            let challenge = OwnChallenge::kept(read.challenge(), &asked, Purpose::AddSecurityKey);
            let expected = Expected {
                challenge: &challenge.expect("the same"),
                origin: "https://example.org",
                rp_id: "example.org",
                user: None,
            };
            read.verify(&expected).expect("a vector is right")
        };
        group.bench_function(format!("added, {what}"), |it| {
            it.iter(|| register(black_box(&added)));
        });
        let key = register(&added);
        let registered = RegisteredKey {
            credential_id: key.credential_id.as_bytes(),
            public_key: &key.public_key,
            user: &[1; 16],
            rp_id: "example.org",
            kind: KeyKind::SecurityKey,
            sign_count: 0,
            is_backup_eligible: key.is_backup_eligible,
        };
        group.bench_function(format!("answer, {what}"), |it| {
            it.iter(|| {
                let read = Assertion::read(black_box(&answered)).expect("a vector is read");
                let asked = read.challenge().to_vec();
                let challenge =
                    OwnChallenge::kept(read.challenge(), &asked, Purpose::AfterPassword);
                let expected = Expected {
                    challenge: &challenge.expect("the same"),
                    origin: "https://example.org",
                    rp_id: "example.org",
                    user: Some(&[1; 16]),
                };
                read.verify(&expected, &registered).expect("a vector is right")
            });
        });
    }
    group.finish();
}

criterion_group!(rules, every_request, sign_in, passkey, account, new_password);
criterion_main!(rules);
