//! `/sign-in`: e-mail and password, then the second factor. Which of the two is due, the server says.

mod password;
mod second_factor;

use leptos::prelude::*;

use crate::api::session::sign_out;
use crate::browser::{self, Address};
use crate::components::form::Form;
use crate::components::page::PageTitle;
use crate::components::session::{Gate, Session};
use crate::components::signed_in::failed;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::text::t;
use crate::types::local_path::LocalPath;
use crate::ui::{Button, Kind, skeleton_card};
use password::PasswordStep;
use second_factor::SecondFactorStep;

/// The sign-in page.
#[component]
pub(crate) fn SignInPage() -> AnyView {
    let session = Session::here();
    let gate = session.gate();
    let address = Address::here();
    // Why the code step ended, said above the password.
    let ended = RwSignal::new(None::<ApiError>);
    Effect::new(move |_| {
        if gate.get() == Gate::SignedIn {
            let next = browser::query("next").and_then(|next| LocalPath::parse(&next));
            let path = next.as_ref().map_or("/accounts/any", LocalPath::as_str);
            address.go_instead(path);
        }
    });
    let content = move || match gate.get() {
        Gate::Loading | Gate::SignedIn => skeleton_card(),
        Gate::Failed(error) => failed(&error),
        Gate::SignedOut => view! { <PasswordStep ended /> }.into_any(),
        Gate::LinkDue => link_due(session),
        Gate::SecondFactorDue => view! { <SecondFactorStep ended /> }.into_any(),
    };
    view! { <div class="narrow">{content}</div> }.into_any()
}

/// The second step after a reset by the team: the link that was mailed.
fn link_due(session: Session) -> AnyView {
    let start_over = Task::new(move || async move {
        sign_out().await?;
        session.refresh().await;
        Ok(())
    });
    view! {
        <PageTitle title=t().sign_in_link_title() quiet=true />
        <div class="card">
            <p>{t().sign_in_link_text()}</p>
            <Form task=start_over>
                <Button label=t().sign_in_start_over() kind=Kind::Quiet pending=start_over.pending() />
            </Form>
        </div>
    }
    .into_any()
}
