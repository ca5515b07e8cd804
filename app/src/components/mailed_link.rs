//! What a mailed link leads to: it is opened before anything is asked, so that nobody fills in a form for one that is over.

use leptos::prelude::*;

use super::linked::linked;
use super::loaded::retry_button;
use super::page::PageTitle;
use super::task::Task;
use crate::error::ApiError;
use crate::text::{Linked, t};
use crate::types::secret_text::SecretText;
use crate::ui::{Tone, alert, skeleton_card};

/// The token of a link, where the address had one.
pub(crate) type LinkToken = StoredValue<Option<SecretText>>;

/// Where the page of a mailed link is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum LinkStage<T> {
    Opening,
    /// It is good, and this is what it leads to.
    Open(T),
    /// Used, expired, or never one.
    Over,
}

impl<T: Send + Sync + 'static> LinkStage<T> {
    /// What was answered by the link; nothing where it is over, which the page shows from then on.
    pub(crate) fn unless_over<A>(
        stage: RwSignal<Self>,
        answer: Result<A, ApiError>,
    ) -> Result<Option<A>, ApiError> {
        match answer {
            Err(ApiError::LinkOver) => {
                stage.set(Self::Over);
                Ok(None)
            }
            answer => answer.map(Some),
        }
    }
}

/// Opens a link, and shows what it leads to.
pub(crate) fn mailed_link<T, F>(
    (token, stage): (LinkToken, RwSignal<LinkStage<T>>),
    open: impl Fn(SecretText) -> F + Copy + Send + Sync + 'static,
    show: impl Fn(T) -> AnyView + Send + 'static,
    over: impl Fn() -> AnyView + Send + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let opens = Task::new(move || async move {
        let found = match token.get_value() {
            Some(token) => open(token).await,
            None => Err(ApiError::LinkOver),
        };
        if let Some(found) = LinkStage::unless_over(stage, found)? {
            stage.set(LinkStage::Open(found));
        }
        Ok(())
    });
    opens.start();
    let content = move || match stage.get() {
        LinkStage::Opening => opening(opens),
        LinkStage::Open(found) => show(found),
        LinkStage::Over => over(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

/// While a link is being opened, or where that could not be done.
pub(crate) fn opening(open: Task) -> AnyView {
    match open.general_error() {
        Some(refusal) => view! {
            <PageTitle title=t().common_failed_title() />
            {alert(Tone::Danger, refusal)}
            {retry_button(open)}
        }
        .into_any(),
        None => skeleton_card(),
    }
}

/// Says that a link was used or has expired, and what to do next.
pub(crate) fn link_over(what_to_do: impl Into<Linked>, link: AnyView) -> AnyView {
    let title = t().sign_up_link_over_title();
    let what_to_do = what_to_do.into();
    view! {
        <PageTitle title />
        <p>{linked(&what_to_do)}</p>
        {link}
    }
    .into_any()
}
