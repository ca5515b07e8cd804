//! `ApiError`: the one enum for every refusal on the wire, with its stable code and HTTP status.
//!
//! It holds data that is safe to show; sentences for people stand in the catalogue and are chosen
//! by `messages`. A fault of ours is `Internal` with a reference that the log has too.

mod reading;

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::types::account::RequiringAccount;

/// Every way in which the server says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("{}", self.code())]
pub enum ApiError {
    /// The request is not one that our pages send: wrong encoding, unknown or missing fields.
    Malformed,
    /// The body is larger than 16 KiB, or the head than anybody needs.
    TooLarge,
    /// The request does not come from our own pages.
    CrossSite,
    /// Nothing here, or nothing that the one who asks may know of.
    NotFound,
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// Unknown address, wrong password, disabled user: one answer.
    WrongCredentials,
    /// There is no pending sign-in, or it has ended: begin with the password again.
    SignInOver,
    /// The role does not allow it.
    Forbidden,
    /// The account requires two-factor authentication and it is off.
    TwoFactorRequired {
        /// Which account requires it.
        account: RequiringAccount,
    },
    /// Fields that cannot be taken, each with the reason.
    InvalidFields {
        /// The fields, in the order of the form.
        fields: Vec<FieldError>,
    },
    /// The password given as proof is wrong.
    WrongPassword,
    /// A code is needed besides the password: the second factor is not fresh.
    CodeNeeded,
    /// The act needs a step-up, and none was sent.
    StepUpNeeded,
    /// The code did not match, was used before, or is older than one used before.
    WrongCode {
        /// Wrong codes until the attempt ends; none where only pauses count.
        attempts_left: Option<u32>,
    },
    /// The code would be right at another time: a clock is off.
    ClockOff {
        /// Seconds that the device's clock is ahead of the server's; behind when negative.
        device_ahead_by: i64,
    },
    /// This enrolment has been overtaken by another, in another tab say.
    EnrolmentOvertaken,
    /// The enrolment is over: its ten minutes passed or it never was.
    EnrolmentOver,
    /// A first factor takes a code from the mailbox, and none was given.
    MailboxCodeNeeded,
    /// The code from the mailbox is over: too old, replaced, or guessed at too often.
    MailboxCodeOver,
    /// As many codes were mailed as may be for now.
    TooManyMailedCodes {
        /// Seconds until the next one can be mailed.
        retry_after: u32,
    },
    /// Two-factor authentication is on already.
    TwoFactorAlreadyOn,
    /// Two-factor authentication is off.
    TwoFactorOff,
    /// The e-mail address is not proven, so no code can be mailed to it: somebody has to let the user in.
    EmailNotVerified,
    /// The address has a user already. Only the operator is told.
    Taken,
    /// The link is wrong, used or too old.
    LinkOver,
    /// The link belongs to a sign-in that was begun in another browser, or to none: the password comes first.
    LinkOfAnotherSignIn,
    /// The link is for another user than the one who is signed in; it stays good.
    LinkOfAnotherUser,
    /// Another set of recovery codes was made in the meantime, in another tab say: that one counts.
    RecoveryCodesOvertaken,
    /// Somebody else has saved in the meantime.
    Stale,
    /// An owner without two-factor authentication cannot require it of others.
    OwnerWithoutTwoFactor,
    /// Somebody without two-factor authentication cannot take over an account that requires it.
    NewOwnerWithoutTwoFactor,
    /// The owner stays until the account is transferred.
    OwnerStays,
    /// The offer was taken back, declined, accepted or is over.
    OfferOver,
    /// The account is offered to somebody already.
    TransferPending,
    /// The other one is disabled by the operator.
    UserDisabled,
    /// It takes a letter, and no mail server is set.
    MailNotSet,
    /// It takes a letter, and the other one's mail server refused the last.
    MailRefused,
    /// The account is open to the other one.
    OpenAlready,
    /// The other one is reached by a mailed code, which they need instead.
    MailReaches,
    /// A mail server is set, so no link is handed over.
    MailIsSet,
    /// The link was handed over and makes a new user; the address has one.
    LinkForNewUser,
    /// Only the operator can let the other one set up a first factor.
    OperatorLetsIn,
    /// The user was offered as many resets as may be in a day.
    TooManyOffers {
        /// Seconds until the next one can be made.
        retry_after: u32,
    },
    /// The user belongs to the account already.
    AlreadyInAccount,
    /// The invitation is for another address than that of the one who is signed in.
    InvitedAnother,
    /// Whoever sent the invitation may no longer give these roles.
    InviterWithoutRight,
    /// The roles of this user were changed as often as they may be in a day.
    TooManyRoleChanges {
        /// Seconds until the next change.
        retry_after: u32,
    },
    /// The account has sent as many invitations as it may in a day.
    TooManyInvitations {
        /// Seconds until the next one can be sent.
        retry_after: u32,
    },
    /// A user exists already: set-up is over.
    SetupOver,
    /// Sign-up is closed here.
    SignUpClosed,
    /// Too many failures: wait.
    Paused {
        /// Seconds until the next try can succeed.
        retry_after: u32,
    },
    /// As many codes were sent by SMS as may be for now.
    TooManyCodes {
        /// Seconds until the next one can be sent.
        retry_after: u32,
    },
    /// The code could not be handed over to the SMS gateway, or there is none.
    SmsNotSent,
    /// The second factor is closed after a hundred failures in a row; a recovery code opens it.
    FactorClosed,
    /// The second factor cannot be checked here: its key is missing. Only the operator can help.
    FactorUnreadable,
    /// More is going on than the server can do at once.
    Busy {
        /// Seconds after which to try again.
        retry_after: u32,
    },
    /// A fault of ours.
    Internal {
        /// What the log calls it.
        reference: String,
    },
    /// The server could not be reached. Made by the browser, never sent.
    Unreachable,
}

/// One field that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// Why not.
    pub problem: Problem,
}

/// The fields of our forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A person's name.
    Name,
    /// An e-mail address.
    Email,
    /// An account's name.
    AccountName,
    /// The password in use.
    Password,
    /// A password to be.
    NewPassword,
    /// Roles in an account.
    Roles,
    /// The day from which something holds.
    StartDate,
    /// A six-digit code.
    Code,
    /// A recovery code.
    RecoveryCode,
    /// A six-digit code that was sent by SMS.
    SmsCode,
    /// A country.
    Country,
    /// A phone number.
    PhoneNumber,
    /// A code that was mailed for one act.
    MailboxCode,
}

/// Why a field cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing was given.
    Missing,
    /// Too few characters.
    TooShort {
        /// The fewest that are taken.
        least: u32,
    },
    /// Too many characters.
    TooLong {
        /// The most that are taken.
        most: u32,
    },
    /// Characters that cannot be shown.
    NotText,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not six digits.
    NotACode,
    /// Not the eight characters of a code that was mailed.
    NotAMailboxCode,
    /// Not sixteen characters of a recovery code.
    NotARecoveryCode,
    /// Not a phone number of the country.
    NotAPhoneNumber,
    /// A phone number that takes no text message, or at a price.
    NotAMobile,
    /// Not a day of the calendar.
    NotADate,
    /// A day that has passed.
    InThePast,
    /// A day too far ahead.
    TooFarAhead {
        /// The most days ahead that are taken.
        most: u32,
    },
    /// The same as before.
    Unchanged,
    /// A password that is among the first to be guessed.
    Guessable {
        /// What makes it so.
        because: Guessable,
    },
}

/// What makes a password guessable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guessable {
    /// It is, or is close to, a password that many people use.
    Common,
    /// It is made of the name, the address or the product's name.
    Personal,
    /// Keys in a row, repeats, sequences or dates.
    Pattern,
    /// Nothing in particular: too short or simple for its kind.
    Simple,
}

impl ApiError {
    /// One field that cannot be taken.
    pub fn field(field: Field, problem: Problem) -> Self {
        Self::InvalidFields {
            fields: vec![FieldError { field, problem }],
        }
    }

    /// The stable code, as in the `code` of the wire form.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::SignedOut => "signed_out",
            Self::WrongCredentials => "wrong_credentials",
            Self::SignInOver => "sign_in_over",
            Self::Forbidden => "forbidden",
            Self::TwoFactorRequired { .. } => "two_factor_required",
            Self::InvalidFields { .. } => "invalid_fields",
            Self::WrongPassword => "wrong_password",
            Self::CodeNeeded => "code_needed",
            Self::StepUpNeeded => "step_up_needed",
            Self::WrongCode { .. } => "wrong_code",
            Self::ClockOff { .. } => "clock_off",
            Self::EnrolmentOvertaken => "enrolment_overtaken",
            Self::EnrolmentOver => "enrolment_over",
            Self::MailboxCodeNeeded => "mailbox_code_needed",
            Self::MailboxCodeOver => "mailbox_code_over",
            Self::TooManyMailedCodes { .. } => "too_many_mailed_codes",
            Self::TwoFactorAlreadyOn => "two_factor_already_on",
            Self::TwoFactorOff => "two_factor_off",
            Self::EmailNotVerified => "email_not_verified",
            Self::Taken => "taken",
            Self::LinkOver => "link_over",
            Self::LinkOfAnotherSignIn => "link_of_another_sign_in",
            Self::LinkOfAnotherUser => "link_of_another_user",
            Self::RecoveryCodesOvertaken => "recovery_codes_overtaken",
            Self::Stale => "stale",
            Self::OwnerWithoutTwoFactor => "owner_without_two_factor",
            Self::NewOwnerWithoutTwoFactor => "new_owner_without_two_factor",
            Self::OwnerStays => "owner_stays",
            Self::OfferOver => "offer_over",
            Self::TransferPending => "transfer_pending",
            Self::UserDisabled => "user_disabled",
            Self::MailNotSet => "mail_not_set",
            Self::MailRefused => "mail_refused",
            Self::OpenAlready => "open_already",
            Self::MailReaches => "mail_reaches",
            Self::OperatorLetsIn => "operator_lets_in",
            Self::MailIsSet => "mail_is_set",
            Self::LinkForNewUser => "link_for_new_user",
            Self::TooManyOffers { .. } => "too_many_offers",
            Self::AlreadyInAccount => "already_in_account",
            Self::InvitedAnother => "invited_another",
            Self::InviterWithoutRight => "inviter_without_right",
            Self::TooManyRoleChanges { .. } => "too_many_role_changes",
            Self::TooManyInvitations { .. } => "too_many_invitations",
            Self::SetupOver => "setup_over",
            Self::SignUpClosed => "sign_up_closed",
            Self::Paused { .. } => "paused",
            Self::TooManyCodes { .. } => "too_many_codes",
            Self::SmsNotSent => "sms_not_sent",
            Self::FactorClosed => "factor_closed",
            Self::FactorUnreadable => "factor_unreadable",
            Self::Busy { .. } => "busy",
            Self::Internal { .. } => "internal",
            Self::Unreachable => "unreachable",
        }
    }

    /// The HTTP status that tells the same (RFC 9110 §15.5, RFC 6585 §4).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::SignedOut | Self::WrongCredentials | Self::SignInOver => 401,
            Self::CrossSite
            | Self::Forbidden
            | Self::TwoFactorRequired { .. }
            | Self::SignUpClosed => 403,
            Self::NotFound => 404,
            Self::EnrolmentOvertaken
            | Self::EnrolmentOver
            | Self::MailboxCodeOver
            | Self::TwoFactorAlreadyOn
            | Self::TwoFactorOff
            | Self::EmailNotVerified
            | Self::Taken
            | Self::LinkOver
            | Self::LinkOfAnotherSignIn
            | Self::LinkOfAnotherUser
            | Self::RecoveryCodesOvertaken
            | Self::Stale
            | Self::OwnerWithoutTwoFactor
            | Self::NewOwnerWithoutTwoFactor
            | Self::OwnerStays
            | Self::OfferOver
            | Self::TransferPending
            | Self::UserDisabled
            | Self::MailNotSet
            | Self::MailRefused
            | Self::OpenAlready
            | Self::MailReaches
            | Self::OperatorLetsIn
            | Self::MailIsSet
            | Self::LinkForNewUser
            | Self::AlreadyInAccount
            | Self::InvitedAnother
            | Self::InviterWithoutRight
            | Self::SetupOver => 409,
            Self::TooLarge => 413,
            Self::InvalidFields { .. }
            | Self::WrongPassword
            | Self::CodeNeeded
            | Self::MailboxCodeNeeded
            | Self::StepUpNeeded
            | Self::WrongCode { .. }
            | Self::ClockOff { .. } => 422,
            Self::Paused { .. }
            | Self::FactorClosed
            | Self::TooManyCodes { .. }
            | Self::TooManyRoleChanges { .. }
            | Self::TooManyOffers { .. }
            | Self::TooManyMailedCodes { .. }
            | Self::TooManyInvitations { .. } => 429,
            Self::Internal { .. } => 500,
            Self::SmsNotSent | Self::FactorUnreadable | Self::Busy { .. } | Self::Unreachable => {
                503
            }
        }
    }

    /// Seconds for the `Retry-After` header, where waiting helps.
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Paused { retry_after }
            | Self::TooManyCodes { retry_after }
            | Self::TooManyMailedCodes { retry_after }
            | Self::TooManyInvitations { retry_after }
            | Self::TooManyRoleChanges { retry_after }
            | Self::TooManyOffers { retry_after }
            | Self::Busy { retry_after } => Some(*retry_after),
            Self::SmsNotSent => Some(60),
            Self::FactorClosed => Some(86_400),
            Self::FactorUnreadable => Some(300),
            _ => None,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// Faults of the framework use the same channel; their text is for nobody.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Malformed,
            // On the server a body that does not decode is the sender's doing; in the browser it is an answer that
            // is not ours, a proxy's error page say.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => Self::Malformed,
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Unreachable
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => Self::Internal {
                reference: String::new(),
            },
        }
    }
}
