//! Fields: a label, an input that keeps its own value, a hint, and the error beside it.
//!
//! Values are read on submit; autofill may set them without an event that we would see.

use leptos::prelude::*;

use super::id::unique_id;
use super::live::live;
use crate::text::t;

/// What all fields have.
struct FieldProps {
    label: &'static str,
    name: &'static str,
    kind: Signal<&'static str>,
    class: &'static str,
    autocomplete: &'static str,
    input_mode: Option<&'static str>,
    hint: Option<&'static str>,
    value: Option<String>,
    choices: Vec<String>,
    error: Signal<Option<String>>,
    beside: Option<AnyView>,
}

/// How a phone's keyboard begins words: names of people and organizations with a capital, all else as typed.
const fn capitals(autocomplete: &str) -> &'static str {
    match autocomplete.as_bytes() {
        b"name" | b"given-name" | b"organization" => "words",
        _ => "none",
    }
}

fn field(id: String, field: FieldProps) -> AnyView {
    let FieldProps {
        label,
        name,
        kind,
        class,
        autocomplete,
        input_mode,
        hint,
        value,
        choices,
        error,
        beside,
    } = field;
    let list_id = (!choices.is_empty()).then(|| id.clone() + "-list");
    let choices = list_id.clone().map(|id| {
        let choice = |value| view! { <option value=value></option> };
        view! { <datalist id=id>{choices.into_iter().map(choice).collect_view()}</datalist> }
    });
    let hint_id = hint.map(|_| id.clone() + "-hint");
    let error_id = id.clone() + "-error";
    let described_by = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (error.read().is_some(), &hint_id) {
            (true, Some(hint_id)) => Some(error_id.clone() + " " + hint_id),
            (true, None) => Some(error_id.clone()),
            (false, hint_id) => hint_id.clone(),
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <div class="field__control">
                <input
                    class=class
                    id=id
                    name=name
                    type=move || kind.get()
                    value=value
                    autocomplete=autocomplete
                    list=list_id
                    inputmode=input_mode
                    autocapitalize=capitals(autocomplete)
                    spellcheck="false"
                    required
                    aria-invalid=move || error.read().is_some().then_some("true")
                    aria-describedby=described_by
                />
                {beside}
                {choices}
            </div>
            <p class="field__error" id=error_id role="alert">{live(move || error.get())}</p>
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        </div>
    }
    .into_any()
}

/// A line of text. `value` stands in it at the beginning; `choices` are offered while it is typed.
#[component]
pub(crate) fn TextField(
    label: &'static str,
    name: &'static str,
    autocomplete: &'static str,
    error: Signal<Option<String>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] value: Option<String>,
    #[prop(optional)] choices: Vec<String>,
) -> AnyView {
    let kind = Signal::stored(kind);
    let class = "field__input";
    field(
        unique_id(name),
        FieldProps {
            label,
            name,
            kind,
            class,
            autocomplete,
            input_mode: None,
            hint,
            value,
            choices,
            error,
            beside: None,
        },
    )
}

/// The address of whoever types a password, which nobody sees: password managers learn by it whose it is.
pub(crate) fn hidden_username(email: Signal<String>) -> AnyView {
    view! {
        <input
            class="visually-hidden"
            type="text"
            name="username"
            autocomplete="username"
            prop:value=move || email.get()
            readonly
            tabindex="-1"
            aria-hidden="true"
        />
    }
    .into_any()
}

/// A password, which can be shown.
#[component]
pub(crate) fn PasswordField(
    label: &'static str,
    name: &'static str,
    autocomplete: &'static str,
    error: Signal<Option<String>>,
    #[prop(optional)] hint: Option<&'static str>,
) -> AnyView {
    let id = unique_id(name);
    let shown = RwSignal::new(false);
    let kind = Signal::derive(move || if shown.get() { "text" } else { "password" });
    let beside = view! {
        <button
            type="button"
            class="field__toggle"
            aria-controls=id.clone()
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            {live(move || if shown.get() { t().common_hide() } else { t().common_show() })}
            <span class="visually-hidden">{t().common_password_suffix()}</span>
        </button>
    }
    .into_any();
    let class = "field__input field__input--password";
    field(
        id,
        FieldProps {
            label,
            name,
            kind,
            class,
            autocomplete,
            input_mode: None,
            hint,
            value: None,
            choices: Vec::new(),
            error,
            beside: Some(beside),
        },
    )
}

/// What a code consists of.
#[derive(Clone, Copy)]
pub(crate) enum CodeKind {
    /// Digits: a number pad, and the code that the browser may offer.
    Digits,
    /// Digits or a recovery code.
    Either,
    /// Letters and digits from paper; nothing that a browser should remember.
    Recovery,
    /// Letters and digits from a message.
    Mailed,
}

/// A code: one input, so that pasting, autofill and screen readers work; text, so that leading zeros stay.
#[component]
pub(crate) fn CodeField(
    label: &'static str,
    name: &'static str,
    kind: CodeKind,
    error: Signal<Option<String>>,
    #[prop(optional)] hint: Option<&'static str>,
) -> AnyView {
    let (autocomplete, input_mode) = match kind {
        CodeKind::Digits => ("one-time-code", Some("numeric")),
        CodeKind::Either | CodeKind::Mailed => ("one-time-code", None),
        CodeKind::Recovery => ("off", None),
    };
    let kind = Signal::stored("text");
    let class = "field__input field__input--code";
    field(
        unique_id(name),
        FieldProps {
            label,
            name,
            kind,
            class,
            autocomplete,
            input_mode,
            hint,
            value: None,
            choices: Vec::new(),
            error,
            beside: None,
        },
    )
}

/// One of several, each a value and its words.
#[component]
pub(crate) fn SelectField(
    label: &'static str,
    name: &'static str,
    autocomplete: &'static str,
    choose: &'static str,
    options: Signal<Vec<(String, String)>>,
    error: Signal<Option<String>>,
) -> AnyView {
    let id = unique_id(name);
    let error_id = id.clone() + "-error";
    let described_by = error_id.clone();
    let option = |(value, words): (String, String)| view! { <option value=value>{words}</option> };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <select
                class="field__input"
                id=id
                name=name
                autocomplete=autocomplete
                required
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || error.read().is_some().then(|| described_by.clone())
            >
                <option value="">{choose}</option>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
            <p class="field__error" id=error_id role="alert">{move || error.get()}</p>
        </div>
    }
    .into_any()
}

/// A box to tick.
#[component]
pub(crate) fn CheckBox(label: &'static str, checked: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                class="check__box"
                type="checkbox"
                prop:checked=move || checked.get()
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
