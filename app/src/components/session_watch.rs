//! Warns of the end of the session, and finds it: by the seconds that the server says are left, never by the browser's clock
//! alone.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::session::{Gate, SessionContext};
use super::session_over::leave_for_sign_in;
use super::task::Task;
use crate::api::session::{session_left, session_state};
use crate::browser::{self, PageAddress, ToldByTab, on_told, tell_tabs};
use crate::text::t;
use crate::types::session::SessionLeft;
use crate::types::session_watch::{EndsFirst, KEPT_FOR, SLEPT, Watch, is_announced, watch};
use crate::ui::{Button, Dialog, Kind, live};

/// What is known of the end.
#[derive(Clone, Copy)]
struct SessionWatch {
    session: SessionContext,
    address: PageAddress,
    /// What the server said was left, and when by the browser's clock.
    said: StoredValue<Option<(SessionLeft, i64)>>,
    asking: StoredValue<bool>,
    looked_at: StoredValue<i64>,
    over_since: StoredValue<Option<i64>>,
    /// What the warning says; none while there is none.
    warns: RwSignal<Option<(EndsFirst, u32)>>,
    open: RwSignal<bool>,
    /// Somebody has read the warning of an end that nothing puts off.
    is_read: StoredValue<bool>,
}

/// The warning, and what it is by.
pub(crate) fn session_watch() -> AnyView {
    let session = SessionContext::here();
    let watch = SessionWatch {
        session,
        address: PageAddress::here(),
        said: StoredValue::new(None),
        asking: StoredValue::new(false),
        looked_at: StoredValue::new(now()),
        over_since: StoredValue::new(None),
        warns: RwSignal::new(None),
        open: RwSignal::new(false),
        is_read: StoredValue::new(false),
    };
    // The page lives as long as the tab: nobody has to stop listening or looking.
    let _ = set_interval_with_handle(move || watch.look(), Duration::from_secs(1));
    let _ = window_event_listener_untyped("visibilitychange", move |_| watch.came_back());
    let _ = window_event_listener_untyped("focus", move |_| watch.came_back());
    on_told(move |what| watch.told(what));
    let gate = session.gate();
    Effect::new(move |_| {
        if session.is_over() {
            watch.show(None);
        } else if gate.get() == Gate::SignedIn {
            watch.ask();
        }
    });
    dialog(watch)
}

fn now() -> i64 {
    browser::now().seconds()
}

impl SessionWatch {
    /// Looks at the clock, once a second.
    fn look(self) {
        let now = now();
        let slept = now - self.looked_at.get_value() > SLEPT;
        self.looked_at.set_value(now);
        if self.session.is_over_untracked() {
            self.said.set_value(None);
            self.show(None);
            let since = self.over_since.get_value().unwrap_or(now);
            self.over_since.set_value(Some(since));
            if now - since > KEPT_FOR {
                leave_for_sign_in(self.session, self.address);
            }
            return;
        }
        self.over_since.set_value(None);
        let Some((left, at)) = self.said.get_value() else {
            return;
        };
        match watch(left, now - at) {
            Watch::Waits if slept => self.ask(),
            Watch::Waits => self.show(None),
            Watch::Asks => self.ask(),
            Watch::Warns(ending, seconds) => self.show(Some((ending, seconds))),
            Watch::Ended => {
                self.session.end();
            }
        }
    }

    /// The page is looked at again: what has ended meanwhile is not shown.
    fn came_back(self) {
        self.look();
        if browser::is_visible() {
            self.ask_again();
        }
    }

    /// Asks what is left, or whether the page's user has signed in again elsewhere.
    fn ask_again(self) {
        if !self.session.is_over_untracked() {
            self.ask();
            return;
        }
        let session = self.session;
        spawn_local(async move {
            if session_left().await.is_ok() {
                session.go_on();
            }
        });
    }

    fn told(self, what: ToldByTab) {
        let is_warning = self.warns.with_untracked(Option::is_some);
        if what == ToldByTab::Changed || is_warning {
            self.ask_again();
        }
    }

    /// Asks the server what is left; that it is over is heard with every refusal.
    fn ask(self) {
        if self.asking.get_value()
            || !self.session.is_signed_in()
            || self.session.is_over_untracked()
        {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            let answer = session_left().await;
            self.asking.set_value(false);
            if let Ok(left) = answer {
                self.said.set_value(Some((left, now())));
                self.look();
            }
        });
    }

    fn show(self, warns: Option<(EndsFirst, u32)>) {
        if self.warns.get_untracked() != warns {
            self.warns.set(warns);
        }
        let is_due = warns.is_some();
        if !is_due {
            self.is_read.set_value(false);
        }
        let opens = is_due && !self.is_read.get_value();
        if self.open.get_untracked() != opens {
            self.open.set(opens);
        }
    }

    /// Uses the session, or puts the warning away where no use puts the end off.
    async fn stay(self) {
        let is_last = matches!(self.warns.get_untracked(), Some((EndsFirst::TooOld, _)));
        if is_last {
            self.is_read.set_value(true);
            self.open.set(false);
            return;
        }
        if session_state().await.is_ok() {
            tell_tabs(ToldByTab::Used);
            self.ask();
        }
    }
}

fn dialog(watch: SessionWatch) -> AnyView {
    let session = watch.session;
    let stay = Task::new(move || async move {
        watch.stay().await;
        Ok(())
    });
    let sign_out = Task::new(move || session.sign_out());
    // Who closes it is there: that is a use.
    let guard = Callback::new(move |()| {
        stay.start();
        true
    });
    let content = move || {
        let is_last = matches!(watch.warns.get_untracked(), Some((EndsFirst::TooOld, _)));
        let label = if is_last {
            t().session_understood()
        } else {
            t().session_stay()
        };
        let on_stay = Callback::new(move |()| stay.start());
        let on_sign_out = Callback::new(move |()| sign_out.start());
        view! {
            <p data-focus tabindex="-1">{live(move || words(watch.warns.get()))}</p>
            <p class="visually-hidden" role="status">{live(move || words(announced(watch.warns.get())))}</p>
            <div class="dialog__actions">
                <Button label=t().common_sign_out() kind=Kind::Secondary on_click=on_sign_out pending=sign_out.pending() />
                <Button label on_click=on_stay pending=stay.pending() />
            </div>
        }
        .into_any()
    };
    view! {
        <Dialog open=watch.open title=Signal::stored(t().session_warning()) guard>{live(content)}</Dialog>
    }
    .into_any()
}

fn announced(warns: Option<(EndsFirst, u32)>) -> Option<(EndsFirst, u32)> {
    warns.filter(|(_, seconds)| is_announced(*seconds))
}

fn words(warns: Option<(EndsFirst, u32)>) -> Option<String> {
    let (ending, seconds) = warns?;
    let time = if seconds > 60 {
        t().common_minutes(seconds.div_ceil(60))
    } else {
        t().common_seconds(seconds)
    };
    Some(match ending {
        EndsFirst::Unused => t().session_warning_unused(&time),
        EndsFirst::TooOld => t().session_warning_too_old(&time),
    })
}
