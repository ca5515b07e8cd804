//! Letters: every mail and text message that the server sends, as one enum with the data of each. `table` states who can
//! cause a letter, who gets it, which words of other people it contains and which limit it counts against. `text` makes the
//! text. `queue` seals a letter into the mail queue, in the transaction of the act that it reports.

pub mod ground;
mod help;
mod letter;
pub mod queue;
pub mod table;
pub mod text;
mod weaker;
mod words;

use app::types::email::EmailAddress;
use app::types::ids::UserId;

pub use help::LetterHelp;
pub use letter::Letter;
pub use table::LetterKind;
pub use words::{in_letter, in_roles};

use domain::first_factor::Address;
use domain::user_address::MailReader;
use storage::mailed_users::MailedUser;
use storage::team::TeamMember;
use storage::users::User;

/// Whom a letter goes to.
#[derive(Clone, Copy)]
pub struct Addressed<'a> {
    /// By which they are greeted; none where anybody at all may have typed it.
    pub name: Option<&'a str>,
    /// Where it goes; none where its user has lost the address and no letter reaches them.
    pub email: Option<&'a str>,
    /// The user whom it is for, if any: the worker sends nothing for them to an address that they have lost meanwhile.
    pub user: Option<UserId>,
    /// Who reads its mail.
    pub reader: MailReader,
}

impl<'a> Addressed<'a> {
    /// An address that anybody may have typed.
    pub fn stranger(email: &'a EmailAddress) -> Self {
        Self {
            name: None,
            email: Some(email.as_str()),
            user: None,
            reader: MailReader::Anybody,
        }
    }

    /// The same user at an address that they have from now on, which is proven.
    #[must_use]
    pub fn moved_to(self, email: &'a EmailAddress) -> Self {
        Self {
            email: Some(email.as_str()),
            reader: MailReader::ItsUser,
            ..self
        }
    }
}

impl<'a> From<&'a MailedUser> for Addressed<'a> {
    fn from(user: &'a MailedUser) -> Self {
        Self {
            name: Some(&user.name),
            email: user.email.in_use(),
            user: Some(user.id),
            reader: user.reader,
        }
    }
}

impl<'a> From<&'a User> for Addressed<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            name: Some(&user.name),
            email: user.email.in_use(),
            user: Some(user.id),
            reader: user.mail_reader(),
        }
    }
}

impl<'a> From<&'a TeamMember> for Addressed<'a> {
    fn from(member: &'a TeamMember) -> Self {
        Self {
            name: Some(&member.name),
            email: member.email.in_use(),
            user: Some(member.id),
            reader: MailReader::of(member.address != Address::NotProven),
        }
    }
}
