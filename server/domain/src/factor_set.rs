//! The tag that binds the second factors of a user to that user: which bytes the MAC covers.
//!
//! Somebody who can write to the database but has no keys cannot add, change or remove a factor unnoticed. Removing the last
//! one is noticed too, since the empty set has a tag.

use std::ops::Deref;

use app::types::ids::UserId;

use super::factors::{Factors, UserKey};

/// Bytes of a stamp.
pub const STAMP_BYTES: usize = 16;

/// Second factors that are those which the program stored, with the stamp of their set: it is renewed with each change of a
/// factor, so that what was granted with one stamp is worth nothing with the next.
#[derive(Clone)]
pub struct StampedFactors {
    factors: Factors,
    stamp: Vec<u8>,
}

impl StampedFactors {
    /// Factors whose tag fits, with its stamp.
    pub const fn new(factors: Factors, stamp: Vec<u8>) -> Self {
        Self { factors, stamp }
    }

    /// The stamp.
    pub fn stamp(&self) -> &[u8] {
        &self.stamp
    }
}

impl Deref for StampedFactors {
    type Target = Factors;

    fn deref(&self) -> &Factors {
        &self.factors
    }
}

/// One factor as the tag sees it. Its last time step is not part of it: each code changes that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundFactor<'a> {
    /// Its id.
    pub id: &'a [u8; 16],
    /// The word of its kind.
    pub kind: &'a str,
    /// Its sealed value, or what a key is ([`key_value`]).
    pub value: &'a [u8],
}

/// What a key is: all of its row that says what opens with it. What changes with each answer, and its name, is not part of it.
pub fn key_value(key: &UserKey) -> Vec<u8> {
    let parts = [
        &key.credential_id[..],
        &key.public_key,
        key.rp_id.as_bytes(),
    ];
    let with_lengths = parts.map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat());
    with_lengths.concat()
}

/// The parts of the MAC of a user, for a function that prefixes each with its length.
///
/// What takes codes comes first, then the keys, sorted by id. Their number is before them, so that two different lists never give the same bytes.
pub fn parts<'a>(
    user: &'a [u8; 16],
    stamp: &'a [u8],
    count: &'a [u8; 8],
    factors: &[BoundFactor<'a>],
) -> Vec<&'a [u8]> {
    let mut parts: Vec<&[u8]> = vec![user, stamp, count];
    for factor in factors {
        parts.extend([&factor.id[..], factor.kind.as_bytes(), factor.value]);
    }
    parts
}

/// The result of looking for the tag of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagFound {
    /// A tag, and it fits.
    Fitting,
    /// A tag, and it does not.
    Wrong,
    /// None.
    Missing,
}

/// What to do with the factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetVerdict {
    /// The factors are those that the program stored.
    Genuine,
    /// They are taken as they are, and bound from now on: a server that knew no tags may have written them.
    Adopt,
    /// The user is refused until the operator resets their factors.
    Refused,
}

/// The rule: a wrong tag always refuses; a missing one as soon as every user is known to have had one.
pub const fn judge(found: TagFound, is_everyone_bound: bool) -> SetVerdict {
    match (found, is_everyone_bound) {
        (TagFound::Fitting, _) => SetVerdict::Genuine,
        (TagFound::Missing, false) => SetVerdict::Adopt,
        (TagFound::Missing, true) | (TagFound::Wrong, _) => SetVerdict::Refused,
    }
}

/// The bytes of a user's id.
pub fn user_bytes(user: UserId) -> [u8; 16] {
    user.uuid().into_bytes()
}

#[cfg(test)]
mod tests {
    use app::types::ids::UserKeyId;
    use app::types::timestamp::Timestamp;

    use super::*;

    const USER: [u8; 16] = [1; 16];
    const STAMP: [u8; STAMP_BYTES] = [2; STAMP_BYTES];

    fn joined(factors: &[BoundFactor<'_>]) -> Vec<u8> {
        let count = (factors.len() as u64).to_be_bytes();
        let parts = parts(&USER, &STAMP, &count, factors);
        // As the function that makes the tag does.
        let with_lengths = parts
            .into_iter()
            .flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat());
        with_lengths.collect()
    }

    #[test]
    fn only_the_same_factors_give_the_same_bytes() {
        let app = BoundFactor {
            id: &[3; 16],
            kind: "app",
            value: b"sealed",
        };
        let lists: [&[BoundFactor<'_>]; 7] = [
            &[],
            &[app],
            &[BoundFactor { kind: "sms", ..app }],
            &[BoundFactor {
                value: b"seale",
                ..app
            }],
            &[BoundFactor {
                id: &[4; 16],
                ..app
            }],
            &[app, app],
            &[
                app,
                BoundFactor {
                    id: &[4; 16],
                    ..app
                },
            ],
        ];
        for (at, one) in lists.iter().enumerate() {
            for (other_at, other) in lists.iter().enumerate() {
                assert_eq!(
                    joined(one) == joined(other),
                    at == other_at,
                    "{at} {other_at}"
                );
            }
        }
    }

    #[test]
    fn the_value_of_a_key_says_all_that_opens_with_it() {
        let key = UserKey {
            id: UserKeyId::new(uuid::Uuid::from_u128(1)),
            is_passkey: true,
            credential_id: vec![1, 2],
            public_key: vec![3],
            rp_id: "a".to_owned(),
            since: Timestamp(1),
        };
        let others = [
            UserKey {
                credential_id: vec![1],
                ..key.clone()
            },
            UserKey {
                credential_id: vec![1],
                public_key: vec![2, 3],
                ..key.clone()
            },
            UserKey {
                public_key: vec![4],
                ..key.clone()
            },
            UserKey {
                rp_id: "b".to_owned(),
                ..key.clone()
            },
        ];
        for other in others {
            assert_ne!(key_value(&other), key_value(&key), "{other:?}");
        }
        let later = UserKey {
            since: Timestamp(2),
            ..key.clone()
        };
        assert_eq!(key_value(&later), key_value(&key));
    }

    #[test]
    fn a_missing_tag_is_adopted_only_while_a_server_may_have_left_it_out() {
        let table = [
            (TagFound::Fitting, false, SetVerdict::Genuine),
            (TagFound::Fitting, true, SetVerdict::Genuine),
            (TagFound::Missing, false, SetVerdict::Adopt),
            (TagFound::Missing, true, SetVerdict::Refused),
            (TagFound::Wrong, false, SetVerdict::Refused),
            (TagFound::Wrong, true, SetVerdict::Refused),
        ];
        for (found, is_everyone_bound, verdict) in table {
            assert_eq!(
                judge(found, is_everyone_bound),
                verdict,
                "{found:?} {is_everyone_bound}"
            );
        }
    }
}
