//! The second step: one code, from the app or from paper.

use leptos::{html, prelude::*};

use crate::api::session::sign_out;
use crate::api::sign_in::{send_sign_in_code, sign_in_with_code, sign_in_with_recovery_code};
use crate::browser;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::page::PageTitle;
use crate::components::send_code::{Sent, note_sent, send_again_button, sent_status};
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::session::{CodeBySms, SignInStep};
use crate::ui::{Button, CheckBox, CodeField, CodeKind, Kind, Tone, alert};

/// From so many tries down, their number is shown before anything went wrong.
const FEW_TRIES: u32 = 4;

/// Asks for one code; the other way, and the way out, lie beside it.
#[component]
pub(crate) fn SecondFactorStep(ended: RwSignal<Option<ApiError>>) -> AnyView {
    let session = SessionContext::here();
    let by_recovery = RwSignal::new(false);
    let has_lost_both = RwSignal::new(false);
    let trust = RwSignal::new(false);
    let may_trust = Memo::new(move |_| {
        session
            .pending()
            .is_some_and(|pending| pending.may_trust_browser)
    });
    let by_sms = by_sms(session);
    let code = Task::of_form(&[Field::Code], move |values| async move {
        let trust_browser = may_trust.get_untracked() && trust.get_untracked();
        let answer = sign_in_with_code(values.secret(Field::Code), trust_browser).await;
        take(session, ended, answer).await
    });
    let recovery = Task::of_form(&[Field::RecoveryCode], move |values| async move {
        let answer = sign_in_with_recovery_code(values.secret(Field::RecoveryCode)).await;
        take(session, ended, answer).await
    });
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        by_recovery.track();
        if let Some(part) = node.get() {
            request_animation_frame(move || {
                browser::focus_first(&part);
            });
        }
    });
    view! {
        <PageTitle title=t().sign_in_code_title() quiet=true />
        <div class="card" node_ref=node>
            {move || if by_recovery.get() { recovery_form(recovery) } else { code_form(code, by_sms, (trust, may_trust)) }}
            {move || few_tries(session, code.refusal().or_else(|| recovery.refusal()).as_ref())}
            <div class="ways">
                {move || other_way(by_recovery, by_sms.is_some())}
                <button
                    type="button"
                    class="button button--quiet"
                    aria-expanded=move || if has_lost_both.get() { "true" } else { "false" }
                    on:click=move |_| has_lost_both.update(|shown| *shown = !*shown)
                >
                    {t().sign_in_lost_both()}
                </button>
                {start_over(session)}
            </div>
            {move || has_lost_both.get().then(|| alert(Tone::Note, t().sign_in_lost_help().into_any()))}
        </div>
    }
    .into_any()
}

/// The way out: ends the pending sign-in.
pub(super) fn start_over(session: SessionContext) -> AnyView {
    let task = Task::new(move || async move {
        sign_out().await?;
        session.refresh().await;
        Ok(())
    });
    view! {
        <Form task>
            <Button label=t().sign_in_start_over() kind=Kind::Quiet pending=task.pending() />
        </Form>
    }
    .into_any()
}

/// Takes the server's answer to a code or a link: the number of tries, or the end of this sign-in.
pub(super) async fn take(
    session: SessionContext,
    ended: RwSignal<Option<ApiError>>,
    answer: Result<SignInStep, ApiError>,
) -> Result<(), ApiError> {
    match answer {
        Ok(step) => {
            session.accept(step);
            return Ok(());
        }
        // The last wrong code has ended the sign-in at the server.
        Err(
            ApiError::SignInOver
            | ApiError::WrongCode {
                attempts_left: Some(0),
            },
        ) => {
            ended.set(Some(ApiError::SignInOver));
            session.refresh().await;
        }
        Err(ApiError::WrongCode {
            attempts_left: Some(left),
        }) => session.set_attempts_left(left),
        Err(_) => {}
    }
    answer.map(|_| ())
}

/// A code that goes by SMS: what has it sent, and what was.
#[derive(Clone, Copy)]
struct BySms {
    send: Task,
    last_sent: RwSignal<Option<Sent>>,
}

/// For a user whose codes go by SMS. The first is sent without asking; a reload does not send another.
fn by_sms(session: SessionContext) -> Option<BySms> {
    let CodeBySms { masked, is_sent } = untrack(move || session.pending())?.by_sms?;
    let last_sent = RwSignal::new(is_sent.then(|| Sent::first(masked)));
    let send = Task::new(move || async move {
        note_sent(last_sent, send_sign_in_code().await?.masked);
        Ok(())
    });
    if !is_sent {
        send.start();
    }
    Some(BySms { send, last_sent })
}

fn code_form(
    task: Task,
    by_sms: Option<BySms>,
    (trust, may_trust): (RwSignal<bool>, Memo<bool>),
) -> AnyView {
    let (intro, field, hint) = match by_sms {
        Some(_) => (t().sms_code_intro(), Field::SmsCode, t().sms_code_hint()),
        None => (
            t().sign_in_code_intro(),
            Field::Code,
            t().common_code_hint(),
        ),
    };
    view! {
        <Form task>
            <p>{intro}</p>
            {by_sms.map(|it| sent_status(it.send, it.last_sent))}
            <CodeField
                label=t().common_code()
                name=input_name(field)
                kind=CodeKind::Digits
                hint
                error=task.error_beside(field)
            />
            {by_sms.map(|it| send_again_button(it.send))}
            {move || may_trust.get().then(|| view! { <CheckBox label=t().sign_in_trust() checked=trust /> })}
            <Button label=t().sign_in_verify() pending=task.pending() pending_label=t().sign_in_verifying() />
        </Form>
    }
    .into_any()
}

fn recovery_form(task: Task) -> AnyView {
    view! {
        <Form task>
            <p>{t().sign_in_recovery_intro()}</p>
            <CodeField
                label=t().common_recovery_code()
                name=input_name(Field::RecoveryCode)
                kind=CodeKind::Recovery
                hint=t().sign_in_recovery_hint()
                error=task.error_beside(Field::RecoveryCode)
            />
            <Button label=t().sign_in_verify() pending=task.pending() pending_label=t().sign_in_verifying() />
        </Form>
    }
    .into_any()
}

fn other_way(by_recovery: RwSignal<bool>, has_sms: bool) -> AnyView {
    let label = if by_recovery.get() && has_sms {
        t().sms_use_code()
    } else if by_recovery.get() {
        t().sign_in_use_app()
    } else {
        t().sign_in_use_recovery()
    };
    let on_click = Callback::new(move |()| by_recovery.update(|it| *it = !*it));
    view! { <Button label kind=Kind::Quiet on_click /> }.into_any()
}

/// How many tries are left, where the form's own error does not say so: after a reload, say.
fn few_tries(session: SessionContext, refusal: Option<&ApiError>) -> Option<AnyView> {
    let left = session.pending()?.attempts_left;
    let is_said = matches!(refusal, Some(ApiError::WrongCode { .. }));
    (left <= FEW_TRIES && !is_said)
        .then(|| view! { <p class="card__fact">{t().sign_in_attempts_left(left)}</p> }.into_any())
}
