//! The second step after a reset of two-factor authentication by the team: the link that was mailed.

use leptos::prelude::*;

use super::second_factor::{start_over, take};
use crate::api::sign_in::sign_in_with_link;
use crate::components::loaded::retry_button;
use crate::components::page::PageTitle;
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::messages;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::ui::{Tone, alert};

/// Finishes with the link where it was opened in this page; otherwise asks for it.
pub(crate) fn link_step(
    session: SessionContext,
    token: StoredValue<Option<SecretText>>,
    ended: RwSignal<Option<ApiError>>,
) -> AnyView {
    let finish = Task::new(move || async move {
        let link = token.get_value().ok_or(ApiError::LinkOver)?;
        let answer = sign_in_with_link(link).await;
        if answer.as_ref().is_err_and(is_spent) {
            token.set_value(None);
        }
        take(session, ended, answer).await
    });
    if token.with_value(Option::is_some) {
        finish.start();
    }
    let content = move || {
        if finish.pending().get() {
            return view! { <p role="status">{t().sign_in_link_pending()}</p> }.into_any();
        }
        let Some(error) = finish.refusal() else {
            return asked_for();
        };
        let (words, next) = if is_spent(&error) {
            (t().sign_in_link_older().into_any(), asked_for())
        } else {
            (messages::sentence(&error), retry_button(finish))
        };
        let said = alert(Tone::Danger, words);
        (said, next).into_any()
    };
    view! {
        <PageTitle title=t().sign_in_link_title() />
        <div class="card">
            {content}
            <div class="ways">{start_over(session)}</div>
        </div>
    }
    .into_any()
}

/// Whether the link will never do: the newest one will, which was mailed when this sign-in began.
const fn is_spent(error: &ApiError) -> bool {
    matches!(error, ApiError::LinkOver | ApiError::LinkOfAnotherSignIn)
}

fn asked_for() -> AnyView {
    view! { <p>{t().sign_in_link_text()}</p> }.into_any()
}
