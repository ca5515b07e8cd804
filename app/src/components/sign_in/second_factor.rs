//! The second step: one code, from the app or from paper.

use leptos::{html, prelude::*};

use crate::api::session::sign_out;
use crate::api::sign_in::{send_sign_in_code, sign_in_with_code, sign_in_with_recovery_code};
use crate::browser;
use crate::components::factors::code_words;
use crate::components::form::Form;
use crate::components::form_values::input_name;
use crate::components::page::PageTitle;
use crate::components::send_code::{Sent, note_sent, send_again_button, sent_status};
use crate::components::session::SessionContext;
use crate::components::task::Task;
use crate::error::{ApiError, Field};
use crate::text::t;
use crate::types::factors::Way;
use crate::types::session::SignInStep;
use crate::ui::{
    Button, CheckBox, CodeField, CodeKind, Kind, PLACE, Tone, alert, sentence, time_of_day,
};

/// From so many tries down, which is the second miss, the clock may be why.
const TRIES_LEFT_AT_SECOND_MISS: u32 = 3;
/// From so many tries down, their number is shown before anything went wrong.
const FEW_TRIES: u32 = 4;

/// Asks for the proof of one way; the other ways, and the way out, lie beside it.
#[component]
pub(crate) fn SecondFactorStep(ended: RwSignal<Option<ApiError>>) -> AnyView {
    let session = SessionContext::here();
    let has_lost_both = RwSignal::new(false);
    let trust = RwSignal::new(false);
    let may_trust = Memo::new(move |_| {
        session
            .pending()
            .is_some_and(|pending| pending.may_trust_browser)
    });
    let ways = Ways::of(session);
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
        ways.open.track();
        if let Some(part) = node.get() {
            request_animation_frame(move || {
                browser::focus_first(&part);
            });
        }
    });
    view! {
        <PageTitle title=t().sign_in_code_title() quiet=true />
        <div class="card" node_ref=node>
            {move || match ways.open() {
                Some(Way::RecoveryCode) => recovery_form(recovery),
                Some(way) => code_form(code, &way, ways.by_sms, (trust, may_trust)),
                None => ().into_any(),
            }}
            {move || few_tries(session, code.refusal().or_else(|| recovery.refusal()).as_ref())}
            {move || clock_help(ways.open().as_ref(), code.refusal().as_ref())}
            <div class="ways">
                {move || ways.others()}
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

/// The ways of a pending sign-in, one of which is open.
#[derive(Clone, Copy)]
struct Ways {
    all: StoredValue<Vec<Way>>,
    open: RwSignal<usize>,
    by_sms: Option<BySms>,
}

impl Ways {
    /// Those of the sign-in that waits, the first one open.
    fn of(session: SessionContext) -> Self {
        let pending = untrack(move || session.pending());
        let all = pending.map(|it| it.ways).unwrap_or_default();
        let ways = Self {
            by_sms: by_sms(&all),
            all: StoredValue::new(all),
            open: RwSignal::new(0),
        };
        ways.ask_for_code(0);
        ways
    }

    fn at(self, n: usize) -> Option<Way> {
        self.all.with_value(|all| all.get(n).cloned())
    }

    fn open(self) -> Option<Way> {
        self.at(self.open.get())
    }

    /// The first code by SMS is sent when its form opens, without asking; a reload does not send another.
    fn ask_for_code(self, n: usize) {
        if let (Some(Way::Sms { .. }), Some(it)) = (self.at(n), self.by_sms)
            && !it.is_asked.get_value()
        {
            it.is_asked.set_value(true);
            it.send.start();
        }
    }

    /// A button for each way that is not open.
    fn others(self) -> AnyView {
        let open = self.open.get();
        let all = self.all.get_value();
        let others = all.iter().enumerate().filter(|(n, _)| *n != open);
        let buttons = others.map(|(n, way)| {
            let on_click = Callback::new(move |()| {
                self.ask_for_code(n);
                self.open.set(n);
            });
            view! { <Button label=code_words(way).instead kind=Kind::Quiet on_click /> }
        });
        buttons.collect_view().into_any()
    }
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
                ..
            },
        ) => {
            ended.set(Some(ApiError::SignInOver));
            session.refresh().await;
        }
        Err(ApiError::WrongCode {
            attempts_left: Some(left),
            ..
        }) => session.set_attempts_left(left),
        Err(_) => {}
    }
    answer.map(|_| ())
}

/// A code that goes by SMS: what has it sent, what was, and whether it was asked for.
#[derive(Clone, Copy)]
struct BySms {
    send: Task,
    last_sent: RwSignal<Option<Sent>>,
    is_asked: StoredValue<bool>,
}

/// For a user whose codes go by SMS.
fn by_sms(ways: &[Way]) -> Option<BySms> {
    let (masked, is_sent) = ways.iter().find_map(|way| match way {
        Way::Sms { masked, is_sent } => Some((masked.clone(), *is_sent)),
        _ => None,
    })?;
    let last_sent = RwSignal::new(is_sent.then(|| Sent::first(masked)));
    let send = Task::new(move || async move {
        note_sent(last_sent, send_sign_in_code().await?.masked);
        Ok(())
    });
    Some(BySms {
        send,
        last_sent,
        is_asked: StoredValue::new(is_sent),
    })
}

fn code_form(
    task: Task,
    way: &Way,
    by_sms: Option<BySms>,
    (trust, may_trust): (RwSignal<bool>, Memo<bool>),
) -> AnyView {
    let words = code_words(way);
    let by_sms = by_sms.filter(|_| matches!(way, Way::Sms { .. }));
    view! {
        <Form task>
            <p>{words.intro}</p>
            {by_sms.map(|it| sent_status(it.send, it.last_sent))}
            <CodeField
                label=t().common_code()
                name=input_name(words.field)
                kind=CodeKind::Digits
                hint=words.hint
                error=task.error_beside(words.field)
            />
            {by_sms.map(|it| send_again_button(it.send))}
            {move || may_trust.get().then(|| view! { <CheckBox label=t().sign_in_trust() checked=trust /> })}
            <Button label=t().sign_in_verify() pending=task.pending() pending_label=t().sign_in_verifying() />
        </Form>
    }
    .into_any()
}

fn recovery_form(task: Task) -> AnyView {
    let words = code_words(&Way::RecoveryCode);
    view! {
        <Form task>
            <p>{words.intro}</p>
            <CodeField
                label=t().common_recovery_code()
                name=input_name(words.field)
                kind=CodeKind::Recovery
                hint=words.hint
                error=task.error_beside(words.field)
            />
            <Button label=t().sign_in_verify() pending=task.pending() pending_label=t().sign_in_verifying() />
        </Form>
    }
    .into_any()
}

/// How many tries are left, where the form's own error does not say so: after a reload, say.
fn few_tries(session: SessionContext, refusal: Option<&ApiError>) -> Option<AnyView> {
    let left = session.pending()?.attempts_left;
    let is_said = matches!(refusal, Some(ApiError::WrongCode { .. }));
    (left <= FEW_TRIES && !is_said)
        .then(|| view! { <p class="card__fact">{t().sign_in_attempts_left(left)}</p> }.into_any())
}

/// A clock that is off makes every code of an app wrong. It is said to everybody alike: whether this code would be right at another
/// time would tell a guesser that it was near.
fn clock_help(open: Option<&Way>, refusal: Option<&ApiError>) -> Option<AnyView> {
    let Some(ApiError::WrongCode {
        attempts_left: Some(left),
        at: Some(at),
    }) = refusal
    else {
        return None;
    };
    let is_due = *left <= TRIES_LEFT_AT_SECOND_MISS && open == Some(&Way::App);
    is_due.then(|| {
        let words = sentence(&t().sign_in_clock(&PLACE), time_of_day(at.seconds()));
        alert(Tone::Note, view! { <p>{words}</p> }.into_any())
    })
}
