//! The table of letters: who can cause each, who gets it, which words of other people it contains and how they are shown,
//! which limit it counts against, what is done for an address without a user, what at one that nobody has proven, without which row it is not sent any
//! more, and whether it goes before others.

pub use domain::user_address::AtUnproven;

use domain::ends::Ephemeral;

/// Who can cause a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Anybody who knows the address.
    Anyone,
    /// Who has given the right password.
    PasswordHolder,
    /// A user who is signed in, by an act on themselves.
    User,
    /// A user who is signed in, by an act on somebody else of an account, or on the account.
    Team,
    /// The operator.
    Operator,
}

/// Whom a letter goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The user whom it is about, at the address in use or the one before.
    Themselves,
    /// An address that somebody typed and whose mailbox has proven nothing.
    TypedAddress,
    /// Somebody who belongs to the account.
    Member,
    /// Somebody who belonged to it until now: from this letter on its names are a stranger's.
    FormerMember,
    /// The phone of the user.
    Phone,
}

/// Words in a letter that a person typed or a browser sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignWords {
    /// None.
    Nothing,
    /// A browser, as a word of the closed list.
    Browser,
    /// Names of the account and of people in it, whole, to somebody who belongs to it; that of another account as to
    /// strangers.
    NamesOfTheAccount,
    /// The same and the browser.
    NamesAndBrowser,
    /// The same names to strangers: shortened, quoted, without addresses, never in the subject.
    QuotedNames,
    /// The same and the browser.
    QuotedNamesAndBrowser,
    /// The new address that the user asked for, and the browser.
    NewAddress,
    /// Addresses that somebody invited in the name of the user, whole.
    InvitedAddresses,
}

impl ForeignWords {
    /// Whether nobody else has chosen a word of it. A person's own name greets them.
    pub const fn are_ours(self) -> bool {
        match self {
            Self::Nothing | Self::Browser => true,
            Self::NamesOfTheAccount
            | Self::NamesAndBrowser
            | Self::QuotedNames
            | Self::QuotedNamesAndBrowser
            | Self::NewAddress
            | Self::InvitedAddresses => false,
        }
    }
}

/// What the subject of a letter holds besides our words. It is read in lists and on locked screens, without what stands
/// around it in the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectWords {
    /// Nothing.
    Nothing,
    /// The name of the account, to somebody who belongs to it.
    Account,
}

/// What bounds a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Nothing: it tells of the own factor, password or address, or the owner of what a stolen session could do to the
    /// account, or every one takes a step-up.
    Nothing,
    /// What a person asks for themselves: each kind for itself, by client network and address asked for.
    Asked,
    /// One an hour to a user.
    OneAnHour,
    /// One a day to a user.
    OneADay,
    /// One a day to a user from each account, with what is true then.
    OneADayOfAccount,
    /// Two of an account to a user in a day and so many of all accounts; the door refuses beyond it.
    Offers,
    /// Ten a day to a user.
    TenADay,
    /// What strangers may send to one mailbox in a day; the door refuses beyond it.
    Mailbox,
    /// The same, and of it what may be invitations; beyond that it waits until the next day.
    Invitation,
    /// It tells of an act that is limited itself, for each who acts. The act never depends on the letter: whoever could fill
    /// a mailbox could otherwise keep others from removing or demoting its user.
    Acts,
    /// Three a day to a session and twenty to a user; the door refuses beyond it.
    CodesOfMailbox,
    /// Three in ten minutes to a number, to a user, and of a client address.
    Sms,
}

/// What an address gets that nobody here has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The letter goes to users only, and nobody's answer depends on whether there is one.
    Nothing,
    /// A letter of the same size is queued, taken by the worker and thrown away.
    ThrownAway,
    /// A letter of the same size that says something else.
    AnotherLetter,
    /// The letter itself.
    TheLetter,
}

/// When a letter goes out among those that are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendOrder {
    /// Before those that can wait: it brings what is over soon, or goes out by a door that sends such a letter to another address. All
    /// that one door sends to the address that it is asked for go in one order, a decoy among them: who asks for somebody
    /// else's address and then for their own sees by the order who has a user.
    First,
    /// When its turn comes.
    InTurn,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterRule {
    /// Who can cause it.
    pub cause: Cause,
    /// Whom it goes to.
    pub to: Recipient,
    /// Which foreign words it holds.
    pub words: ForeignWords,
    /// Which of them its subject holds.
    pub subject: SubjectWords,
    /// What bounds it.
    pub bound: Bound,
    /// What an unknown address gets.
    pub unknown: Unknown,
    /// What is done at the address of a user that nobody has proven.
    pub at_unproven: AtUnproven,
    /// The row without which it leads nowhere: a letter that has waited for room in its mailbox, or for its mail server, is thrown
    /// away once that row is gone, and `domain::ends` says when it goes. None tells of what has happened, and stays true.
    pub stands_by: Option<Ephemeral>,
    /// Whether it goes before others.
    pub order: SendOrder,
}

impl LetterRule {
    /// Whether it may name who can help its reader: it tells of an act in a browser, and nobody's answer depends on whether
    /// there is such a user, which is asked for before it is written.
    pub const fn may_name_help(self) -> bool {
        let tells_of_browser = match self.words {
            ForeignWords::Browser
            | ForeignWords::NamesAndBrowser
            | ForeignWords::QuotedNamesAndBrowser
            | ForeignWords::NewAddress => true,
            ForeignWords::Nothing
            | ForeignWords::NamesOfTheAccount
            | ForeignWords::QuotedNames
            | ForeignWords::InvitedAddresses => false,
        };
        let asks_nobody = match self.unknown {
            Unknown::Nothing => true,
            Unknown::ThrownAway | Unknown::AnotherLetter | Unknown::TheLetter => false,
        };
        tells_of_browser && asks_nobody
    }
}

impl Recipient {
    /// Whether it is a user, at their address.
    pub const fn is_user(self) -> bool {
        match self {
            Self::Themselves | Self::Member | Self::FormerMember => true,
            Self::TypedAddress | Self::Phone => false,
        }
    }
}

macro_rules! row {
    (Nothing) => {
        None
    };
    ($row:ident) => {
        Some(Ephemeral::$row)
    };
}

macro_rules! table {
    ($($kind:ident: $cause:ident, $to:ident, $words:ident, $subject:ident, $bound:ident, $unknown:ident, $at_unproven:ident, $stands_by:ident, $order:ident;)*) => {
        /// A letter without what it says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum LetterKind {
            $(
                #[doc = concat!("See `Letter::", stringify!($kind), "`.")]
                $kind,
            )*
        }

        impl LetterKind {
            /// Every kind, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Its line in the table.
            pub const fn rule(self) -> LetterRule {
                match self {
                    $(Self::$kind => LetterRule {
                        cause: Cause::$cause,
                        to: Recipient::$to,
                        words: ForeignWords::$words,
                        subject: SubjectWords::$subject,
                        bound: Bound::$bound,
                        unknown: Unknown::$unknown,
                        at_unproven: AtUnproven::$at_unproven,
                        stands_by: row!($stands_by),
                        order: SendOrder::$order,
                    },)*
                }
            }
        }
    };
}

table! {
    TwoFactorEnabled: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    SmsEnabled: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorEnabledByKey: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    KeyAdded: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    KeyRemoved: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    KeyCopied: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AppRemoved: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AppReplaced: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorDisabled: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    RecoveryCodesReplaced: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    RecoveryCodeUsed: PasswordHolder, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    StepUpFailed: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorImported: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorResetByOperator: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorResetOffered: Team, Member, NamesOfTheAccount, Nothing, Offers, Nothing, NotSent, ResetOffers, First;
    TwoFactorResetConfirmed: PasswordHolder, Member, NamesAndBrowser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TwoFactorResetOfMember: PasswordHolder, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    LetIn: Team, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    LetInOfMember: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    MailboxCode: User, Themselves, Browser, Nothing, CodesOfMailbox, Nothing, NotSent, MailboxCodes, First;
    FirstFactorAllowed: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    FirstFactorAllowedByOwner: Team, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    FirstFactorAllowedToMember: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    FactorDeclined: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    Restored: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    SignUpLink: Anyone, TypedAddress, Nothing, Nothing, Asked, TheLetter, ProvesMailbox, SignUps, First;
    SignUpHeld: Anyone, TypedAddress, Nothing, Nothing, Asked, AnotherLetter, ProvesMailbox, SignUps, First;
    AddressWon: Anyone, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressOfMemberWon: Anyone, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    SignUpForExisting: Anyone, Themselves, Browser, Nothing, Asked, AnotherLetter, Tells, Nothing, First;
    PasswordResetLink: Anyone, Themselves, Browser, Nothing, Asked, ThrownAway, NotSent, PasswordResets, First;
    PasswordResetHeld: Anyone, TypedAddress, Nothing, Nothing, Asked, ThrownAway, Tells, Nothing, First;
    PasswordReset: Anyone, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    PasswordChanged: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    PasswordGuessed: Anyone, Themselves, Nothing, Nothing, OneADay, ThrownAway, Tells, Nothing, InTurn;
    SignInLink: PasswordHolder, Themselves, Browser, Nothing, Asked, Nothing, NotSent, PendingSignIns, First;
    NewBrowser: PasswordHolder, Themselves, Browser, Nothing, TenADay, Nothing, Tells, Nothing, InTurn;
    BrowserTrusted: PasswordHolder, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    WrongSecondFactor: PasswordHolder, Themselves, Browser, Nothing, OneAnHour, Nothing, Tells, Nothing, InTurn;
    FactorClosed: PasswordHolder, Themselves, Browser, Nothing, OneADay, Nothing, Tells, Nothing, InTurn;
    UserDeleted: User, Themselves, Browser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    UserDisabled: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    UserEnabled: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    UserUnlocked: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressLink: User, TypedAddress, Nothing, Nothing, Mailbox, TheLetter, ProvesMailbox, EmailChanges, First;
    AddressTaken: User, Themselves, Browser, Nothing, Mailbox, AnotherLetter, Tells, Nothing, First;
    AddressChangeAsked: User, Themselves, NewAddress, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressChanged: User, Themselves, NewAddress, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressLost: User, Themselves, NewAddress, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressSetByOperator: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    AddressConfirmedByOperator: Operator, Themselves, Nothing, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    Invitation: Team, TypedAddress, QuotedNames, Nothing, Invitation, TheLetter, ProvesMailbox, Invitations, First;
    InvitationsEnded: Anyone, Themselves, InvitedAddresses, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    RolesChanged: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, Nothing, InTurn;
    RemovedFromAccount: Team, FormerMember, QuotedNames, Nothing, Acts, Nothing, Tells, Nothing, InTurn;
    LeftAccount: User, FormerMember, QuotedNamesAndBrowser, Nothing, Nothing, Nothing, Tells, Nothing, InTurn;
    TransferOfferSent: User, Member, NamesAndBrowser, Account, Acts, Nothing, Tells, Nothing, InTurn;
    TransferOffered: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, TransferOffers, First;
    TransferTakenBack: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, Nothing, InTurn;
    TransferDeclined: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, Nothing, InTurn;
    OwnershipGiven: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    OwnershipReceived: User, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    OwnershipTakenByOperator: Operator, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    OwnershipGivenByOperator: Operator, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    AccountDeleted: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, Nothing, InTurn;
    AccountRestored: Team, Member, NamesOfTheAccount, Account, Acts, Nothing, Tells, Nothing, InTurn;
    AccountRestoredToAnother: Operator, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    RequirementAnnounced: Team, Member, NamesOfTheAccount, Account, OneADayOfAccount, Nothing, Tells, Nothing, InTurn;
    RankOffered: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    RankGiven: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    RankJoined: Team, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    SettingsWeakened: Team, Member, NamesAndBrowser, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    SettingsWeakenedByOperator: Operator, Member, NamesOfTheAccount, Account, Nothing, Nothing, Tells, Nothing, InTurn;
    SmsCode: PasswordHolder, Phone, Nothing, Nothing, Sms, Nothing, NoMail, Nothing, InTurn;
}
