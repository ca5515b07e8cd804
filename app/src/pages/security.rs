//! `/users/settings/security`: how the user proves that it is them, where they are signed in, what happened.

use leptos::prelude::*;

use crate::components::page::PageTitle;
use crate::components::password_card::PasswordCard;
use crate::components::security_activity::{Activity, SecurityActivity, reads_newest};
use crate::components::security_card::SecurityCard;
use crate::components::sessions_card::{SessionsCard, sessions};
use crate::components::signed_in::SignedIn;
use crate::text::t;

/// The user's Security page.
#[component]
pub(crate) fn SecurityPage() -> AnyView {
    view! {
        <SignedIn>
            <PageTitle title=t().security_title() />
            <p class="page__intro">{t().security_intro()}</p>
            {cards()}
        </SignedIn>
    }
    .into_any()
}

/// A change in one card shows in the others: it ends sessions, and is a line of the activity.
fn cards() -> AnyView {
    let (list, load_sessions) = sessions();
    let activity = Activity::new();
    let load_activity = reads_newest(activity);
    let refresh = move || {
        load_sessions.start();
        load_activity.start();
    };
    refresh();
    let on_change = Callback::new(move |()| refresh());
    let change_password = RwSignal::new(false);
    let on_ended = Callback::new(move |()| {
        refresh();
        change_password.set(true);
    });
    view! {
        <SecurityCard on_change />
        <PasswordCard open=change_password on_change />
        <SessionsCard list load=load_sessions on_change=Callback::new(move |()| load_activity.start()) />
        <SecurityActivity activity load=load_activity on_ended />
    }
    .into_any()
}
