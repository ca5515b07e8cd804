//! The audit log as people read it.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::ids::{AuditEventId, UserId};
use super::role::Role;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// Which lines of an account's log are wanted: the query of the page's address and of the file's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityFilter {
    /// A part of a name or an address: only what these people did or what was done to them. Blank for everybody.
    pub person: String,
    /// Only what is about this.
    pub about: Option<EventGroup>,
    /// Not before this day, in the zone of the account.
    pub from: Option<Day>,
    /// Not after this day.
    pub to: Option<Day>,
}

/// A page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityQuery {
    /// Which lines.
    pub filter: ActivityFilter,
    /// Only what is older than this line.
    pub before: Option<AuditEventId>,
}

/// What events are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventGroup {
    /// Sign-ins, sessions, browsers and ways into accounts.
    Access,
    /// Second factors.
    TwoFactor,
    /// Who belongs to an account, with which roles, and who is invited.
    People,
    /// The account and its settings.
    Account,
    /// Name, address and password of a user: in no account's log.
    Own,
    /// What the operator does to the server: in no account's log.
    Server,
}

impl EventGroup {
    /// Those that the log of an account has.
    pub const OF_ACCOUNTS: [Self; 4] = [Self::Access, Self::TwoFactor, Self::People, Self::Account];

    /// The word for it, in addresses and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::TwoFactor => "two_factor",
            Self::People => "people",
            Self::Account => "account",
            Self::Own => "own",
            Self::Server => "server",
        }
    }
}

/// Lines of the log, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct ActivityPage {
    /// The lines.
    pub events: Vec<ActivityEvent>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct ActivityEvent {
    /// Which line.
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// What, as the stable word of the log.
    pub kind: String,
    /// Who did it: a name, or nothing for the operator at the command line.
    pub actor: Option<String>,
    /// Which user did it, where it was one.
    pub actor_id: Option<UserId>,
    /// Whom it was done to, by name, where that is somebody else.
    pub subject: Option<String>,
    /// From which address.
    pub address: String,
    /// From which browser.
    pub browser: String,
    /// What else there is to say.
    pub detail: Option<Detail>,
    /// In which account it was, by its name now; only in a user's own log, of accounts that they belong to.
    pub account: Option<String>,
    /// Whether the sign-in came from a browser not seen before; only in a user's own log.
    pub in_new_browser: bool,
}

/// The value that goes with an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Detail {
    /// An address, a name, or words that an earlier version wrote.
    Text {
        /// It.
        text: String,
    },
    /// How many.
    Count {
        /// So many.
        count: u32,
    },
    /// When.
    Moment {
        /// Then.
        at: Timestamp,
    },
    /// From which day on.
    Day {
        /// It.
        day: Day,
        /// The zone that it is a day in.
        zone: String,
    },
    /// As what.
    Roles {
        /// These.
        roles: Vec<Role>,
    },
}
