//! A list that is read page by page.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::types::activity::ActivityPage;
use crate::types::team::UsersPage;

/// An answer of the server that is a page of a list.
pub(crate) trait ListPage: Send + Sync + 'static {
    /// Puts the entries of the pages before it in front of its own. All else stays as this page, the newer one, says.
    fn follow(&mut self, before: Self);
}

impl ListPage for ActivityPage {
    fn follow(&mut self, mut before: Self) {
        before.events.append(&mut self.events);
        self.events = before.events;
    }
}

impl ListPage for UsersPage {
    fn follow(&mut self, mut before: Self) {
        before.users.append(&mut self.users);
        self.users = before.users;
    }
}

/// What a list shows so far. Only the newest read counts: an answer that comes after a later question is dropped, so
/// that it neither replaces a newer list nor is put at its end.
pub(crate) struct Paged<P: ListPage> {
    shown: RwSignal<Option<P>>,
    /// How many reads were begun.
    reads: StoredValue<u32>,
}

// Derived, they would demand the same of the page.
impl<P: ListPage> Clone for Paged<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: ListPage> Copy for Paged<P> {}

impl<P: ListPage> Paged<P> {
    /// Nothing was read yet.
    pub(crate) fn new() -> Self {
        Self {
            shown: RwSignal::new(None),
            reads: StoredValue::new(0),
        }
    }

    /// The pages so far as one, once the first has come.
    pub(crate) fn shown(self) -> ReadSignal<Option<P>> {
        self.shown.read_only()
    }

    /// Reads the list anew. Returns whether the answer is shown, and not overtaken.
    pub(crate) async fn read<F>(self, ask: impl FnOnce() -> F) -> Result<bool, ApiError>
    where
        F: Future<Output = Result<P, ApiError>>,
    {
        let number = self.next();
        let answer = ask().await;
        if !self.is_newest(number) {
            return Ok(false);
        }
        self.shown.set(Some(answer?));
        Ok(true)
    }

    /// Reads the page after those that are shown; `ask` is given them. Returns whether the answer is shown.
    pub(crate) async fn read_more<F>(self, ask: impl FnOnce(&P) -> F) -> Result<bool, ApiError>
    where
        F: Future<Output = Result<P, ApiError>>,
    {
        let number = self.next();
        let Some(asking) = self.shown.with_untracked(|shown| shown.as_ref().map(ask)) else {
            return Ok(false);
        };
        let answer = asking.await;
        if !self.is_newest(number) {
            return Ok(false);
        }
        let mut page = answer?;
        self.shown.update(|shown| {
            if let Some(before) = shown.take() {
                page.follow(before);
            }
            *shown = Some(page);
        });
        Ok(true)
    }

    fn next(self) -> u32 {
        let number = self.reads.get_value().wrapping_add(1);
        self.reads.set_value(number);
        number
    }

    /// Not when another read was begun since, nor when the list is gone with its page.
    fn is_newest(self, number: u32) -> bool {
        self.reads.try_get_value() == Some(number)
    }
}
