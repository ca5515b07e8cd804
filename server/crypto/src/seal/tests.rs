use proptest::prelude::*;

use super::*;
use crate::random::SeededRandom;

const PURPOSE: &str = "totp-secret";
const ROW: &str = "018f4d1e-0000-7000-8000-000000000001";

fn ring(seed: u64) -> KeyRing {
    KeyRing::generate(&SeededRandom::new(seed)).0
}

/// The one thing that stands where a problem should.
fn problem(text: &str) -> KeyFileProblem {
    KeyRing::parse(text).err().expect("the text is no key file")
}

#[test]
fn a_sealed_value_opens_for_its_own_purpose_and_row_only() {
    let ring = ring(1);
    let sealed = ring.seal(&SeededRandom::new(2), PURPOSE, ROW, b"secret");
    assert_eq!(
        ring.open(PURPOSE, ROW, &sealed).unwrap().as_slice(),
        b"secret"
    );
    assert_eq!(
        ring.open("phone", ROW, &sealed),
        Err(UnsealProblem::Tampered)
    );
    assert_eq!(
        ring.open(PURPOSE, "another row", &sealed),
        Err(UnsealProblem::Tampered)
    );
    // The same letters, cut elsewhere.
    assert_eq!(
        ring.open("totp-secret0", &ROW[1..], &sealed),
        Err(UnsealProblem::Tampered)
    );
}

#[test]
fn one_value_sealed_twice_does_not_show_that_it_is_the_same() {
    let (ring, random) = (ring(1), SeededRandom::new(2));
    assert_ne!(
        ring.seal(&random, PURPOSE, ROW, b"secret"),
        ring.seal(&random, PURPOSE, ROW, b"secret")
    );
}

#[test]
fn a_missing_key_is_named_and_not_taken_for_damage() {
    let (ours, other) = (ring(1), ring(2));
    let sealed = other.seal(&SeededRandom::new(3), PURPOSE, ROW, b"secret");
    assert_eq!(
        ours.open(PURPOSE, ROW, &sealed),
        Err(UnsealProblem::NoSuchKey(other.current()))
    );
    assert_eq!(sealed_with(&sealed), Some(other.current()));
}

#[test]
fn what_is_no_sealed_value_is_refused() {
    let ring = ring(1);
    let sealed = ring.seal(&SeededRandom::new(2), PURPOSE, ROW, b"");
    for length in 0..sealed.len() {
        assert_eq!(
            ring.open(PURPOSE, ROW, &sealed[..length]),
            Err(UnsealProblem::Tampered),
            "{length}"
        );
    }
    assert_eq!(sealed_with(&[]), None);
    assert_eq!(sealed_with(&[2, 1, 1, 1, 1]), None);
}

#[test]
fn every_key_opens_and_the_chosen_one_seals() {
    let random = SeededRandom::new(2);
    let (old_ring, text) = KeyRing::generate(&SeededRandom::new(1));
    let old = old_ring.current();
    let sealed = old_ring.seal(&random, PURPOSE, ROW, b"secret");
    let (text, new) = with_new_key(&text, &random);
    let ring = KeyRing::parse(&text).unwrap();
    assert_eq!((ring.ids(), ring.newest()), (vec![old, new], new));
    for current in [old, new] {
        let ring = ring.sealing_with(current).unwrap();
        let value = ring.seal(&random, PURPOSE, ROW, b"secret");
        assert_eq!(sealed_with(&value), Some(current));
        let opened = ring.open(PURPOSE, ROW, &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"secret");
    }
    let ring = KeyRing::parse(&without_key(&text, old)).unwrap();
    assert_eq!(ring.ids(), [new]);
    assert!(ring.sealing_with(old).is_none());
    assert_eq!(
        ring.open(PURPOSE, ROW, &sealed),
        Err(UnsealProblem::NoSuchKey(old))
    );
}

#[test]
fn a_key_file_reads_back_as_it_was_written() {
    let (ring, text) = KeyRing::generate(&SeededRandom::new(1));
    let (two, id) = with_new_key(text.trim_end(), &SeededRandom::new(2));
    assert!(two.starts_with(&text), "what was there stays");
    let (same, _) = with_new_key(&text, &SeededRandom::new(2));
    assert_eq!(*same, *two, "a line for each key, and none between");
    let (first, _) = with_new_key("", &SeededRandom::new(2));
    assert!(two.ends_with(&*first) && !first.starts_with('\n'));
    assert_eq!(*without_key(&two, id), text);
    let read = KeyRing::parse(&two).unwrap();
    assert_eq!(read.file_text(), *two);
    let sealed = ring.seal(&SeededRandom::new(3), PURPOSE, ROW, b"secret");
    assert_eq!(
        read.open(PURPOSE, ROW, &sealed).unwrap().as_slice(),
        b"secret"
    );
    // As an editor on another system would leave it.
    assert_eq!(
        KeyRing::parse(&two.replace('\n', "  \r\n\r\n"))
            .unwrap()
            .ids(),
        read.ids()
    );
}

#[test]
fn a_problem_names_the_line_and_never_the_key() {
    let text = ring(1).file_text();
    let line = text.lines().last().unwrap();
    let (id, key) = line.split_once(' ').unwrap();
    let (named, actual) = (ring(2).current(), ring(1).current());
    let table = [
        ("", KeyFileProblem::NoKey),
        ("# nothing\n\n", KeyFileProblem::NoKey),
        (
            key,
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::NotTwoWords,
            },
        ),
        (
            &format!("\n{line} x"),
            KeyFileProblem::Line {
                line: 2,
                problem: KeyLineProblem::NotTwoWords,
            },
        ),
        (
            &format!("#\nXYZ {key}"),
            KeyFileProblem::Line {
                line: 2,
                problem: KeyLineProblem::NotAKeyId,
            },
        ),
        (
            &format!("+{} {key}", &id[1..]),
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::NotAKeyId,
            },
        ),
        (
            &format!("{id} {}", &key[4..]),
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::NotAKey,
            },
        ),
        (
            &format!("{id} {key}AAAA"),
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::NotAKey,
            },
        ),
        (
            &format!("{id} *{}", &key[1..]),
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::NotAKey,
            },
        ),
        (
            &format!("{named} {key}"),
            KeyFileProblem::Line {
                line: 1,
                problem: KeyLineProblem::OtherKey { named, actual },
            },
        ),
        (
            &format!("{line}\n{line}"),
            KeyFileProblem::Line {
                line: 2,
                problem: KeyLineProblem::Twice(actual),
            },
        ),
    ];
    for (text, expected) in table {
        assert_eq!(problem(text), expected, "{text}");
        let shown = format!("{expected} {expected:?}");
        assert!(!shown.contains(&key[4..16]), "{shown}");
    }
}

#[test]
fn a_key_id_has_one_spelling() {
    let id = ring(1).current();
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(KeyId::new([0, 0, 0, 10]).to_string(), "0000000a");
    for text in [
        "",
        "0000000A",
        "+000000a",
        "0000000",
        "0000000aa",
        "0000000é",
    ] {
        assert!(text.parse::<KeyId>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_sealed_opens(plain: Vec<u8>, purpose in "\\PC{0,20}", row in "\\PC{0,40}", seed: u64) {
        let ring = ring(1);
        let sealed = ring.seal(&SeededRandom::new(seed), &purpose, &row, &plain);
        let opened = ring.open(&purpose, &row, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plain);
    }

    #[test]
    fn one_flipped_bit_is_found_wherever_it_is(plain in prop::collection::vec(any::<u8>(), 0..40), at: prop::sample::Index) {
        let ring = ring(1);
        let mut sealed = ring.seal(&SeededRandom::new(2), PURPOSE, ROW, &plain);
        let bit = at.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(ring.open(PURPOSE, ROW, &sealed).is_err());
    }

    #[test]
    fn opening_and_parsing_never_panic(bytes: Vec<u8>, text in "\\PC{0,80}") {
        prop_assert!(ring(1).open(PURPOSE, ROW, &bytes).is_err());
        let _ = KeyRing::parse(&text);
    }
}

#[test]
fn a_tag_is_of_its_key_its_purpose_and_its_parts() {
    let ring = ring(1);
    let tag = ring.tag("code", &[b"user", b"123456"]);
    assert_eq!(tag, ring.tag("code", &[b"user", b"123456"]));
    for other in [
        ring.tag("number", &[b"user", b"123456"]),
        ring.tag("code", &[b"user1", b"23456"]),
        ring.tag("code", &[b"user", b"123457"]),
        self::ring(2).tag("code", &[b"user", b"123456"]),
    ] {
        assert_ne!(tag, other);
    }
    let (text, _) = with_new_key(&ring.file_text(), &SeededRandom::new(3));
    let both = KeyRing::parse(&text).unwrap();
    assert_ne!(tag, both.tag("code", &[b"user", b"123456"]));
    assert!(both.tags("code", &[b"user", b"123456"]).contains(&tag));
    let under = |id| both.tag_under(id, "code", &[b"user", b"123456"]);
    assert_eq!(under(ring.current()), Some(tag));
    assert_eq!(
        under(both.current()),
        Some(both.tag("code", &[b"user", b"123456"]))
    );
    assert_eq!(under(self::ring(2).current()), None);
}
