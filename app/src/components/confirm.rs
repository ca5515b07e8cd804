//! One dialog for every act that is confirmed, with a step-up where the act takes one.

use leptos::prelude::*;

use super::form::Form;
use super::step_up::{StepUpFields, asks_code};
use super::task::Task;
use crate::ui::{Button, Dialog, Kind, cancel_button, live};

/// What the dialog says when it opens.
pub(crate) struct Said {
    /// What the act does. Where it has no field, its first paragraph takes the focus.
    pub(crate) body: AnyView,
    /// The button, which names its object.
    pub(crate) label: String,
    /// How the button looks.
    pub(crate) kind: Kind,
    /// Whether the password is asked for, which may depend on what is chosen in the body.
    pub(crate) proof: Signal<bool>,
}

/// The dialog.
#[derive(Clone, Copy)]
pub(crate) struct Confirm {
    open: RwSignal<bool>,
    title: Signal<&'static str>,
    task: Task,
    said: Callback<(), Said>,
    email: Signal<String>,
    code_due: Signal<bool>,
    /// Fields that come after the proof.
    after: Option<Callback<(), AnyView>>,
}

impl Confirm {
    /// A dialog without a step-up.
    pub(crate) fn new(
        open: RwSignal<bool>,
        title: &'static str,
        task: Task,
        said: Callback<(), Said>,
    ) -> Self {
        Self {
            open,
            title: Signal::stored(title),
            task,
            said,
            email: Signal::stored(String::new()),
            code_due: Signal::stored(false),
            after: None,
        }
    }

    /// With a title that depends on what is to be done when it opens.
    pub(crate) fn with_title(self, title: Signal<&'static str>) -> Self {
        Self { title, ..self }
    }

    /// With fields below the step-up: what is new comes after what holds now.
    pub(crate) fn with_fields_after(self, after: Callback<(), AnyView>) -> Self {
        Self {
            after: Some(after),
            ..self
        }
    }

    /// With a step-up, where `Said` asks for it: whose password it is, and whether a code is due.
    pub(crate) fn with_proof(self, email: Signal<String>, code_due: Signal<bool>) -> Self {
        Self {
            email,
            code_due,
            ..self
        }
    }
}

/// Draws it.
pub(crate) fn confirm_dialog(confirm: Confirm) -> AnyView {
    let Confirm {
        open, title, task, ..
    } = confirm;
    let asks_code = asks_code(open, confirm.code_due, task);
    let on_closed = Callback::new(move |()| task.clear());
    view! {
        <Dialog open title on_closed>{live(move || confirm_form(confirm, asks_code))}</Dialog>
    }
    .into_any()
}

/// Its content, for a dialog that has other steps as well.
pub(crate) fn confirm_form(confirm: Confirm, asks_code: Memo<bool>) -> AnyView {
    let Confirm {
        open, task, email, ..
    } = confirm;
    let Said {
        body,
        label,
        kind,
        proof,
    } = untrack(move || confirm.said.run(()));
    view! {
        <Form task>
            {body}
            {live(move || proof.get().then(|| view! { <StepUpFields task email asks_code /> }.into_any()))}
            {confirm.after.map(|after| untrack(|| after.run(())))}
            <div class="dialog__actions">
                {cancel_button(open)}
                <Button label kind pending=task.pending() />
            </div>
        </Form>
    }
    .into_any()
}
