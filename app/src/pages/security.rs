//! `/users/settings/security`: how the user proves that it is them.

use leptos::prelude::*;

use crate::components::page::PageTitle;
use crate::components::security_card::SecurityCard;
use crate::components::signed_in::SignedIn;
use crate::text::t;

/// The user's Security page.
#[component]
pub(crate) fn SecurityPage() -> AnyView {
    view! {
        <SignedIn>
            <PageTitle title=t().security_title() />
            <p class="page__intro">{t().security_intro()}</p>
            <SecurityCard />
        </SignedIn>
    }
    .into_any()
}
