//! The card **Security activity** on the user's Security page: what happened around them in the last 90 days.

use leptos::prelude::*;

use super::activity::event_line;
use super::confirm::{Confirm, confirm_dialog};
use super::loaded::{loaded, more_button};
use super::paged::Paged;
use super::security_card::opens;
use super::session::SessionContext;
use super::sessions_card::end_others_words;
use super::task::Task;
use crate::api::sessions::{end_other_sessions, own_activity};
use crate::text::t;
use crate::types::activity::{ActivityEvent, ActivityPage};
use crate::types::ids::UserId;
use crate::ui::{Button, Card, Kind, unique_id};

/// The lines so far.
pub(crate) type Activity = Paged<ActivityPage>;

/// Reads the newest lines.
pub(crate) fn reads_newest(activity: Activity) -> Task {
    Task::new(move || async move {
        activity.read(|| own_activity(None)).await?;
        Ok(())
    })
}

/// Reads the lines that follow what is shown.
fn reads_older(activity: Activity) -> Task {
    Task::new(move || async move {
        let older = |page: &ActivityPage| own_activity(page.events.last().map(|it| it.id));
        activity.read_more(older).await?;
        Ok(())
    })
}

/// The card and its dialog; `load` is what reads the newest lines. `on_ended` hears that the other sessions have ended
/// because something was not the user.
#[component]
pub(crate) fn SecurityActivity(activity: Activity, load: Task, on_ended: Callback<()>) -> AnyView {
    let me = untrack(|| SessionContext::here().user()).map(|user| user.user_id);
    let more = reads_older(activity);
    let shown = activity.shown();
    let has_more = Memo::new(move |_| shown.read().as_ref().is_some_and(|it| it.has_more));
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
                let page = shown.read();
                loaded(load, page.as_ref().map(|page| list(&page.events, me, open)))
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
