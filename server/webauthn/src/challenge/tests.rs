use proptest::prelude::*;
use ring::hmac;

use super::*;

const NOW: i64 = 1_795_579_199;

/// As the key ring does it: a length before each part.
fn tag(key: u8, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &[key; 32]));
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.sign().as_ref().try_into().unwrap()
}

const SIGN_IN: ChallengeFor<'_> = ChallengeFor {
    purpose: Purpose::SignInAlone,
    holder: b"cookie",
    epoch: b"epoch",
};

fn make(what_for: &ChallengeFor<'_>) -> NewChallenge {
    NewChallenge::make(NOW, [9; RANDOM_BYTES], what_for, |parts| tag(1, parts))
}

fn checked(
    challenge: &[u8],
    now: i64,
    what_for: &ChallengeFor<'_>,
) -> Result<OwnChallenge, Rejected> {
    check(challenge, now, what_for, |parts| {
        vec![tag(2, parts), tag(1, parts)]
    })
}

#[test]
fn ours_is_ours_under_any_key_that_is_known() {
    let challenge = make(&SIGN_IN);
    let own = checked(challenge.as_bytes(), NOW, &SIGN_IN).unwrap();
    assert_eq!(own.purpose(), Purpose::SignInAlone);
    assert_eq!(own.bytes(), challenge.as_bytes());
    assert_eq!(own.spend().keep_until, NOW + 330 + 24 * 3600);
    let rotated = NewChallenge::make(NOW, [9; RANDOM_BYTES], &SIGN_IN, |parts| tag(2, parts));
    assert_ne!(rotated, challenge);
    let again = checked(rotated.as_bytes(), NOW, &SIGN_IN).unwrap();
    assert_eq!(
        again.spend(),
        own.spend(),
        "one challenge, whichever key its tag is under"
    );
    let unknown = check(challenge.as_bytes(), NOW, &SIGN_IN, |parts| {
        vec![tag(3, parts)]
    });
    assert_eq!(unknown.unwrap_err(), Rejected::ChallengeNotOurs);
    let none = check(challenge.as_bytes(), NOW, &SIGN_IN, |_| Vec::new());
    assert_eq!(none.unwrap_err(), Rejected::ChallengeNotOurs);
}

#[test]
fn it_is_for_one_purpose_one_holder_and_one_epoch() {
    for purpose in Purpose::ALL {
        let what_for = ChallengeFor { purpose, ..SIGN_IN };
        let challenge = make(&what_for);
        for other in Purpose::ALL {
            let found = checked(
                challenge.as_bytes(),
                NOW,
                &ChallengeFor {
                    purpose: other,
                    ..SIGN_IN
                },
            );
            assert_eq!(found.is_ok(), other == purpose, "{purpose:?} {other:?}");
        }
        for other in [
            ChallengeFor {
                holder: b"cookiE",
                ..what_for
            },
            ChallengeFor {
                holder: b"",
                ..what_for
            },
            ChallengeFor {
                epoch: b"restored",
                ..what_for
            },
            // The same bytes, cut elsewhere.
            ChallengeFor {
                holder: b"cookiee",
                epoch: b"poch",
                ..what_for
            },
        ] {
            let found = checked(challenge.as_bytes(), NOW, &other);
            assert_eq!(found.unwrap_err(), Rejected::ChallengeNotOurs);
        }
    }
}

#[test]
fn it_is_good_for_its_time_and_a_clock_set_back_revives_nothing() {
    for (purpose, after, expected) in [
        (Purpose::SignInAlone, -61, Some(Rejected::ChallengeEarly)),
        (Purpose::SignInAlone, -60, None),
        (Purpose::SignInAlone, 0, None),
        (Purpose::SignInAlone, 330, None),
        (Purpose::SignInAlone, 331, Some(Rejected::ChallengeOver)),
        (
            Purpose::SignInAlone,
            i64::MAX - NOW,
            Some(Rejected::ChallengeOver),
        ),
        (Purpose::StepUp, 330, None),
        (Purpose::StepUp, 331, Some(Rejected::ChallengeOver)),
        (Purpose::AddPasskey, 600, None),
        (Purpose::AddPasskey, 601, Some(Rejected::ChallengeOver)),
        (Purpose::AddSecurityKey, 600, None),
        (Purpose::AddSecurityKey, 601, Some(Rejected::ChallengeOver)),
        (Purpose::AddPasskey, -3600, Some(Rejected::ChallengeEarly)),
    ] {
        let what_for = ChallengeFor { purpose, ..SIGN_IN };
        let found = checked(make(&what_for).as_bytes(), NOW + after, &what_for);
        assert_eq!(found.err(), expected, "{purpose:?} {after}");
    }
}

#[test]
fn times_at_the_ends_make_no_panic() {
    for now in [i64::MIN, -1, 0, (1 << 48) - 1, i64::MAX] {
        let challenge = NewChallenge::make(now, [0; RANDOM_BYTES], &SIGN_IN, |parts| tag(1, parts));
        for at in [i64::MIN, 0, NOW, i64::MAX] {
            let _ = checked(challenge.as_bytes(), at, &SIGN_IN);
        }
    }
}

#[test]
fn what_is_random_is_in_it_and_in_the_id_that_is_spent() {
    let one = NewChallenge::make(NOW, [1; RANDOM_BYTES], &SIGN_IN, |parts| tag(1, parts));
    let two = NewChallenge::make(NOW, [2; RANDOM_BYTES], &SIGN_IN, |parts| tag(1, parts));
    let spent = |challenge: &NewChallenge| {
        checked(challenge.as_bytes(), NOW, &SIGN_IN)
            .unwrap()
            .spend()
            .id
    };
    assert_ne!(spent(&one), spent(&two));
    assert_eq!(one.as_bytes()[6..22], [1; 16]);
    assert_eq!(one.to_base64url().len(), 51);
}

#[test]
fn a_kept_challenge_is_compared() {
    assert!(OwnChallenge::kept(&[1; 32], &[1; 32], Purpose::StepUp).is_ok());
    for (presented, asked) in [
        (&[1; 32][..], &[2; 32][..]),
        (&[1; 31], &[1; 32]),
        (&[], &[]),
        (&[1; 15], &[1; 15]),
    ] {
        let found = OwnChallenge::kept(presented, asked, Purpose::StepUp);
        assert_eq!(found.unwrap_err(), Rejected::ChallengeNotOurs);
    }
}

proptest! {
    #[test]
    fn any_changed_bit_makes_it_not_ours(bit in 0_usize..CHALLENGE_BYTES * 8) {
        let mut bytes = *make(&SIGN_IN).as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(checked(&bytes, NOW, &SIGN_IN).unwrap_err(), Rejected::ChallengeNotOurs);
    }

    #[test]
    fn any_other_bytes_are_not_ours(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(checked(&bytes, NOW, &SIGN_IN).unwrap_err(), Rejected::ChallengeNotOurs);
    }
}
