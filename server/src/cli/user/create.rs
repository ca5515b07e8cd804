//! `twofold user create`.

use std::io::Read as _;

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use zeroize::Zeroizing;

use super::addresses::say_who_lost;
use super::{Create, NO_USER};
use crate::cli::output::print;
use crate::cli::refusal_words::line;
use crate::cli::{Ended, Options, services_or_new};
use domain::days::Zone;
use service::{Failure, users};

/// The most of standard input that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// What is no zone.
const NO_ZONE: &str =
    "--zone: no time zone that is known has that name; one is written as Europe/Berlin";

pub(super) async fn create_user(options: &Options, create: Create) -> Ended {
    let zone = match &create.zone {
        Some(name) => Zone::parse(name).ok_or(NO_ZONE)?,
        None => zone_of_machine(),
    };
    let user = NewUser {
        name: create.name,
        email: create.email,
        account_name: create.account,
        password: password_of_input()?,
    };
    // Where there is no database yet, a refusal makes none.
    users::check(&user).map_err(|refusal| line(Failure::Refused(refusal), NO_USER))?;
    let services = services_or_new(options).await?;
    let namesakes = users::count_accounts_named(&services, &user.account_name).await;
    let namesakes = namesakes.map_err(|failure| line(failure, NO_USER))?;
    let lost_by = users::create(&services, &user, zone)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    print(&format!("{} can sign in now.", user.email))?;
    print(&format!(
        "{} is in the time zone {}; twofold account set-zone changes it.",
        user.account_name.trim(),
        zone.name()
    ))?;
    say_who_lost(lost_by, &user.email)?;
    if namesakes > 0 {
        print(&format!(
            "warning: there was an account named {} already, and {} owns another one now; into an account that there is, \
             its owner or an administrator invites people.",
            user.account_name.trim(),
            user.email
        ))?;
    }
    Ok(())
}

/// The zone that the machine says it is in, by `TZ` or `/etc/localtime`; UTC where it names none that we know.
fn zone_of_machine() -> Zone {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().and_then(Zone::parse).unwrap_or(Zone::UTC)
}

/// The first line of standard input. The buffer has its size from the start: growing would leave copies behind.
fn password_of_input() -> Result<SecretText, String> {
    let failed = |error| format!("the password cannot be read from standard input: {error}");
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    let input = std::io::stdin().lock();
    input.take(most).read_to_end(&mut bytes).map_err(failed)?;
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|_| "the password on standard input is not text in UTF-8")?;
    Ok(SecretText::new(text.lines().next().unwrap_or_default()))
}
