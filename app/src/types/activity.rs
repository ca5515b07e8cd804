//! The audit log as people read it.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::ids::{AuditEventId, UserId};
use super::role::Role;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// Which lines of an account's log are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityQuery {
    /// Only what this user did or what was done to them.
    pub person: Option<UserId>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only what is older than this line.
    pub before: Option<AuditEventId>,
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
