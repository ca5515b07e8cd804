//! The dialog that replaces the recovery codes.

use leptos::prelude::*;

use super::form::Form;
use super::recovery_codes::{Safekeeping, ShowRecoveryCodes};
use super::step_up::{FIELDS, StepUpFields, asks_code, proof};
use super::task::Task;
use crate::api::two_factor::new_recovery_codes;
use crate::text::t;
use crate::types::two_factor::RecoveryCodes;
use crate::ui::{Button, Dialog, cancel_button, step_names};

const STEPS: &[fn() -> &'static str] = &[
    || t().enrolment_step_confirm(),
    || t().enrolment_step_save(),
];

/// The dialog. `on_done` hears of its closing after new codes were shown.
#[component]
pub(crate) fn NewRecoveryCodesDialog(
    open: RwSignal<bool>,
    email: Signal<String>,
    code_due: Signal<bool>,
    on_done: Callback<()>,
) -> AnyView {
    let codes = RwSignal::new(None::<RecoveryCodes>);
    let safekeeping = Safekeeping::new();
    let confirm = Task::of_form(FIELDS, move |values| async move {
        codes.set(Some(new_recovery_codes(proof(&values)).await?));
        Ok(())
    });
    let asks_code = asks_code(open, code_due, confirm);
    let guard = Callback::new(move |()| codes.read_untracked().is_some() && safekeeping.must_ask());
    let on_closed = Callback::new(move |()| {
        confirm.clear();
        safekeeping.reset();
        if codes.write().take().is_some() {
            on_done.run(());
        }
    });
    let index = Memo::new(move |_| usize::from(codes.read().is_some()));
    view! {
        <Dialog open title=Signal::stored(t().codes_title()) step=index guard on_closed secret=true>
            {move || step_names(STEPS, index.get())}
            {move || match codes.get() {
                Some(codes) => view! { <ShowRecoveryCodes codes email safekeeping open /> }.into_any(),
                None => view! {
                    <Form task=confirm>
                        <p>{t().codes_confirm_intro()}</p>
                        <StepUpFields task=confirm email asks_code />
                        <div class="dialog__actions">
                            {cancel_button(open)}
                            <Button
                                label=t().codes_create()
                                pending=confirm.pending()
                                pending_label=t().enrolment_checking()
                            />
                        </div>
                    </Form>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
