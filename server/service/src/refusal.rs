//! What use cases refuse, and why. It names no page, no form and no status: the console makes `ApiError` of it
//! (`console::refusals`), the operator's commands a line (`cli::refusal_words`).
//!
//! It is one enum, since use cases share what refuses: the session, the account, the step-up, the limits. Whoever answers for
//! them matches it once, without a catch-all arm.

use app::types::account::RequiringAccount;
use app::types::limited::Limited;
use app::types::name::NotAName;
use app::types::timestamp::Timestamp;

use domain::enforcement::DayRefused;
use domain::password_policy::PasswordProblem;
use domain::phone_number::NotAPhoneNumber;
use domain::roles::Denial;

/// Why a use case did not do what was asked; who asked can act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there, or who asks may not know of it.
    NotFound,
    /// The rules of the account say no.
    Denied(Denial),
    /// The account requires two-factor authentication, and who asks has none.
    TwoFactorRequired {
        /// The account.
        account: RequiringAccount,
    },
    /// Values that cannot be taken, in the order in which they are asked for.
    Wrong(Vec<Wrong>),

    /// The session has ended, or its user is disabled.
    SignedOut,
    /// No such user, a wrong password, a disabled user: one refusal, so that nobody learns which.
    WrongCredentials,
    /// The pending sign-in has ended.
    SignInOver,
    /// The password given as proof is wrong.
    WrongPassword,
    /// The act takes a step-up, and none was given.
    StepUpNeeded,
    /// The step-up takes a code too: the second factor was not proven recently.
    CodeNeeded,
    /// The code did not match, or was used before.
    WrongCode {
        /// Wrong codes until the attempt ends; none where only pauses count.
        attempts_left: Option<u32>,
        /// When it was refused, at a sign-in.
        at: Option<Timestamp>,
    },
    /// The code would be right at another time.
    ClockOff {
        /// Seconds that the device's clock is ahead of the server's; behind when negative.
        device_ahead_by: i64,
    },
    /// Wrong codes have closed the second factor.
    FactorClosed,
    /// The second factor cannot be read: its key is missing, or it was changed past the program.
    FactorUnreadable,
    /// Nobody has this key any more: it can be deleted where it is kept.
    PasskeyUnknown,
    /// The answer of a key was not accepted, whatever the cause.
    KeyNotAccepted {
        /// Whether it was to sign in.
        signs_in: bool,
    },
    /// The answer of a key came too late, or was given before.
    ChallengeOver,
    /// The key is somebody's already.
    PasskeyAlreadyAdded,
    /// The user has as many keys as one can have.
    TooManyPasskeys,
    /// It is the only second factor.
    LastFactor,
    /// Browsers make no keys for the address of this server.
    PasskeysNotOffered,
    /// The enrolment is over.
    EnrolmentOver,
    /// A later enrolment has taken the place of this one.
    EnrolmentOvertaken,
    /// Another set of recovery codes was made in the meantime.
    RecoveryCodesOvertaken,
    /// A first factor takes a code from the mailbox, and none was given.
    MailboxCodeNeeded,
    /// The code from the mailbox is over.
    MailboxCodeOver,
    /// The address is not proven, so nothing that is mailed to it proves anything.
    EmailNotVerified,
    /// The gateway did not take the code, or there is none.
    SmsNotSent,

    /// The address is that of a user.
    Taken,
    /// The link is wrong, used or too old.
    LinkOver,
    /// The link belongs to a sign-in that was begun in another browser.
    LinkOfAnotherSignIn,
    /// The link is for another user than the one who is signed in.
    LinkOfAnotherUser,
    /// The link was handed over and makes a new user; the address has one.
    LinkForNewUser,
    /// Somebody else has saved in the meantime.
    Stale,
    /// The account is not offered, or not any more.
    OfferOver,
    /// A mail server is set, so no link is handed over.
    MailIsSet,
    /// The user belongs to the account already.
    AlreadyInAccount,
    /// The same, to the user themselves, who has the letter that names the account.
    YouInAccount {
        /// Its name.
        account: String,
    },
    /// The invitation is for another address than that of the one who is signed in.
    InvitedAnother,
    /// Whoever sent the invitation may no longer give these roles.
    InviterWithoutRight,
    /// A user exists already: set-up is over.
    SetupOver,
    /// Sign-up is closed here.
    SignUpClosed,

    /// It is done only so often, and was done as often as it may be for now.
    Paused {
        /// What.
        of: Limited,
        /// Seconds until the next one.
        retry_after: u32,
    },
    /// No more codes are mailed for now.
    TooManyMailedCodes {
        /// Seconds until the next one.
        retry_after: u32,
    },
    /// No more codes go out by SMS for now.
    TooManyCodes {
        /// Seconds until the next one.
        retry_after: u32,
    },
    /// No more resets are offered to the user for now.
    TooManyOffers {
        /// Seconds until the next one.
        retry_after: u32,
    },
    /// The roles of the user are not changed again for now.
    TooManyRoleChanges {
        /// Seconds until the next change.
        retry_after: u32,
    },
    /// No more invitations are sent for now.
    TooManyInvitations {
        /// Seconds until the next one.
        retry_after: u32,
    },
    /// More is going on than the server can do at once.
    Busy {
        /// Seconds after which to try again.
        retry_after: u32,
    },
}

/// A value that was given and cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A person's name.
    Name(NotAName),
    /// The name of an account.
    AccountName(NotAName),
    /// What was typed to confirm is not the name of the account.
    OtherAccountName,
    /// No address was given.
    EmailMissing,
    /// What was given is no address.
    Email,
    /// The address is the one in use.
    EmailUnchanged,
    /// The password of a new user, or one given as proof.
    Password(PasswordProblem),
    /// A password that is to take the place of another.
    NewPassword(PasswordProblem),
    /// The new password is the one in use.
    PasswordUnchanged,
    /// No roles were given.
    NoRoles,
    /// The day from which an account requires two-factor authentication.
    StartDate(DayRefused),
    /// A time zone that is missing.
    ZoneMissing,
    /// What was given is the name of no time zone.
    Zone,
    /// Too little to be a code.
    Code,
    /// No recovery code.
    RecoveryCode,
    /// No code from a mailbox.
    MailboxCode,
    /// A part of a name or an address that too many people have.
    TooManyPeople,
    /// A phone number, or its country.
    Phone(NotAPhoneNumber),
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(vec![wrong])
    }
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

/// Collects what is wrong, so that it is said at once; the value where nothing is wrong with it.
pub fn keep<T>(wrong: &mut Vec<Wrong>, parsed: Result<T, Wrong>) -> Option<T> {
    parsed.map_err(|one| wrong.push(one)).ok()
}
