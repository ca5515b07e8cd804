//! The dialog that sets up an authenticator app: confirm, scan and verify, save codes. It enables two-factor
//! authentication, or replaces the app in use.

mod scan;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Form;
use super::recovery_codes::{Safekeeping, ShowRecoveryCodes};
use super::step_up::{FIELDS, StepUpFields, asks_code, proof};
use super::task::Task;
use crate::api::two_factor::{begin_enrolment, cancel_enrolment, confirm_enrolment};
use crate::error::{ApiError, Field};
use crate::text::{Texts, t};
use crate::types::two_factor::{Enrolment, EnrolmentPurpose, RecoveryCodes};
use crate::ui::{Button, Dialog, cancel_button, step_names};
use scan::Scan;

const STEPS: &[fn() -> &'static str] = &[
    || t().enrolment_step_confirm(),
    || t().enrolment_step_scan(),
    || t().enrolment_step_save(),
];

/// Where the dialog is.
#[derive(Clone)]
enum Step {
    Confirm,
    Scan(Enrolment),
    Save(RecoveryCodes),
}

impl Step {
    const fn index(&self) -> usize {
        match self {
            Self::Confirm => 0,
            Self::Scan(_) => 1,
            Self::Save(_) => 2,
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
    let step = RwSignal::new(Step::Confirm);
    let safekeeping = Safekeeping::new();
    let confirm = Task::of_form(FIELDS, move |values| async move {
        let enrolment = begin_enrolment(purpose, proof(&values)).await?;
        step.set(Step::Scan(enrolment));
        Ok(())
    });
    let verify = Task::of_form(&[Field::Code], move |values| async move {
        let Step::Scan(enrolment) = step.get_untracked() else {
            return Err(ApiError::EnrolmentOver);
        };
        let codes = confirm_enrolment(enrolment.id, values.secret(Field::Code)).await?;
        step.set(Step::Save(codes));
        Ok(())
    });
    let asks_code = asks_code(open, code_due, confirm);
    let start = move || {
        confirm.clear();
        verify.clear();
        safekeeping.reset();
        step.set(Step::Confirm);
    };
    let guard = Callback::new(move |()| {
        step.with_untracked(|step| matches!(step, Step::Save(_))) && safekeeping.must_ask()
    });
    let on_closed = Callback::new(move |()| {
        match step.get_untracked() {
            Step::Confirm => {}
            // Unheard, it ends by itself after ten minutes.
            Step::Scan(enrolment) => {
                spawn_local(async move { drop(cancel_enrolment(enrolment.id).await) });
            }
            Step::Save(_) => on_done.run(()),
        }
        start();
    });
    let index = Memo::new(move |_| step.read().index());
    let words = words(purpose);
    let (title, intro, finish) = ((words.title)(t()), (words.intro)(t()), (words.finish)(t()));
    view! {
        <Dialog open title=Signal::stored(title) step=index guard on_closed>
            {move || step_names(STEPS, index.get())}
            {move || match step.get() {
                Step::Confirm => view! {
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
                Step::Scan(enrolment) => {
                    view! { <Scan enrolment verify finish open start_again=Callback::new(move |()| start()) /> }.into_any()
                }
                Step::Save(codes) => view! { <ShowRecoveryCodes codes email safekeeping open /> }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
