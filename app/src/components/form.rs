//! Forms: read on submit, sent once at a time, refusals beside the field that caused them.

use std::pin::Pin;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::browser;
use crate::error::{ApiError, Field, FieldError, Problem};
use crate::messages;
use crate::types::secret_text::SecretText;
use crate::ui::{Tone, alert};

/// What a form does with its values.
type Work = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// What was typed into a form when it was submitted.
#[derive(Clone)]
pub(crate) struct Values(Vec<(Field, SecretText)>);

impl Values {
    fn read(form: &HtmlFormElement, fields: &[Field]) -> Self {
        let Ok(data) = FormData::new_with_form(form) else {
            return Self(Vec::new());
        };
        let value = |field| {
            data.get(input_name(field))
                .as_string()
                .map(|text| (field, SecretText::new(text)))
        };
        Self(fields.iter().copied().filter_map(value).collect())
    }

    /// A field as typed; nothing where the form does not show it now.
    pub(crate) fn get(&self, field: Field) -> Option<SecretText> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
    }

    /// A field that the form always shows.
    pub(crate) fn secret(&self, field: Field) -> SecretText {
        self.get(field).unwrap_or_default()
    }

    /// A field that is no secret.
    pub(crate) fn text(&self, field: Field) -> String {
        self.secret(field).expose().to_owned()
    }

    /// Fields left empty are said without asking the server.
    fn check(&self) -> Result<(), ApiError> {
        let empty = |(field, value): &(Field, SecretText)| {
            value.expose().trim().is_empty().then_some(FieldError {
                field: *field,
                problem: Problem::Missing,
            })
        };
        let fields: Vec<_> = self.0.iter().filter_map(empty).collect();
        if fields.is_empty() {
            Ok(())
        } else {
            Err(ApiError::InvalidFields { fields })
        }
    }
}

/// The `name` of a field's input: what password managers and autofill go by.
pub(crate) const fn input_name(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Email => "email",
        Field::AccountName => "organization",
        Field::Password => "password",
        Field::Code => "otp",
        Field::RecoveryCode => "recovery-code",
    }
}

/// One form: what it shows, what it does, and how that went.
#[derive(Clone, Copy)]
pub(crate) struct Submission {
    action: Action<Values, Result<(), ApiError>>,
    fields: &'static [Field],
}

impl Submission {
    /// A form of these fields, in the order of the page.
    pub(crate) fn new<F>(fields: &'static [Field], work: impl Fn(Values) -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        Self::of_boxed(fields, Box::new(move |values| Box::pin(work(values))))
    }

    /// One copy of the machinery for every form.
    fn of_boxed(fields: &'static [Field], work: Box<dyn Fn(Values) -> Work>) -> Self {
        let action = Action::new_unsync(move |values: &Values| {
            let checked = values.check();
            let work = checked.is_ok().then(|| work(values.clone()));
            async move {
                match work {
                    Some(work) => work.await,
                    None => checked,
                }
            }
        });
        Self { action, fields }
    }

    /// Whether an answer is still due.
    pub(crate) fn pending(self) -> Signal<bool> {
        self.action.pending().into()
    }

    /// Forgets the last answer; for a form that is shown anew.
    pub(crate) fn clear(self) {
        self.action.clear();
    }

    /// The last refusal.
    pub(crate) fn refusal(self) -> Option<ApiError> {
        self.action.value().get().and_then(Result::err)
    }

    /// What the last refusal says beside a field.
    pub(crate) fn error_beside(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refusal()
                .and_then(|error| messages::beside(&error, field))
        })
    }

    /// What the last refusal says when it is about no field of this form.
    fn general_error(self) -> Option<String> {
        let error = self.refusal()?;
        let is_beside = self
            .fields
            .iter()
            .any(|field| messages::beside(&error, *field).is_some());
        (!is_beside).then(|| messages::sentence(&error))
    }

    fn submit(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        if self.action.pending().get_untracked() {
            return;
        }
        if let Some(form) = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlFormElement>().ok())
        {
            self.action.dispatch_local(Values::read(&form, self.fields));
        }
    }
}

/// A real form, so that password managers and the Enter key work. A refusal about no field stands at its top.
#[component]
pub(crate) fn Form(submission: Submission, children: Children) -> AnyView {
    let node = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if submission.refusal().is_some() {
            // The fields say `aria-invalid` only after this turn.
            request_animation_frame(move || {
                if let Some(form) = node.try_get_untracked().flatten() {
                    browser::focus_first_invalid(&form);
                }
            });
        }
    });
    view! {
        <form class="form" method="post" novalidate node_ref=node on:submit=move |event| submission.submit(&event)>
            {move || submission.general_error().map(|text| alert(Tone::Danger, text.into_any()))}
            {children()}
        </form>
    }
    .into_any()
}
