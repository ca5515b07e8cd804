//! What settings must be beyond their kind.

use std::ops::RangeInclusive;

use super::Settings;
use super::problem::SettingsProblem;
use super::public_url::origin_of;
use crate::domain::retention::{FEWEST_DAYS, MOST_DAYS};
use crate::storage::PostgresUrl;

/// Characters of the product's name.
const LONGEST_NAME: usize = 60;
/// Connections that can be set: fewer than a browser and a proxy open by themselves would be none.
const FEW_CONNECTIONS: RangeInclusive<u32> = 16..=1_000_000;

/// Gives everything that is out of its bounds, and puts into its one spelling what has several.
pub(super) fn check(settings: &mut Settings) -> Vec<SettingsProblem> {
    let mut problems = Vec::new();
    if let Some(url) = &mut settings.configured_public_url {
        match origin_of(url) {
            Ok(origin) => *url = origin,
            Err(reason) => problems.push(SettingsProblem::value("public_url", reason)),
        }
    }
    if let Some(url) = &settings.database_url
        && let Err(reason) = PostgresUrl::new(&url.0).check()
    {
        let reason = format!("cannot be used: {reason}");
        problems.push(SettingsProblem::value("database_url", reason));
    }
    let length = settings.product_name.chars().count();
    if settings.product_name.trim().is_empty() || length > LONGEST_NAME {
        problems.push(SettingsProblem::value(
            "product_name",
            "takes 1 to 60 characters",
        ));
    }
    let days = settings.audit.keep_days;
    if days.is_some_and(|days| days != 0 && !(FEWEST_DAYS..=MOST_DAYS).contains(&days)) {
        let reason = format!("takes {FEWEST_DAYS} to {MOST_DAYS}, or 0 for all of them");
        problems.push(SettingsProblem::value("audit.keep_days", reason));
    }
    let connections = settings.http.connections;
    if connections != 0 && !FEW_CONNECTIONS.contains(&connections) {
        let reason = "takes 16 to 1000000, or 0 for as many as there is room for";
        problems.push(SettingsProblem::value("http.connections", reason));
    }
    for (name, value, least, most) in bounds(settings) {
        if !(least..=most).contains(&value) {
            let reason = format!("takes {least} to {most}");
            problems.push(SettingsProblem::value(name, reason));
        }
    }
    problems
}

/// Numbers, each with the least and the most that it can be.
fn bounds(settings: &Settings) -> [(&'static str, u32, u32, u32); 12] {
    let (hash, http, session) = (settings.password_hash, settings.http, settings.session);
    [
        (
            "database_connections",
            settings.database_connections,
            2,
            1_000,
        ),
        ("session.idle_minutes", session.idle_minutes, 1, 525_600),
        ("session.absolute_hours", session.absolute_hours, 1, 87_600),
        // What the hashes that are stored can be read with: crypto::password::recipe.
        (
            "password_hash.memory_kib",
            hash.memory_kib,
            8 * 1024,
            1024 * 1024,
        ),
        ("password_hash.passes", hash.passes, 1, 64),
        ("password_hash.lanes", hash.lanes, 1, 16),
        ("http.idle_seconds", http.idle_seconds, 1, 3600),
        ("http.body_seconds", http.body_seconds, 1, 3600),
        ("http.write_seconds", http.write_seconds, 1, 3600),
        ("http.stop_delay_seconds", http.stop_delay_seconds, 0, 8),
        // Below the lease of a mail: by then another server may take it over.
        ("mail.timeout_seconds", settings.mail.timeout_seconds, 1, 59),
        ("sms.timeout_seconds", settings.sms.timeout_seconds, 1, 30),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEYS;

    #[test]
    fn the_meaning_of_a_number_names_its_bounds() {
        for (name, _, least, most) in bounds(&Settings::default()) {
            let key = KEYS.iter().find(|key| key.name == name).unwrap();
            let expected = format!("{least} to {most}");
            assert!(key.meaning.contains(&expected), "{name}: {expected}");
        }
    }
}
