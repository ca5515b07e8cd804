//! One call to the server: whether it is running, and how it was refused.
//!
//! Forms and reads share this one piece of machinery instead of an `Action` or a resource for each: the same rules
//! (what was begun is not aborted by leaving the page, an old answer stays while a new one is fetched) in a fraction
//! of the download, see docs/performance.md.

use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_values::{Values, input_name};
use crate::error::{ApiError, Field, Problem};
use crate::messages;
use crate::text::t;

/// What is done with the values of a form.
type TaskFuture = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// One thing that is asked of the server.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    work: StoredValue<Arc<dyn Fn(Values) -> TaskFuture>, LocalStorage>,
    fields: &'static [Field],
    is_judged_whole: bool,
    pending: RwSignal<bool>,
    refusal: RwSignal<Option<ApiError>>,
    /// The fields of the refusal that were typed into since.
    corrected: RwSignal<Vec<Field>>,
}

impl Task {
    /// What a form of these fields, in the order of the page, asks for.
    pub(crate) fn of_form<F>(fields: &'static [Field], work: impl Fn(Values) -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        Self {
            work: StoredValue::new_local(Arc::new(move |values| {
                Box::pin(work(values)) as TaskFuture
            })),
            fields,
            is_judged_whole: false,
            pending: RwSignal::new(false),
            refusal: RwSignal::new(None),
            corrected: RwSignal::new(Vec::new()),
        }
    }

    /// What a form asks for whose every field the server judges before it does anything. It is asked with empty fields,
    /// too: only so are these, and others that are wrong, named at once.
    pub(crate) fn of_whole_form<F>(
        fields: &'static [Field],
        work: impl Fn(Values) -> F + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        Self {
            is_judged_whole: true,
            ..Self::of_form(fields, work)
        }
    }

    /// What is asked without a form.
    pub(crate) fn new<F>(work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        Self::of_form(&[], move |_| work())
    }

    /// Asks.
    pub(crate) fn start(self) {
        self.run(Values::default());
    }

    /// Asks with what a form holds; once at a time.
    pub(crate) fn submit(self, form: &web_sys::HtmlFormElement) {
        if self.pending.get_untracked() {
            return;
        }
        let values = Values::read(form, self.fields);
        match values.check() {
            Err(error) if !self.is_judged_whole => self.refuse(Some(error)),
            Ok(()) | Err(_) => self.run(values),
        }
    }

    fn run(self, values: Values) {
        // Gone with its page, when the one who starts it has waited for something else before.
        let Some(work) = self.work.try_get_value() else {
            return;
        };
        let work = work(values);
        self.pending.set(true);
        // Not tied to the page: the server may act on it even when nobody waits for the answer any more.
        spawn_local(async move {
            let refusal = work.await.err();
            self.refuse(refusal);
            self.pending.set(false);
        });
    }

    fn refuse(self, refusal: Option<ApiError>) {
        self.corrected.update(Vec::clear);
        self.refusal.set(refusal);
    }

    /// Somebody types into a field: what was wrong with it is not said of what stands there now.
    pub(crate) fn correct(self, name: &str) {
        let field = self.fields.iter().find(|it| input_name(**it) == name);
        if let Some(field) = field
            && self.refusal.with_untracked(Option::is_some)
            && !self.corrected.with_untracked(|it| it.contains(field))
        {
            self.corrected.update(|it| it.push(*field));
        }
    }

    /// Whether the form has this field.
    pub(crate) fn asks_for(self, field: Field) -> bool {
        self.fields.contains(&field)
    }

    /// Whether an answer is due.
    pub(crate) fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Forgets the last refusal; for a form that is shown again.
    pub(crate) fn clear(self) {
        self.refuse(None);
    }

    /// The last refusal.
    pub(crate) fn refusal(self) -> Option<ApiError> {
        self.refusal.get()
    }

    /// What the last refusal says beside a field.
    pub(crate) fn error_beside(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let is_corrected = self.corrected.read().contains(&field);
            self.refusal()
                .filter(|_| !is_corrected)
                .and_then(|error| messages::beside(&error, field))
        })
    }

    /// The same beside the password of somebody who chooses their first one: it is not one that they have.
    pub(crate) fn error_beside_new_password(self) -> Signal<Option<String>> {
        let beside = self.error_beside(Field::Password);
        Signal::derive(move || {
            let is_missing = matches!(
                self.refusal(),
                Some(ApiError::InvalidFields { fields }) if fields.iter().any(|it| {
                    it.field == Field::Password && it.problem == Problem::Missing
                })
            );
            let said = beside.get();
            if is_missing && said.is_some() {
                return Some(t().problem_missing_first_password().to_owned());
            }
            said
        })
    }

    /// What the last refusal says when it is about no field of the form.
    pub(crate) fn general_error(self) -> Option<AnyView> {
        let error = self.refusal()?;
        let is_beside = self
            .fields
            .iter()
            .any(|field| messages::beside(&error, *field).is_some());
        (!is_beside).then(|| messages::sentence(&error))
    }
}
