//! Accounts as a user meets them: the switcher, the overview, the authentication settings.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::activity::ActivityEvent;
use super::day::{Day, FromDay};
use super::ids::{AccountId, NotAnId};
use super::role::{Denial, Role};
use super::rolling_out::Uncovered;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// An account that requires two-factor authentication of this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct RequiringAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// From when the requirement holds.
    pub from: FromDay,
    /// Whether it holds already.
    pub in_force: bool,
    /// Whether this user has a second factor that counts there.
    pub has_two_factor: bool,
    /// Until when it stays shut to this user, factor or not, where another account had offered to reset the factor
    /// before; nothing where it does not.
    pub opens_at: Option<Timestamp>,
}

/// Which account an address or a call means: one by its id, or `any`, the one used last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AccountRef {
    /// The account used last.
    Any,
    /// This one.
    Id(AccountId),
}

impl fmt::Display for AccountRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

impl FromStr for AccountRef {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text == "any" {
            Ok(Self::Any)
        } else {
            text.parse().map(Self::Id)
        }
    }
}

impl From<AccountId> for AccountRef {
    fn from(id: AccountId) -> Self {
        Self::Id(id)
    }
}

impl TryFrom<String> for AccountRef {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<AccountRef> for String {
    fn from(account: AccountRef) -> Self {
        account.to_string()
    }
}

/// The accounts of the user who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Accounts {
    /// The one used last comes first, the others by name.
    pub accounts: Vec<AccountEntry>,
    /// How the user came to be in none; nothing where they are in one, or never were.
    pub left: Option<LeftAccount>,
    /// Those that were deleted and are not erased yet.
    pub deleted: Vec<DeletedAccountEntry>,
}

/// An account of the user that was deleted and is not erased yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct DeletedAccountEntry {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// When it was deleted.
    pub at: Timestamp,
    /// Who deleted it, by name; nothing where it was the operator.
    pub by: Option<String>,
    /// When it is erased.
    pub erased_at: Timestamp,
    /// Why the user cannot restore it; nothing where they can.
    pub restore: Option<Denial>,
}

/// The account that a user belonged to last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct LeftAccount {
    /// The name that it had then; nothing where the account is gone.
    pub name: Option<String>,
    /// When that was.
    pub at: Timestamp,
    /// Who removed the user, by name; nothing where they left by themselves.
    pub removed_by: Option<String>,
}

/// An account of the user: in the switcher, and on the Profile page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct AccountEntry {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// What the user is in it.
    pub roles: Vec<Role>,
    /// Whether it keeps its doors shut until the user has two-factor authentication.
    pub is_shut: bool,
    /// From when it requires two-factor authentication of everybody, if it does.
    pub required_from: Option<FromDay>,
    /// Whether that holds already.
    pub in_force: bool,
    /// Why the user cannot leave it; nothing where they can.
    pub leave: Option<Denial>,
}

/// An account that was entered: what its pages have in common. Asked again while a page is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct EnteredAccount {
    /// Which account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its time zone, by its name: deadlines begin with a day there.
    pub zone: String,
    /// What the user is in it.
    pub roles: Vec<Role>,
    /// From when it will require two-factor authentication of this user, who has none yet.
    pub due_from: Option<FromDay>,
    /// Why the user cannot see the users; nothing where they can.
    pub read_users: Option<Denial>,
    /// Why the user cannot see the authentication settings.
    pub read_settings: Option<Denial>,
    /// Why the user cannot see the activity.
    pub read_activity: Option<Denial>,
    /// Why the user cannot leave the account.
    pub leave: Option<Denial>,
    /// Why the user cannot give it another name.
    pub rename: Option<Denial>,
    /// Why the user cannot delete it.
    pub delete: Option<Denial>,
}

/// The overview of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct AccountOverview {
    /// From when it requires two-factor authentication of everybody, if it does.
    pub required_from: Option<FromDay>,
    /// Whether that holds already.
    pub in_force: bool,
    /// How many of its users are covered; only for those who may see the users.
    pub coverage: Option<Coverage>,
    /// The offer to hand it over; only for the owner who made it and the one who may accept it.
    pub transfer: Option<PendingTransfer>,
}

/// An account that its owner offers to another of its users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct PendingTransfer {
    /// The owner, by name.
    pub from: String,
    /// Who may accept it, by name.
    pub to: String,
    /// Whether that is the reader.
    pub is_to_reader: bool,
    /// When the offer is over.
    pub until: Timestamp,
    /// Why the reader cannot accept it yet.
    pub accept: Option<Denial>,
    /// Whether a step-up of this session needs a code besides the password.
    pub step_up_needs_code: bool,
    /// The address of the reader, for password managers in the dialog.
    pub email: String,
}

/// How many users of an account have two-factor authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Coverage {
    /// Users of the account.
    pub users: u32,
    /// Those whose second factor counts under the account's settings.
    pub covered: u32,
    /// Names of the first few that are not covered, by name.
    pub uncovered: Vec<String>,
    /// Invitations that nobody has accepted yet.
    pub invitations: u32,
}

/// The authentication settings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct AuthenticationSettings {
    /// Goes up with every save; a save states the one it was made from.
    pub version: i64,
    /// The time zone of the account, by its name: a day that is chosen is a day there.
    pub zone: String,
    /// Today in that zone, the first day from which a requirement can begin.
    pub first_day: Day,
    /// The last one.
    pub last_day: Day,
    /// The one that is offered in place of at once.
    pub offered_day: Day,
    /// From when two-factor authentication is required of everybody, if it is.
    pub required_from: Option<FromDay>,
    /// Whether that holds already.
    pub in_force: bool,
    /// The further rules.
    pub rules: AccountRules,
    /// How many users are covered, and who is not.
    pub coverage: Coverage,
    /// How many are not, under the rules that are saved and under others.
    pub uncovered: Uncovered,
    /// How many of those who are not covered no mail reaches.
    pub unreachable: Unreachable,
    /// What those who are not covered were mailed within a day, if anything.
    pub announced: Option<AnnouncedToday>,
    /// Who saved last, by name, where somebody has.
    pub changed_by: Option<String>,
    /// When that was.
    pub changed_at: Option<Timestamp>,
    /// What that changed, as the log has it.
    pub changes: Vec<ActivityEvent>,
    /// Why the user cannot change them; nothing where they can.
    pub change: Option<Denial>,
    /// Whether a step-up of this session needs a code besides the password.
    pub step_up_needs_code: bool,
    /// The address of the user, for password managers in the dialog.
    pub email: String,
}

/// Which of the users of an account without two-factor authentication no mail reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Unreachable {
    /// No mail server is set, so that mails stay in a folder of the server.
    pub no_mail_server: bool,
    /// How many of them have an address that is not proven.
    pub unproven: u32,
    /// How many of the others have a mailbox that refused the last letter.
    pub refused: u32,
}

/// What those concerned by a requirement were mailed within the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct AnnouncedToday {
    /// From when it was said to hold.
    pub required_from: FromDay,
    /// When they can be mailed of another one.
    pub until: Timestamp,
    /// Whether not even an earlier moment is mailed before that.
    pub is_full: bool,
}

impl AnnouncedToday {
    /// Whether a requirement that holds earlier or later than the one that was said is not mailed before [`Self::until`].
    pub const fn puts_off(&self, than_said: Ordering) -> bool {
        match than_said {
            Ordering::Equal => false,
            Ordering::Less => self.is_full,
            Ordering::Greater => true,
        }
    }
}

/// What an owner saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsChange {
    /// The version that the page showed.
    pub version: i64,
    /// Whether two-factor authentication is required of everybody.
    pub required: bool,
    /// From which day in the zone of the account; nothing for at once. A requirement that holds already and stays keeps its
    /// day, and one that is sent back does not move.
    pub required_from: Option<Day>,
    /// The further rules.
    pub rules: AccountRules,
}

/// What an account settles beside the requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct AccountRules {
    /// Whether users may skip the second factor in browsers that they trust.
    pub trusted_browsers_allowed: bool,
    /// Whether SMS counts as two-factor authentication.
    pub sms_counts: bool,
}
