//! What `check-config` takes starts: every number of the table of settings at its bounds, and one beyond.

use std::sync::Arc;

use crypto::clock::FixedClock;
use crypto::random::SeededRandom;
use server::application::Application;
use settings::{Bounds, KEYS, SettingKind, Sources, load};
use tempfile::TempDir;

use crate::support::START;

/// Every number with its bounds.
fn numbers() -> Vec<(&'static str, Bounds)> {
    let numbers = KEYS.iter().filter(|key| key.kind == SettingKind::Number);
    let bounds = numbers.map(|key| Some((key.name, key.bounds()?)));
    bounds.flatten().collect()
}

/// These settings, and what lets mail and SMS be made as they are where they are used.
fn sources(folder: &TempDir, settings: &[(&str, i64)]) -> Sources {
    let usual = [
        ("data", folder.path().display().to_string()),
        ("listen", "127.0.0.1:0".to_owned()),
        ("metrics.listen", "127.0.0.1:0".to_owned()),
        ("mail.smtp_url", "smtps://localhost".to_owned()),
        ("sms.gateway", "outbox".to_owned()),
    ];
    let numbers = settings
        .iter()
        .map(|(name, value)| (*name, value.to_string()));
    let flags = usual.into_iter().chain(numbers);
    Sources {
        flags: flags
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        ..Sources::default()
    }
}

/// Panics where the settings are refused or the server does not start.
async fn start(settings: &[(&str, i64)]) {
    let folder = tempfile::tempdir().unwrap();
    let read = load(&sources(&folder, settings));
    let read = read.unwrap_or_else(|problem| panic!("{settings:?}: {problem}"));
    let (clock, random) = (FixedClock::new(START), SeededRandom::new(1));
    let built = Application::build(read, Arc::new(clock), Arc::new(random)).await;
    let built = built.unwrap_or_else(|problem| panic!("{settings:?}: {problem}"));
    drop(built);
}

#[tokio::test]
async fn a_server_starts_with_every_number_at_each_of_its_bounds() {
    for (name, bounds) in numbers() {
        let zero = bounds.zero.map(|_| 0);
        for value in [bounds.least, bounds.most].into_iter().chain(zero) {
            start(&[(name, value)]).await;
        }
    }
}

#[tokio::test]
async fn a_server_starts_with_all_numbers_at_their_bounds_together() {
    let least: Vec<_> = numbers()
        .iter()
        .map(|(name, of)| (*name, of.least))
        .collect();
    let most: Vec<_> = numbers()
        .iter()
        .map(|(name, of)| (*name, of.most))
        .collect();
    start(&least).await;
    start(&most).await;
}

#[test]
fn one_beyond_a_bound_is_refused_with_the_setting_the_value_and_the_bounds() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bounds) in numbers() {
        for value in [bounds.least - 1, bounds.most + 1, i64::MIN, i64::MAX] {
            if bounds.zero.is_some() && value == 0 {
                continue;
            }
            let problem = load(&sources(&folder, &[(name, value)])).unwrap_err();
            let expected = format!("setting `{name}` takes {bounds}, not {value}  (from a flag)");
            assert_eq!(problem.to_string(), expected);
        }
    }
}
