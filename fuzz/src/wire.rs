//! The targets for what goes over the wire: arguments of functions, and their answers.

use std::fmt::Debug;

use app::error::ApiError;
use app::types::{account, activity, profile, session, sessions, setup, team, two_factor};
use app::wire::{Answer, StrictJsonEncoding, Value};
use bytes::Bytes;
use leptos::server_fn::Decodes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::targets::LONGEST;

/// The arguments of a function that are taken are written so that the same are read.
fn decodes<T: Serialize + DeserializeOwned>(data: &[u8]) {
    let decode = |data: Vec<u8>| <StrictJsonEncoding as Decodes<T>>::decode(Bytes::from(data));
    let Ok(arguments) = decode(data.to_vec()) else {
        return;
    };
    let written = serde_json::to_vec(&arguments).expect("what was read is written");
    let again = decode(written.clone()).expect("what is written is read");
    assert_eq!(serde_json::to_vec(&again).ok(), Some(written));
}

/// The arguments of functions, of every shape that there is.
pub fn call(data: &[u8]) {
    use app::api;
    if data.len() > LONGEST {
        return;
    }
    decodes::<api::sign_in::SignInWithPassword>(data);
    decodes::<api::sign_in::SignInWithCode>(data);
    decodes::<api::sign_in::SignInWithRecoveryCode>(data);
    decodes::<api::setup::CreateFirstUser>(data);
    decodes::<api::sign_up::RequestSignUp>(data);
    decodes::<api::two_factor::BeginEnrolment>(data);
    decodes::<api::two_factor::ConfirmEnrolment>(data);
    decodes::<api::two_factor::BeginSmsEnrolment>(data);
    decodes::<api::two_factor::DisableTwoFactor>(data);
    decodes::<api::account::SaveAuthenticationSettings>(data);
    decodes::<api::account::AccountActivityArguments>(data);
    decodes::<api::team::Invite>(data);
    decodes::<api::team::ChangeRoles>(data);
    decodes::<api::team::OfferTransfer>(data);
    decodes::<api::invitation::Join>(data);
    decodes::<api::password::ResetPassword>(data);
    decodes::<api::sessions::EndSession>(data);
    decodes::<api::session::SignOut>(data);
}

/// An answer as serde writes it reads back the same, by the reader of the browser.
fn reads<T: Answer + Serialize + DeserializeOwned + PartialEq + Debug>(answer: &serde_json::Value) {
    let _ = T::read(&Value::new(answer.clone()));
    if let Ok(expected) = serde_json::from_value::<T>(answer.clone()) {
        let written = serde_json::to_value(&expected).expect("what was read is written");
        assert_eq!(T::read(&Value::new(written)).as_ref(), Some(&expected));
    }
}

/// Every kind of answer.
pub fn answer(data: &[u8]) {
    let Ok(answer) = serde_json::from_slice(data) else {
        return;
    };
    reads::<ApiError>(&answer);
    reads::<session::SessionState>(&answer);
    reads::<session::SignInStep>(&answer);
    reads::<sessions::SessionList>(&answer);
    reads::<setup::SetupLink>(&answer);
    reads::<profile::Profile>(&answer);
    reads::<account::Accounts>(&answer);
    reads::<account::EnteredAccount>(&answer);
    reads::<account::AccountOverview>(&answer);
    reads::<account::AuthenticationSettings>(&answer);
    reads::<activity::ActivityPage>(&answer);
    reads::<team::UsersPage>(&answer);
    reads::<team::Invitations>(&answer);
    reads::<team::InvitationOffer>(&answer);
    reads::<two_factor::SecurityOverview>(&answer);
    reads::<two_factor::Enrolment>(&answer);
    reads::<two_factor::SmsEnrolment>(&answer);
    reads::<two_factor::RecoveryCodes>(&answer);
}
