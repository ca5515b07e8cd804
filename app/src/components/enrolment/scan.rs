//! The second step: what the app needs, as a picture and as text, and the code that proves it.

use leptos::prelude::*;

use crate::browser;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::messages;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Enrolment, QrCode};
use crate::ui::{
    Button, CodeField, CodeKind, CopyButton, PLACE, Tone, alert, cancel_button, sentence,
    time_of_day,
};

/// Shows one enrolment until a code proves it; a wrong code changes nothing that is shown.
#[component]
pub(crate) fn Scan(
    enrolment: Enrolment,
    verify: Task,
    finish: &'static str,
    open: RwSignal<bool>,
    start_again: Callback<()>,
) -> AnyView {
    let enrolment = StoredValue::new(enrolment);
    let ended = Memo::new(move |_| match verify.refusal() {
        Some(error @ (ApiError::EnrolmentOvertaken | ApiError::EnrolmentOver)) => Some(error),
        _ => None,
    });
    (move || match ended.get() {
        Some(error) => over(&error, open, start_again),
        None => enrolment.with_value(|it| form(it, verify, finish, open)),
    })
    .into_any()
}

fn over(error: &ApiError, open: RwSignal<bool>, start_again: Callback<()>) -> AnyView {
    view! {
        {alert(Tone::Careful, messages::sentence(error))}
        <div class="dialog__actions">
            {cancel_button(open)}
            <Button label=t().enrolment_again() on_click=start_again />
        </div>
    }
    .into_any()
}

fn form(
    enrolment: &Enrolment,
    verify: Task,
    finish: &'static str,
    open: RwSignal<bool>,
) -> AnyView {
    let until = enrolment.expires_at.seconds();
    let into_app = if browser::is_touch() {
        by_touch(enrolment)
    } else {
        by_camera(enrolment)
    };
    view! {
        <Form task=verify>
            {into_app}
            <p class="card__beside">{sentence(&t().enrolment_until(&PLACE), time_of_day(until))}</p>
            <CodeField
                label=t().common_code()
                name=input_name(Field::Code)
                kind=CodeKind::Digits
                hint=t().common_code_hint()
                error=verify.error_beside(Field::Code)
            />
            <div class="dialog__actions">
                {cancel_button(open)}
                <Button label=finish pending=verify.pending() pending_label=t().enrolment_checking() />
            </div>
        </Form>
    }
    .into_any()
}

/// A screen that a phone can scan: the picture first.
fn by_camera(enrolment: &Enrolment) -> AnyView {
    view! {
        <div class="enrolment">
            {drawing(&enrolment.qr)}
            <div class="enrolment__words">
                <h3 class="dialog__subtitle">{t().enrolment_scan()}</h3>
                <p>{t().enrolment_scan_hint()}</p>
            </div>
        </div>
        {shown_as(&enrolment.label)}
        <p class="field__label">{t().enrolment_cannot_scan()}</p>
        {key(&enrolment.key)}
    }
    .into_any()
}

/// On the phone itself: the app is opened, or the key copied; the picture is for another device. The heading takes the
/// focus, since the field below cannot be filled yet and would bring up the keyboard.
fn by_touch(enrolment: &Enrolment) -> AnyView {
    view! {
        <h3 class="dialog__subtitle" tabindex="-1" data-focus>{t().enrolment_add()}</h3>
        <a class="button button--secondary" href=enrolment.uri.expose().to_owned()>{t().enrolment_open_app()}</a>
        <p>{t().enrolment_nothing_opens()}</p>
        {key(&enrolment.key)}
        {shown_as(&enrolment.label)}
        <details class="enrolment__fold">
            <summary>{t().enrolment_other_device()}</summary>
            {drawing(&enrolment.qr)}
        </details>
    }
    .into_any()
}

fn shown_as(label: &str) -> AnyView {
    view! { <p class="enrolment__label">{t().enrolment_label()} <strong>{label.to_owned()}</strong></p> }.into_any()
}

/// The key in groups, and the button that copies it.
fn key(key: &SecretText) -> AnyView {
    let groups = key
        .expose()
        .split_whitespace()
        .map(|group| view! { <span>{group.to_owned()}</span> " " })
        .collect_view();
    let key = StoredValue::new(key.clone());
    view! {
        <div class="enrolment__key">
            <p class="enrolment__groups" translate="no">{groups}</p>
            <CopyButton
                label=t().enrolment_copy_key()
                text=Callback::new(move |()| key.with_value(|key| key.expose().to_owned()))
            />
        </div>
    }
    .into_any()
}

/// Pixels along one side of a module, at least: with fewer, a phone has to come close to the screen.
const MODULE: u32 = 4;
/// Pixels along one side of the picture, at least.
const SMALLEST: u32 = 200;

/// Black on white in both colour schemes, quiet zone included: scanners need both. As large as its modules ask for, up to
/// the width of the dialog.
fn drawing(qr: &QrCode) -> AnyView {
    let pixels = qr.size * MODULE.max(SMALLEST.div_ceil(qr.size.max(1)));
    let size = qr.size.to_string();
    view! {
        <svg
            class="qr"
            width=pixels.to_string()
            height=pixels.to_string()
            viewBox="0 0 ".to_owned() + &size + " " + &size
            role="img"
            aria-label=t().enrolment_qr()
            shape-rendering="crispEdges"
        >
            <path d=qr.path.expose().to_owned() />
        </svg>
    }
    .into_any()
}
