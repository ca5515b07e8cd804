//! `/verify-email`: the link of the sign-up mail. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::sign_up::finish_sign_up;
use crate::browser;
use crate::components::mailed_link::{Words, mailed_link};
use crate::components::signed_in::to_sign_in;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::text::t;
use crate::ui::Kind;

/// Finishes the sign-up.
#[component]
pub(crate) fn VerifyEmailPage() -> AnyView {
    let token = StoredValue::new(browser::take_fragment());
    let is_done = RwSignal::new(false);
    let finish = Task::new(move || async move {
        finish_sign_up(token.get_value().ok_or(ApiError::LinkOver)?).await?;
        is_done.set(true);
        Ok(())
    });
    let words = Words {
        title: t().sign_up_verify_title(),
        pending: t().sign_up_verify_pending(),
        done_title: t().sign_up_verified_title(),
        done: t().sign_up_verified(),
        over: t().sign_up_link_over(),
    };
    mailed_link(words, finish, is_done, || to_sign_in(Kind::Primary))
}
