//! Letters: every mail and text message that the server sends, as one enum with the data of each. `table` states who can
//! cause a letter, who gets it, which words of other people it contains and which limit it counts against. `text` makes the
//! text. `queue` seals a letter into the mail queue, in the transaction of the act that it reports.

pub mod queue;
pub mod table;
pub mod text;
mod weaker;
mod words;

use app::types::email::EmailAddress;
use app::types::ids::UserId;
use app::types::one_time_code::OneTimeCode;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;

pub use table::LetterKind;
pub use words::{in_letter, in_roles};

use super::Visitor;
use crypto::token::Token;
use domain::first_factor::Address;
use domain::mailbox_code::MailboxCode;
use domain::roles::Roles;
use domain::user_address::MailReader;
use domain::{announcements, enforcement};
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

/// What is told to somebody; `from` is the browser in which it was done.
#[derive(Clone, Copy)]
pub enum Letter<'a> {
    /// Two-factor authentication was enabled with an app.
    TwoFactorEnabled {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Two-factor authentication was enabled by SMS.
    SmsEnabled {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Another authenticator app took over.
    AppReplaced {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Two-factor authentication was disabled.
    TwoFactorDisabled {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// New recovery codes were made.
    RecoveryCodesReplaced {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// A recovery code was used, and so many are left.
    RecoveryCodeUsed {
        /// Recovery codes left.
        left: u32,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Somebody guessed at the password inside a session.
    StepUpFailed {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The operator took over the app that the user had with another product.
    TwoFactorImported,
    /// The operator reset the second factor.
    TwoFactorResetByOperator {
        /// Whether the next sign-in takes a mailed link.
        takes_link: bool,
    },
    /// An account offers to reset the second factor.
    TwoFactorResetOffered {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// Until when it is good.
        until: Timestamp,
        /// What the link carries.
        token: &'a Token,
    },
    /// The reset that an account had offered was confirmed.
    TwoFactorResetConfirmed {
        /// The name of the account.
        account: &'a str,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The second factor of a user of an account was reset; goes to the owner of the account.
    TwoFactorResetOfMember {
        /// The name of the account.
        account: &'a str,
        /// Whose it was, by name.
        name: &'a str,
        /// Their address.
        email: &'a str,
        /// The account that had offered it, by name.
        offered_by: &'a str,
        /// From when the account is open to them again; none where it is the one that had offered it.
        opens_at: Option<Timestamp>,
    },
    /// An account was opened to somebody before the day after their reset was over.
    LetIn {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
    },
    /// The code for one act, which proves the mailbox.
    MailboxCode {
        /// What it is good for.
        act: MailboxAct,
        /// The code.
        code: &'a MailboxCode,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The operator let the user set up a first factor without such a code.
    FirstFactorAllowed,
    /// The owner of the one account of the user did. No name is in it: the address may be a stranger's.
    FirstFactorAllowedByOwner,
    /// The same, to the owner, in case it was not them.
    FirstFactorAllowedToMember {
        /// The name of the account.
        account: &'a str,
        /// Who was let in, by name.
        name: &'a str,
        /// Their address.
        email: &'a str,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The user said that they want no second factor.
    FactorDeclined {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The database was restored from a backup of that moment.
    Restored {
        /// When the backup was made.
        made_at: Timestamp,
    },
    /// The link that finishes a sign-up. Of what the form was given it says nothing.
    SignUpLink {
        /// What the link carries.
        token: &'a Token,
    },
    /// The same, where somebody here uses the address and has never proven it.
    SignUpHeld {
        /// What the link carries.
        token: &'a Token,
    },
    /// The sign-up took the address from the user who had never proven it; goes to the new user.
    AddressWon,
    /// The same, to the owner of an account of the user who has lost it.
    AddressOfMemberWon {
        /// The name of the account.
        account: &'a str,
        /// Who has lost it, by name.
        name: &'a str,
        /// The address.
        email: &'a str,
        /// Until when they sign in by it.
        until: Timestamp,
    },
    /// Somebody signed up with the address of a user.
    SignUpForExisting {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The link that sets a new password.
    PasswordResetLink {
        /// What the link carries.
        token: &'a Token,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The same was asked for where somebody here uses the address and has never proven it: there is no link.
    PasswordResetHeld,
    /// The password was set anew by a mailed link.
    PasswordReset {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The password was changed on the Security page.
    PasswordChanged {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Strangers have used up the wrong passwords that they have for the user.
    PasswordGuessed,
    /// The link that finishes a sign-in after a reset.
    SignInLink {
        /// What the link carries.
        token: &'a Token,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// A sign-in came from a browser not seen before.
    NewBrowser {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// A browser skips the second factor from now on.
    BrowserTrusted {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The password was right and the second factor wrong.
    WrongSecondFactor {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// So many wrong codes in a row that none is taken any more.
    FactorClosed {
        /// The browser in which the last one was given.
        from: &'a Visitor,
    },
    /// The user was deleted.
    UserDeleted {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The operator disabled the user.
    UserDisabled,
    /// The operator enabled the user again.
    UserEnabled,
    /// The operator lifted the user's pauses.
    UserUnlocked,
    /// The link that makes a new address the one in use; goes to the new address.
    AddressLink {
        /// What the link carries.
        token: &'a Token,
    },
    /// Somebody wants the address of a user for their own; goes to its holder.
    AddressTaken {
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// A change of address was asked for; goes to the address in use.
    AddressChangeAsked {
        /// The new address.
        to: &'a EmailAddress,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The address was changed; goes to the new one.
    AddressChanged {
        /// The new address.
        to: &'a EmailAddress,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The address was changed; goes to the one before, which learns what to do.
    AddressLost {
        /// The new address.
        to: &'a EmailAddress,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The operator said that the address in use is the user's.
    AddressConfirmedByOperator,
    /// The operator gave the user another address; goes to it and to the one before.
    AddressSetByOperator {
        /// The new address.
        to: &'a EmailAddress,
    },
    /// The link of an invitation.
    Invitation {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// The roles, from now on or as offered.
        roles: Roles,
        /// Until when the link is good.
        until: Timestamp,
        /// What the link carries.
        token: &'a Token,
    },
    /// Somebody's roles were changed by somebody else.
    RolesChanged {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// The roles, from now on or as offered.
        roles: Roles,
    },
    /// Somebody was removed by somebody else.
    RemovedFromAccount {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
    },
    /// Somebody left; told in case it was not them.
    LeftAccount {
        /// The name of the account.
        account: &'a str,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The owner offers the account; goes to the owner, in case it was not them.
    TransferOfferSent {
        /// The name of the account.
        account: &'a str,
        /// Who may accept it, by name.
        to: &'a str,
        /// Until when it is good.
        until: Timestamp,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The same, to the one who may accept it.
    TransferOffered {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// Until when it is good.
        until: Timestamp,
    },
    /// The owner took the offer back; goes to the one who could have accepted it.
    TransferTakenBack {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
    },
    /// The offer was declined; goes to the owner.
    TransferDeclined {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
    },
    /// The offer was accepted; goes to the owner before.
    OwnershipGiven {
        /// The name of the account.
        account: &'a str,
        /// The new owner, by name.
        to: &'a str,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The same, to the one who accepted, in case it was not them.
    OwnershipReceived {
        /// The name of the account.
        account: &'a str,
        /// The owner before, by name.
        by: &'a str,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The operator gave the account to somebody else; goes to the owner before.
    OwnershipTakenByOperator {
        /// The name of the account.
        account: &'a str,
        /// The new owner, by name.
        to: &'a str,
    },
    /// The same, to the new owner.
    OwnershipGivenByOperator {
        /// The name of the account.
        account: &'a str,
    },
    /// An account requires two-factor authentication of a user who has none, from that moment on.
    RequirementAnnounced {
        /// The name of the account.
        account: &'a str,
        /// Which of the announcements.
        kind: announcements::AnnouncementKind,
        /// From when on it holds.
        holds_from: Timestamp,
    },
    /// An invitation offers rank; goes to the owner.
    RankOffered {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// The address that is invited.
        whom: &'a str,
        /// The roles, from now on or as offered.
        roles: Roles,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// A change of roles gave rank; goes to the owner.
    RankGiven {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// Who has it now, by name.
        name: &'a str,
        /// Their address.
        email: &'a str,
        /// The roles, from now on or as offered.
        roles: Roles,
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// Somebody accepted an invitation and has rank by it; goes to the owner.
    RankJoined {
        /// The name of the account.
        account: &'a str,
        /// Who invited them, by name.
        by: &'a str,
        /// Who joined, by name.
        name: &'a str,
        /// Their address.
        email: &'a str,
        /// The roles, from now on or as offered.
        roles: Roles,
    },
    /// The settings of an account are less strict than before; goes to the owner.
    SettingsWeakened {
        /// The name of the account.
        account: &'a str,
        /// Who did it, by name.
        by: &'a str,
        /// The settings before and after.
        change: (enforcement::AccountSettings, enforcement::AccountSettings),
        /// The browser in which it was done.
        from: &'a Visitor,
    },
    /// The same, done by the operator.
    SettingsWeakenedByOperator {
        /// The name of the account.
        account: &'a str,
        /// The settings before and after.
        change: (enforcement::AccountSettings, enforcement::AccountSettings),
    },
    /// A code by SMS, bound to the host of our address.
    SmsCode {
        /// The code.
        code: &'a OneTimeCode,
    },
}

impl Letter<'_> {
    /// Its line in the table.
    pub const fn kind(&self) -> LetterKind {
        macro_rules! kinds {
            ($($name:ident)*) => {
                match self { $(Self::$name { .. } => LetterKind::$name,)* }
            };
        }
        kinds! {
            TwoFactorEnabled SmsEnabled AppReplaced TwoFactorDisabled RecoveryCodesReplaced RecoveryCodeUsed
            StepUpFailed TwoFactorImported TwoFactorResetByOperator TwoFactorResetOffered TwoFactorResetConfirmed
            TwoFactorResetOfMember LetIn MailboxCode FirstFactorAllowed FirstFactorAllowedByOwner
            FirstFactorAllowedToMember
            FactorDeclined Restored SignUpLink SignUpHeld AddressWon AddressOfMemberWon
            SignUpForExisting PasswordResetLink PasswordResetHeld PasswordReset PasswordChanged PasswordGuessed SignInLink NewBrowser
            BrowserTrusted WrongSecondFactor FactorClosed UserDeleted UserDisabled UserEnabled UserUnlocked AddressLink AddressTaken
            AddressChangeAsked AddressChanged AddressLost AddressSetByOperator AddressConfirmedByOperator Invitation RolesChanged RemovedFromAccount LeftAccount
            TransferOfferSent TransferOffered TransferTakenBack TransferDeclined OwnershipGiven OwnershipReceived OwnershipTakenByOperator OwnershipGivenByOperator RequirementAnnounced
            RankOffered RankGiven RankJoined SettingsWeakened SettingsWeakenedByOperator SmsCode
        }
    }
}
