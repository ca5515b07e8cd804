//! Shows recovery codes, once: copy, download, print, and a question before the dialog closes by accident.

use leptos::{html, prelude::*};

use crate::browser;
use crate::text::{named, t};
use crate::types::two_factor::RecoveryCodes;
use crate::ui::{Button, CheckBox, CopyButton, Kind, Tone, alert, live, today, unique_id};

/// Whether the person has the codes; asks once before they are gone.
#[derive(Clone, Copy)]
pub(crate) struct Safekeeping {
    saved: RwSignal<bool>,
    asked: RwSignal<bool>,
}

impl Safekeeping {
    /// Nothing is saved and nothing was asked.
    pub(crate) fn new() -> Self {
        Self {
            saved: RwSignal::new(false),
            asked: RwSignal::new(false),
        }
    }

    /// As new, for the next set.
    pub(crate) fn reset(self) {
        self.saved.set(false);
        self.asked.set(false);
    }

    /// Whether closing has to wait, because the codes are not saved and nobody asked yet.
    pub(crate) fn must_ask(self) -> bool {
        let must = !self.saved.get_untracked() && !self.asked.get_untracked();
        self.asked.update(|asked| *asked |= must);
        must
    }
}

/// The codes, and **Done**, which closes the dialog.
#[component]
pub(crate) fn ShowRecoveryCodes(
    codes: RecoveryCodes,
    email: Signal<String>,
    safekeeping: Safekeeping,
    open: RwSignal<bool>,
) -> AnyView {
    let list = codes
        .codes
        .iter()
        .map(|code| view! { <li>{code.expose().to_owned()}</li> })
        .collect_view();
    let lines = StoredValue::new(codes);
    let joined = move || {
        lines.with_value(|lines| {
            lines
                .codes
                .iter()
                .map(|code| code.expose().to_owned() + "\n")
                .collect::<String>()
        })
    };
    let file = move || {
        let [title, place, date] = sheet(&email.get_untracked());
        title + "\n" + &place + "\n" + &date + "\n\n" + &joined()
    };
    let failed = RwSignal::new(false);
    let download = move |()| failed.set(browser::download(t().codes_file_name(), &file()).is_err());
    let why = unique_id("why");
    let saved = safekeeping.saved;
    let heading = NodeRef::<html::H3>::new();
    // The button that was pressed goes with its question.
    let stay = Callback::new(move |()| {
        safekeeping.asked.set(false);
        if let Some(heading) = heading.get_untracked() {
            browser::focus(&heading);
        }
    });
    view! {
        {move || safekeeping.asked.get().then(|| view! { <Question stay open /> })}
        <h3 class="dialog__subtitle" tabindex="-1" data-focus node_ref=heading>{t().codes_save()}</h3>
        <p>{t().codes_intro()}</p>
        <div class="recovery-codes__sheet">
            {live(move || {
                let [title, place, date] = sheet(&email.get());
                view! {
                    <p class="recovery-codes__title">{title}</p>
                    <p>{place}</p>
                    <p>{date}</p>
                    <p>{t().codes_strike()}</p>
                }
            })}
        </div>
        <ol class="recovery-codes" aria-label=t().codes_list()>{list}</ol>
        <div class="recovery-codes__actions">
            <CopyButton label=t().codes_copy() text=Callback::new(move |()| joined()) />
            <Button label=t().codes_download() kind=Kind::Secondary on_click=Callback::new(download) />
            <Button
                label=t().codes_print()
                kind=Kind::Secondary
                on_click=Callback::new(move |()| browser::print())
            />
        </div>
        {live(move || failed.get().then(|| alert(Tone::Danger, t().common_copy_failed().into_any())))}
        <CheckBox label=t().codes_saved() checked=saved />
        <div class="dialog__actions">
            <p class="dialog__why" id=why.clone()>{live(move || (!saved.get()).then(|| t().codes_done_why()))}</p>
            <Button
                label=t().codes_done()
                disabled=Signal::derive(move || !saved.get())
                described_by=why
                on_click=Callback::new(move |()| open.set(false))
            />
        </div>
    }
    .into_any()
}

/// What stands above the codes on paper and in a file: whose they are, where they are good, and since when.
fn sheet(email: &str) -> [String; 3] {
    [
        t().codes_file_title(named::EmailProduct {
            email: &email,
            product: &browser::product(),
        }),
        t().codes_file_place(&browser::origin()),
        t().codes_file_date(&today()),
    ]
}

/// Asked once, when the dialog is about to close with the codes unsaved.
#[component]
fn Question(stay: Callback<()>, open: RwSignal<bool>) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(question) = node.get() {
            browser::focus(&question);
        }
    });
    let content = view! {
        <p><strong>{t().codes_guard_title()}</strong></p>
        <p>{t().codes_guard()}</p>
        <div class="recovery-codes__actions">
            <Button
                label=t().codes_guard_stay()
                kind=Kind::Secondary
                on_click=stay
            />
            <Button
                label=t().codes_guard_close()
                kind=Kind::Quiet
                on_click=Callback::new(move |()| open.set(false))
            />
        </div>
    };
    view! {
        <div tabindex="-1" node_ref=node>
            {alert(Tone::Careful, content.into_any())}
        </div>
    }
    .into_any()
}
