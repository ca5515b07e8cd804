//! The steps of signing in: e-mail and password, then the second factor or a mailed link. Which is due, the server says.

mod link;
mod password;
mod second_factor;

use leptos::prelude::*;

use super::session::{Gate, SessionContext};
use super::signed_in::failed;
use crate::error::ApiError;
use crate::types::secret_text::SecretText;
use crate::ui::skeleton_card;
use password::PasswordStep;
use second_factor::SecondFactorStep;

/// The step that is due, until somebody is signed in. `link` is the token of a mailed link that was opened here: it waits
/// while the password is entered.
pub(crate) fn sign_in_steps(link: Option<SecretText>) -> AnyView {
    let session = SessionContext::here();
    let gate = session.gate();
    let token = StoredValue::new(link);
    // Why the code step ended, said above the password.
    let ended = RwSignal::new(None::<ApiError>);
    (move || match gate.get() {
        Gate::Loading | Gate::SignedIn => skeleton_card(),
        Gate::Failed(error) => failed(&error),
        Gate::SignedOut => {
            view! { <PasswordStep ended has_link=token.with_value(Option::is_some) /> }.into_any()
        }
        Gate::LinkDue => link::link_step(session, token, ended),
        Gate::SecondFactorDue => view! { <SecondFactorStep ended /> }.into_any(),
    })
    .into_any()
}
