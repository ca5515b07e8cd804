//! How session states and steps are read from the wire: flat, for the size of the browser's download.

use serde::Deserialize;

use super::{PendingSignIn, SessionState, SignInStep, SignedInUser};
use crate::types::ids::UserId;
use crate::types::timestamp::Timestamp;

const NOT_OURS: &str = "not of this build";

#[derive(Deserialize)]
pub(super) struct StateForm {
    state: String,
    sign_up_open: Option<bool>,
    setup_due: Option<bool>,
    expires_at: Option<Timestamp>,
    attempts_left: Option<u32>,
    may_trust_browser: Option<bool>,
    user_id: Option<UserId>,
    name: Option<String>,
    email: Option<String>,
}

impl TryFrom<StateForm> for SessionState {
    type Error = &'static str;

    fn try_from(form: StateForm) -> Result<Self, &'static str> {
        Ok(match form.state.as_str() {
            "signed_out" => Self::SignedOut {
                sign_up_open: form.sign_up_open.ok_or(NOT_OURS)?,
                setup_due: form.setup_due.ok_or(NOT_OURS)?,
            },
            "second_factor_due" => Self::SecondFactorDue(PendingSignIn {
                expires_at: form.expires_at.ok_or(NOT_OURS)?,
                attempts_left: form.attempts_left.ok_or(NOT_OURS)?,
                may_trust_browser: form.may_trust_browser.ok_or(NOT_OURS)?,
            }),
            "link_due" => Self::LinkDue,
            "signed_in" => Self::SignedIn(SignedInUser {
                user_id: form.user_id.ok_or(NOT_OURS)?,
                name: form.name.ok_or(NOT_OURS)?,
                email: form.email.ok_or(NOT_OURS)?,
            }),
            _ => return Err(NOT_OURS),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct StepForm {
    step: String,
    expires_at: Option<Timestamp>,
    attempts_left: Option<u32>,
    may_trust_browser: Option<bool>,
    recovery_codes_left: Option<u32>,
}

impl TryFrom<StepForm> for SignInStep {
    type Error = &'static str;

    fn try_from(form: StepForm) -> Result<Self, &'static str> {
        Ok(match form.step.as_str() {
            "second_factor_due" => Self::SecondFactorDue(PendingSignIn {
                expires_at: form.expires_at.ok_or(NOT_OURS)?,
                attempts_left: form.attempts_left.ok_or(NOT_OURS)?,
                may_trust_browser: form.may_trust_browser.ok_or(NOT_OURS)?,
            }),
            "link_due" => Self::LinkDue,
            "signed_in" => Self::SignedIn {
                recovery_codes_left: form.recovery_codes_left,
            },
            _ => return Err(NOT_OURS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_steps_are_read_as_they_were_written() {
        let pending = PendingSignIn {
            expires_at: Timestamp(7),
            attempts_left: 5,
            may_trust_browser: true,
        };
        let user = SignedInUser {
            user_id: UserId::new(uuid::Uuid::nil()),
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
        };
        for state in [
            SessionState::SignedOut {
                sign_up_open: true,
                setup_due: false,
            },
            SessionState::SecondFactorDue(pending.clone()),
            SessionState::LinkDue,
            SessionState::SignedIn(user),
        ] {
            let text = serde_json::to_string(&state).unwrap();
            assert_eq!(
                serde_json::from_str::<SessionState>(&text).unwrap(),
                state,
                "{text}"
            );
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
            assert_eq!(
                serde_json::from_str::<SignInStep>(&text).unwrap(),
                step,
                "{text}"
            );
        }
    }
}
