//! `ApiError`: the one enum for every refusal on the wire, with its stable code and HTTP status.
//!
//! It is the one table of them: each variant states its status, the field that it is about and its sentence from the
//! catalogue, of which [`Refusal`] makes the rest. It holds data that is safe to show. A fault of ours is `Internal` with a reference that the log has too.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
use crate::messages::{
    ConcernedFields, clock_off, denied, duration, internal, limited, problems, wrong_code,
};
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
use crate::text::{Linked, t};
use crate::types::account::RequiringAccount;
use crate::types::limited::Limited;
use crate::types::password::Guessable;
use crate::types::role::Denial;
use crate::types::timestamp::Timestamp;
use crate::wire::{Answer, Refusal};

/// Every way in which the server says no.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, Answer, Refusal,
)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("{}", self.code())]
pub enum ApiError {
    /// The request is not one that our pages send: wrong encoding, unknown or missing fields.
    #[refusal(400, says = t().refusal_malformed())]
    Malformed,
    /// The body is larger than 16 KiB, or the head than anybody needs.
    #[refusal(413, says = t().refusal_too_large())]
    TooLarge,
    /// The request does not come from our own pages.
    #[refusal(403, says = t().refusal_cross_site())]
    CrossSite,
    /// Nothing here, or nothing that the one who asks may know of.
    #[refusal(404, says = t().refusal_not_found())]
    NotFound,
    /// Nobody is signed in, or the session has ended.
    #[refusal(401, says = t().refusal_signed_out())]
    SignedOut,
    /// Unknown address, wrong password, disabled user: one answer.
    #[refusal(401, says = t().refusal_wrong_credentials())]
    WrongCredentials,
    /// There is no pending sign-in, or it has ended: begin with the password again.
    #[refusal(401, says = t().refusal_sign_in_over())]
    SignInOver,
    /// The role does not allow it.
    #[refusal(403, says = denied(*denial))]
    Forbidden {
        /// Why not.
        denial: Denial,
    },
    /// The account requires two-factor authentication and it is off.
    #[refusal(403, says = t().refusal_two_factor_required(&account.name))]
    TwoFactorRequired {
        /// Which account requires it.
        account: RequiringAccount,
    },
    /// Fields that cannot be taken, each with the reason.
    #[refusal(422, about = Fields, says = problems::all(fields))]
    InvalidFields {
        /// The fields, in the order of the form.
        fields: Vec<FieldError>,
    },
    /// The password given as proof is wrong.
    #[refusal(422, about = Password, says = t().refusal_wrong_password())]
    WrongPassword,
    /// A code is needed besides the password: the second factor is not fresh.
    #[refusal(422, about = Code, says = t().refusal_code_needed())]
    CodeNeeded,
    /// The act needs a step-up, and none was sent.
    #[refusal(422, says = t().refusal_step_up_needed())]
    StepUpNeeded,
    /// The code did not match, was used before, or is older than one used before.
    #[refusal(422, about = Code, says = wrong_code(t().refusal_wrong_code(), *attempts_left))]
    WrongCode {
        /// Wrong codes until the attempt ends; none where only pauses count.
        attempts_left: Option<u32>,
        /// The time of the server, at a sign-in: whose clock is off sees it.
        at: Option<Timestamp>,
    },
    /// The code would be right at another time: a clock is off.
    #[refusal(422, about = Code, says = clock_off(*device_ahead_by))]
    ClockOff {
        /// Seconds that the device's clock is ahead of the server's; behind when negative.
        device_ahead_by: i64,
    },
    /// This enrolment has been overtaken by another, in another tab say.
    #[refusal(409, says = t().enrolment_overtaken())]
    EnrolmentOvertaken,
    /// The enrolment is over: its ten minutes passed or it never was.
    #[refusal(409, says = t().enrolment_over())]
    EnrolmentOver,
    /// A first factor takes a code from the mailbox, and none was given.
    #[refusal(422, about = MailboxCode, says = t().refusal_mailbox_code_needed())]
    MailboxCodeNeeded,
    /// The code from the mailbox is over: too old, replaced, or guessed at too often.
    #[refusal(409, about = MailboxCode, says = t().refusal_mailbox_code_over())]
    MailboxCodeOver,
    /// As many codes were mailed as may be for now.
    #[refusal(429, says = t().refusal_too_many_mailed_codes(&duration(*retry_after)))]
    TooManyMailedCodes {
        /// Seconds until the next one can be mailed.
        retry_after: u32,
    },
    /// Two-factor authentication is on already.
    #[refusal(409, says = t().refusal_two_factor_already_on())]
    TwoFactorAlreadyOn,
    /// The second factors of another user are refused, so that nothing is theirs before a reset.
    #[refusal(409, says = t().refusal_other_factor_refused())]
    OtherFactorRefused,
    /// Two-factor authentication is off.
    #[refusal(409, says = t().refusal_two_factor_off())]
    TwoFactorOff,
    /// The e-mail address is not proven, so no code can be mailed to it: somebody has to let the user in.
    #[refusal(409, says = t().refusal_email_not_verified())]
    EmailNotVerified,
    /// The address has a user already. Only the operator is told.
    #[refusal(409, says = t().refusal_taken())]
    Taken,
    /// The link is wrong, used or too old.
    #[refusal(409, says = t().refusal_link_over())]
    LinkOver,
    /// The link belongs to a sign-in that was begun in another browser, or to none: the password comes first.
    #[refusal(409, says = t().refusal_link_of_another_sign_in())]
    LinkOfAnotherSignIn,
    /// The link is for another user than the one who is signed in; it stays good.
    #[refusal(409, says = t().refusal_link_of_another_user())]
    LinkOfAnotherUser,
    /// Another set of recovery codes was made in the meantime, in another tab say: that one counts.
    #[refusal(409, says = t().refusal_recovery_codes_overtaken())]
    RecoveryCodesOvertaken,
    /// Somebody else has saved in the meantime.
    #[refusal(409, says = t().refusal_stale())]
    Stale,
    /// An owner without two-factor authentication cannot require it of others.
    #[refusal(409, says = t().refusal_owner_without_two_factor())]
    OwnerWithoutTwoFactor,
    /// Somebody without two-factor authentication cannot take over an account that requires it.
    #[refusal(409, says = t().refusal_new_owner_without_two_factor())]
    NewOwnerWithoutTwoFactor,
    /// The owner stays until the account is transferred.
    #[refusal(409, says = t().refusal_owner_stays())]
    OwnerStays,
    /// The offer was taken back, declined, accepted or is over.
    #[refusal(409, says = t().refusal_offer_over())]
    OfferOver,
    /// The account is offered to somebody already.
    #[refusal(409, says = t().denial_transfer_pending())]
    TransferPending,
    /// The other one is disabled by the operator.
    #[refusal(409, says = t().denial_user_disabled())]
    UserDisabled,
    /// It takes a letter, and no mail server is set.
    #[refusal(409, says = t().denial_mail_not_set())]
    MailNotSet,
    /// It takes a letter, and the other one's mail server refused the last.
    #[refusal(409, says = t().denial_mail_refused())]
    MailRefused,
    /// It takes a letter with a link, and nobody has shown that the other one reads mail at their address.
    #[refusal(409, says = t().denial_address_not_proven())]
    AddressNotProven,
    /// The account is open to the other one.
    #[refusal(409, says = t().denial_open_already())]
    OpenAlready,
    /// The other one is reached by a mailed code, which they need instead.
    #[refusal(409, says = t().denial_mail_reaches())]
    MailReaches,
    /// A mail server is set, so no link is handed over.
    #[refusal(409, says = t().refusal_mail_is_set())]
    MailIsSet,
    /// The link was handed over and makes a new user; the address has one.
    #[refusal(409, says = t().refusal_link_for_new_user())]
    LinkForNewUser,
    /// Only the operator can let the other one set up a first factor.
    #[refusal(409, says = t().denial_operator_lets_in())]
    OperatorLetsIn,
    /// Only the operator restores an account that they have deleted.
    #[refusal(409, says = t().denial_operator_restores())]
    OperatorRestores,
    /// The user was offered as many resets as may be in a day.
    #[refusal(429, says = t().refusal_too_many_offers(&duration(*retry_after)))]
    TooManyOffers {
        /// Seconds until the next one can be made.
        retry_after: u32,
    },
    /// The user belongs to the account already.
    #[refusal(409, says = t().refusal_already_in_account())]
    AlreadyInAccount,
    /// The same, to the user themselves, who has the letter that names the account.
    #[refusal(409, says = t().refusal_you_in_account(account))]
    YouInAccount {
        /// Its name.
        account: String,
    },
    /// The invitation is for another address than that of the one who is signed in.
    #[refusal(409, says = t().refusal_invited_another())]
    InvitedAnother,
    /// Whoever sent the invitation may no longer give these roles.
    #[refusal(409, says = t().refusal_inviter_without_right())]
    InviterWithoutRight,
    /// The roles of this user were changed as often as they may be in a day.
    #[refusal(429, says = t().refusal_too_many_role_changes(&duration(*retry_after)))]
    TooManyRoleChanges {
        /// Seconds until the next change.
        retry_after: u32,
    },
    /// The account has sent as many invitations as it may in a day.
    #[refusal(429, says = t().refusal_too_many_invitations(&duration(*retry_after)))]
    TooManyInvitations {
        /// Seconds until the next one can be sent.
        retry_after: u32,
    },
    /// A user exists already: set-up is over.
    #[refusal(409, says = t().refusal_setup_over())]
    SetupOver,
    /// Sign-up is closed here.
    #[refusal(403, says = t().refusal_sign_up_closed())]
    SignUpClosed,
    /// It was done as often as it may be for now.
    #[refusal(429, says = limited(*of, *retry_after))]
    Paused {
        /// What.
        of: Limited,
        /// Seconds until the next try can succeed.
        retry_after: u32,
    },
    /// As many codes were sent by SMS as may be for now.
    #[refusal(429, says = t().refusal_too_many_codes(&duration(*retry_after)))]
    TooManyCodes {
        /// Seconds until the next one can be sent.
        retry_after: u32,
    },
    /// The code could not be handed over to the SMS gateway, or there is none.
    #[refusal(503, retry_after = 60, says = t().refusal_sms_not_sent())]
    SmsNotSent,
    /// The second factor is closed after a hundred failures in a row; a recovery code opens it.
    #[refusal(429, retry_after = 86_400, says = t().refusal_factor_closed())]
    FactorClosed,
    /// The second factor cannot be checked here: its key is missing. Only the operator can help.
    #[refusal(503, retry_after = 300, says = t().refusal_factor_unreadable())]
    FactorUnreadable,
    /// Nobody has this key any more.
    #[refusal(401, says = t().refusal_passkey_unknown())]
    PasskeyUnknown,
    /// The key was not accepted at the sign-in, whatever the cause.
    #[refusal(401, says = t().refusal_passkey_refused())]
    PasskeyRefused,
    /// The key was not accepted elsewhere, whatever the cause.
    #[refusal(422, says = t().refusal_passkey_refused())]
    KeyRefused,
    /// The answer of a key came too late, or was given before.
    #[refusal(409, says = t().refusal_challenge_over())]
    ChallengeOver,
    /// The key is on a list already.
    #[refusal(409, says = t().refusal_passkey_already_added())]
    PasskeyAlreadyAdded,
    /// The user has as many keys as one can have.
    #[refusal(409, says = t().refusal_too_many_passkeys())]
    TooManyPasskeys,
    /// It is the only second factor.
    #[refusal(409, says = t().refusal_last_factor())]
    LastFactor,
    /// Browsers make no keys for the address of this server.
    #[refusal(409, says = t().refusal_passkeys_not_offered())]
    PasskeysNotOffered,
    /// More is going on than the server can do at once.
    #[refusal(503, says = t().refusal_busy(&duration(*retry_after)))]
    Busy {
        /// Seconds after which to try again.
        retry_after: u32,
    },
    /// A fault of ours.
    #[refusal(500, says = internal(reference))]
    Internal {
        /// What the log calls it.
        reference: String,
    },
    /// The server could not be reached. Made by the browser, never sent.
    #[refusal(503, says = t().refusal_unreachable())]
    Unreachable,
}

/// One field that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// Why not.
    pub problem: Problem,
}

/// The fields of our forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
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
    /// A time zone.
    Zone,
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
    /// A part of somebody's name or address, to find them by.
    Person,
}

/// Why a field cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
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
    /// Not the name of what is meant, which is typed to confirm.
    NotTheName,
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
    /// What many have in their name or address, too many to be looked up.
    TooManyFound,
    /// Not a day of the calendar.
    NotADate,
    /// Not the name of a time zone.
    NotAZone,
    /// A day that has passed.
    InThePast,
    /// A later day for what holds already.
    HoldsAlready,
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

impl ApiError {
    /// One field that cannot be taken.
    pub fn field(field: Field, problem: Problem) -> Self {
        Self::InvalidFields {
            fields: vec![FieldError { field, problem }],
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
