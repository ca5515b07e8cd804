//! What settings must be beyond their kind.

use super::Settings;
use super::problem::Problem;

/// Gives the settings back when each is within its bounds.
pub(super) fn check(settings: Settings) -> Result<Settings, Problem> {
    let refuse = |name: &str, reason: &str| {
        Err(Problem::Value {
            name: name.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let url = settings.public_url();
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', ' '])) {
        return refuse(
            "public_url",
            "takes http:// or https:// and a host, nothing after it",
        );
    }
    if settings.session.idle_minutes == 0 || settings.session.absolute_hours == 0 {
        return refuse("session", "limits are at least 1");
    }
    if settings.password_hash.memory_kib < 8 * 1024 || settings.password_hash.passes == 0 {
        return refuse("password_hash", "takes at least 8192 KiB and one pass");
    }
    if settings.password_hash.lanes == 0 || settings.password_hash.lanes > 16 {
        return refuse("password_hash.lanes", "takes 1 to 16");
    }
    let http = settings.http;
    for (name, seconds) in [
        ("http.idle_seconds", http.idle_seconds),
        ("http.body_seconds", http.body_seconds),
        ("http.write_seconds", http.write_seconds),
    ] {
        if !(1..=3600).contains(&seconds) {
            return refuse(name, "takes 1 to 3600");
        }
    }
    if http.stop_delay_seconds > 8 {
        return refuse("http.stop_delay_seconds", "takes 0 to 8");
    }
    if settings.product_name.trim().is_empty() || settings.product_name.chars().count() > 60 {
        return refuse("product_name", "takes 1 to 60 characters");
    }
    Ok(settings)
}
