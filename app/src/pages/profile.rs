//! `/users/settings/profile`: name, e-mail, and deleting the profile.

use leptos::prelude::*;

use crate::api::profile::profile;
use crate::components::page::PageTitle;
use crate::components::profile::{AccountsCard, DeleteCard, EmailCard, NameCard};
use crate::components::signed_in::SignedIn;
use crate::components::task::Task;
use crate::text::t;
use crate::types::profile::Profile;

/// The user's Profile page.
#[component]
pub(crate) fn ProfilePage() -> AnyView {
    view! {
        <SignedIn>
            <PageTitle title=t().profile_title() />
            <p class="page__intro">{t().profile_intro()}</p>
            {cards()}
        </SignedIn>
    }
    .into_any()
}

fn cards() -> AnyView {
    let now = RwSignal::new(None::<Profile>);
    let load = Task::new(move || async move {
        now.set(Some(profile().await?));
        Ok(())
    });
    load.start();
    view! {
        <NameCard now load />
        <EmailCard now load />
        <AccountsCard now load_profile=load />
        <DeleteCard now load />
    }
    .into_any()
}
