//! `/accounts/any`: where a signed-in user lands.

use leptos::prelude::*;

use crate::api::two_factor::security_overview;
use crate::components::loaded::loaded;
use crate::components::page::PageTitle;
use crate::components::session::Session;
use crate::components::signed_in::SignedIn;
use crate::components::task::Task;
use crate::components::two_factor_state::{requirements, state_line};
use crate::text::t;
use crate::types::two_factor::{SecurityOverview, TwoFactorState};
use crate::ui::{Card, Kind, link_button};

/// The overview of the account used last.
#[component]
pub(crate) fn AccountOverviewPage() -> AnyView {
    view! {
        <SignedIn>
            <Overview />
        </SignedIn>
    }
    .into_any()
}

#[component]
fn Overview() -> AnyView {
    let user = Session::here().user();
    let overview = RwSignal::new(None::<SecurityOverview>);
    let load = Task::new(move || async move {
        overview.set(Some(security_overview().await?));
        Ok(())
    });
    load.start();
    let (name, email) = user.map(|user| (user.name, user.email)).unwrap_or_default();
    view! {
        <PageTitle title=t().account_greeting(&name) />
        <p class="page__intro">{t().account_signed_in_as(&email)}</p>
        <Card title=t().account_protection()>
            {move || loaded(load, overview.get().map(|overview| protection(&overview)))}
        </Card>
    }
    .into_any()
}

fn protection(overview: &SecurityOverview) -> AnyView {
    let (is_on, label, kind) = match overview.two_factor {
        TwoFactorState::Off => (false, t().account_turn_on(), Kind::Primary),
        TwoFactorState::On { .. } => (true, t().account_review(), Kind::Secondary),
    };
    view! {
        {state_line(&overview.two_factor)}
        {requirements(&overview.required_by, is_on)}
        <div class="card__actions">{link_button(label, "/users/settings/security", kind)}</div>
    }
    .into_any()
}
