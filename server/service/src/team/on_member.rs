//! An act on another user of an account that takes a step-up: what comes before it, the same for each.

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::{admit_locked_with, find_other, refuse};
use crate::accounts::{Member, admit};
use crate::change::Change;
use crate::principal::Principal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::roles::{Action, Denial, Roles};
use domain::team::Other;
use storage::ConnectionTrait;
use storage::team::TeamMember;

/// What says whether an act may be done.
pub(super) struct Rule {
    /// What a member has to be allowed, to be told why they may not do the rest.
    pub(super) right: Action,
    /// Why not, if not.
    pub(super) denial: fn(Roles, Other) -> Option<Denial>,
}

impl Rule {
    async fn check(
        &self,
        services: &Services,
        db: &impl ConnectionTrait,
        member: &Member,
        (caller, user): (&Principal, UserId),
    ) -> Outcome<TeamMember> {
        member.may(self.right)?;
        let (row, other) = find_other(services, db, member, caller, user).await?;
        refuse((self.denial)(member.roles, other))?;
        Ok(row)
    }
}

/// An act that may be done: account, both users and session are locked until its change ends.
pub(super) struct OnMember<'a> {
    /// The change of the act.
    pub(super) change: Change<'a>,
    /// Who acts.
    pub(super) member: Member,
    /// Who it is done to.
    pub(super) row: TeamMember,
}

impl<'a> OnMember<'a> {
    /// Asks the rule, takes the step-up, and asks the rule again with everything locked.
    ///
    /// # Errors
    /// What the rule denies, before a code is looked at; as [`prove`]. A code that was given is spent all the same.
    pub(super) async fn begin(
        services: &'a Services,
        caller: &'a SignedIn,
        (account, user): (AccountRef, UserId),
        rule: &Rule,
        given: &StepUp,
    ) -> Outcome<Self> {
        let db = services.database.read();
        let member = admit(services, caller, account).await?;
        rule.check(services, db, &member, (caller, user)).await?;
        let proven = prove(services, caller, given).await?;
        let change = Change::proven(services, caller, proven).await?;
        let account = AccountRef::Id(member.account.id);
        let member = admit_locked_with(&change, caller, account, user).await?;
        let row = rule.check(services, change.db(), &member, (caller, user));
        let row = row.await?;
        Ok(Self {
            change,
            member,
            row,
        })
    }
}
