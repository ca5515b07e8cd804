//! The audit log: its lines are added here, and read for people.

mod operator;
mod reading;

use app::types::ids::{AccountId, UserId};

use super::change::{Change, NOWHERE};
use super::principal::{Credential, Principal};
use super::{Outcome, Visitor};
use storage::audit::{AuditRow, insert_audit_event};
use storage::deleted_accounts::all_accounts_of;
use storage::users::User;

pub use app::events::Event;

pub use self::operator::{note, note_by_operator, record_by_operator};
pub use self::reading::{detail_in_words, name_in, page_of, sentence_of, shown};

/// Who did it.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A user, in a browser.
    User {
        /// Who.
        id: UserId,
        /// Their name now.
        name: &'a str,
        /// From where.
        visitor: &'a Visitor,
        /// By which credential; none where they have not signed in yet.
        credential: Option<Credential>,
    },
    /// The operator, at the command line.
    Operator,
}

impl<'a> Actor<'a> {
    /// The same, without the place that they did it from.
    #[must_use]
    const fn without_place(self) -> Self {
        match self {
            Self::User {
                id,
                name,
                credential,
                ..
            } => Self::User {
                id,
                name,
                visitor: &NOWHERE,
                credential,
            },
            Self::Operator => Self::Operator,
        }
    }

    /// Whoever asks.
    pub fn of(caller: &'a Principal) -> Self {
        Self::User {
            id: caller.user.id,
            name: &caller.user.name,
            visitor: &caller.visitor,
            credential: Some(caller.credential),
        }
    }
}

/// Whom it was done to, and in which account.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// In which account, where it was in one.
    pub account: Option<AccountId>,
    /// Whom, with their name now.
    pub subject: Option<(UserId, &'a str)>,
}

impl<'a> About<'a> {
    /// Nobody in particular, in no account.
    pub const NOTHING: Self = Self {
        account: None,
        subject: None,
    };

    /// Something in an account, done to nobody in particular.
    pub const fn account(account: AccountId) -> Self {
        Self {
            account: Some(account),
            subject: None,
        }
    }

    /// Something done to a user.
    pub fn user(user: &'a User) -> Self {
        Self {
            account: None,
            subject: Some((user.id, &user.name)),
        }
    }

    /// The same in an account.
    #[must_use]
    pub const fn within(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}

impl Change<'_> {
    /// Adds a line to the log about what whoever acts has done.
    ///
    /// # Errors
    /// Faults.
    pub async fn record(&self, event: &Event, about: About<'_>) -> Outcome<()> {
        self.record_by(self.actor()?, event, about).await
    }

    /// Adds a line about what somebody else did, or whoever acts under another name.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn record_by(
        &self,
        actor: Actor<'_>,
        event: &Event,
        about: About<'_>,
    ) -> Outcome<()> {
        let (actor_kind, actor_id, actor_name, address, browser) = match actor {
            Actor::User {
                id,
                name,
                visitor,
                // A line does not name the session, which is the only credential.
                credential: None | Some(Credential::Session(_)),
            } => (
                "user",
                Some(id),
                name,
                visitor.address.as_str(),
                visitor.browser.as_str(),
            ),
            Actor::Operator => ("operator", None, "", "", ""),
        };
        let row = AuditRow {
            id: self.services.new_uuid(),
            at: self.services.now(),
            kind: event.kind().word(),
            actor_kind,
            actor_id,
            actor_name,
            account_id: about.account,
            subject_id: about.subject.map(|(id, _)| id),
            subject_name: about.subject.map_or("", |(_, name)| name),
            address,
            browser,
            data: event.data(),
        };
        insert_audit_event(self.db(), row).await?;
        self.services.metrics.count_added_line();
        let user = about.subject.or(actor_id.map(|id| (id, actor_name)));
        match user {
            Some((id, _))
                if about.account.is_none() && event.kind().concerns_accounts_of_user() =>
            {
                Box::pin(self.tell_accounts(id, actor, event, about)).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds a line to the log of an account about what was done, but not in this account: it follows from an act of a user on
    /// themselves, or in another account. From where that was done is not this account's to know, so the line has no place.
    ///
    /// # Errors
    /// Faults.
    pub async fn record_for(
        &self,
        account: AccountId,
        actor: Actor<'_>,
        event: &Event,
        about: About<'_>,
    ) -> Outcome<()> {
        self.record_by(actor.without_place(), event, about.within(account))
            .await
    }

    /// Adds the same line to the log of each account of a user: it was done in none of them.
    async fn tell_accounts(
        &self,
        user: UserId,
        actor: Actor<'_>,
        event: &Event,
        about: About<'_>,
    ) -> Outcome<()> {
        for account in all_accounts_of(self.db(), user).await? {
            self.record_for(account.id, actor, event, about).await?;
        }
        Ok(())
    }

    /// Adds a line about what a user did, or what was done with their address and password, in no account.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn record_own(&self, user: &User, event: &Event) -> Outcome<()> {
        let actor = self.actor_as(user.id, &user.name);
        self.record_by(actor, event, About::NOTHING).await
    }
}
