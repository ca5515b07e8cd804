//! Dialogs of one form: what they are about, proof that the person is still there where that is needed, one button.

use leptos::prelude::*;

use super::form::Form;
use super::step_up::{StepUpFields, asks_code};
use super::task::Task;
use crate::ui::{Button, Dialog, Kind, cancel_button};

/// Who has to prove that they are still there.
#[derive(Clone, Copy)]
pub(crate) struct Prover {
    /// Their address, for password managers.
    pub(crate) email: Signal<String>,
    /// Whether a code is due besides the password.
    pub(crate) code_due: Signal<bool>,
    /// What the field of the password is called where there is another one too.
    pub(crate) password_label: Option<&'static str>,
}

/// What differs from dialog to dialog.
#[derive(Clone, Copy)]
pub(crate) struct FormDialog {
    /// Whether it is open; the task closes it.
    pub(crate) open: RwSignal<bool>,
    /// Its title.
    pub(crate) title: &'static str,
    /// What it does.
    pub(crate) task: Task,
    /// Words, and fields besides the proof.
    pub(crate) content: Callback<(), AnyView>,
    /// Who proves it; nobody where no step-up is needed.
    pub(crate) prover: Option<Prover>,
    /// The button.
    pub(crate) label: &'static str,
    /// Its kind.
    pub(crate) kind: Kind,
}

/// Draws it.
pub(crate) fn form_dialog(it: FormDialog) -> AnyView {
    let FormDialog {
        open,
        title,
        task,
        content,
        prover,
        label,
        kind,
    } = it;
    let prover = prover.map(|it| (it, asks_code(open, it.code_due, task)));
    let on_closed = Callback::new(move |()| task.clear());
    view! {
        <Dialog open title=Signal::stored(title) on_closed>
            <Form task>
                {content.run(())}
                {prover.map(|(it, asks_code)| view! {
                    <StepUpFields task email=it.email asks_code password_label=it.password_label />
                })}
                <div class="dialog__actions">
                    {cancel_button(open)}
                    <Button label kind pending=task.pending() />
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}
