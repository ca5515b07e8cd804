//! Whether a public key is one: what can be told of a point without a signature. Points are public, so nothing here is
//! constant in time. Signatures are verified by `ring`, which checks the point, too, but only at the first answer.

/// A number below 2^256, its lowest 64 bits first.
type Wide = [u64; 4];

/// The prime of P-256 (SEC 2 §2.4.2).
const P: Wide = [
    0xffff_ffff_ffff_ffff,
    0x0000_0000_ffff_ffff,
    0,
    0xffff_ffff_0000_0001,
];

/// The coefficient b of P-256; a is -3.
const B: Wide = [
    0x3bce_3c3e_27d2_604b,
    0x651d_06b0_cc53_b0f6,
    0xb3eb_bd55_7698_86bc,
    0x5ac6_35d8_aa3a_93e7,
];

fn wide(bytes: &[u8; 32]) -> Wide {
    let mut number = [0; 4];
    for (limb, chunk) in number.iter_mut().rev().zip(bytes.as_chunks::<8>().0) {
        *limb = u64::from_be_bytes(*chunk);
    }
    number
}

fn is_less(one: &Wide, other: &Wide) -> bool {
    one.iter().rev().lt(other.iter().rev())
}

/// The difference, modulo 2^256.
fn less(one: &Wide, other: &Wide) -> Wide {
    let mut result = [0; 4];
    let mut borrow = false;
    for at in 0..4 {
        let (difference, first) = one[at].overflowing_sub(other[at]);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        result[at] = difference;
        borrow = first || second;
    }
    result
}

/// The sum modulo [`P`] of two numbers below it.
fn sum(one: &Wide, other: &Wide) -> Wide {
    let mut result = [0; 4];
    let mut carry = false;
    for at in 0..4 {
        let (added, first) = one[at].overflowing_add(other[at]);
        let (added, second) = added.overflowing_add(u64::from(carry));
        result[at] = added;
        carry = first || second;
    }
    if carry || !is_less(&result, &P) {
        less(&result, &P)
    } else {
        result
    }
}

/// The product modulo [`P`] of two numbers below it, bit by bit.
fn product(one: &Wide, other: &Wide) -> Wide {
    let mut result = [0; 4];
    for limb in other.iter().rev() {
        for bit in (0..64).rev() {
            result = sum(&result, &result);
            if limb >> bit & 1 == 1 {
                result = sum(&result, one);
            }
        }
    }
    result
}

/// Whether the point is on P-256: both coordinates below the prime, and y² = x³ - 3x + b (SEC 1 §3.2.2.1). The point at
/// infinity has no coordinates, and the cofactor is 1.
pub(crate) fn is_on_p256(x: &[u8; 32], y: &[u8; 32]) -> bool {
    let (x, y) = (wide(x), wide(y));
    if !is_less(&x, &P) || !is_less(&y, &P) {
        return false;
    }
    let cube = product(&product(&x, &x), &x);
    let three_x = sum(&sum(&x, &x), &x);
    // y² + 3x = x³ + b, which takes no subtraction.
    sum(&product(&y, &y), &three_x) == sum(&cube, &B)
}

/// The y of the points of small order on edwards25519, apart from those that are not canonical: 0, 1, -1 and the two of order
/// 8, lowest byte first. Under such a key some signatures fit any message (RFC 8032 §8.4 leaves the check to who needs it).
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        minus_one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// Whether an Ed25519 key is canonical (RFC 8032 §5.1.3: y below 2^255 - 19) and of no small order. Whether its x exists is
/// found by `ring` at the first answer, which such a key fails.
pub(crate) fn is_sound_ed25519(key: &[u8; 32]) -> bool {
    let mut y = *key;
    y[31] &= 0x7f;
    let is_canonical = y[31] != 0x7f || y[1..31].iter().any(|byte| *byte != 0xff) || y[0] < 0xed;
    is_canonical && !SMALL_ORDER.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> [u8; 32] {
        data_encoding::HEXLOWER_PERMISSIVE
            .decode(hex.as_bytes())
            .unwrap()
            .try_into()
            .unwrap()
    }

    /// The generator of P-256 (SEC 2 §2.4.2), and its multiple by two (NIST's routine test vectors).
    const POINTS: [(&str, &str); 2] = [
        (
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ),
        (
            "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
            "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
        ),
    ];

    #[test]
    fn points_of_the_curve_are_on_it_and_their_neighbours_are_not() {
        for (x, y) in POINTS {
            let (x, y) = (bytes(x), bytes(y));
            assert!(is_on_p256(&x, &y));
            for bit in 0..256 {
                let mut other = y;
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!is_on_p256(&x, &other), "bit {bit} of y");
                let mut other = x;
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!is_on_p256(&other, &y), "bit {bit} of x");
            }
            // -P has the other y.
            let minus: Wide = less(&P, &wide(&y));
            let limbs: Vec<_> = minus
                .iter()
                .rev()
                .flat_map(|limb| limb.to_be_bytes())
                .collect();
            assert!(is_on_p256(&x, &limbs.try_into().unwrap()));
        }
        assert!(!is_on_p256(&[0; 32], &[0; 32]));
        assert!(!is_on_p256(&[0xff; 32], &[0xff; 32]));
    }

    #[test]
    fn a_coordinate_has_one_form() {
        // The same numbers modulo the prime, with the prime added: there is one x small enough for that, 0, whose y is √b.
        let p: Vec<_> = P.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
        let p: [u8; 32] = p.try_into().unwrap();
        let y = bytes("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        assert!(is_on_p256(&[0; 32], &y));
        assert!(!is_on_p256(&p, &y));
    }

    #[test]
    fn an_ed25519_key_is_canonical_and_of_no_small_order() {
        // RFC 8032 §7.1, TEST 1.
        let sound = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert!(is_sound_ed25519(&sound));
        for y in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut key = y;
                key[31] |= sign;
                assert!(!is_sound_ed25519(&key), "{key:x?}");
            }
        }
        for (lowest, expected) in [
            (0xeb, true),
            (0xec, false),
            (0xed, false),
            (0xee, false),
            (0xff, false),
        ] {
            let mut key = [0xff; 32];
            key[0] = lowest;
            for last in [0x7f, 0xff] {
                key[31] = last;
                assert_eq!(is_sound_ed25519(&key), expected, "{lowest:x} {last:x}");
            }
        }
    }
}
