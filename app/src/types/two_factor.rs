//! Two-factor authentication on the user's own Security page.

use serde::{Deserialize, Serialize};

use super::account::RequiringAccount;
use super::factors::FactorShown;
use super::ids::EnrolmentId;
use super::secret_text::SecretText;
use super::timestamp::Timestamp;
use crate::wire::Answer;

/// Everything the Security page's first card shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SecurityOverview {
    /// The address of the user, for password managers in dialogs.
    pub email: String,
    /// Whether it is verified.
    pub email_verified: bool,
    /// Two-factor authentication now.
    pub two_factor: TwoFactorState,
    /// Accounts of the user that require two-factor authentication, now or later.
    pub required_by: Vec<RequiringAccount>,
    /// Whether a step-up in this session needs a code besides the password.
    pub step_up_needs_code: bool,
    /// Whether SMS, the legacy factor, can still be set up here.
    pub sms_offered: bool,
    /// What setting up a first factor takes besides the password.
    pub entry: FirstFactorEntry,
    /// What each sign-in takes until a factor is on.
    pub sign_in_link: SignInLinkDuty,
}

/// Whether a sign-in takes a mailed link besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum SignInLinkDuty {
    /// It does, since the factor was reset and none is on.
    Due,
    /// It does not.
    NotDue,
}

/// What setting up a first factor takes besides the password, in this browser and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum FirstFactorEntry {
    /// Nothing: a factor is on, or this browser has proven the mailbox.
    Open,
    /// Nothing, since somebody has let the user in.
    LetIn {
        /// Until when.
        until: Timestamp,
        /// Who has.
        by: LetInBy,
    },
    /// A code that is mailed.
    CodeDue {
        /// What may be shown of the address.
        masked: String,
        /// How mails reach it.
        delivery: Delivery,
        /// Who can let the user in without it.
        helper: Helper,
    },
    /// Somebody has to let the user in: the address is not proven, or was given with the password alone.
    HelpDue {
        /// Who can.
        helper: Helper,
    },
}

/// Who has let a user set up a first factor without a code from the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum LetInBy {
    /// The operator of the server.
    Operator,
    /// The owner of the one account that the user belongs to.
    Owner,
}

/// Who can let a user do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum Helper {
    /// The operator alone.
    Operator,
    /// The owner of the one account that the user belongs to, and the operator.
    Owner,
}

/// How mails reach an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// A mail server takes them over.
    Sent,
    /// They stay in a folder of the server: no mail server is set.
    Folder,
    /// The mail server of the address refused the last one.
    Refused,
}

/// What a mailed code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxAct {
    /// Setting up a first factor, of whatever kind.
    FirstFactor,
    /// Saying that no second factor is wanted.
    DeclineFactor,
    /// Giving the user another address.
    ChangeAddress,
}

/// A code that was mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct MailedCode {
    /// Whether it was mailed before: no more can be mailed for now, and it is still good.
    pub is_earlier: bool,
    /// What may be shown of the address.
    pub masked: String,
    /// When the code is over.
    pub expires_at: Timestamp,
    /// How mails reach the address.
    pub delivery: Delivery,
    /// Who can let the user in without it.
    pub helper: Helper,
}

/// Two-factor authentication of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TwoFactorState {
    /// Only the password is asked.
    Off,
    /// A second factor is asked for.
    On {
        /// Since when.
        since: Timestamp,
        /// Those that the user has, in the order in which they are offered.
        factors: Vec<FactorShown>,
        /// Recovery codes left, of ten.
        recovery_codes_left: u32,
    },
}

/// How many recovery codes a set has.
pub const RECOVERY_CODES_IN_A_SET: u32 = 10;

/// Proof that the person is still there, sent with every sensitive act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StepUpAsSent", into = "StepUpAsSent")]
pub enum StepUp {
    /// The password, and what proves a second factor where one is on and not fresh.
    Password {
        /// The password.
        password: SecretText,
        /// What proves the second factor.
        second: Option<SecondProof>,
    },
}

/// What proves a second factor beside the password of a step-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondProof {
    /// A code from the app, one that was sent, or a recovery code.
    Code(SecretText),
}

/// A step-up as it travels: one object with a field for each thing that may be given. So an unknown field is refused at its
/// depth, which a tagged enum would read past, and pages and servers of the version before understand it.
#[derive(Clone, Serialize, Deserialize)]
struct StepUpAsSent {
    password: SecretText,
    code: Option<SecretText>,
}

impl From<StepUpAsSent> for StepUp {
    fn from(sent: StepUpAsSent) -> Self {
        Self::Password {
            password: sent.password,
            second: sent.code.map(SecondProof::Code),
        }
    }
}

impl From<StepUp> for StepUpAsSent {
    fn from(given: StepUp) -> Self {
        let StepUp::Password { password, second } = given;
        Self {
            password,
            code: second.map(|SecondProof::Code(code)| code),
        }
    }
}

/// What an enrolment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentPurpose {
    /// Two-factor authentication is off and will be on.
    Enable,
    /// Another app takes the place of the one in use.
    Replace,
}

/// An enrolment as the page needs it: what to scan or type into the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Enrolment {
    /// Which enrolment.
    pub id: EnrolmentId,
    /// What it is for.
    pub purpose: EnrolmentPurpose,
    /// The key as the app wants it typed: Base32, upper case, groups of four.
    pub key: SecretText,
    /// The name that the app will show for it.
    pub label: String,
    /// The same key and name as an `otpauth:` address, which opens an app on this device.
    pub uri: SecretText,
    /// The QR code of the same key.
    pub qr: QrCode,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A country, for the choice beside a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Country {
    /// Its code (ISO 3166-1 alpha-2).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its calling code, without the `+`.
    pub calling_code: u32,
}

/// An enrolment of a phone number: the code that was sent proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SmsEnrolment {
    /// Which enrolment.
    pub id: EnrolmentId,
    /// Whether it was begun before: no other code can be sent for now, and the last one is still good.
    pub is_earlier: bool,
    /// What may be shown of the number.
    pub masked: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A code that was sent by SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct SentCode {
    /// What may be shown of the number.
    pub masked: String,
}

/// A QR code as a drawing: square, quiet zone of four modules included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct QrCode {
    /// Modules along one side, quiet zone included: the size of the `viewBox`.
    pub size: u32,
    /// The dark modules as SVG path data.
    pub path: SecretText,
}

/// Recovery codes, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct RecoveryCodes {
    /// Ten codes, each sixteen characters in groups of four.
    pub codes: Vec<SecretText>,
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_step_up_travels_as_pages_of_the_version_before_send_it() {
        let secret = |text: &str| SecretText::new(text);
        let with_code = StepUp::Password {
            password: secret("p"),
            second: Some(SecondProof::Code(secret("123456"))),
        };
        let alone = StepUp::Password {
            password: secret("p"),
            second: None,
        };
        for (step_up, sent) in [
            (with_code, json!({ "password": "p", "code": "123456" })),
            (alone.clone(), json!({ "password": "p", "code": null })),
        ] {
            assert_eq!(serde_json::to_value(&step_up).unwrap(), sent);
            assert_eq!(serde_json::from_value::<StepUp>(sent).unwrap(), step_up);
        }
        let short = json!({ "password": "p" });
        assert_eq!(serde_json::from_value::<StepUp>(short).unwrap(), alone);
    }
}
