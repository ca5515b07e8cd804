//! The owner lets somebody set up a first factor without a code from their mailbox, where none reaches them or their address
//! proves nothing. The operator has the same way (`first_factor::allowance`).

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::on_member::{OnMember, Rule};
use crate::first_factor::allowance::{self, AllowedBy};
use crate::letters::{Letter, in_letter};
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::{Outcome, Services};
use domain::roles::Action;
use domain::team;
use storage::users::lock_user;

const RULE: Rule = Rule {
    right: Action::AllowFirstFactor,
    denial: team::allow_first_factor,
};

/// Lets a user of the account in, for 30 minutes and for the next browser that signs in.
///
/// # Errors
/// The owner can, for somebody who belongs to this account alone, never had a factor, and whom no code reaches or whose
/// address is not proven. A code that was given is spent all the same.
pub async fn allow(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let OnMember { change, member, .. } =
        OnMember::begin(services, caller, (account, user), &RULE, given).await?;
    let other = lock_user(change.db(), user)
        .await?
        .ok_or(Refusal::NotFound)?;
    let by = AllowedBy::Owner {
        account: member.account.id,
        owner: caller.user.id,
    };
    allowance::allow(&change, &other, by).await?;
    let letter = Letter::FirstFactorAllowedToMember {
        account: &member.account.name,
        name: &other.name,
        email: in_letter(&other.email),
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    Ok(())
}
