use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::device::{Device, SpokenAnswer, b64};

const ORIGIN: &str = "https://example.org";
const RP_ID: &str = "example.org";
const CHALLENGE: [u8; 38] = [1; 38];
const ADA: UserHandle = [4; 16];
const BEA: UserHandle = [5; 16];

fn challenge(purpose: Purpose) -> OwnChallenge {
    OwnChallenge::kept(&CHALLENGE, &CHALLENGE, purpose).unwrap()
}

fn devices() -> [Device; 3] {
    [Device::p256(), Device::ed25519(), Device::rsa()]
}

fn create() -> SpokenAnswer {
    SpokenAnswer::new("webauthn.create", &CHALLENGE)
}

fn get() -> SpokenAnswer {
    SpokenAnswer::new("webauthn.get", &CHALLENGE).handle(&ADA)
}

fn register(said: &SpokenAnswer, purpose: Purpose) -> Result<NewKey, Rejected> {
    let text = Device::p256().registration(said).to_string();
    let challenge = challenge(purpose);
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: None,
    };
    Registration::read(&text).unwrap().verify(&expected)
}

/// An answer by Ada's key, of this kind and with this counter, which cannot be synced.
struct Asked {
    purpose: Purpose,
    user: Option<UserHandle>,
    kind: KeyKind,
    sign_count: u32,
    is_backup_eligible: bool,
}

impl Asked {
    fn of(purpose: Purpose) -> Self {
        Self {
            purpose,
            user: (!purpose.finds_user()).then_some(ADA),
            kind: KeyKind::Passkey,
            sign_count: 0,
            is_backup_eligible: false,
        }
    }

    fn answer(&self, device: &Device, said: &SpokenAnswer) -> Result<KeyAnswer, Rejected> {
        self.verdict(device, &device.assertion(said).to_string())
    }

    fn verdict(&self, device: &Device, text: &str) -> Result<KeyAnswer, Rejected> {
        let challenge = challenge(self.purpose);
        let expected = Expected {
            challenge: &challenge,
            origin: ORIGIN,
            rp_id: RP_ID,
            user: self.user.as_ref(),
        };
        let public_key = PublicKey::read(&device.cose()).unwrap();
        let key = RegisteredKey {
            credential_id: &[7; 16],
            public_key: &public_key,
            user: &ADA,
            rp_id: RP_ID,
            kind: self.kind,
            sign_count: self.sign_count,
            is_backup_eligible: self.is_backup_eligible,
        };
        Assertion::read(text).unwrap().verify(&expected, &key)
    }
}

#[test]
fn a_right_key_is_added_and_its_answers_are_right() {
    let new = register(&create(), Purpose::AddPasskey).unwrap();
    assert_eq!((new.kind, new.sign_count), (KeyKind::Passkey, 5));
    assert_eq!(new.credential_id.as_bytes(), [7; 16]);
    assert_eq!((new.is_backup_eligible, new.is_backed_up), (false, false));
    assert_eq!(new.aaguid, [0xaa; 16]);
    let new = register(&create().flags(0x19), Purpose::AddSecurityKey).unwrap();
    assert_eq!(new.kind, KeyKind::SecurityKey);
    assert_eq!((new.is_backup_eligible, new.is_backed_up), (true, true));
    for device in devices() {
        let answer = Asked::of(Purpose::SignInAlone)
            .answer(&device, &get())
            .unwrap();
        let expected = KeyAnswer {
            is_verified: true,
            sign_count: 5,
            counter: CounterNote::InOrder,
            is_backup_eligible: false,
            eligibility: EligibilityNote::Unchanged,
            is_backed_up: false,
        };
        assert_eq!(answer, expected);
    }
}

/// A change of an answer that is right, and what it is refused for.
type ChangedAnswer = (
    &'static str,
    Box<dyn Fn(SpokenAnswer) -> SpokenAnswer>,
    Rejected,
);

/// Each row is a change of an answer that is right, and refused with a reason of its own in both ceremonies.
#[test]
fn what_is_not_what_was_expected_is_refused_each_with_its_reason() {
    let mut other_rp_id = get();
    other_rp_id.authenticator_data[0] ^= 1;
    let hash = other_rp_id.authenticator_data;
    let rows: Vec<ChangedAnswer> = vec![
        (
            "other ceremony",
            Box::new(|said| said.client("type", json!("payment.get"))),
            Rejected::Ceremony,
        ),
        (
            "upper case",
            Box::new(|said| said.client("type", json!("WEBAUTHN.GET"))),
            Rejected::Ceremony,
        ),
        (
            "other challenge",
            Box::new(|said| said.client("challenge", json!(b64(&[2; 38])))),
            Rejected::ChallengeDiffers,
        ),
        (
            "no challenge",
            Box::new(|said| said.client("challenge", json!(""))),
            Rejected::ChallengeDiffers,
        ),
        (
            "longer challenge",
            Box::new(|said| said.client("challenge", json!(b64(&[1; 39])))),
            Rejected::ChallengeDiffers,
        ),
        (
            "in a frame",
            Box::new(|said| said.client("crossOrigin", json!(true))),
            Rejected::CrossOrigin,
        ),
        (
            "top origin",
            Box::new(|said| said.client("topOrigin", json!(ORIGIN))),
            Rejected::TopOrigin,
        ),
        (
            "top origin, null",
            Box::new(|said| said.client("topOrigin", json!(null))),
            Rejected::TopOrigin,
        ),
        (
            "other RP ID",
            Box::new(move |said| SpokenAnswer {
                authenticator_data: hash.clone(),
                ..said
            }),
            Rejected::RpId,
        ),
        (
            "nobody present",
            Box::new(|said| said.flags(0x04)),
            Rejected::NotPresent,
        ),
        (
            "nobody at all",
            Box::new(|said| said.flags(0x00)),
            Rejected::NotPresent,
        ),
        (
            "not verified",
            Box::new(|said| said.flags(0x01)),
            Rejected::NotVerified,
        ),
        (
            "backed up, ineligible",
            Box::new(|said| said.flags(0x15)),
            Rejected::BackedUpIneligible,
        ),
    ];
    for (name, change, expected) in rows {
        let added = register(&change(create()), Purpose::AddPasskey);
        assert_eq!(added.err(), Some(expected), "adding: {name}");
        let asked = Asked::of(Purpose::SignInAlone);
        assert_eq!(
            asked.answer(&Device::p256(), &change(get())),
            Err(expected),
            "answering: {name}"
        );
    }
}

#[test]
fn an_origin_is_compared_character_by_character() {
    for origin in [
        "https://example.org:8443",
        "https://example.org:443",
        "https://example.org/",
        "https://example.org.",
        "http://example.org",
        "https://www.example.org",
        "https://evil-example.org",
        "https://example.org.evil.test",
        "https://Example.org",
        "HTTPS://example.org",
        "https://example.orG",
        " https://example.org",
        "https://example.org\n",
        "https://user@example.org",
        "https://ex\u{430}mple.org",
        "android:apk-key-hash:example",
        "null",
        "",
    ] {
        let added = register(
            &create().client("origin", json!(origin)),
            Purpose::AddPasskey,
        );
        assert_eq!(added.err(), Some(Rejected::Origin), "adding: {origin:?}");
        let said = get().client("origin", json!(origin));
        let answer = Asked::of(Purpose::SignInAlone).answer(&Device::p256(), &said);
        assert_eq!(answer, Err(Rejected::Origin), "answering: {origin:?}");
    }
}

#[test]
fn each_ceremony_takes_its_own_client_data_and_purposes() {
    assert_eq!(
        register(&get(), Purpose::AddPasskey).err(),
        Some(Rejected::Ceremony)
    );
    let answer = Asked::of(Purpose::AfterPassword).answer(&Device::p256(), &create());
    assert_eq!(answer, Err(Rejected::Ceremony));
    for purpose in Purpose::ALL {
        let is_added = register(&create(), purpose);
        let answer = Asked::of(purpose).answer(&Device::p256(), &get());
        match purpose.adds() {
            Some(kind) => assert_eq!(
                (is_added.unwrap().kind, answer),
                (kind, Err(Rejected::Purpose))
            ),
            None => assert_eq!(
                (is_added.err(), answer.is_ok()),
                (Some(Rejected::Purpose), true)
            ),
        }
    }
}

#[test]
fn verification_is_demanded_by_the_purpose() {
    for purpose in Purpose::ALL {
        let unverified = if purpose.adds().is_some() {
            register(&create().flags(0x01), purpose).map(|_| ()).err()
        } else {
            Asked::of(purpose)
                .answer(&Device::p256(), &get().flags(0x01))
                .err()
        };
        let expected = purpose
            .demands_verification()
            .then_some(Rejected::NotVerified);
        assert_eq!(unverified, expected, "{purpose:?}");
    }
}

#[test]
fn a_security_key_stands_for_nothing_that_takes_two_factors_whatever_it_verifies() {
    for (purpose, expected) in [
        (Purpose::SignInAlone, Some(Rejected::SecurityKeyAlone)),
        (Purpose::StepUp, Some(Rejected::SecurityKeyAlone)),
        (Purpose::AfterPassword, None),
        (Purpose::StepUpSecond, None),
        (Purpose::ProveSession, None),
    ] {
        let asked = Asked {
            kind: KeyKind::SecurityKey,
            ..Asked::of(purpose)
        };
        assert_eq!(
            asked.answer(&Device::p256(), &get()).err(),
            expected,
            "{purpose:?}"
        );
    }
}

#[test]
fn key_handle_and_user_have_to_agree() {
    let device = Device::p256();
    let without = SpokenAnswer {
        user_handle: None,
        ..get()
    };
    let alone = || Asked::of(Purpose::SignInAlone);
    let after = || Asked::of(Purpose::AfterPassword);
    let of = |asked: Asked, user| Asked { user, ..asked };
    for (asked, said, expected) in [
        (alone(), get(), None),
        (alone(), without.clone(), Some(Rejected::NoUserHandle)),
        (alone(), get().handle(&[]), Some(Rejected::UserHandle)),
        (alone(), get().handle(&BEA), Some(Rejected::UserHandle)),
        (
            alone(),
            get().handle(&ADA[..15]),
            Some(Rejected::UserHandle),
        ),
        (of(alone(), Some(BEA)), get(), Some(Rejected::OtherUser)),
        (after(), get(), None),
        (after(), without.clone(), None),
        (after(), get().handle(&[]), Some(Rejected::UserHandle)),
        (after(), get().handle(&BEA), Some(Rejected::UserHandle)),
        (of(after(), Some(BEA)), get(), Some(Rejected::OtherUser)),
        (
            of(after(), Some(BEA)),
            get().handle(&BEA),
            Some(Rejected::OtherUser),
        ),
        (
            of(after(), Some(BEA)),
            without.clone(),
            Some(Rejected::OtherUser),
        ),
        (of(after(), None), get(), Some(Rejected::OtherUser)),
        (
            of(Asked::of(Purpose::StepUp), None),
            get(),
            Some(Rejected::OtherUser),
        ),
    ] {
        let case = format!(
            "{:?} {:?} {:?}",
            asked.purpose, asked.user, said.user_handle
        );
        assert_eq!(asked.answer(&device, &said).err(), expected, "{case}");
    }
}

#[test]
fn the_answer_is_by_the_key_that_is_looked_at() {
    let asked = Asked::of(Purpose::SignInAlone);
    let other_id = SpokenAnswer {
        id: vec![8; 16],
        ..get()
    };
    assert_eq!(
        asked.answer(&Device::p256(), &other_id),
        Err(Rejected::OtherCredential)
    );
    let by_other_key = Device::ed25519().assertion(&get()).to_string();
    assert_eq!(
        asked.verdict(&Device::p256(), &by_other_key),
        Err(Rejected::Signature)
    );
    let challenge = challenge(Purpose::SignInAlone);
    let expected = Expected {
        challenge: &challenge,
        origin: ORIGIN,
        rp_id: RP_ID,
        user: None,
    };
    let public_key = PublicKey::read(&Device::p256().cose()).unwrap();
    let moved = RegisteredKey {
        credential_id: &[7; 16],
        public_key: &public_key,
        user: &ADA,
        rp_id: "old.example.org",
        kind: KeyKind::Passkey,
        sign_count: 0,
        is_backup_eligible: false,
    };
    let answer = Assertion::read(&Device::p256().assertion(&get()).to_string()).unwrap();
    assert_eq!(
        answer.verify(&expected, &moved),
        Err(Rejected::KeyOfOtherRpId)
    );
}

#[test]
fn a_counter_that_does_not_rise_is_refused_unless_the_key_is_synced() {
    let in_order = Ok(CounterNote::InOrder);
    let (synced, refused) = (Ok(CounterNote::NotRisingSynced), Err(Rejected::Counter));
    for (stored, sent, of_device, of_synced) in [
        (0, 0, in_order, in_order),
        (0, 1, in_order, in_order),
        (5, 6, in_order, in_order),
        (5, u32::MAX, in_order, in_order),
        (5, 5, refused, synced),
        (5, 4, refused, synced),
        (5, 0, refused, synced),
        (u32::MAX, 0, refused, synced),
    ] {
        for (is_backup_eligible, expected) in [(false, of_device), (true, of_synced)] {
            let asked = Asked {
                sign_count: stored,
                is_backup_eligible,
                ..Asked::of(Purpose::AfterPassword)
            };
            // Whatever the answer says of itself: whoever has a copy can say it.
            for flags in [0x05, 0x0d, 0x1d] {
                let said = get().flags(flags).counter(sent);
                let found = asked
                    .answer(&Device::p256(), &said)
                    .map(|answer| answer.counter);
                assert_eq!(
                    found, expected,
                    "{stored} {sent} {is_backup_eligible} {flags:x}"
                );
            }
        }
    }
    // A wrong signature says nothing of the counter.
    let asked = Asked {
        sign_count: 9,
        ..Asked::of(Purpose::AfterPassword)
    };
    let forged = Device::ed25519().assertion(&get()).to_string();
    assert_eq!(
        asked.verdict(&Device::p256(), &forged),
        Err(Rejected::Signature)
    );
}

#[test]
fn backup_eligibility_that_changes_is_taken_over_and_noted() {
    for (stored, flags, eligible, backed_up, note) in [
        (false, 0x05, false, false, EligibilityNote::Unchanged),
        (false, 0x0d, true, false, EligibilityNote::Changed),
        (false, 0x1d, true, true, EligibilityNote::Changed),
        (true, 0x05, false, false, EligibilityNote::Changed),
        (true, 0x0d, true, false, EligibilityNote::Unchanged),
        (true, 0x1d, true, true, EligibilityNote::Unchanged),
    ] {
        let asked = Asked {
            is_backup_eligible: stored,
            ..Asked::of(Purpose::SignInAlone)
        };
        let answer = asked.answer(&Device::p256(), &get().flags(flags)).unwrap();
        let found = (
            answer.is_backup_eligible,
            answer.is_backed_up,
            answer.eligibility,
        );
        assert_eq!(found, (eligible, backed_up, note), "{stored} {flags:x}");
    }
}

proptest! {
    /// Every bit of what was signed and of the signature.
    #[test]
    fn any_changed_bit_is_refused(which in 0_usize..3, at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        for device in devices() {
            let json = device.assertion(&get());
            let member = ["clientDataJSON", "authenticatorData", "signature"][which];
            let text = json["response"][member].as_str().unwrap();
            let mut bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let mut changed = json.clone();
            changed["response"][member] = json!(b64(&bytes));
            if Assertion::read(&changed.to_string()).is_ok() {
                let asked = Asked::of(Purpose::AfterPassword);
                prop_assert!(asked.verdict(&device, &changed.to_string()).is_err(), "{member} {at} {bit}");
            }
        }
    }

    #[test]
    fn any_truncation_is_refused(which in 0_usize..3, cut in any::<prop::sample::Index>()) {
        for device in devices() {
            let json = device.assertion(&get());
            let member = ["clientDataJSON", "authenticatorData", "signature"][which];
            let text = json["response"][member].as_str().unwrap();
            let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
            let mut changed = json.clone();
            changed["response"][member] = json!(b64(&bytes[..cut.index(bytes.len())]));
            if Assertion::read(&changed.to_string()).is_ok() {
                let asked = Asked::of(Purpose::AfterPassword);
                prop_assert_eq!(asked.verdict(&device, &changed.to_string()), Err(Rejected::Signature));
            }
        }
    }
}
