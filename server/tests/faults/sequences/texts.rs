//! Codes as text, and answers as the model says them.

use domain::totp::TimeStep;
use serde_json::Value;

use super::model::{Answer, Token};
use super::operation::{Code, RecoveryCode};
use super::play::Play;
use crate::support::{Authenticator, Reply, START};

/// What looks like a recovery code and is nobody's.
pub(super) const NO_RECOVERY_CODE: &str = "0000-0000-0000-0000";
/// Too little to be a guess.
const NOT_A_CODE: &str = "12";

impl Play {
    /// A code of the app of a user, as text and as the rules see it.
    pub(super) fn of_app(&self, user: usize, code: Code) -> (String, Token) {
        match &self.model.users[user].factor {
            Some(factor) => code_of(&factor.app, code, self.model.step(), Some(factor.last)),
            None => ("000000".to_owned(), Token::Wrong),
        }
    }

    /// A recovery code of a user, as text and as the rules see it.
    pub(super) fn of_set(&self, user: usize, code: RecoveryCode) -> (String, Token) {
        let factor = self.model.users[user].factor.as_ref();
        let text = match code {
            RecoveryCode::Fresh => factor.and_then(|factor| factor.left.first()),
            RecoveryCode::Spent => factor.and_then(|factor| factor.spent.last()),
            RecoveryCode::Wrong => None,
            RecoveryCode::Unfinished => return (NOT_A_CODE.to_owned(), Token::Nothing),
        };
        let text = text.map_or(NO_RECOVERY_CODE, String::as_str).to_owned();
        (text.clone(), Token::Recovery(text))
    }
}

/// A code of an app, as text and as the rules see it.
pub(super) fn code_of(
    app: &Authenticator,
    code: Code,
    present: TimeStep,
    last: Option<TimeStep>,
) -> (String, Token) {
    let of = |step: i64| app.code(START + (step * 30 - START.0));
    match (code, last) {
        (Code::OfStep(offset), _) => {
            let step = present.0 + offset;
            (of(step), Token::Step(TimeStep(step)))
        }
        (Code::Again, Some(last)) => (of(last.0), Token::Step(last)),
        (Code::Wrong, _) | (Code::Again, None) => {
            let near: Vec<_> = (-25..=25).map(|offset| of(present.0 + offset)).collect();
            let mut digits = (0..).map(|n| format!("{n:06}"));
            let wrong = digits.find(|code| !near.contains(code));
            (wrong.unwrap(), Token::Wrong)
        }
        (Code::Unfinished, _) => (NOT_A_CODE.to_owned(), Token::Nothing),
    }
}

pub(super) fn codes(reply: &Reply) -> Vec<String> {
    let answer = reply.json();
    let codes = answer["codes"].as_array().cloned().unwrap_or_default();
    codes
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

/// An answer in a line, as the model says it.
pub(super) fn told(reply: &Reply) -> Answer {
    let body = reply.json();
    let tail = match reply.code().as_str() {
        "" => match (&body["step"], &body["state"], &body["codes"]) {
            (Value::String(step), _, _) if step == "signed_in" => {
                format!("signed_in {}", body["recovery_codes_left"])
            }
            (Value::String(word), _, _) | (_, Value::String(word), _) => word.clone(),
            (_, _, Value::Array(codes)) => codes.len().to_string(),
            _ => String::new(),
        },
        "wrong_code" => format!("wrong_code {}", body["attempts_left"]),
        "paused" => format!("paused {}", body["retry_after"]),
        "clock_off" => format!("clock_off {}", body["device_ahead_by"]),
        code => code.to_owned(),
    };
    format!("{} {tail}", reply.status).trim_end().to_owned()
}
