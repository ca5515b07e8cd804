use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER
        .decode(text.replace(' ', "").as_bytes())
        .unwrap()
}

#[test]
fn what_is_not_strict_is_refused_with_its_reason() {
    use Malformed as M;
    for (bytes, expected) in [
        // RFC 8949 §3: nothing, too little, what an initial byte cannot be.
        ("", M::CborCutOff),
        ("a1", M::CborCutOff),
        ("a1 01", M::CborCutOff),
        ("a1 01 43 0102", M::CborCutOff),
        ("a1 01 63 6162", M::CborCutOff),
        ("a1 01 19 01", M::CborCutOff),
        ("a1 01 82 01", M::CborCutOff),
        ("a1 01 1c", M::CborNotWellFormed),
        ("a1 01 5e", M::CborNotWellFormed),
        ("a1 01 1f", M::CborNotWellFormed),
        ("a1 01 ff", M::CborNotWellFormed),
        ("a1 01 fc", M::CborNotWellFormed),
        ("a1 01 61 ff", M::CborNotWellFormed),
        ("a1 01 63 e28228", M::CborNotWellFormed),
        // What is announced and not there costs nothing.
        ("bb ffffffffffffffff", M::CborCutOff),
        ("ba ffffffff 0101", M::CborCutOff),
        ("a1 01 9b ffffffffffffffff", M::CborCutOff),
        ("a1 01 9a 7fffffff 01", M::CborCutOff),
        ("a1 01 5b ffffffffffffffff 00", M::CborCutOff),
        ("a1 01 7b 7fffffffffffffff 00", M::CborCutOff),
        // Something else, or something more.
        ("00", M::CborType),
        ("80", M::CborType),
        ("f6", M::CborType),
        ("a0 00", M::CborTrailing),
        ("a1 01 02 a0", M::CborTrailing),
        // Keys once, and of two types.
        ("a2 01 02 01 02", M::CborDuplicateKey),
        ("a2 20 02 20 03", M::CborDuplicateKey),
        ("a2 61 61 02 61 61 03", M::CborDuplicateKey),
        ("a1 01 a2 02 03 02 03", M::CborDuplicateKey),
        ("a1 01 81 a2 02 03 02 03", M::CborDuplicateKey),
        ("a1 41 61 02", M::CborType),
        ("a1 80 02", M::CborType),
        ("a1 a0 02", M::CborType),
        // Definite lengths.
        ("bf ff", M::CborIndefinite),
        ("bf 01 02 ff", M::CborIndefinite),
        ("a1 01 9f ff", M::CborIndefinite),
        ("a1 01 5f 41 00 ff", M::CborIndefinite),
        ("a1 01 7f 61 61 ff", M::CborIndefinite),
        ("a1 01 bf ff", M::CborIndefinite),
        // The shortest form.
        ("a1 18 17 02", M::CborNotShortest),
        ("a1 01 19 00ff", M::CborNotShortest),
        ("a1 01 1a 0000ffff", M::CborNotShortest),
        ("a1 01 1b 00000000ffffffff", M::CborNotShortest),
        ("a1 01 38 17", M::CborNotShortest),
        ("a1 01 58 01 00", M::CborNotShortest),
        ("a1 01 78 01 61", M::CborNotShortest),
        ("a1 01 98 00", M::CborNotShortest),
        ("b8 01 01 02", M::CborNotShortest),
        // Tags, floats, simple values, numbers beyond 63 bits.
        ("a1 01 c0 00", M::CborUnsupported),
        ("a1 01 d9 d9f7 00", M::CborUnsupported),
        ("a1 01 f9 0000", M::CborUnsupported),
        ("a1 01 fa 00000000", M::CborUnsupported),
        ("a1 01 fb 0000000000000000", M::CborUnsupported),
        ("a1 01 f7", M::CborUnsupported),
        ("a1 01 e0", M::CborUnsupported),
        ("a1 01 f8 20", M::CborUnsupported),
        ("a1 01 1b ffffffffffffffff", M::CborUnsupported),
        ("a1 01 3b ffffffffffffffff", M::CborUnsupported),
        // Depth: four levels are read, five are not.
        ("a1 01 81 81 81 80", M::CborTooDeep),
        ("a1 01 a1 01 a1 01 a1 01 a0", M::CborTooDeep),
    ] {
        assert_eq!(map(&hex(bytes)).unwrap_err(), expected, "{bytes}");
    }
    let deepest = "a1 01 81 81 80";
    assert!(map(&hex(deepest)).is_ok());
    let nested = vec![0x81; 100_000];
    assert_eq!(map(&[hex("a1 01"), nested].concat()), Err(M::CborTooDeep));
}

#[test]
fn a_map_has_at_most_so_many_entries() {
    let of = |count: u8| {
        let entries = (0..count).flat_map(|key| [0x18, 0x20 + key, 0xf6]);
        [vec![0xb8, count], entries.collect()].concat()
    };
    assert_eq!(map(&of(32)).map(|entries| entries.len()), Ok(32));
    assert_eq!(map(&of(33)), Err(Malformed::CborTooLarge));
}

#[test]
fn what_is_strict_is_read() {
    let bytes = hex(
        "a7 01 02 03 26 20 1903e8 61 61 42 0102 62 c3a4 f5 19 0100 83 01 f4 f6 38 ff a1 6161 a0",
    );
    let entries = map(&bytes).unwrap();
    let expected = [
        (Item::Integer(1), Item::Integer(2)),
        (Item::Integer(3), Item::Integer(-7)),
        (Item::Integer(-1), Item::Integer(1000)),
        (Item::Text("a"), Item::Bytes(&[1, 2])),
        (Item::Text("ä"), Item::Simple),
        (Item::Integer(256), Item::List),
        (Item::Integer(-256), Item::Map(&[0xa1, 0x61, 0x61, 0xa0])),
    ];
    assert_eq!(entries, expected);
    let largest = hex("a2 01 1b 7fffffffffffffff 02 3b 7fffffffffffffff");
    assert_eq!(
        map(&largest).unwrap(),
        [
            (Item::Integer(1), Item::Integer(i64::MAX)),
            (Item::Integer(2), Item::Integer(i64::MIN))
        ]
    );
}

#[test]
fn a_map_ends_where_it_ends() {
    let bytes = hex("a1 01 02 ff");
    let (entries, rest) = leading_map(&bytes).unwrap();
    assert_eq!((entries.len(), rest), (1, &[0xff][..]));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((entries, rest)) = leading_map(&bytes) {
            prop_assert!(entries.len() * 2 + rest.len() < bytes.len());
        }
    }

    #[test]
    fn what_is_cut_off_is_refused(cut in 0_usize..41) {
        let bytes = hex("a7 01 02 03 26 20 1903e8 61 61 42 0102 62 c3a4 f5 19 0100 83 01 f4 f6 38 ff a1 6161 a0");
        let cut = cut.min(bytes.len() - 1);
        prop_assert_eq!(map(&bytes[..cut]).unwrap_err(), Malformed::CborCutOff);
    }
}
