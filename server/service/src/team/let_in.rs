//! Opening an account to somebody before the day after their reset is over: another account had offered it, and this one
//! waits until its owner has read the letter.

use app::types::account::AccountRef;
use app::types::ids::UserId;
use app::types::two_factor::StepUp;

use super::on_member::{OnMember, Rule};
use crate::audit::Event;
use crate::letters::Letter;
use crate::sessions::SignedIn;
use crate::{Outcome, Services};
use domain::roles::{Action, Denial};
use domain::team;
use storage::memberships::open_at_once;

const RULE: Rule = Rule {
    right: Action::ReadUsers,
    denial: team::let_in,
};

/// Opens the account to a user of it.
///
/// # Errors
/// Owner and administrators can, for others; where it is open there is nothing to do. A code that was given is spent all
/// the same.
pub async fn let_in(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    user: UserId,
    given: &StepUp,
) -> Outcome<()> {
    let OnMember {
        change,
        member,
        row,
    } = OnMember::begin(services, caller, (account, user), &RULE, given).await?;
    if !open_at_once(change.db(), member.account.id, user, services.now()).await? {
        return Err(Denial::OpenAlready.into());
    }
    let about = member.about(&row);
    change.record(&Event::LetIn, about).await?;
    let letter = Letter::LetIn {
        account: &member.account.name,
        by: &caller.user.name,
    };
    change.queue(&row, &letter).await?;
    change.commit().await?;
    Ok(())
}
