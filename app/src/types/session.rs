//! Who is at the browser, as the server sees it; and the steps of signing in.

use serde::{Deserialize, Serialize};

use super::ids::UserId;
use super::timestamp::Timestamp;
use crate::wire::{Answer, Value, answers};

/// What the server knows of the browser that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut {
        /// Whether `/sign-up` is open.
        sign_up_open: bool,
        /// Whether no user exists yet, so that only the set-up link leads anywhere.
        setup_due: bool,
    },
    /// The password was right, the second factor is due. Not a session.
    SecondFactorDue(PendingSignIn),
    /// The password was right, and two-factor authentication was reset by the team: the link that was mailed is due.
    LinkDue,
    /// A session.
    SignedIn(SignedInUser),
}

/// A pending sign-in: password accepted, second factor due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Wrong codes until it ends.
    pub attempts_left: u32,
    /// Whether this browser may be trusted: no account of the user forbids it.
    pub may_trust_browser: bool,
    /// The number that the code goes to, where it goes by SMS.
    pub by_sms: Option<CodeBySms>,
}

/// A code that is due by SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeBySms {
    /// What may be shown of the number.
    pub masked: String,
    /// Whether one was sent for this sign-in that is still good.
    pub is_sent: bool,
}

/// An address that a user has lost to its mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostAddressNotice {
    /// The address.
    pub email: String,
    /// Until when they sign in by it.
    pub until: Timestamp,
}

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInUser {
    /// Who.
    pub user_id: UserId,
    /// The name to greet with.
    pub name: String,
    /// The address they sign in with; empty where they have lost it.
    pub email: String,
    /// The address that they have lost, while they sign in by it.
    pub lost_address: Option<LostAddressNotice>,
    /// Whether codes are sent by SMS, so that they have to be asked for.
    pub has_sms: bool,
}

/// What a step of signing in led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum SignInStep {
    /// The second factor is due.
    SecondFactorDue(PendingSignIn),
    /// The link that was mailed is due.
    LinkDue,
    /// Signed in.
    SignedIn {
        /// How many recovery codes are left, when one was used to sign in.
        recovery_codes_left: Option<u32>,
    },
}

answers! {
    PendingSignIn { expires_at, attempts_left, may_trust_browser, by_sms }
    CodeBySms { masked, is_sent }
    LostAddressNotice { email, until }
    SignedInUser { user_id, name, email, lost_address, has_sms }
}

impl Answer for SessionState {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.word("state").as_str() {
            "signed_out" => Self::SignedOut {
                sign_up_open: value.field("sign_up_open")?,
                setup_due: value.field("setup_due")?,
            },
            "second_factor_due" => Self::SecondFactorDue(Answer::read(value)?),
            "link_due" => Self::LinkDue,
            "signed_in" => Self::SignedIn(Answer::read(value)?),
            _ => return None,
        })
    }
}

impl Answer for SignInStep {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.word("step").as_str() {
            "second_factor_due" => Self::SecondFactorDue(Answer::read(value)?),
            "link_due" => Self::LinkDue,
            "signed_in" => Self::SignedIn {
                recovery_codes_left: value.field("recovery_codes_left")?,
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Answer>(text: &str) -> Option<T> {
        Answer::read(&Value::new(serde_json::from_str(text).unwrap()))
    }

    #[test]
    fn states_and_steps_are_read_as_they_were_written() {
        let pending = PendingSignIn {
            expires_at: Timestamp(7),
            attempts_left: 5,
            may_trust_browser: true,
            by_sms: None,
        };
        let by_sms = PendingSignIn {
            by_sms: Some(CodeBySms {
                masked: "•••• 56".to_owned(),
                is_sent: true,
            }),
            ..pending.clone()
        };
        let user = SignedInUser {
            user_id: UserId::new(uuid::Uuid::nil()),
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            lost_address: None,
            has_sms: true,
        };
        let lost = SignedInUser {
            email: String::new(),
            lost_address: Some(LostAddressNotice {
                email: "ada@example.org".to_owned(),
                until: Timestamp(9),
            }),
            ..user.clone()
        };
        for state in [
            SessionState::SignedOut {
                sign_up_open: true,
                setup_due: false,
            },
            SessionState::SecondFactorDue(pending.clone()),
            SessionState::SecondFactorDue(by_sms),
            SessionState::LinkDue,
            SessionState::SignedIn(lost),
            SessionState::SignedIn(user),
        ] {
            let text = serde_json::to_string(&state).unwrap();
            assert_eq!(read(&text).as_ref(), Some(&state), "{text}");
        }
        for step in [
            SignInStep::SecondFactorDue(pending),
            SignInStep::LinkDue,
            SignInStep::SignedIn {
                recovery_codes_left: None,
            },
            SignInStep::SignedIn {
                recovery_codes_left: Some(9),
            },
        ] {
            let text = serde_json::to_string(&step).unwrap();
            assert_eq!(read(&text).as_ref(), Some(&step), "{text}");
        }
    }
}
