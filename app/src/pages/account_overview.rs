//! `/accounts/{id}`: how well the account is protected, and what needs attention. The first page after a sign-in.

use leptos::prelude::*;

use crate::api::account::account_overview;
use crate::api::two_factor::security_overview;
use crate::components::coverage::{coverage_bar, uncovered_names};
use crate::components::from_day::from_day;
use crate::components::loaded::loaded;
use crate::components::page::PageTitle;
use crate::components::task::Task;
use crate::components::transfer_card::transfer_card;
use crate::components::two_factor_state::{requirements, state_line};
use crate::text::t;
use crate::types::account::{AccountOverview, AccountRef, Coverage, EnteredAccount};
use crate::types::ids::AccountId;
use crate::types::page::{AccountPage, Page};
use crate::types::two_factor::{SecurityOverview, TwoFactorState};
use crate::ui::{Card, Kind, PLACE, Tone, alert, link_button, live, sentence};

/// The overview of an account.
pub(crate) fn account_overview_page(account: &EnteredAccount) -> AnyView {
    let id = account.id;
    let overview = RwSignal::new(None::<AccountOverview>);
    let own = RwSignal::new(None::<SecurityOverview>);
    let load = Task::new(move || async move {
        overview.set(Some(account_overview(AccountRef::Id(id)).await?));
        Ok(())
    });
    let load_own = Task::new(move || async move {
        own.set(Some(security_overview().await?));
        Ok(())
    });
    load.start();
    load_own.start();
    let reads_settings = account.read_settings.is_none();
    let offer = Signal::derive(move || overview.get().and_then(|it| it.transfer));
    view! {
        <PageTitle title=account.name.clone() />
        {transfer_card(account, offer, load)}
        <Card title=t().account_team()>
            {live(move || loaded(load, overview.get().map(|it| team(&it, id, reads_settings))))}
        </Card>
        <Card title=t().account_protection()>
            {live(move || loaded(load_own, own.get().map(|it| protection(&it))))}
        </Card>
    }
    .into_any()
}

fn team(overview: &AccountOverview, id: AccountId, reads_settings: bool) -> AnyView {
    let requirement = match (&overview.required_from, overview.in_force) {
        (None, _) => t().account_not_required().into_any(),
        (Some(from), true) => sentence(&t().account_required_since(&PLACE), from_day(from)),
        (Some(from), false) => sentence(&t().account_required_from(&PLACE), from_day(from)),
    };
    let settings = reads_settings.then(|| {
        link_button(
            t().account_see_settings(),
            AccountPage::Security.of_account(id).path(),
            Kind::Secondary,
        )
    });
    view! {
        {overview.coverage.as_ref().map(coverage_bar)}
        <p class="card__fact">{requirement}</p>
        {overview.coverage.as_ref().map(|it| attention(it, id))}
        <div class="card__actions">{settings}</div>
    }
    .into_any()
}

/// Who is without, and which invitations are open.
fn attention(coverage: &Coverage, id: AccountId) -> AnyView {
    let users = AccountPage::Users.of_account(id).path();
    let invitations = coverage.invitations;
    let invited = (invitations > 0)
        .then(|| view! { <p class="card__why">{t().account_invitations(invitations)}</p> });
    if coverage.covered >= coverage.users {
        return view! {
            <p class="card__why">{t().account_team_all()}</p>
            {invited}
        }
        .into_any();
    }
    let content = view! {
        <p>{t().account_uncovered(&uncovered_names(coverage))}</p>
        {link_button(t().account_see_users(), users + "?two_factor=without", Kind::Secondary)}
    };
    view! {
        {alert(Tone::Careful, content.into_any())}
        {invited}
    }
    .into_any()
}

fn protection(overview: &SecurityOverview) -> AnyView {
    let (is_on, label, kind) = match overview.two_factor {
        TwoFactorState::Off => (false, t().account_turn_on(), Kind::Primary),
        TwoFactorState::On { .. } => (true, t().account_review(), Kind::Secondary),
    };
    // Somebody else who reads its mail could take the address from them.
    let is_due = !overview.email_verified && !overview.email.is_empty();
    let unproven = is_due.then(|| {
        let content = view! {
            <p>{t().account_unproven(&overview.email)}</p>
            {link_button(t().account_prove(), Page::Profile.path(), Kind::Secondary)}
        };
        alert(Tone::Careful, content.into_any())
    });
    view! {
        {unproven}
        {state_line(&overview.two_factor)}
        {requirements(&overview.required_by, is_on)}
        <div class="card__actions">{link_button(label, Page::Security.path(), kind)}</div>
    }
    .into_any()
}
