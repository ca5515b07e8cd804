use super::*;
use crate::device::Device;

fn key(entries: &[(i64, &[u8])]) -> Vec<u8> {
    let number = |label: i64| match label {
        0.. => u8::try_from(label).unwrap(),
        _ => 0x20 | u8::try_from(-1 - label).unwrap(),
    };
    let parts = entries
        .iter()
        .flat_map(|(label, value)| [&[number(*label)], *value].concat());
    [
        vec![0xa0 | u8::try_from(entries.len()).unwrap()],
        parts.collect(),
    ]
    .concat()
}

fn bytes(value: &[u8]) -> Vec<u8> {
    match value.len() {
        0..=23 => [&[0x40 | u8::try_from(value.len()).unwrap()], value].concat(),
        24..=255 => [&[0x58, u8::try_from(value.len()).unwrap()], value].concat(),
        length => [
            &[0x59],
            &u16::try_from(length).unwrap().to_be_bytes()[..],
            value,
        ]
        .concat(),
    }
}

#[test]
fn a_key_is_stored_as_it_was_read_whatever_its_order() {
    for device in [Device::p256(), Device::ed25519(), Device::rsa()] {
        let cose = device.cose();
        let read = PublicKey::read(&cose).unwrap();
        assert_eq!(read.to_cose(), cose);
        assert_eq!(read.algorithm(), device.algorithm());
    }
    let x = bytes(&[9; 32]);
    let other_order = key(&[(-2, &x), (3, &[0x27]), (-1, &[0x06]), (1, &[0x01])]);
    let read = PublicKey::read(&other_order).unwrap();
    let canonical = key(&[(1, &[0x01]), (3, &[0x27]), (-1, &[0x06]), (-2, &x)]);
    assert_eq!(read.to_cose(), canonical);
}

#[expect(clippy::too_many_lines, reason = "one table")]
#[test]
fn a_key_of_another_kind_is_refused_with_its_reason() {
    use Malformed as M;
    let x = bytes(&[9; 32]);
    let (one, two, three): (&[u8], &[u8], &[u8]) = (&[1], &[2], &[3]);
    let (es256, eddsa): (&[u8], &[u8]) = (&[0x26], &[0x27]);
    let (long, short) = (bytes(&[9; 33]), bytes(&[9; 31]));
    for (entries, expected) in [
        // Members.
        (&[][..], M::KeyMembers),
        (&[(1, one)], M::KeyMembers),
        (&[(3, eddsa)], M::KeyMembers),
        (&[(1, one), (3, eddsa), (-1, &[6])], M::KeyMembers),
        (&[(1, one), (3, eddsa), (-2, &x)], M::KeyMembers),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &x), (2, &[0x40])],
            M::KeyMembers,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &x), (-3, &x)],
            M::KeyMembers,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &x), (-4, &x)],
            M::KeyMembers,
        ),
        (&[(1, two), (3, es256), (-1, one), (-2, &x)], M::KeyMembers),
        // Types of members.
        (
            &[(1, &[0x40]), (3, eddsa), (-1, &[6]), (-2, &x)],
            M::CborType,
        ),
        (&[(1, one), (3, &[0xf5]), (-1, &[6]), (-2, &x)], M::CborType),
        (&[(1, one), (3, eddsa), (-1, &[6]), (-2, one)], M::CborType),
        (
            &[(1, two), (3, es256), (-1, one), (-2, &x), (-3, &[0xf5])],
            M::CborType,
        ),
        // Algorithms: ES384, ES512, PS256, RS1, Ed448, a positive one.
        (
            &[(1, two), (3, &[0x38, 0x22]), (-1, two), (-2, &x), (-3, &x)],
            M::AlgorithmNotOffered,
        ),
        (
            &[
                (1, two),
                (3, &[0x38, 0x23]),
                (-1, three),
                (-2, &x),
                (-3, &x),
            ],
            M::AlgorithmNotOffered,
        ),
        (
            &[(1, three), (3, &[0x38, 0x24]), (-1, &x), (-2, &x)],
            M::AlgorithmNotOffered,
        ),
        (
            &[(1, three), (3, &[0x39, 0xff, 0xfe]), (-1, &x), (-2, &x)],
            M::AlgorithmNotOffered,
        ),
        (
            &[(1, one), (3, &[0x38, 0x34]), (-1, &[7]), (-2, &x)],
            M::AlgorithmNotOffered,
        ),
        (
            &[(1, one), (3, &[7]), (-1, &[6]), (-2, &x)],
            M::AlgorithmNotOffered,
        ),
        // Type and curve.
        (
            &[(1, two), (3, eddsa), (-1, &[6]), (-2, &x)],
            M::KeyKindDiffers,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[7]), (-2, &x)],
            M::KeyKindDiffers,
        ),
        (
            &[(1, one), (3, es256), (-1, one), (-2, &x), (-3, &x)],
            M::KeyKindDiffers,
        ),
        (
            &[(1, two), (3, es256), (-1, two), (-2, &x), (-3, &x)],
            M::KeyKindDiffers,
        ),
        (
            &[(1, two), (3, es256), (-1, &[8]), (-2, &x), (-3, &x)],
            M::KeyKindDiffers,
        ),
        (
            &[(1, two), (3, &[0x39, 0x01, 0x00]), (-1, &x), (-2, &x)],
            M::KeyKindDiffers,
        ),
        // Lengths.
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &long)],
            M::KeyLength,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &short)],
            M::KeyLength,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &[0x40])],
            M::KeyLength,
        ),
        (
            &[(1, two), (3, es256), (-1, one), (-2, &x), (-3, &long)],
            M::KeyLength,
        ),
        // Points.
        (
            &[(1, two), (3, es256), (-1, one), (-2, &x), (-3, &x)],
            M::PointNotOnCurve,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &bytes(&[0; 32]))],
            M::PointWeak,
        ),
        (
            &[(1, one), (3, eddsa), (-1, &[6]), (-2, &bytes(&[0xff; 32]))],
            M::PointWeak,
        ),
    ] {
        assert_eq!(
            PublicKey::read(&key(entries)).unwrap_err(),
            expected,
            "{entries:x?}"
        );
    }
    assert_eq!(
        PublicKey::read(&[0xa1, 0x61, 0x61, 0x01]).unwrap_err(),
        M::KeyMembers
    );
}

#[test]
fn an_rsa_key_has_a_bounded_modulus_and_a_sane_exponent() {
    let of = |n: &[u8], e: &[u8]| {
        let entries: &[(i64, &[u8])] = &[
            (1, &[3]),
            (3, &[0x39, 0x01, 0x00]),
            (-1, &bytes(n)),
            (-2, &bytes(e)),
        ];
        PublicKey::read(&key(entries)).map(|_| ())
    };
    let f4 = [1, 0, 1];
    let modulus = Device::rsa_modulus();
    let odd = |length: usize, first: u8| {
        let mut n = vec![0xff; length];
        n[0] = first;
        n
    };
    assert_eq!(of(&modulus, &f4), Ok(()));
    for (n, expected) in [
        (odd(256, 0x80), Ok(())),
        (odd(256, 0x7f), Err(Malformed::RsaModulus)),
        (odd(128, 0xff), Err(Malformed::RsaModulus)),
        (odd(512, 0xff), Ok(())),
        (odd(513, 0x01), Err(Malformed::RsaModulus)),
        (odd(257, 0x00), Err(Malformed::RsaModulus)),
        (vec![0xfe; 256], Err(Malformed::RsaModulus)),
        (vec![], Err(Malformed::RsaModulus)),
    ] {
        assert_eq!(of(&n, &f4), expected, "{} bytes, {:?}", n.len(), n.first());
    }
    for (e, expected) in [
        (&[1, 0, 1][..], Ok(())),
        (&[0xff, 0xff, 0xff, 0xff], Ok(())),
        (&[], Err(Malformed::RsaExponent)),
        (&[1], Err(Malformed::RsaExponent)),
        (&[3], Err(Malformed::RsaExponent)),
        (&[0xff, 0xff], Err(Malformed::RsaExponent)),
        (&[1, 0, 0], Err(Malformed::RsaExponent)),
        (&[0, 1, 0, 1], Err(Malformed::RsaExponent)),
        (&[1, 0, 0, 0, 1], Err(Malformed::RsaExponent)),
    ] {
        assert_eq!(of(&modulus, e), expected, "{e:?}");
    }
}

#[test]
fn a_signature_fits_its_bytes_its_key_and_its_form() {
    for device in [Device::p256(), Device::ed25519(), Device::rsa()] {
        let key = PublicKey::read(&device.cose()).unwrap();
        let signature = device.sign(b"signed");
        assert!(key.has_signed(b"signed", &signature));
        assert!(!key.has_signed(b"signee", &signature));
        assert!(!key.has_signed(b"signed", &[]));
        assert!(!key.has_signed(b"signed", &[&signature[..], &[0]].concat()));
        assert!(!key.has_signed(b"signed", &signature[..signature.len() - 1]));
        for other in [Device::p256(), Device::ed25519(), Device::rsa()] {
            if other.algorithm() != device.algorithm() {
                assert!(!key.has_signed(b"signed", &other.sign(b"signed")));
            }
        }
    }
    // W51: a signature of fixed length is none; the form is DER.
    let key = PublicKey::read(&Device::p256().cose()).unwrap();
    assert!(!key.has_signed(b"signed", &Device::p256().sign_fixed(b"signed")));
}
