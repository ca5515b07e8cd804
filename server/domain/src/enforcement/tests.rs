use app::types::factors::FactorKind;
use proptest::prelude::*;

use super::*;

/// 14 November 2023, 22:13:20 UTC.
const NOW: Timestamp = Timestamp(1_700_000_000);
const A_DAY: i64 = 86_400;

fn deadline(at: Timestamp) -> Deadline {
    Deadline::at(at, Zone::UTC)
}

fn from(at: Timestamp) -> Requirement {
    Requirement::From(deadline(at))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_requirement_holds_from_its_second_on_for_users_without_two_factor() {
    let table = [
        (Requirement::Off, false, RequirementStatus::Free),
        (Requirement::Off, true, RequirementStatus::Free),
        (from(NOW), true, RequirementStatus::Free),
        (from(NOW), false, RequirementStatus::Due),
        (from(NOW - 1), false, RequirementStatus::Due),
        (
            from(NOW + 1),
            false,
            RequirementStatus::DueFrom(deadline(NOW + 1)),
        ),
        (from(NOW + 1), true, RequirementStatus::Free),
    ];
    for (requirement, has_two_factor, expected) in table {
        let actual = standing(requirement, has_two_factor, NOW);
        assert_eq!(actual, expected, "{requirement:?} {has_two_factor}");
    }
}

#[test]
fn an_account_stays_shut_after_a_reset_only_while_its_requirement_holds() {
    let (held, ahead) = (from(NOW), from(NOW + 1));
    let (now, later) = (Some(NOW), Some(NOW + 1));
    let table = [
        (held, true, None, RequirementStatus::Free),
        (held, true, now, RequirementStatus::Free),
        (held, true, later, RequirementStatus::Due),
        (held, false, later, RequirementStatus::Due),
        (held, false, now, RequirementStatus::Due),
        (ahead, true, later, RequirementStatus::Free),
        (
            ahead,
            false,
            later,
            RequirementStatus::DueFrom(deadline(NOW + 1)),
        ),
        (Requirement::Off, true, later, RequirementStatus::Free),
        (Requirement::Off, false, later, RequirementStatus::Free),
    ];
    for (requirement, has_two_factor, opens_at, expected) in table {
        let actual = standing_after_reset(requirement, has_two_factor, opens_at, NOW);
        let case = format!("{requirement:?} {has_two_factor} {opens_at:?}");
        assert_eq!(actual, expected, "{case}");
    }
}

#[test]
fn access_returns_in_the_moment_two_factor_is_on() {
    let requirement = from(NOW - 86_400);
    assert_eq!(standing(requirement, false, NOW), RequirementStatus::Due);
    assert_eq!(standing(requirement, true, NOW), RequirementStatus::Free);
}

#[test]
fn a_requirement_starts_at_once_today_or_up_to_90_days_ahead_by_the_calendar_of_the_account() {
    let zone = |name| Zone::parse(name).unwrap();
    let (utc, auckland) = (Zone::UTC, zone("Pacific/Auckland"));
    let at_once = |zone| Ok(Requirement::From(Deadline::at(NOW, zone)));
    let on = |text, zone| Ok(Requirement::From(Deadline::on(day(text), zone)));
    let past = Err(DayRefused::InThePast);
    let table = [
        (None, utc, at_once(utc)),
        (Some("2023-11-14"), utc, at_once(utc)),
        (Some("2023-11-13"), utc, past),
        (Some("0001-01-01"), utc, past),
        (Some("2023-11-15"), utc, on("2023-11-15", utc)),
        (Some("2024-02-12"), utc, on("2024-02-12", utc)),
        (Some("2024-02-13"), utc, Err(DayRefused::TooFarAhead)),
        (Some("9999-12-31"), utc, Err(DayRefused::TooFarAhead)),
        // In Auckland it is the 15th already.
        (Some("2023-11-14"), auckland, past),
        (Some("2023-11-15"), auckland, at_once(auckland)),
        (Some("2024-02-13"), auckland, on("2024-02-13", auckland)),
        (Some("2024-02-14"), auckland, Err(DayRefused::TooFarAhead)),
    ];
    for (text, zone, expected) in table {
        let wanted = text.map(day);
        let actual = require(Requirement::Off, wanted, zone, NOW);
        assert_eq!(actual, expected, "{text:?} {zone:?}");
        let later = from(NOW + 30 * A_DAY);
        let actual = require(later, wanted, zone, NOW);
        assert_eq!(actual, expected, "{text:?} {zone:?}");
    }
    let (first, last) = days_to_begin(auckland, NOW);
    assert_eq!((first, last), (day("2023-11-15"), day("2024-02-13")));
    assert_eq!(day_to_offer(auckland, NOW), day("2023-11-29"));
}

#[test]
fn a_requirement_that_holds_keeps_its_day_and_one_that_is_sent_back_does_not_move() {
    let held = from(NOW - 400 * A_DAY);
    let Requirement::From(Deadline { day: since, .. }) = held else {
        unreachable!()
    };
    for wanted in [None, Some(since), Some(day("2023-11-14"))] {
        assert_eq!(require(held, wanted, Zone::UTC, NOW), Ok(held));
    }
    for text in ["2023-11-15", "2023-11-20", "9999-12-31"] {
        let put_off = require(held, Some(day(text)), Zone::UTC, NOW);
        assert_eq!(put_off, Err(DayRefused::HoldsAlready));
    }
    // Whatever the zone of the account is by now, and however far the clock was set back since.
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    for text in ["2023-11-15", "2024-02-12", "2024-12-31"] {
        let set = Requirement::From(Deadline::on(day(text), berlin));
        for name in ["UTC", "Pacific/Auckland", "America/Los_Angeles"] {
            let zone = Zone::parse(name).unwrap();
            let sent_back = require(set, Some(day(text)), zone, NOW);
            assert_eq!(sent_back, Ok(set), "{text} {name}");
        }
    }
}

#[test]
fn of_the_same_day_in_two_zones_the_later_moment_is_weaker() {
    let on = |name| AccountSettings {
        requirement: Requirement::From(Deadline::on(day("2023-12-10"), Zone::parse(name).unwrap())),
        rules: AccountRules {
            trusted_browsers_allowed: false,
            sms_counts: false,
        },
    };
    let (east, west) = (on("Pacific/Auckland"), on("America/Los_Angeles"));
    assert!(is_weaker(east, west) && !is_weaker(west, east));
    assert!(is_stricter(east, west) && is_stricter(west, east));
}

#[test]
fn an_owner_without_a_factor_that_counts_cannot_make_it_stricter() {
    let settings = |requirement, sms_counts| AccountSettings {
        requirement,
        rules: AccountRules {
            trusted_browsers_allowed: true,
            sms_counts,
        },
    };
    let (off, on) = (Requirement::Off, from(NOW));
    let later = from(NOW + 1);
    let none = FactorKinds::NONE;
    let (app, sms) = (none.with(FactorKind::App), none.with(FactorKind::Sms));
    let table = [
        (settings(off, false), settings(on, false), none, true),
        (settings(off, false), settings(on, false), app, false),
        (settings(off, false), settings(on, false), sms, true),
        (settings(off, false), settings(on, true), sms, false),
        (settings(on, true), settings(on, false), sms, true),
        (settings(later, false), settings(on, false), none, true),
        (settings(later, false), settings(off, false), none, false),
        (settings(later, false), settings(later, true), none, false),
        (settings(off, true), settings(off, false), sms, false),
        // Nothing changes: nobody is shut out who was not before.
        (settings(on, false), settings(on, false), none, false),
        (settings(on, true), settings(on, true), none, false),
    ];
    for (before, after, owner, expected) in table {
        assert_eq!(
            shuts_owner_out(before, after, owner),
            expected,
            "{before:?} {after:?} {owner:?}"
        );
    }
}

/// Settings that differ in every part: no requirement, one that holds, one from now, two from later days.
fn all_settings() -> Vec<AccountSettings> {
    let requirements = [
        Requirement::Off,
        from(NOW - A_DAY),
        from(NOW),
        from(NOW + 2 * A_DAY),
        from(NOW + 90 * A_DAY),
    ];
    let mut all = Vec::new();
    for requirement in requirements {
        for (trusted_browsers_allowed, sms_counts) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            let rules = AccountRules {
                trusted_browsers_allowed,
                sms_counts,
            };
            all.push(AccountSettings { requirement, rules });
        }
    }
    all
}

/// Everything that a user may have: nothing, one factor, several.
fn all_kinds() -> [FactorKinds; 4] {
    let one = [FactorKind::Sms, FactorKind::App].map(FactorKinds::from);
    let both = FactorKind::ALL.into_iter().collect();
    [FactorKinds::NONE, one[0], one[1], both]
}

/// Every way in which somebody may meet the settings: with which factor, at which moment, in a trusted browser or not.
fn is_let_in(settings: AccountSettings, factors: FactorKinds, at: Timestamp) -> bool {
    let covered = factors.cover(settings.rules);
    standing(settings.requirement, covered, at) != RequirementStatus::Due
}

/// Whether somebody is let in afterwards who was not before, now or at any later moment.
fn lets_more_in(before: AccountSettings, after: AccountSettings) -> bool {
    let moments = [-A_DAY, 0, 1, A_DAY, 2 * A_DAY, 3 * A_DAY, 90 * A_DAY];
    let by_factor = moments.into_iter().any(|at| {
        all_kinds()
            .into_iter()
            .any(|kinds| is_let_in(after, kinds, NOW + at) && !is_let_in(before, kinds, NOW + at))
    });
    let skips = |settings: AccountSettings| settings.rules.trusted_browsers_allowed;
    by_factor || (skips(after) && !skips(before))
}

#[test]
fn the_table_of_what_is_weaker_in_both_directions() {
    let (off, on) = (Requirement::Off, from(NOW));
    let (soon, late) = (from(NOW + 1), from(NOW + A_DAY));
    let (no, trust, sms) = ((false, false), (true, false), (false, true));
    // One change, whether it is weaker, and whether taking it back is.
    let table = [
        ((off, no), (off, no), false, false),
        ((off, no), (on, no), false, true),
        ((on, no), (soon, no), true, false),
        ((on, no), (late, no), true, false),
        ((soon, no), (late, no), true, false),
        ((late, no), (off, no), true, false),
        ((on, no), (on, trust), true, false),
        ((on, no), (on, sms), true, false),
        ((off, no), (off, trust), true, false),
        ((off, no), (off, sms), true, false),
        // Weaker in one part and stricter in another is weaker, and so is the way back.
        ((off, no), (on, trust), true, true),
        ((off, no), (on, sms), true, true),
        ((late, no), (soon, trust), true, true),
        ((late, no), (soon, sms), true, true),
        ((on, trust), (on, sms), true, true),
        ((on, no), (off, (true, true)), true, false),
    ];
    let settings = |(requirement, (trusted_browsers_allowed, sms_counts))| AccountSettings {
        requirement,
        rules: AccountRules {
            trusted_browsers_allowed,
            sms_counts,
        },
    };
    for (before, after, there, back) in table {
        let (before, after) = (settings(before), settings(after));
        assert_eq!(is_weaker(before, after), there, "{before:?} {after:?}");
        assert_eq!(is_weaker(after, before), back, "{after:?} {before:?}");
    }
}

#[test]
fn whatever_lets_one_more_in_is_weaker_for_every_pair_of_settings() {
    let all = all_settings();
    for before in &all {
        for after in &all {
            let (before, after) = (*before, *after);
            if lets_more_in(before, after) {
                assert!(is_weaker(before, after), "{before:?} {after:?}");
            }
            // Of two that differ at least one direction is the weaker one.
            let is_either = is_weaker(before, after) || is_weaker(after, before);
            assert_eq!(is_either, before != after, "{before:?} {after:?}");
        }
    }
}

fn any_settings() -> impl Strategy<Value = AccountSettings> {
    let moment = (-400 * A_DAY..=400 * A_DAY).prop_map(|at| from(NOW + at));
    let requirement = prop_oneof![1 => Just(Requirement::Off), 4 => moment];
    (requirement, any::<bool>(), any::<bool>()).prop_map(|(requirement, trusted, sms)| {
        AccountSettings {
            requirement,
            rules: AccountRules {
                trusted_browsers_allowed: trusted,
                sms_counts: sms,
            },
        }
    })
}

proptest! {
    #[test]
    fn who_is_kept_out_stays_out_unless_it_is_weaker(
        before in any_settings(),
        after in any_settings(),
        at in -400 * A_DAY..=400 * A_DAY,
    ) {
        for kinds in all_kinds() {
            let opens = is_let_in(after, kinds, NOW + at) && !is_let_in(before, kinds, NOW + at);
            prop_assert!(!opens || is_weaker(before, after));
        }
    }

    #[test]
    fn weaker_in_steps_is_weaker_in_one_or_made_up_for_in_between(
        first in any_settings(),
        second in any_settings(),
        third in any_settings(),
    ) {
        // Nobody comes to weaker settings by steps of which none is weaker.
        let by_strict_steps = !is_weaker(first, second) && !is_weaker(second, third);
        prop_assert!(!by_strict_steps || !is_weaker(first, third));
    }
}
