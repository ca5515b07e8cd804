//! `/confirm-email`: the link to a new address. Its token travels in the fragment.

use leptos::prelude::*;

use crate::api::profile::confirm_email;
use crate::browser;
use crate::components::mailed_link::{Words, mailed_link};
use crate::components::session::Session;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::text::t;
use crate::ui::{Kind, link_button};

/// Makes the new address the one in use.
#[component]
pub(crate) fn ConfirmEmailPage() -> AnyView {
    let session = Session::here();
    let token = StoredValue::new(browser::take_fragment());
    let is_done = RwSignal::new(false);
    let confirm = Task::new(move || async move {
        confirm_email(token.get_value().ok_or(ApiError::LinkOver)?).await?;
        is_done.set(true);
        // The menu shows the address.
        session.refresh().await;
        Ok(())
    });
    let words = Words {
        title: t().sign_up_verify_title(),
        pending: t().sign_up_verify_pending(),
        done_title: t().sign_up_verified_title(),
        done: t().profile_confirmed(),
        over: t().profile_link_over(),
    };
    mailed_link(words, confirm, is_done, || {
        link_button(t().profile_go_on(), "/", Kind::Primary)
    })
}
