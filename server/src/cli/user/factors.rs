//! What the operator does about second factors: allow the first, reset one, reset all whose key is lost.

use std::io::{BufRead as _, Read as _};
use std::sync::Arc;

use super::{AllowFirstFactor, NO_USER, Reset};
use crate::application::lost_keys::reset_all_two_factor;
use crate::cli::behind::{GivenBy, say_who_is_behind};
use crate::cli::output::print;
use crate::cli::refusal_words::line;
use crate::cli::{Ended, Options, services, settings_to_write};
use crypto::clock::{Clock, SystemClock};
use crypto::random::{Random, SystemRandom};
use service::first_factor::allowance::{self, LetIn};
use service::keys::lost::Loss;
use service::users::{self, AfterReset};

pub(super) async fn allow_first_factor(options: &Options, given: &AllowFirstFactor) -> Ended {
    let services = services(options).await?;
    let allowed = match (&given.email, &given.all_of) {
        (Some(email), _) => {
            allowance::allow_by_operator(&services, email)
                .await
                .map_err(|failure| line(failure, NO_USER))?;
            LetIn {
                allowed: vec![email.clone()],
                refused: Vec::new(),
            }
        }
        (None, account) => allowance::allow_all_of(&services, account.as_deref().unwrap_or(""))
            .await
            .map_err(|problem| problem.to_string())?,
    };
    for email in &allowed.allowed {
        print(&format!(
            "{email} can set up a second factor without a mailed code, in the next browser in which they sign in, for 30 minutes."
        ))?;
        say_who_is_behind(&services, email, GivenBy::Right).await?;
    }
    for email in &allowed.refused {
        print(&format!(
            "{email} was passed over: their second factors cannot be read or were edited in the database; `twofold user \
             reset-two-factor --email {email}` comes first."
        ))?;
    }
    if allowed == LetIn::default() {
        print("Every user of that account who can sign in has a second factor.")?;
    }
    Ok(())
}

pub(super) async fn reset_two_factor(options: &Options, reset: &Reset) -> Ended {
    let services = services(options).await?;
    let next = users::reset_two_factor(&services, &reset.email, !reset.without_link)
        .await
        .map_err(|failure| line(failure, NO_USER))?;
    let email = &reset.email;
    print(&format!("Two-factor authentication of {email} was reset."))?;
    match next {
        AfterReset::PasswordAlone => {
            print("Until they enable it again, the password alone signs them in.")?;
        }
        AfterReset::MailedLink => {
            print(
                "Each sign-in takes a mailed link besides the password, until they enable it again.",
            )?;
        }
        AfterReset::SomebodyLetsThemIn => {
            print(&format!(
                "They cannot sign in yet: nobody has shown that they read mail at their address, or they have lost it, so \
             no link is mailed. `twofold user allow-first-factor {email}` lets them in for 30 minutes, without an \
             address, and whoever signs in first with their password is let in. Better, `twofold user set-email` gives them \
             an address, or says that the one in use is theirs."
            ))?;
        }
    }
    say_who_is_behind(&services, email, GivenBy::Nothing).await
}

pub(super) async fn reset_all(options: &Options) -> Ended {
    let settings = settings_to_write(options)?;
    let at_hand: (Arc<dyn Clock>, Arc<dyn Random>) =
        (Arc::new(SystemClock), Arc::new(SystemRandom));
    let done = reset_all_two_factor(&settings, at_hand, is_sure)
        .await
        .map_err(|problem| problem.to_string())?;
    let Some(loss) = done else {
        return Err("nothing was done: the number was not that of the users".to_owned());
    };
    let users = loss.resets.len();
    print(&format!(
        "Two-factor authentication of {users} users was reset. They are told by mail when the server starts, and each \
         sign-in takes a mailed link besides the password until they set it up again."
    ))?;
    if let Some(words) = of_believed(&loss) {
        print(&words)?;
    }
    print("Keep a copy of the keys elsewhere, and run `twofold keys check` once.")?;
    Ok(())
}

/// What is said of users who keep signing in with the password alone, since nothing but the database says that they may.
fn of_believed(loss: &Loss) -> Option<String> {
    let users = loss.believed();
    (users > 0).then(|| {
        format!(
            "Users who are not reset, since the database says that they never had a second factor: {users}. The password alone signs them \
             in. All keys are lost, and with them what could prove it: where somebody may have edited the database, look for people \
             among them who had one (`twofold user list --without-two-factor`), and disable those until you have spoken to them \
             (`twofold user disable`)."
        )
    })
}

/// Asks for the number of users, so that nobody types this by mistake.
fn is_sure(loss: &Loss) -> bool {
    let asked = print(&format!(
        "This resets two-factor authentication of {} users, of whom a key is missing, and removes {} other values under missing \
         keys. It cannot be undone, even when the keys are found later.",
        loss.resets.len(),
        loss.removed()
    ))
    .and_then(|_| of_believed(loss).map_or(Ok(true), |words| print(&words)))
    .and_then(|_| print("Type the number of users to go on:"));
    // Who was not asked is not sure.
    if asked != Ok(true) {
        return false;
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().take(64).read_line(&mut line);
    read.is_ok() && line.trim().parse() == Ok(loss.resets.len())
}
