//! The card **Security activity** on the user's Security page: what happened around them in the last 90 days.

use leptos::prelude::*;

use super::activity::event_line;
use super::confirm::{Confirm, confirm_dialog};
use super::loaded::{loaded, more_button};
use super::security_card::opens;
use super::session::Session;
use super::sessions_card::end_others_words;
use super::task::Task;
use crate::api::sessions::{end_other_sessions, own_activity};
use crate::error::ApiError;
use crate::text::t;
use crate::types::activity::ActivityEvent;
use crate::types::ids::UserId;
use crate::ui::{Button, Card, Kind, unique_id};

/// The lines so far, and whether there are more.
#[derive(Clone, Copy)]
pub(crate) struct Activity {
    events: RwSignal<Option<Vec<ActivityEvent>>>,
    has_more: RwSignal<bool>,
}

impl Activity {
    /// Nothing was read yet.
    pub(crate) fn new() -> Self {
        Self {
            events: RwSignal::new(None),
            has_more: RwSignal::new(false),
        }
    }

    /// Reads the newest lines, or those that follow what is shown.
    pub(crate) fn reads(self, more: bool) -> Task {
        Task::new(move || self.read(more))
    }

    async fn read(self, more: bool) -> Result<(), ApiError> {
        let last = |events: &Option<Vec<ActivityEvent>>| {
            let last = events.as_ref().and_then(|events| events.last());
            last.filter(|_| more).map(|event| event.id)
        };
        let page = own_activity(self.events.with_untracked(last)).await?;
        self.has_more.set(page.has_more);
        self.events.update(|events| match events {
            Some(events) if more => events.extend(page.events),
            _ => *events = Some(page.events),
        });
        Ok(())
    }
}

/// The card and its dialog; `load` is what reads the newest lines. `on_ended` hears that the other sessions have ended
/// because something was not the user.
#[component]
pub(crate) fn SecurityActivity(activity: Activity, load: Task, on_ended: Callback<()>) -> AnyView {
    let me = untrack(|| Session::here().user()).map(|user| user.user_id);
    let more = activity.reads(true);
    let has_more = Memo::new(move |_| activity.has_more.get());
    let open = RwSignal::new(false);
    let not_me = Task::new(move || async move {
        end_other_sessions().await?;
        open.set(false);
        on_ended.run(());
        Ok(())
    });
    let words = Callback::new(|()| end_others_words(t().sessions_not_me_intro()));
    view! {
        <Card title=t().sessions_activity()>
            <p class="card__why">{t().sessions_activity_why()}</p>
            {move || {
                let events = activity.events.read();
                loaded(load, events.as_ref().map(|events| list(events, me, open)))
            }}
            {move || has_more.get().then(|| more_button(more))}
        </Card>
        {confirm_dialog(Confirm::new(open, t().sessions_not_me(), not_me, words))}
    }
    .into_any()
}

fn list(events: &[ActivityEvent], me: Option<UserId>, open: RwSignal<bool>) -> AnyView {
    if events.is_empty() {
        return view! { <p>{t().sessions_no_activity()}</p> }.into_any();
    }
    let line = |event: &ActivityEvent| {
        let id = unique_id("line");
        let described_by = id.clone();
        // What others did is theirs, by name; and somebody made the user, or there would be none.
        let may_be_another =
            event.actor_id.is_some() && event.actor_id == me && event.kind != "user_created";
        let action = may_be_another.then(|| {
            view! { <Button label=t().sessions_not_me() kind=Kind::Quiet on_click=opens(open) described_by /> }
                .into_any()
        });
        event_line(event, me, id, action)
    };
    let lines = events.iter().map(line).collect_view();
    view! { <ul class="lines" aria-label=t().sessions_activity()>{lines}</ul> }.into_any()
}
