//! Recovery codes: how a set is made, and what of it the database keeps.

use std::collections::BTreeSet;

use app::types::ids::UserId;
use app::types::recovery_code::{RECOVERY_CODE_BYTES, RecoveryCode};
use app::types::two_factor::RECOVERY_CODES_IN_A_SET;
use sha2::{Digest as _, Sha256};

/// Random bytes that a set is made of.
pub const SET_BYTES: usize = RECOVERY_CODE_BYTES * RECOVERY_CODES_IN_A_SET as usize;

/// A set of ten codes of the given random bytes, each another one.
///
/// Two equal codes are as likely as 45 in 2^80, but a source of randomness that has failed gives
/// nothing else: a repeated code is counted up until it is new, so that ten codes are ten lines of
/// the database whatever the bytes.
pub fn make(random: &[u8; SET_BYTES]) -> Vec<RecoveryCode> {
    let (chunks, _) = random.as_chunks::<RECOVERY_CODE_BYTES>();
    let mut seen = BTreeSet::new();
    chunks
        .iter()
        .map(|bytes| {
            let mut bytes = *bytes;
            while !seen.insert(bytes) {
                count_up(&mut bytes);
            }
            RecoveryCode::new(bytes)
        })
        .collect()
}

/// What the database keeps of a code, bound to its user: the same code of another user is another hash.
///
/// A fast hash is enough: a code is 80 random bits, not a person's choice, and finding one from its
/// hash takes 2^79 tries on average, for one user at a time. NIST SP 800-63B asks for a slow hash below
/// 112 bits; we depart from it, because a slow hash over ten codes at every try would let anyone keep the
/// server busy, and because a code is worth nothing once it is struck off or the set replaced.
pub fn hash(code: &RecoveryCode, user: UserId) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"twofold recovery code 1\0")
        .chain_update(user.uuid().as_bytes())
        .chain_update(code.bytes())
        .finalize()
        .into()
}

fn count_up(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::new(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_set_is_ten_codes_of_eighty_bits() {
        let mut random = [0; SET_BYTES];
        (0_u8..)
            .zip(&mut random)
            .for_each(|(number, byte)| *byte = number);
        let codes = make(&random);
        assert_eq!(codes.len(), 10);
        assert_eq!(codes[0].bytes(), &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(codes[9].bytes(), &[90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    }

    #[test]
    fn the_hash_is_bound_to_the_user_and_to_every_bit() {
        let code = RecoveryCode::new([7; 10]);
        assert_eq!(hash(&code, user(1)), hash(&code.clone(), user(1)));
        assert_ne!(hash(&code, user(1)), hash(&code, user(2)));
        assert_ne!(
            hash(&code, user(1)),
            hash(&RecoveryCode::new([7, 7, 7, 7, 7, 7, 7, 7, 7, 6]), user(1))
        );
    }

    proptest! {
        #[test]
        fn ten_codes_are_ten_codes(bytes: [u8; 10], same in 0..=10_usize) {
            let mut random = [255; SET_BYTES];
            for chunk in random.chunks_exact_mut(10).take(same) {
                chunk.copy_from_slice(&bytes);
            }
            let codes = make(&random);
            let distinct: BTreeSet<_> = codes.iter().map(|code| *code.bytes()).collect();
            prop_assert_eq!(distinct.len(), 10);
        }
    }
}
