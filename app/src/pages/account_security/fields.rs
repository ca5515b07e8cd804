//! The controls of the Authentication Settings.

use leptos::prelude::*;

use super::SecurityPageContext;
use super::draft::holds;
use crate::components::form_values::input_name;
use crate::components::from_day::from_day;
use crate::components::task::Task;
use crate::error::Field;
use crate::messages::denial;
use crate::text::t;
use crate::types::account::AuthenticationSettings;
use crate::types::role::Denial;
use crate::ui::{CheckBox, PLACE, live, sentence, unique_id};

/// All of them; off, with the reason, for those who may only read.
pub(super) fn fields(
    settings: SecurityPageContext,
    denied: Memo<Option<Denial>>,
    save: Task,
) -> AnyView {
    let SecurityPageContext { saved, draft, .. } = settings;
    let held_since = Memo::new(move |_| {
        let saved = saved.read();
        let settings = saved.as_ref().filter(|it| holds(it))?;
        settings.required_from.clone()
    });
    let start = move || match (draft.required.get(), held_since.get()) {
        (false, _) => None,
        (true, Some(since)) => {
            let words = sentence(&t().settings_held_since(&PLACE), from_day(&since));
            Some(view! { <p class="card__why">{words}</p> }.into_any())
        }
        (true, None) => Some(start(settings, save)),
    };
    let why = unique_id("why");
    view! {
        <div class="denied" id=why.clone()>{live(move || denied.get().map(reason))}</div>
        <fieldset class="group" disabled=move || denied.get().is_some()>
            <label class="check switch">
                <input
                    class="switch__box"
                    type="checkbox"
                    role="switch"
                    aria-describedby=why
                    prop:checked=move || draft.required.get()
                    on:change=move |event| draft.required.set(event_target_checked(&event))
                />
                <span>{t().settings_switch()}</span>
            </label>
            {start}
            <CheckBox label=t().settings_trusted() checked=draft.trusted />
            <CheckBox label=t().settings_sms() checked=draft.sms />
        </fieldset>
    }
    .into_any()
}

/// Why the controls are off.
fn reason(why: Denial) -> AnyView {
    view! { <p class="card__why">{denial(why)}</p> }.into_any()
}

/// From when: at once, or from a day on.
fn start(settings: SecurityPageContext, save: Task) -> AnyView {
    let draft = settings.draft;
    let name = unique_id("from");
    let choice = |label: &'static str, at_once: bool| {
        view! {
            <label class="check">
                <input
                    class="check__box"
                    type="radio"
                    name=name.clone()
                    prop:checked=move || draft.at_once.get() == at_once
                    on:change=move |_| draft.at_once.set(at_once)
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="group group--inside">
            <legend class="field__label">{t().settings_from()}</legend>
            {choice(t().settings_at_once(), true)}
            {choice(t().settings_on_a_day(), false)}
            {live(move || (!draft.at_once.get()).then(|| day(settings, save)))}
        </fieldset>
    }
    .into_any()
}

fn day(settings: SecurityPageContext, save: Task) -> AnyView {
    let SecurityPageContext { saved, draft, .. } = settings;
    let of_saved =
        move |what: fn(&AuthenticationSettings) -> String| saved.read().as_ref().map(what);
    let error = save.error_beside(Field::StartDate);
    let id = unique_id("day");
    let (error_id, hint_id) = (id.clone() + "-error", id.clone() + "-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{t().settings_day()}</label>
            <input
                class="field__input"
                id=id
                name=input_name(Field::StartDate)
                type="date"
                autocomplete="off"
                required
                min=move || of_saved(|it| it.first_day.to_string())
                max=move || of_saved(|it| it.last_day.to_string())
                prop:value=move || draft.day.get()
                on:input=move |event| {
                    draft.day.set(event_target_value(&event));
                    save.clear();
                }
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=error_id.clone() + " " + &hint_id
            />
            <p class="field__error" id=error_id role="alert">{live(move || error.get())}</p>
            <p class="field__hint" id=hint_id>{live(move || of_saved(|it| t().settings_day_hint(&it.zone)))}</p>
        </div>
    }
    .into_any()
}
