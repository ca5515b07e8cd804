//! The second step: what the app needs, as a picture and as text, and the code that proves it.

use leptos::prelude::*;

use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::messages;
use crate::text::t;
use crate::types::two_factor::{Enrolment, QrCode};
use crate::ui::{Button, CodeField, CodeKind, CopyButton, Tone, alert, cancel_button};

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
        None => form(enrolment.get_value(), verify, finish, open),
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

fn form(enrolment: Enrolment, verify: Task, finish: &'static str, open: RwSignal<bool>) -> AnyView {
    let Enrolment { key, label, qr, .. } = enrolment;
    let key = StoredValue::new(key);
    let groups = key.with_value(|key| {
        key.expose()
            .split_whitespace()
            .map(|group| view! { <span>{group.to_owned()}</span> " " })
            .collect_view()
    });
    view! {
        <Form task=verify>
            <div class="enrolment">
                {drawing(&qr)}
                <div class="enrolment__words">
                    <h3 class="dialog__subtitle">{t().enrolment_scan()}</h3>
                    <p>{t().enrolment_scan_hint()}</p>
                    <p class="enrolment__label">{t().enrolment_label()} <strong>{label}</strong></p>
                </div>
            </div>
            <div class="enrolment__key">
                <p class="field__label">{t().enrolment_cannot_scan()}</p>
                <p class="enrolment__groups" translate="no">{groups}</p>
                <CopyButton
                    label=t().enrolment_copy_key()
                    text=Callback::new(move |()| key.with_value(|key| key.expose().to_owned()))
                />
            </div>
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

/// Black on white in both colour schemes, quiet zone included: scanners need both.
fn drawing(qr: &QrCode) -> AnyView {
    let size = qr.size.to_string();
    view! {
        <svg
            class="qr"
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
