//! The dialog that sets up SMS, the legacy factor: number, code, recovery codes.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Form;
use super::form_values::input_name;
use super::mailbox::{MAILBOX_FIELDS, MailboxStep, typed};
use super::recovery_codes::{Safekeeping, ShowRecoveryCodes};
use super::send_code::{Sent, note_sent, send_again_button, sent_status};
use super::step_up::{StepUpFields, proof};
use super::task::Task;
use crate::api::two_factor::{
    begin_sms_enrolment, cancel_enrolment, confirm_enrolment, send_code, sms_countries,
};
use crate::error::{ApiError, Field};
use crate::text::named::CodeName;
use crate::text::t;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{Country, MailboxAct, RecoveryCodes, SmsEnrolment};
use crate::ui::{
    Button, CodeField, CodeKind, Dialog, SelectField, TextField, Tone, alert, cancel_button,
    step_names,
};

const STEPS: &[fn() -> &'static str] = &[
    || t().sms_step_number(),
    || t().sms_step_code(),
    || t().enrolment_step_save(),
];
/// The same, where a code from the mailbox is due.
const STEPS_BY_MAIL: &[fn() -> &'static str] = &[
    || t().sms_step_number(),
    || t().mailbox_step(),
    || t().sms_step_code(),
    || t().enrolment_step_save(),
];
const ACT: MailboxAct = MailboxAct::FirstFactor;
const FIELDS: &[Field] = &[Field::Country, Field::PhoneNumber, Field::Password];

/// Where the dialog is.
#[derive(Clone)]
enum SmsEnrolmentStep {
    Number,
    Mailbox,
    Code(SmsEnrolment),
    Save(RecoveryCodes),
}

impl SmsEnrolmentStep {
    /// Which step it is; with the mailbox's among them, those after it are one further.
    fn index(&self, by_mail: bool) -> usize {
        match self {
            Self::Number => 0,
            Self::Mailbox => 1,
            Self::Code(_) => 1 + usize::from(by_mail),
            Self::Save(_) => 2 + usize::from(by_mail),
        }
    }
}

/// What the steps share.
#[derive(Clone, Copy)]
struct SmsEnrolmentContext {
    open: RwSignal<bool>,
    email: Signal<String>,
    countries: RwSignal<Vec<Country>>,
    is_over: RwSignal<bool>,
    last_sent: RwSignal<Option<Sent>>,
    by_mail: RwSignal<bool>,
    mailbox: MailboxStep,
    begin: Task,
    enter: Task,
    send: Task,
    verify: Task,
    safekeeping: Safekeeping,
}

/// The dialog. `on_done` hears of its closing after the number was proven.
#[component]
pub(crate) fn SmsEnrolmentDialog(
    open: RwSignal<bool>,
    email: Signal<String>,
    on_done: Callback<()>,
) -> AnyView {
    let step = RwSignal::new(SmsEnrolmentStep::Number);
    let parts = parts(open, email, step);
    let load = Task::new(move || async move {
        parts.countries.set(sms_countries().await?);
        Ok(())
    });
    load.start();
    let guard = Callback::new(move |()| {
        step.with_untracked(|step| matches!(step, SmsEnrolmentStep::Save(_)))
            && parts.safekeeping.must_ask()
    });
    let on_closed = Callback::new(move |()| {
        match step.get_untracked() {
            SmsEnrolmentStep::Number | SmsEnrolmentStep::Mailbox => {}
            // Unheard, it ends by itself after ten minutes.
            SmsEnrolmentStep::Code(enrolment) => {
                spawn_local(async move { drop(cancel_enrolment(enrolment.id).await) });
            }
            SmsEnrolmentStep::Save(_) => on_done.run(()),
        }
        parts.begin.clear();
        parts.enter.clear();
        parts.mailbox.reset();
        parts.by_mail.set(false);
        parts.verify.clear();
        parts.send.clear();
        parts.safekeeping.reset();
        parts.is_over.set(false);
        step.set(SmsEnrolmentStep::Number);
    });
    let by_mail = parts.by_mail;
    let index = Memo::new(move |_| step.read().index(by_mail.get()));
    let names = move || if by_mail.get() { STEPS_BY_MAIL } else { STEPS };
    view! {
        <Dialog open title=Signal::stored(t().sms_title()) step=index guard on_closed secret=true>
            {move || step_names(names(), index.get())}
            {move || match step.get() {
                SmsEnrolmentStep::Number => number_form(&parts),
                SmsEnrolmentStep::Mailbox => parts.mailbox.form(parts.enter, open, t().enrolment_continue()),
                SmsEnrolmentStep::Code(_) => code_form(&parts),
                SmsEnrolmentStep::Save(codes) => {
                    view! { <ShowRecoveryCodes codes email safekeeping=parts.safekeeping open /> }.into_any()
                }
            }}
        </Dialog>
    }
    .into_any()
}

fn parts(
    open: RwSignal<bool>,
    email: Signal<String>,
    step: RwSignal<SmsEnrolmentStep>,
) -> SmsEnrolmentContext {
    let last_sent = RwSignal::new(None);
    let is_over = RwSignal::new(false);
    let by_mail = RwSignal::new(false);
    let mailbox = MailboxStep::new(ACT);
    let asked = StoredValue::new_local((String::new(), SecretText::default()));
    let show_code = move |enrolment: SmsEnrolment| {
        is_over.set(false);
        last_sent.set(Some(Sent::of(&enrolment)));
        step.set(SmsEnrolmentStep::Code(enrolment));
    };
    let begin = Task::of_form(FIELDS, move |values| async move {
        let (country, number) = (
            values.text(Field::Country),
            values.secret(Field::PhoneNumber),
        );
        let step_up = proof(&values);
        asked.set_value((country.clone(), number.clone()));
        match begin_sms_enrolment(country, number, step_up.clone(), None).await {
            Ok(enrolment) => show_code(enrolment),
            Err(ApiError::MailboxCodeNeeded) => {
                mailbox.begin(ACT, step_up).await?;
                by_mail.set(true);
                step.set(SmsEnrolmentStep::Mailbox);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    });
    let enter = Task::of_form(MAILBOX_FIELDS, move |values| async move {
        let (country, number) = asked.get_value();
        let step_up = mailbox.step_up()?;
        show_code(begin_sms_enrolment(country, number, step_up, typed(&values)).await?);
        Ok(())
    });
    let send = Task::new(move || async move {
        note_sent(last_sent, send_code().await?.masked);
        Ok(())
    });
    let verify = Task::of_form(&[Field::Code], move |values| async move {
        let SmsEnrolmentStep::Code(enrolment) = step.get_untracked() else {
            return Err(ApiError::EnrolmentOver);
        };
        match confirm_enrolment(enrolment.id, values.secret(Field::Code)).await {
            Ok(codes) => step.set(SmsEnrolmentStep::Save(codes)),
            Err(ApiError::EnrolmentOver | ApiError::EnrolmentOvertaken) => {
                is_over.set(true);
                step.set(SmsEnrolmentStep::Number);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    });
    SmsEnrolmentContext {
        open,
        email,
        countries: RwSignal::new(Vec::new()),
        is_over,
        last_sent,
        by_mail,
        mailbox,
        begin,
        enter,
        send,
        verify,
        safekeeping: Safekeeping::new(),
    }
}

fn number_form(parts: &SmsEnrolmentContext) -> AnyView {
    let parts = *parts;
    let task = parts.begin;
    let option = |country: &Country| {
        let words = t().sms_country_option(CodeName {
            code: &country.calling_code,
            name: &country.name,
        });
        (country.id.clone(), words)
    };
    let options = Signal::derive(move || parts.countries.read().iter().map(option).collect());
    // Two-factor authentication is off: no code can be due.
    let asks_code = Memo::new(|_| false);
    view! {
        <Form task>
            {move || parts.is_over.get().then(|| alert(Tone::Careful, t().sms_over().into_any()))}
            <p>{t().sms_legacy()}</p>
            <SelectField
                label=t().sms_country()
                name=input_name(Field::Country)
                autocomplete="country"
                choose=t().sms_country_choose()
                options
                error=task.error_beside(Field::Country)
            />
            <TextField
                label=t().sms_number()
                name=input_name(Field::PhoneNumber)
                autocomplete="tel"
                kind="tel"
                error=task.error_beside(Field::PhoneNumber)
            />
            <StepUpFields task email=parts.email asks_code />
            <div class="dialog__actions">
                {cancel_button(parts.open)}
                <Button label=t().sms_send() pending=task.pending() pending_label=t().sms_sending() />
            </div>
        </Form>
    }
    .into_any()
}

fn code_form(parts: &SmsEnrolmentContext) -> AnyView {
    let parts = *parts;
    let task = parts.verify;
    view! {
        <Form task>
            {sent_status(parts.send, parts.last_sent)}
            <CodeField
                label=t().common_code()
                name=input_name(Field::SmsCode)
                kind=CodeKind::Digits
                hint=t().sms_code_hint()
                error=task.error_beside(Field::SmsCode)
            />
            {send_again_button(parts.send)}
            <div class="dialog__actions">
                {cancel_button(parts.open)}
                <Button
                    label=t().enrolment_turn_on()
                    pending=task.pending()
                    pending_label=t().enrolment_checking()
                />
            </div>
        </Form>
    }
    .into_any()
}
