//! The unit of work of a use case: one write transaction, with who acts in it and whom its commit wakes.
//!
//! An act begins a change, does everything through it and commits it. What it stores, records, mails and ends is there
//! together or not at all: a change that is dropped leaves nothing. The commit wakes the workers that have got something to
//! do, so no use case wakes them. docs/decisions/0044-one-unit-of-work.md

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};

use app::types::ids::UserId;

use super::audit::Actor;
use super::principal::Principal;
use super::refusal::Refusal;
use super::step_up::Proven;
use super::{Failure, Fault, Outcome, Services, Visitor};
use storage::users::User;
use storage::{Stored, WriteTransaction, begin_savepoint};

/// Where something comes from that the log shows no place for.
pub static NOWHERE: Visitor = Visitor {
    address: String::new(),
    browser: String::new(),
};

/// A write transaction, who acts in it and whom its commit wakes.
pub struct Change<'a> {
    /// What every use case works with.
    pub services: &'a Services,
    transaction: WriteTransaction,
    actor: Option<Actor<'a>>,
    visitor: &'a Visitor,
    proven: Option<Proven>,
    has_mail: AtomicBool,
    has_announcement: AtomicBool,
}

impl<'a> Change<'a> {
    async fn begin(
        services: &'a Services,
        actor: Option<Actor<'a>>,
        visitor: &'a Visitor,
        proven: Option<Proven>,
    ) -> Stored<Self> {
        Ok(Self {
            services,
            transaction: services.database.begin_write().await?,
            actor,
            visitor,
            proven,
            has_mail: AtomicBool::new(false),
            has_announcement: AtomicBool::new(false),
        })
    }

    /// Begins a change of somebody who is signed in, and of whoever has stolen their session: each act that does says in
    /// `tests/architecture/acts.rs` why the session is enough.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn by_session(services: &'a Services, caller: &'a Principal) -> Stored<Self> {
        Self::begin(services, Some(Actor::of(caller)), &caller.visitor, None).await
    }

    /// Begins a change of somebody who has shown that they are present, once for each time that they have: `sessions::still`
    /// asks in it whether that still holds.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn proven(
        services: &'a Services,
        caller: &'a Principal,
        proven: Proven,
    ) -> Stored<Self> {
        Self::where_due(services, caller, Some(proven)).await
    }

    /// The same for an act that takes a step-up only where one is due, which [`Change::require_step_up`] asks again in it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn where_due(
        services: &'a Services,
        caller: &'a Principal,
        proven: Option<Proven>,
    ) -> Stored<Self> {
        Self::begin(services, Some(Actor::of(caller)), &caller.visitor, proven).await
    }

    /// Refuses an act for which a step-up is due now, though none was when it began.
    ///
    /// # Errors
    /// `StepUpNeeded`.
    pub const fn require_step_up(&self, is_due: bool) -> Result<(), Refusal> {
        match (is_due, &self.proven) {
            (true, None) => Err(Refusal::StepUpNeeded),
            (false, _) | (true, Some(_)) => Ok(()),
        }
    }

    /// Begins a change of somebody who is not signed in: what they do is recorded for the user whom it is about.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn by_visitor(services: &'a Services, visitor: &'a Visitor) -> Stored<Self> {
        Self::begin(services, None, visitor, None).await
    }

    /// Begins a change of the operator.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn by_operator(services: &'a Services) -> Stored<Self> {
        Self::begin(services, Some(Actor::Operator), &NOWHERE, None).await
    }

    /// Begins a change of the server itself, in the background.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn by_server(services: &'a Services) -> Stored<Self> {
        Self::begin(services, None, &NOWHERE, None).await
    }

    /// The connection for what is read and written in it.
    pub const fn db(&self) -> &WriteTransaction {
        &self.transaction
    }

    /// Where it comes from.
    pub const fn visitor(&self) -> &'a Visitor {
        self.visitor
    }

    /// Who acts.
    ///
    /// # Errors
    /// A fault where nobody is signed in.
    pub fn actor(&self) -> Outcome<Actor<'a>> {
        let nobody = Failure::Fault(Fault::Broken("nobody acts in this change"));
        self.actor.ok_or(nobody)
    }

    /// A user who acts in it without being signed in, or whose name has changed in it.
    pub const fn actor_as<'u>(&self, id: UserId, name: &'u str) -> Actor<'u>
    where
        'a: 'u,
    {
        let credential = match self.actor {
            Some(Actor::User { credential, .. }) => credential,
            Some(Actor::Operator) | None => None,
        };
        Actor::User {
            id,
            name,
            visitor: self.visitor,
            credential,
        }
    }

    /// Who acts; the user whom it is about where nobody is signed in, since a mailed link signs nobody in.
    pub fn actor_or<'u>(&self, user: &'u User) -> Actor<'u>
    where
        'a: 'u,
    {
        self.actor
            .unwrap_or_else(|| self.actor_as(user.id, &user.name))
    }

    /// The step-up that it rests on, if it does.
    pub const fn step_up(&self) -> Option<&Proven> {
        self.proven.as_ref()
    }

    /// Has the commit wake the mail worker: a letter was queued.
    pub(super) fn note_mail(&self) {
        self.has_mail.store(true, Ordering::Relaxed);
    }

    /// Has the commit wake the writer of announcements: one was stored.
    pub(super) fn note_announcement(&self) {
        self.has_announcement.store(true, Ordering::Relaxed);
    }

    /// Stores everything, and wakes whoever has something to do then.
    ///
    /// # Errors
    /// When the database could not: nothing is stored.
    pub async fn commit(self) -> Stored<()> {
        self.transaction.commit().await?;
        if self.has_announcement.into_inner() {
            self.services.announced.notify_one();
        }
        if self.has_mail.into_inner() {
            self.services.mail_queued.notify_one();
        }
        Ok(())
    }

    /// Stores what was counted, although the act is refused; gives the refusal, or the fault of the database.
    pub async fn refuse(self, refusal: impl Into<Failure>) -> Failure {
        match self.commit().await {
            Ok(()) => refusal.into(),
            Err(error) => error.into(),
        }
    }

    /// The same for what a step of the act has given: where that is a fault, nothing is stored.
    pub async fn keep_spent(self, failure: Failure) -> Failure {
        match failure {
            Failure::Refused(refusal) => self.refuse(refusal).await,
            Failure::Fault(_) => failure,
        }
    }

    /// Sets a savepoint.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn savepoint(&self) -> Stored<Savepoint<'_>> {
        let inner = Change {
            services: self.services,
            transaction: begin_savepoint(&self.transaction).await?,
            actor: self.actor,
            visitor: self.visitor,
            proven: None,
            has_mail: AtomicBool::new(false),
            has_announcement: AtomicBool::new(false),
        };
        Ok(Savepoint { outer: self, inner })
    }
}

/// A part of a change. Its work is always done and then kept or rolled back, so both take the same time and an answer does
/// not tell which it was.
pub struct Savepoint<'c> {
    outer: &'c Change<'c>,
    inner: Change<'c>,
}

impl<'c> Deref for Savepoint<'c> {
    type Target = Change<'c>;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl Savepoint<'_> {
    /// Releases the savepoint (its work is kept with the change) or rolls back to it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn end(self, is_kept: bool) -> Stored<()> {
        let Self { outer, inner } = self;
        if !is_kept {
            inner.transaction.rollback().await?;
            return Ok(());
        }
        inner.transaction.commit().await?;
        if inner.has_mail.into_inner() {
            outer.note_mail();
        }
        if inner.has_announcement.into_inner() {
            outer.note_announcement();
        }
        Ok(())
    }
}
