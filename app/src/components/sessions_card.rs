//! The card **Sessions** on the user's Security page: where they are signed in, and which browsers are trusted.

use leptos::prelude::*;

use super::browser_name::browser_name;
use super::confirm::{Confirm, Said, confirm_dialog};
use super::loaded::loaded;
use super::outcome::CardMessage;
use super::security_card::opens;
use super::session::SessionContext;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::sessions::{
    end_other_sessions, end_session, forget_browser, remove_trusted_browser, session_list,
};
use crate::error::ApiError;
use crate::text::named::{ActiveStarted, BeganLast, LastSince, SinceUntil};
use crate::text::t;
use crate::types::ids::KnownBrowserId;
use crate::types::sessions::{KnownBrowser, SessionEntry, SessionList, TrustedBrowser};
use crate::types::timestamp::Timestamp;
use crate::ui::{Button, Card, Kind, PLACE, Tone, alert, moment, sentence, unique_id};

/// What the parts of the card share.
#[derive(Clone, Copy)]
struct SessionsCardContext {
    said: CardMessage,
    load: Task,
    /// The dialog that ends all other sessions.
    open: RwSignal<bool>,
    /// The dialog that forgets a browser.
    forgetting: RwSignal<bool>,
    /// Which one.
    to_forget: RwSignal<Option<KnownBrowserId>>,
    on_change: Callback<()>,
}

impl SessionsCardContext {
    /// Says what was done, and shows what is left.
    fn done(self, words: &'static str) {
        self.said.say(words);
        self.load.start();
        self.on_change.run(());
    }
}

/// The list as the server last gave it, and the task that asks again.
pub(crate) fn sessions() -> (RwSignal<Option<SessionList>>, Task) {
    let list = RwSignal::new(None);
    let load = Task::new(move || async move {
        list.set(Some(session_list().await?));
        Ok(())
    });
    (list, load)
}

/// The card and its dialog. `on_change` hears of everything that ended.
#[component]
pub(crate) fn SessionsCard(
    list: RwSignal<Option<SessionList>>,
    load: Task,
    on_change: Callback<()>,
) -> AnyView {
    let (said, open) = (CardMessage::new(), RwSignal::new(false));
    let parts = SessionsCardContext {
        said,
        load,
        open,
        forgetting: RwSignal::new(false),
        to_forget: RwSignal::new(None),
        on_change,
    };
    let end_others = Task::new(move || async move {
        end_other_sessions().await?;
        open.set(false);
        parts.done(t().sessions_ended_others());
        Ok(())
    });
    let words = Callback::new(|()| end_others_words(t().sessions_end_others_intro()));
    view! {
        <Card title=t().sessions_title() heading=said.heading>
            {said.view()}
            {move || loaded(load, list.read().as_ref().map(|list| body(list, parts)))}
        </Card>
        {confirm_dialog(Confirm::new(open, t().sessions_end_others(), end_others, words))}
        {confirm_dialog(forget_dialog(parts))}
    }
    .into_any()
}

/// The dialog that forgets a browser, with a step-up: the browser loses what protects it from strangers' guessing.
fn forget_dialog(parts: SessionsCardContext) -> Confirm {
    let SessionsCardContext {
        forgetting,
        to_forget,
        ..
    } = parts;
    let session = SessionContext::here();
    let forget = Task::of_form(FIELDS, move |values| async move {
        if let Some(id) = to_forget.get_untracked() {
            gone(forget_browser(id, proof(&values)).await)?;
        }
        forgetting.set(false);
        parts.done(t().sessions_forgotten());
        Ok(())
    });
    let words = Callback::new(|()| Said {
        body: view! { <p>{t().sessions_forget_intro()}</p> }.into_any(),
        label: t().sessions_forget_button().to_owned(),
        kind: Kind::Primary,
        proof: Signal::stored(true),
    });
    let email = Signal::derive(move || session.user().map(|user| user.email).unwrap_or_default());
    // Where a code is due, the server asks for it.
    let code_due = Signal::stored(false);
    Confirm::new(forgetting, t().sessions_forget_title(), forget, words).with_proof(email, code_due)
}

/// The dialog that ends all other sessions, whatever for.
pub(crate) fn end_others_words(intro: &'static str) -> Said {
    Said {
        body: view! { <p data-focus tabindex="-1">{intro}</p> }.into_any(),
        label: t().sessions_end_others().to_owned(),
        kind: Kind::Danger,
        proof: Signal::stored(false),
    }
}

fn body(list: &SessionList, parts: SessionsCardContext) -> AnyView {
    let sessions = list
        .sessions
        .iter()
        .map(|it| session(it, parts))
        .collect_view();
    let browsers = list
        .trusted_browsers
        .iter()
        .map(|it| browser(it, parts))
        .collect_view();
    let has_others = list.sessions.len() > 1;
    let trusted = if list.trusted_browsers.is_empty() {
        view! { <p class="card__why">{t().sessions_no_trusted()}</p> }.into_any()
    } else {
        view! {
            <p class="card__why">{t().sessions_trusted_why()}</p>
            <ul class="lines" aria-label=t().sessions_trusted()>{browsers}</ul>
        }
        .into_any()
    };
    view! {
        <ul class="lines" aria-label=t().sessions_title()>{sessions}</ul>
        {has_others.then(|| view! {
            <div class="card__actions">
                <Button label=t().sessions_end_others() kind=Kind::Secondary on_click=opens(parts.open) />
            </div>
        })}
        <h3 class="card__subtitle">{t().sessions_trusted()}</h3>
        {trusted}
        {known_browsers(&list.known_browsers, parts)}
    }
    .into_any()
}

/// The browsers that the user has signed in with.
fn known_browsers(known: &[KnownBrowser], parts: SessionsCardContext) -> AnyView {
    if known.is_empty() {
        return ().into_any();
    }
    let known = known.iter().map(|it| known_browser(it, parts));
    view! {
        <h3 class="card__subtitle">{t().sessions_known()}</h3>
        <p class="card__why">{t().sessions_known_why()}</p>
        <ul class="lines" aria-label=t().sessions_known()>{known.collect_view()}</ul>
    }
    .into_any()
}

fn session(it: &SessionEntry, parts: SessionsCardContext) -> AnyView {
    let id = it.id;
    let end = Task::new(move || async move {
        gone(end_session(id).await)?;
        parts.done(t().sessions_ended());
        Ok(())
    });
    let times = times(
        &t().sessions_times(ActiveStarted {
            active: &PLACE,
            started: &PLACE,
        }),
        it.started_at,
        it.last_active_at,
    );
    let action = if it.is_this {
        Err(view! { <span class="lines__mark">{t().sessions_this()}</span> }.into_any())
    } else {
        Ok((t().sessions_end(), Press::Asks(end)))
    };
    let address = if it.last_address == it.address {
        it.address.clone()
    } else {
        t().sessions_addresses(BeganLast {
            began: &it.address,
            last: &it.last_address,
        })
    };
    line(&it.browser, &address, times, action)
}

fn browser(it: &TrustedBrowser, parts: SessionsCardContext) -> AnyView {
    let id = it.id;
    let remove = Task::new(move || async move {
        gone(remove_trusted_browser(id).await)?;
        parts.done(t().sessions_removed());
        Ok(())
    });
    let times = times(
        &t().sessions_trusted_times(SinceUntil {
            since: &PLACE,
            until: &PLACE,
        }),
        it.since,
        it.until,
    );
    line(
        &it.browser,
        &it.address,
        times,
        Ok((t().sessions_remove(), Press::Asks(remove))),
    )
}

fn known_browser(it: &KnownBrowser, parts: SessionsCardContext) -> AnyView {
    let id = it.id;
    let asks = Callback::new(move |()| {
        parts.to_forget.set(Some(id));
        parts.forgetting.set(true);
    });
    let times = times(
        &t().sessions_known_times(LastSince {
            last: &PLACE,
            since: &PLACE,
        }),
        it.since,
        it.last_seen_at,
    );
    let action = if it.is_this {
        Err(view! { <span class="lines__mark">{t().sessions_this_browser()}</span> }.into_any())
    } else {
        Ok((t().sessions_forget(), Press::Opens(asks)))
    };
    line(&it.browser, &it.address, times, action)
}

/// What is not there any more is as gone as was wanted.
fn gone(answer: Result<(), ApiError>) -> Result<(), ApiError> {
    match answer {
        Err(ApiError::NotFound) => Ok(()),
        answer => answer,
    }
}

/// A sentence with two moments.
fn times(text: &str, first: Timestamp, second: Timestamp) -> AnyView {
    let (before, after) = text.split_once(PLACE).unwrap_or((text, ""));
    let rest = sentence(after, moment(second.seconds()));
    (before.to_owned(), moment(first.seconds()), rest).into_any()
}

/// One browser: what it is, where, when; then a button, or why there is none.
fn line(
    agent: &str,
    address: &str,
    times: AnyView,
    action: Result<(&'static str, Press), AnyView>,
) -> AnyView {
    let id = unique_id("line");
    let name = browser_name(agent);
    let name = if name.is_empty() {
        t().sessions_unknown().to_owned()
    } else {
        name
    };
    // Of a browser known since before it was noted.
    let place = (!address.is_empty()).then(|| address.to_owned() + ", ");
    let (mark, action) = match action {
        Ok((label, press)) => (None, Some(button(label, press, id.clone()))),
        Err(mark) => (Some(mark), None),
    };
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p id=id>{name} {mark}</p>
                <p class="lines__fact">{place} {times}</p>
            </div>
            {action}
        </li>
    }
    .into_any()
}

/// What a button of a line does.
#[derive(Clone, Copy)]
enum Press {
    /// Asks the server at once.
    Asks(Task),
    /// Opens a dialog.
    Opens(Callback<()>),
}

fn button(label: &'static str, press: Press, described_by: String) -> AnyView {
    let task = match press {
        Press::Asks(task) => task,
        Press::Opens(on_click) => {
            return view! { <Button label kind=Kind::Quiet on_click described_by /> }.into_any();
        }
    };
    let on_click = Callback::new(move |()| task.start());
    view! {
        <Button label kind=Kind::Quiet on_click pending=task.pending() described_by />
        {move || task.general_error().map(|text| alert(Tone::Danger, text))}
    }
    .into_any()
}
