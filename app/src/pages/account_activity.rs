//! `/accounts/{id}/activity`: the account's audit log.

use leptos::prelude::*;

use crate::api::account::account_activity;
use crate::components::account_frame::no_right;
use crate::components::activity::event_line;
use crate::components::loaded::{loaded, more_button};
use crate::components::page::PageTitle;
use crate::components::paged::Paged;
use crate::components::task::Task;
use crate::error::ApiError;
use crate::events::in_general;
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount};
use crate::types::activity::{ActivityEvent, ActivityPage, ActivityQuery};
use crate::types::ids::{AccountId, AuditEventId};
use crate::ui::{live, unique_id};

/// What a filter offers: a value and its words. Whatever has been shown once stays on offer.
type Choices = RwSignal<Vec<(String, String)>>;

/// What the page shows, and what it was asked for.
#[derive(Clone, Copy)]
struct ActivityLog {
    account: AccountId,
    person: RwSignal<String>,
    kind: RwSignal<String>,
    people: Choices,
    kinds: Choices,
    lines: Paged<ActivityPage>,
}

impl ActivityLog {
    /// Reads the newest lines.
    async fn read(self) -> Result<(), ApiError> {
        if self.lines.read(|| self.ask(None)).await? {
            self.offer_filters();
        }
        Ok(())
    }

    /// Reads those older than the ones that are shown.
    async fn read_more(self) -> Result<(), ApiError> {
        let older = |page: &ActivityPage| self.ask(page.events.last().map(|it| it.id));
        if self.lines.read_more(older).await? {
            self.offer_filters();
        }
        Ok(())
    }

    fn ask(
        self,
        before: Option<AuditEventId>,
    ) -> impl Future<Output = Result<ActivityPage, ApiError>> {
        let kind = self.kind.get_untracked();
        let query = ActivityQuery {
            person: self.person.with_untracked(|it| it.parse().ok()),
            kind: (!kind.is_empty()).then_some(kind),
            before,
        };
        account_activity(AccountRef::Id(self.account), query)
    }

    /// Whoever and whatever is shown can be asked for.
    fn offer_filters(self) {
        let shown = self.lines.shown();
        for event in shown.read_untracked().iter().flat_map(|it| &it.events) {
            if let (Some(id), Some(name)) = (event.actor_id, &event.actor) {
                offer(self.people, id.to_string(), name.clone());
            }
            offer(self.kinds, event.kind.clone(), in_general(&event.kind));
        }
    }
}

fn offer(choices: Choices, value: String, words: String) {
    let is_new = choices.with_untracked(|it| it.iter().all(|(known, _)| *known != value));
    if is_new {
        // In its place: sorting would bring a whole sort into the download.
        choices.update(|choices| {
            let after = choices.iter().position(|it| it.1 > words);
            choices.insert(after.unwrap_or(choices.len()), (value, words));
        });
    }
}

/// The activity of an account.
pub(crate) fn account_activity_page(account: &EnteredAccount) -> AnyView {
    let title = view! { <PageTitle title=t().log_title(&account.name) /> };
    if let Some(why) = account.read_activity {
        return view! {
            {title}
            {no_right(why)}
        }
        .into_any();
    }
    let log = ActivityLog {
        account: account.id,
        person: RwSignal::new(String::new()),
        kind: RwSignal::new(String::new()),
        people: RwSignal::new(Vec::new()),
        kinds: RwSignal::new(Vec::new()),
        lines: Paged::new(),
    };
    let load = Task::new(move || log.read());
    let more = Task::new(move || log.read_more());
    load.start();
    let shown = log.lines.shown();
    view! {
        {title}
        <section class="card" aria-label=t().account_activity()>
            <div class="search">
                {filter(t().log_person(), t().log_everybody(), log.person, log.people, load)}
                {filter(t().log_kind(), t().log_everything(), log.kind, log.kinds, load)}
            </div>
            {live(move || loaded(load, shown.read().as_ref().map(|page| lines(page, log, more))))}
        </section>
        <section class="card">
            <h2 class="card__title">{t().log_export()}</h2>
            <div class="card__actions">
                {export(t().log_csv(), log.account, "csv")}
                {export(t().log_jsonl(), log.account, "jsonl")}
            </div>
        </section>
    }
    .into_any()
}

fn filter(
    label: &'static str,
    all: &'static str,
    chosen: RwSignal<String>,
    choices: Choices,
    load: Task,
) -> AnyView {
    let id = unique_id("filter");
    let option = |(value, words): (String, String)| view! { <option value=value>{words}</option> };
    view! {
        <div class="field search__field">
            <label class="field__label" for=id.clone()>{label}</label>
            <select
                class="field__input"
                id=id
                on:change=move |event| {
                    chosen.set(event_target_value(&event));
                    load.start();
                }
                prop:value=move || {
                    choices.track();
                    chosen.get()
                }
            >
                <option value="">{all}</option>
                {live(move || choices.get().into_iter().map(option).collect_view())}
            </select>
        </div>
    }
    .into_any()
}

fn lines(page: &ActivityPage, log: ActivityLog, more: Task) -> AnyView {
    if page.events.is_empty() {
        let is_filtered =
            !log.person.read_untracked().is_empty() || !log.kind.read_untracked().is_empty();
        let words = if is_filtered {
            t().log_none_found()
        } else {
            t().log_empty()
        };
        return view! { <p class="card__fact" role="status">{words}</p> }.into_any();
    }
    let line = |event: &ActivityEvent| event_line(event, None, unique_id("event"), None);
    view! {
        <ul class="lines">{page.events.iter().map(line).collect_view()}</ul>
        {page.has_more.then(|| more_button(more))}
    }
    .into_any()
}

/// The whole log as a file. A plain link: the browser saves what the server streams.
fn export(label: &'static str, account: AccountId, format: &str) -> AnyView {
    let path = "/api/accounts/".to_owned() + &account.to_string() + "/activity." + format;
    view! { <a class="button button--secondary" href=path download>{label}</a> }.into_any()
}
