use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// The key of both RFCs' vectors: `12345678901234567890`.
static RFC_SECRET: LazyLock<TotpSecret> =
    LazyLock::new(|| TotpSecret::new(*b"12345678901234567890"));

fn code(text: &str) -> OneTimeCode {
    OneTimeCode::parse(text).unwrap()
}

fn code_at(secret: &TotpSecret, at: i64) -> OneTimeCode {
    code(
        &secret
            .totp()
            .generate(u64::try_from(at).unwrap())
            .to_string(),
    )
}

/// RFC 6238, appendix B, the SHA-1 rows; we take the last six of the eight digits.
const RFC_6238: [(i64, &str); 6] = [
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
];

/// RFC 4226, appendix D, by counter.
const RFC_4226: [&str; 10] = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
    "520489",
];

#[test]
fn the_vectors_of_rfc_6238_are_right_codes() {
    for (now, digits) in RFC_6238 {
        let verdict = check(&RFC_SECRET, &code(&digits[2..]), Timestamp(now), None);
        assert_eq!(verdict, CodeVerdict::Right(TimeStep(now / 30)), "{now}");
    }
}

#[test]
fn the_vectors_of_rfc_4226_are_right_codes() {
    for (step, digits) in (0..).zip(RFC_4226) {
        let verdict = check(&RFC_SECRET, &code(digits), Timestamp(step * 30), None);
        assert_eq!(verdict, CodeVerdict::Right(TimeStep(step)), "{step}");
    }
}

#[test]
fn years_after_2038_are_like_others() {
    let now = i64::from(i32::MAX) + 1;
    for at in [now, 4_102_444_800, 253_402_300_799] {
        let verdict = check(&RFC_SECRET, &code_at(&RFC_SECRET, at), Timestamp(at), None);
        assert_eq!(verdict, CodeVerdict::Right(TimeStep(at / 30)), "{at}");
    }
}

#[test]
fn the_window_is_one_step_either_way_to_the_second() {
    // The code of the step that begins at `start`, looked at from seconds around it.
    let start = 1_700_000_010;
    assert_eq!(start % 30, 0);
    let code = code_at(&RFC_SECRET, start);
    let right = CodeVerdict::Right(TimeStep(start / 30));
    let table = [
        (-31, CodeVerdict::Wrong),
        (-30, right),
        (-1, right),
        (0, right),
        (29, right),
        (30, right),
        (59, right),
        (60, CodeVerdict::Wrong),
    ];
    for (offset, verdict) in table {
        assert_eq!(
            check(&RFC_SECRET, &code, Timestamp(start + offset), None),
            verdict,
            "{offset}"
        );
    }
}

#[test]
fn a_device_25_seconds_off_signs_in_and_one_95_seconds_off_does_not() {
    for second in 0..30 {
        let now = 1_700_000_010 + second;
        for ahead in [25, -25] {
            let verdict = check(
                &RFC_SECRET,
                &code_at(&RFC_SECRET, now + ahead),
                Timestamp(now),
                None,
            );
            assert!(matches!(verdict, CodeVerdict::Right(_)), "{second} {ahead}");
        }
        for ahead in [95, -95] {
            let verdict = check(
                &RFC_SECRET,
                &code_at(&RFC_SECRET, now + ahead),
                Timestamp(now),
                None,
            );
            assert_eq!(verdict, CodeVerdict::Wrong, "{second} {ahead}");
        }
    }
}

/// F13: older ones are spent with it.
#[test]
fn a_used_code_and_every_older_one_is_refused() {
    let now = 1_700_000_010;
    let step = TimeStep::at(Timestamp(now));
    let verdict = |offset: i64, last: i64| {
        let code = code_at(&RFC_SECRET, now + offset * 30);
        check(
            &RFC_SECRET,
            &code,
            Timestamp(now),
            Some(TimeStep(step.0 + last)),
        )
    };
    let right = |offset: i64| CodeVerdict::Right(TimeStep(step.0 + offset));
    let table = [
        // (step of the code, last step used): the answer
        (-1, -2, right(-1)),
        (-1, -1, CodeVerdict::Used),
        (-1, 0, CodeVerdict::Used),
        (-1, 1, CodeVerdict::Used),
        (0, -1, right(0)),
        (0, 0, CodeVerdict::Used),
        (0, 1, CodeVerdict::Used),
        (1, 0, right(1)),
        (1, 1, CodeVerdict::Used),
        (1, 2, CodeVerdict::Used),
        (2, -9, CodeVerdict::Wrong),
    ];
    for (offset, last, expected) in table {
        assert_eq!(
            verdict(offset, last),
            expected,
            "step {offset} after {last}"
        );
    }
}

/// A key whose codes of steps `step` and `step + apart` are the same.
fn colliding(step: i64, apart: i64) -> TotpSecret {
    (0..100_000_000_u64)
        .map(|seed| {
            let mut bytes = [0; SECRET_BYTES];
            bytes[..8].copy_from_slice(&seed.to_be_bytes());
            TotpSecret::new(bytes)
        })
        .find(|secret| {
            let totp = secret.totp();
            let at = |step: i64| u64::try_from(step * STEP_SECONDS).unwrap();
            totp.generate(at(step)) == totp.generate(at(step + apart))
        })
        .expect("one key in a million collides")
}

#[test]
fn of_two_steps_with_the_same_code_the_newer_is_spent() {
    let now = Timestamp(1_700_000_010);
    let present = TimeStep::at(now);
    let secret = colliding(present.0, 1);
    let code = code_at(&secret, now.0);
    let newer = TimeStep(present.0 + 1);
    assert_eq!(check(&secret, &code, now, None), CodeVerdict::Right(newer));
    // Spent: the same digits are worth nothing in this step and in the next ones.
    for later in [0, 1, 29, 30, 59] {
        assert_eq!(
            check(&secret, &code, now + later, Some(newer)),
            CodeVerdict::Used,
            "{later}"
        );
    }
    // With the older step spent, the newer one still stands.
    assert_eq!(
        check(&secret, &code, now, Some(present)),
        CodeVerdict::Right(newer)
    );
}

#[test]
fn a_clock_that_is_off_is_found_up_to_ten_minutes_either_way() {
    let now = Timestamp(1_700_000_010);
    let table = [
        (60, Some(60)),
        (-60, Some(-60)),
        (90, Some(90)),
        (600, Some(600)),
        (-600, Some(-600)),
        (630, None),
        (-630, None),
        (0, None),
        (30, None),
        (-30, None),
    ];
    for (ahead, expected) in table {
        let code = code_at(&RFC_SECRET, now.0 + ahead);
        assert_eq!(
            device_ahead_by(&RFC_SECRET, &code, now),
            expected,
            "{ahead}"
        );
    }
}

#[test]
fn a_zone_that_was_set_by_hand_is_found_at_whole_and_half_hours() {
    let now = Timestamp(1_700_000_010);
    for halves in (1..=28).flat_map(|halves: i64| [halves, -halves]) {
        for drift in [-30, 0, 30] {
            let ahead = halves * 1_800 + drift;
            let code = code_at(&RFC_SECRET, now.0 + ahead);
            assert_eq!(
                device_ahead_by(&RFC_SECRET, &code, now),
                Some(ahead),
                "{ahead}"
            );
            // It is said, never taken.
            assert_eq!(
                check(&RFC_SECRET, &code, now, None),
                CodeVerdict::Wrong,
                "{ahead}"
            );
        }
    }
    for ahead in [
        1_200,
        1_740,
        1_860,
        2_700,
        28 * 1_800 + 60,
        29 * 1_800,
        -30 * 1_800,
    ] {
        let code = code_at(&RFC_SECRET, now.0 + ahead);
        assert_eq!(device_ahead_by(&RFC_SECRET, &code, now), None, "{ahead}");
    }
}

#[test]
fn a_clock_that_is_off_by_ten_minutes_at_most_is_told_to_the_operator() {
    let now = Timestamp(1_700_000_010);
    for (ahead, expected) in [
        (60, Some(60)),
        (-60, Some(-60)),
        (600, Some(600)),
        (-600, Some(-600)),
        (630, None),
        (-630, None),
        (3_600, None),
    ] {
        let code = code_at(&RFC_SECRET, now.0 + ahead);
        assert_eq!(seems_ahead_by(&RFC_SECRET, &code, now), expected, "{ahead}");
    }
}

#[test]
fn before_1970_there_are_no_codes_and_no_panic() {
    for now in [i64::MIN, -31, -1, 0, i64::MAX] {
        let _ = check(&RFC_SECRET, &code("755224"), Timestamp(now), None);
        let _ = device_ahead_by(&RFC_SECRET, &code("755224"), Timestamp(now));
        let _ = seems_ahead_by(&RFC_SECRET, &code("755224"), Timestamp(now));
    }
    assert_eq!(
        check(&RFC_SECRET, &code("755224"), Timestamp(-1), None),
        CodeVerdict::Right(TimeStep(0))
    );
}

#[test]
fn the_key_is_typed_in_groups_of_four_upper_case_letters() {
    assert_eq!(
        RFC_SECRET.key_in_groups().expose(),
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    );
}

/// F128, F129: blanks and colons that every app reads.
#[test]
fn every_issuer_and_label_makes_a_uri_that_apps_read() {
    let table = [
        (
            "Twofold",
            "ada@example.org",
            "Twofold:ada%40example.org",
            "Twofold",
        ),
        ("My App", "john doe", "My%20App:john%20doe", "My%20App"),
        (
            "Twofold",
            "Star Trek: Website",
            "Twofold:Star%20Trek%20Website",
            "Twofold",
        ),
        (
            "Star Trek: Website",
            "a",
            "Star%20Trek%20Website:a",
            "Star%20Trek%20Website",
        ),
        (
            "https://x",
            "a:b:c",
            "https%20%2F%2Fx:a%20b%20c",
            "https%20%2F%2Fx",
        ),
        (
            "Twofold",
            "\"><svg onload=alert(1)>",
            "Twofold:%22%3E%3Csvg%20onload%3Dalert%281%29%3E",
            "Twofold",
        ),
        ("A&B", "100%+x?#", "A%26B:100%25%2Bx%3F%23", "A%26B"),
        ("Zoë", "李", "Zo%C3%AB:%E6%9D%8E", "Zo%C3%AB"),
    ];
    for (issuer, label, path, parameter) in table {
        let uri = otpauth_uri(issuer, label, &RFC_SECRET);
        let expected = format!(
            "otpauth://totp/{path}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer={parameter}"
        );
        assert_eq!(uri.expose(), expected);
    }
    assert_eq!(
        otpauth_uri(":", "a", &RFC_SECRET).expose(),
        "otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    );
}

/// An address of 254 bytes and a product of 60 letters, of any script, fit version 10 of a QR code, and the name in the
/// dialog is the one that the app shows.
#[test]
fn long_names_are_cut_before_the_modules_of_the_code_get_small() {
    let local = "a".repeat(64);
    let longest = format!("{local}@{}.example", "b".repeat(181));
    let table = [
        ("Twofold", "ada@example.org", "Twofold: ada@example.org"),
        ("Twofold", &longest, "Twofold: aaaa"),
        (&"P".repeat(60), &longest, "PPPP"),
        (&"李".repeat(60), &"李".repeat(60), "李李李李李...: 李"),
        ("", "ada@example.org", "ada@example.org"),
    ];
    for (issuer, label, begins) in table {
        let uri = otpauth_uri(issuer, label, &RFC_SECRET);
        assert!(uri.expose().len() <= 213, "{}", uri.expose());
        let shown = shown_name(issuer, label);
        assert!(shown.starts_with(begins), "{shown}");
        let in_code = percent_decoded(uri.expose());
        assert!(in_code.contains(&shown.replace(": ", ":")), "{in_code}");
    }
    assert!(shown_name("Twofold", &longest).ends_with("..."));
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [a, b, after @ ..]) = (first, tail) {
            let hex = std::str::from_utf8(&[*a, *b]).unwrap().to_owned();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_key_never_shows_in_debug_output() {
    assert_eq!(format!("{:?}", *RFC_SECRET), "TotpSecret(…)");
    assert!(!format!("{:?}", otpauth_uri("a", "b", &RFC_SECRET)).contains("GEZD"));
}

proptest! {
    /// F130: no padding.
    #[test]
    fn a_uri_is_plain_ascii_with_one_colon_and_no_padding(issuer in "\\PC{0,30}", label in "\\PC{0,30}", bytes: [u8; 20]) {
        let uri = otpauth_uri(&issuer, &label, &TotpSecret::new(bytes));
        let rest = uri.expose().strip_prefix("otpauth://totp/").unwrap();
        prop_assert!(rest.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert!(!rest.contains('+'));
        prop_assert!(rest.matches(':').count() <= 1);
        prop_assert_eq!(rest.matches('?').count(), 1);
        prop_assert!(rest.matches('=').count() <= 2);
    }

    #[test]
    fn a_code_is_right_once(bytes: [u8; 20], now in 0_i64..20_000_000_000, offset in -30_i64..=30) {
        let secret = TotpSecret::new(bytes);
        let code = code_at(&secret, (now + offset).max(0));
        let CodeVerdict::Right(step) = check(&secret, &code, Timestamp(now), None) else {
            return Err(TestCaseError::fail("a code of the window is right"));
        };
        prop_assert_eq!(check(&secret, &code, Timestamp(now), Some(step)), CodeVerdict::Used);
    }
}
