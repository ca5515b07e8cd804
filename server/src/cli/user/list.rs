//! `twofold user list`.

use super::{ListArgs, NO_USER};
use crate::cli::output::{complete, print_row};
use crate::cli::refusal_words::line;
use crate::cli::{Ended, Options, services};
use app::types::factors::FactorKind;
use domain::factors::FactorKinds;
use service::audit::{Event, note};
use service::users::listed::{KnownOfAddress, ListedUser, list};

/// Who is refused, since their rows were edited or a key is missing, and what is known of whose row cannot be read.
const UNREADABLE: &str = "unreadable";

pub(super) async fn list_users(options: &Options, wanted: &ListArgs) -> Ended {
    const AT_A_TIME: u64 = 500;
    let services = services(options).await?;
    note(&services, &Event::UsersListed)
        .await
        .map_err(|problem| problem.to_string())?;
    let mut after = None;
    let mut unreadable = 0;
    loop {
        let page = list(&services, wanted.without_two_factor, after, AT_A_TIME)
            .await
            .map_err(|failure| line(failure, NO_USER))?;
        for listed in &page.rows {
            if !print_told(listed)? {
                return Ok(());
            }
        }
        for id in &page.unreadable {
            unreadable += 1;
            if !print_row(&[&id.to_string(), "", UNREADABLE, UNREADABLE, UNREADABLE])? {
                return Ok(());
            }
        }
        match page.last {
            Some(last) => after = Some(last),
            None => return complete(unreadable, "users"),
        }
    }
}

fn print_told(listed: &ListedUser) -> Result<bool, String> {
    let ListedUser { user, kinds, .. } = listed;
    let state = if user.is_disabled {
        "disabled"
    } else {
        "enabled"
    };
    let (who, name) = (user.for_operator(), &user.name);
    let factor = if listed.is_refused {
        UNREADABLE.to_owned()
    } else {
        words_of(*kinds)
    };
    let address = words_of_address(listed.address);
    print_row(&[&who, name, &factor, state, address])
}

/// What is known of an address, in one column.
const fn words_of_address(known: KnownOfAddress) -> &'static str {
    match known {
        KnownOfAddress::Lost => "lost",
        KnownOfAddress::Refused { is_confirmed: true } => "confirmed,refused",
        KnownOfAddress::Refused {
            is_confirmed: false,
        } => "unconfirmed,refused",
        KnownOfAddress::Confirmed => "confirmed",
        KnownOfAddress::Unconfirmed => "unconfirmed",
    }
}

/// The kinds of second factors of a user in one column.
fn words_of(kinds: FactorKinds) -> String {
    let words: Vec<_> = kinds.iter().map(FactorKind::word).collect();
    if kinds.is_unreadable() {
        UNREADABLE.to_owned()
    } else if words.is_empty() {
        "off".to_owned()
    } else {
        words.join(",")
    }
}
