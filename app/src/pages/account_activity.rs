//! `/accounts/{id}/activity`: the account's audit log. What it was asked for stands in the address, and in that of its files.

use leptos::prelude::*;

use crate::api::account::account_activity;
use crate::browser;
use crate::components::account_frame::no_right;
use crate::components::activity::event_line;
use crate::components::choice::choice;
use crate::components::loaded::{loaded, more_button};
use crate::components::page::PageTitle;
use crate::components::paged::Paged;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::account::{AccountRef, EnteredAccount};
use crate::types::activity::{
    ActivityEvent, ActivityFilter, ActivityPage, ActivityQuery, EventGroup,
};
use crate::types::ids::{AccountId, AuditEventId};
use crate::ui::{Button, Kind, live, unique_id};

/// What the page shows, and what it was asked for.
#[derive(Clone, Copy)]
struct ActivityLog {
    account: AccountId,
    /// What stands in the fields.
    person: RwSignal<String>,
    about: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    /// What is shown.
    asked: RwSignal<ActivityFilter>,
    lines: Paged<ActivityPage>,
}

impl ActivityLog {
    /// As the address says.
    fn of_address(account: AccountId) -> Self {
        let stands = |name| RwSignal::new(browser::query(name).unwrap_or_default());
        let log = Self {
            account,
            person: stands("person"),
            about: stands("about"),
            from: stands("from"),
            to: stands("to"),
            asked: RwSignal::new(ActivityFilter::default()),
            lines: Paged::new(),
        };
        log.asked.set(log.filter());
        log
    }

    /// What the fields say. What is none of ours, as an address may have it, is not asked for.
    fn filter(self) -> ActivityFilter {
        let about = self.about.get_untracked();
        let day = |text: RwSignal<String>| text.with_untracked(|it| it.parse().ok());
        ActivityFilter {
            person: self.person.with_untracked(|it| it.trim().to_owned()),
            about: EventGroup::OF_ACCOUNTS
                .into_iter()
                .find(|it| it.word() == about),
            from: day(self.from),
            to: day(self.to),
        }
    }

    /// Takes what the fields say, for the list, the files and the address.
    fn take(self) {
        let filter = self.filter();
        let path = browser::path() + &query_of(&filter);
        browser::set_address(&path);
        self.asked.set(filter);
    }

    fn clear(self) {
        for field in [self.person, self.about, self.from, self.to] {
            field.set(String::new());
        }
        self.take();
    }

    /// Reads the newest lines.
    async fn read(self) -> Result<(), ApiError> {
        self.lines.read(|| self.ask(None)).await?;
        Ok(())
    }

    /// Reads those older than the ones that are shown.
    async fn read_more(self) -> Result<(), ApiError> {
        let older = |page: &ActivityPage| self.ask(page.events.last().map(|it| it.id));
        self.lines.read_more(older).await?;
        Ok(())
    }

    fn ask(
        self,
        before: Option<AuditEventId>,
    ) -> impl Future<Output = Result<ActivityPage, ApiError>> {
        let query = ActivityQuery {
            filter: self.asked.get_untracked(),
            before,
        };
        account_activity(AccountRef::Id(self.account), query)
    }
}

/// The query of an address that asks for these lines; nothing for all of them.
fn query_of(filter: &ActivityFilter) -> String {
    let day = |day: Option<crate::types::day::Day>| day.map(|day| day.to_string());
    let person = Some(&filter.person).filter(|it| !it.is_empty());
    browser::query_of(&[
        ("person", person.cloned()),
        ("about", filter.about.map(|it| it.word().to_owned())),
        ("from", day(filter.from)),
        ("to", day(filter.to)),
    ])
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
    let log = ActivityLog::of_address(account.id);
    let load = Task::of_form(&[Field::Person], move |_| log.read());
    let more = Task::new(move || log.read_more());
    load.start();
    let shown = log.lines.shown();
    view! {
        {title}
        <section class="card" aria-label=t().account_activity()>
            {filters(log, load, &account.zone)}
            {live(move || {
                let is_refused = load.error_beside(Field::Person).read().is_some();
                (!is_refused).then(|| loaded(load, shown.read().as_ref().map(|page| lines(page, log, more))))
            })}
        </section>
        <section class="card">
            <h2 class="card__title">{t().log_export()}</h2>
            <p class="card__why">
                {live(move || {
                    let is_all = *log.asked.read() == ActivityFilter::default();
                    let finds_nothing = shown.read().as_ref().is_some_and(|page| page.events.is_empty());
                    match (is_all, finds_nothing) {
                        (true, _) => t().log_export_all(),
                        (false, true) => t().log_export_none(),
                        (false, false) => t().log_export_found(),
                    }
                })}
            </p>
            <div class="card__actions">
                {export(t().log_csv(), log, "csv")}
                {export(t().log_jsonl(), log, "jsonl")}
            </div>
        </section>
    }
    .into_any()
}

fn filters(log: ActivityLog, load: Task, zone: &str) -> AnyView {
    let error = load.error_beside(Field::Person);
    let clear = Callback::new(move |()| {
        log.clear();
        load.start();
    });
    let is_filtered = move || *log.asked.read() != ActivityFilter::default();
    let days_id = unique_id("days");
    view! {
        <form
            class="filters"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                log.take();
                load.start();
            }
        >
            {person(log, load, error)}
            {about(log)}
            {day(t().log_from(), "from", log.from, days_id.clone())}
            {day(t().log_to(), "to", log.to, days_id.clone())}
            <p class="field__hint filters__hint" id=days_id>{t().log_days_hint(&zone)}</p>
            <div class="filters__actions">
                <Button label=t().log_show() kind=Kind::Secondary pending=load.pending() />
                {live(move || {
                    is_filtered()
                        .then(|| view! { <Button label=t().log_clear() kind=Kind::Quiet on_click=clear /> })
                })}
            </div>
        </form>
    }
    .into_any()
}

fn person(log: ActivityLog, load: Task, error: Signal<Option<String>>) -> AnyView {
    let id = unique_id("person");
    let (error_id, hint_id) = (id.clone() + "-error", id.clone() + "-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{t().log_person()}</label>
            <input
                class="field__input"
                id=id
                type="search"
                name="person"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || log.person.get()
                on:input=move |event| {
                    log.person.set(event_target_value(&event));
                    load.correct("person");
                }
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=error_id.clone() + " " + &hint_id
            />
            <p class="field__error" id=error_id role="alert">{live(move || error.get())}</p>
            <p class="field__hint" id=hint_id>{t().log_person_hint()}</p>
        </div>
    }
    .into_any()
}

fn about(log: ActivityLog) -> AnyView {
    let option = |group: EventGroup| {
        let words = match group {
            EventGroup::Access => t().log_about_access(),
            EventGroup::TwoFactor => t().log_about_two_factor(),
            EventGroup::People => t().log_about_people(),
            EventGroup::Account | EventGroup::Own | EventGroup::Server => t().log_about_account(),
        };
        (group.word(), words)
    };
    let groups = EventGroup::OF_ACCOUNTS.map(option);
    let options = [("", t().log_everything())].into_iter().chain(groups);
    choice("about", t().log_about(), log.about, options, None)
}

fn day(
    label: &'static str,
    name: &'static str,
    value: RwSignal<String>,
    described_by: String,
) -> AnyView {
    let id = unique_id(name);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input
                class="field__input"
                id=id
                type="date"
                name=name
                autocomplete="off"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                aria-describedby=described_by
            />
        </div>
    }
    .into_any()
}

fn lines(page: &ActivityPage, log: ActivityLog, more: Task) -> AnyView {
    if page.events.is_empty() {
        let is_filtered = *log.asked.read_untracked() != ActivityFilter::default();
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

/// What is shown as a file, to the oldest line. A plain link: the browser saves what the server streams.
fn export(label: &'static str, log: ActivityLog, format: &str) -> AnyView {
    let path = "/api/accounts/".to_owned() + &log.account.to_string() + "/activity." + format;
    let path = move || path.clone() + &query_of(&log.asked.read());
    view! { <a class="button button--secondary" href=path download>{label}</a> }.into_any()
}
