//! The question before Save shuts many people out.

use leptos::prelude::*;

use super::SecurityPageContext;
use super::consequences::who_is_asked;
use crate::components::form::Form;
use crate::components::task::Task;
use crate::text::t;
use crate::types::account::AuthenticationSettings;
use crate::ui::{Button, Dialog, Kind, cancel_button, day_words, live};

/// What the dialog is about.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) settings: SecurityPageContext,
    pub(super) open: RwSignal<bool>,
    /// Saves what the form holds without asking again.
    pub(super) confirm: Task,
    /// What the form's button does.
    pub(super) save: Task,
}

/// Says how many they are and from when, and offers a later day where none was chosen before.
pub(super) fn asking_dialog(asking: &Asking, account: String) -> AnyView {
    let asking = *asking;
    let Asking {
        settings,
        open,
        confirm,
        ..
    } = asking;
    let account = StoredValue::new(account);
    let count = move || {
        let saved = settings.saved.read();
        saved
            .as_ref()
            .map_or(0, |saved| settings.draft.shuts_out(saved))
    };
    let title = Signal::derive(move || {
        // Said of what was asked: the count is another once it is saved.
        open.track();
        untrack(|| t().settings_ask_title(count()))
    });
    let on_closed = Callback::new(move |()| confirm.clear());
    let content = move || {
        untrack(|| {
            let saved = settings.saved.read();
            saved
                .as_ref()
                .map(|saved| account.with_value(|name| question(&asking, saved, count(), name)))
        })
    };
    view! { <Dialog open title on_closed>{live(content)}</Dialog> }.into_any()
}

fn question(asking: &Asking, saved: &AuthenticationSettings, count: u32, account: &str) -> AnyView {
    let Asking {
        settings,
        open,
        confirm,
        save,
    } = *asking;
    let draft = settings.draft;
    let begins = draft.begins(saved);
    let who = if begins {
        who_is_asked(saved, draft, count)
    } else {
        t().settings_asked_unnamed(count)
    };
    let from = if begins {
        t().settings_ask_at_once(&account)
    } else {
        t().settings_ask_rules(&account)
    };
    // Where a day was settled, or the requirement holds, two weeks from now are no milder way to the same.
    let offered = saved.required_from.is_none().then(|| {
        let date = day_words(&saved.offered_day.to_string(), &saved.zone);
        let words = if saved.unreachable.no_mail_server {
            t().settings_ask_or_later(&date)
        } else {
            t().settings_ask_or_later_told(&date)
        };
        view! { <p>{words}</p> }
    });
    let offered_day = saved.offered_day;
    let later = offered.is_some().then(|| {
        let on_click = Callback::new(move |()| {
            draft.take_day(offered_day);
            open.set(false);
            save.start();
        });
        view! { <Button label=t().settings_ask_later_button() kind=Kind::Secondary on_click /> }
    });
    view! {
        <Form task=confirm>
            <p data-focus tabindex="-1">{who}</p>
            <p>{from}</p>
            {offered}
            <div class="dialog__actions">
                {cancel_button(open)}
                {later}
                <Button
                    label=t().settings_ask_button(count)
                    kind=Kind::Danger
                    pending=confirm.pending()
                    pending_label=t().settings_saving()
                />
            </div>
        </Form>
    }
    .into_any()
}
