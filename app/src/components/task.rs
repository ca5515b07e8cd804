//! One call to the server: whether it is running, and how it was refused.
//!
//! Forms and reads share this one piece of machinery instead of an `Action` or a resource for each: the same rules
//! (what was begun is not aborted by leaving the page, an old answer stays while a new one is fetched) in a fraction
//! of the download, see docs/performance.md.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_values::{Values, input_name};
use crate::browser;
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
    wait: RwSignal<Wait>,
}

/// The wait that a refusal names, counted down.
#[derive(Clone, Copy, Default)]
struct Wait {
    /// Seconds that are left; 0 without one.
    left: u32,
    /// Whether asking again would be refused: nothing was changed since.
    is_held: bool,
    /// Whether one is over, and nothing was asked since.
    is_over: bool,
    /// Which of them this is: an earlier one counts no more.
    turn: u32,
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
            wait: RwSignal::new(Wait::default()),
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
        let mut named = refusal.clone();
        let wait = named.as_mut().and_then(ApiError::named_wait);
        let seconds = wait.map_or(0, |wait| *wait);
        let turn = self.begin_wait(seconds);
        self.refusal.set(refusal);
        if let Some(turn) = turn {
            let until = browser::now().seconds() + i64::from(seconds);
            self.count_down(until, turn);
        }
    }

    /// Begins with the wait of a refusal, and gives its turn; without one, ends the one before. None where the page is gone.
    fn begin_wait(self, seconds: u32) -> Option<u32> {
        let turn = self.wait.try_get_untracked()?.turn.wrapping_add(1);
        self.wait.set(Wait {
            left: seconds,
            is_held: seconds > 0,
            is_over: false,
            turn,
        });
        (seconds > 0).then_some(turn)
    }

    /// Counts each second until a moment of the browser's clock; a page that slept goes on with what is left then.
    fn count_down(self, until: i64, turn: u32) {
        let tick = move || {
            let wait = self.wait.try_get_untracked();
            if wait.is_none_or(|wait| wait.turn != turn) {
                return;
            }
            let left = until - browser::now().seconds();
            let left = u32::try_from(left).unwrap_or_default();
            if left > 0 {
                self.wait.update(|wait| wait.left = left);
                self.count_down(until, turn);
            } else {
                self.refuse(None);
                self.wait.update(|wait| wait.is_over = true);
            }
        };
        set_timeout(tick, Duration::from_secs(1));
    }

    /// Somebody types into a field: what was wrong with it is not said of what stands there now.
    pub(crate) fn correct(self, name: &str) {
        let field = self.fields.iter().find(|it| input_name(**it) == name);
        // Another name or code may not have to wait.
        if field.is_some() && self.wait.get_untracked().is_held {
            self.wait.update(|wait| wait.is_held = false);
        }
        if let Some(field) = field
            && self.refusal.with_untracked(Option::is_some)
            && !self.corrected.with_untracked(|it| it.contains(field))
        {
            self.corrected.update(|it| it.push(*field));
        }
    }

    /// Whether asking the same again would be refused, since a wait is not over.
    pub(crate) fn is_held(self) -> Signal<bool> {
        Signal::derive(move || self.wait.get().is_held)
    }

    /// Whether a wait is over, and nothing was asked since.
    pub(crate) fn may_ask_again(self) -> bool {
        self.wait.get().is_over
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
        (!is_beside).then(|| self.words(error))
    }

    /// What a refusal says. Where it names a wait, that is counted in its place, and not read out again each second.
    fn words(self, error: ApiError) -> AnyView {
        if error.clone().named_wait().is_none() {
            return messages::sentence(&error);
        }
        let counted = move || {
            let mut error = error.clone();
            if let Some(wait) = error.named_wait() {
                *wait = self.wait.get().left;
            }
            messages::sentence(&error)
        };
        view! { <div aria-live="off">{counted}</div> }.into_any()
    }
}
