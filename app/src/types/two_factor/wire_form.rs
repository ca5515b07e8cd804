//! How the state of two-factor authentication is read from the wire: flat, for the size of the browser's download.

use serde::Deserialize;

use super::TwoFactorState;
use crate::types::timestamp::Timestamp;

const NOT_OURS: &str = "not of this build";

#[derive(Deserialize)]
pub(super) struct StateForm {
    state: String,
    since: Option<Timestamp>,
    recovery_codes_left: Option<u32>,
}

impl TryFrom<StateForm> for TwoFactorState {
    type Error = &'static str;

    fn try_from(form: StateForm) -> Result<Self, &'static str> {
        Ok(match form.state.as_str() {
            "off" => Self::Off,
            "on" => Self::On {
                since: form.since.ok_or(NOT_OURS)?,
                recovery_codes_left: form.recovery_codes_left.ok_or(NOT_OURS)?,
            },
            _ => return Err(NOT_OURS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_were_written() {
        let on = TwoFactorState::On {
            since: Timestamp(3),
            recovery_codes_left: 10,
        };
        for state in [TwoFactorState::Off, on] {
            let text = serde_json::to_string(&state).unwrap();
            assert_eq!(
                serde_json::from_str::<TwoFactorState>(&text).unwrap(),
                state,
                "{text}"
            );
        }
    }
}
