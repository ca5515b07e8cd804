//! The dialog that sets up an authenticator app: confirm, scan and verify, save codes. It enables two-factor
//! authentication, or replaces the app in use.

mod scan;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Form;
use super::mailbox::{MAILBOX_FIELDS, MailboxStep, typed};
use super::recovery_codes::{Safekeeping, ShowRecoveryCodes};
use super::step_up::{FIELDS, StepUpFields, asks_code, proof};
use super::task::Task;
use crate::api::two_factor::{begin_enrolment, cancel_enrolment, confirm_enrolment};
use crate::error::{ApiError, Field};
use crate::text::{Texts, t};
use crate::types::two_factor::{Enrolment, EnrolmentPurpose, MailboxAct, RecoveryCodes};
use crate::ui::{Button, Dialog, cancel_button, step_names};
use scan::Scan;

const STEPS: &[fn() -> &'static str] = &[
    || t().enrolment_step_confirm(),
    || t().enrolment_step_scan(),
    || t().enrolment_step_save(),
];
/// The same, where a code from the mailbox is due.
const STEPS_BY_MAIL: &[fn() -> &'static str] = &[
    || t().enrolment_step_confirm(),
    || t().mailbox_step(),
    || t().enrolment_step_scan(),
    || t().enrolment_step_save(),
];
const ACT: MailboxAct = MailboxAct::FirstFactor;

/// Where the dialog is.
#[derive(Clone)]
enum EnrolmentStep {
    Confirm,
    Mailbox,
    Scan(Enrolment),
    Save(RecoveryCodes),
}

impl EnrolmentStep {
    /// Which step it is; with the mailbox's among them, those after it are one further.
    fn index(&self, by_mail: bool) -> usize {
        match self {
            Self::Confirm => 0,
            Self::Mailbox => 1,
            Self::Scan(_) => 1 + usize::from(by_mail),
            Self::Save(_) => 2 + usize::from(by_mail),
        }
    }
}

/// What differs between enabling and replacing.
struct Words {
    title: fn(&'static Texts) -> &'static str,
    intro: fn(&'static Texts) -> &'static str,
    finish: fn(&'static Texts) -> &'static str,
}

const fn words(purpose: EnrolmentPurpose) -> Words {
    match purpose {
        EnrolmentPurpose::Enable => Words {
            title: Texts::enrolment_enable_title,
            intro: Texts::enrolment_confirm_intro,
            finish: Texts::enrolment_turn_on,
        },
        EnrolmentPurpose::Replace => Words {
            title: Texts::enrolment_replace_title,
            intro: Texts::enrolment_replace_intro,
            finish: Texts::enrolment_replace,
        },
    }
}

/// The dialog. `on_done` hears of its closing after the new app was proven.
#[component]
pub(crate) fn EnrolmentDialog(
    open: RwSignal<bool>,
    purpose: EnrolmentPurpose,
    email: Signal<String>,
    code_due: Signal<bool>,
    on_done: Callback<()>,
) -> AnyView {
    let step = RwSignal::new(EnrolmentStep::Confirm);
    let safekeeping = Safekeeping::new();
    let mailbox = MailboxStep::new(ACT);
    let by_mail = RwSignal::new(false);
    let confirm = Task::of_form(FIELDS, move |values| async move {
        let step_up = proof(&values);
        match begin_enrolment(purpose, step_up.clone(), None).await {
            Ok(enrolment) => step.set(EnrolmentStep::Scan(enrolment)),
            Err(ApiError::MailboxCodeNeeded) => {
                mailbox.begin(ACT, step_up).await?;
                by_mail.set(true);
                step.set(EnrolmentStep::Mailbox);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    });
    let enter = Task::of_form(MAILBOX_FIELDS, move |values| async move {
        let enrolment = begin_enrolment(purpose, mailbox.step_up()?, typed(&values)).await?;
        step.set(EnrolmentStep::Scan(enrolment));
        Ok(())
    });
    let verify = Task::of_form(&[Field::Code], move |values| async move {
        let EnrolmentStep::Scan(enrolment) = step.get_untracked() else {
            return Err(ApiError::EnrolmentOver);
        };
        let codes = confirm_enrolment(enrolment.id, values.secret(Field::Code)).await?;
        step.set(EnrolmentStep::Save(codes));
        Ok(())
    });
    let asks_code = asks_code(open, code_due, confirm);
    let start = move || {
        confirm.clear();
        enter.clear();
        verify.clear();
        mailbox.reset();
        safekeeping.reset();
        by_mail.set(false);
        step.set(EnrolmentStep::Confirm);
    };
    let guard = Callback::new(move |()| {
        step.with_untracked(|step| matches!(step, EnrolmentStep::Save(_))) && safekeeping.must_ask()
    });
    let on_closed = Callback::new(move |()| {
        match step.get_untracked() {
            EnrolmentStep::Confirm | EnrolmentStep::Mailbox => {}
            // Unheard, it ends by itself after ten minutes.
            EnrolmentStep::Scan(enrolment) => {
                spawn_local(async move { drop(cancel_enrolment(enrolment.id).await) });
            }
            EnrolmentStep::Save(_) => on_done.run(()),
        }
        start();
    });
    let index = Memo::new(move |_| step.read().index(by_mail.get()));
    let names = move || if by_mail.get() { STEPS_BY_MAIL } else { STEPS };
    let words = words(purpose);
    let (title, intro, finish) = ((words.title)(t()), (words.intro)(t()), (words.finish)(t()));
    view! {
        <Dialog open title=Signal::stored(title) step=index guard on_closed secret=true>
            {move || step_names(names(), index.get())}
            {move || match step.get() {
                EnrolmentStep::Confirm => view! {
                    <Form task=confirm>
                        <p>{intro}</p>
                        <StepUpFields task=confirm email asks_code />
                        <div class="dialog__actions">
                            {cancel_button(open)}
                            <Button
                                label=t().enrolment_continue()
                                pending=confirm.pending()
                                pending_label=t().enrolment_checking()
                            />
                        </div>
                    </Form>
                }
                .into_any(),
                EnrolmentStep::Mailbox => mailbox.form(enter, open, t().enrolment_continue()),
                EnrolmentStep::Scan(enrolment) => {
                    view! { <Scan enrolment verify finish open start_again=Callback::new(move |()| start()) /> }.into_any()
                }
                EnrolmentStep::Save(codes) => view! { <ShowRecoveryCodes codes email safekeeping open /> }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
