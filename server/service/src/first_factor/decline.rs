//! "I do not want a second factor": after a reset, when each sign-in takes a mailed link until a factor is on.

use crate::refusal::Refusal;
use app::types::account::RequiringAccount;
use app::types::secret_text::SecretText;
use app::types::two_factor::{MailboxAct, StepUp};

use super::enter;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::principal::Principal;
use crate::sessions::{self, SignedIn};
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::first_factor::admit;
use storage::ConnectionTrait;
use storage::accounts::accounts_of;
use storage::users::set_sign_in_link_due;

/// Ends the mailed links of sign-ins for a user who wants no factor.
///
/// # Errors
/// `NotFound` where no link is due; `TwoFactorRequired` where an account of theirs requires a factor, now or later; what
/// [`enter`] refuses.
pub async fn decline(
    services: &Services,
    caller: &SignedIn,
    given: &StepUp,
    code: Option<&SecretText>,
) -> Outcome<()> {
    // Checked first, so that no code of a factor is consumed by an act that is refused: with a factor no link is due.
    if !caller.user.is_sign_in_link_due {
        return Err(Refusal::NotFound.into());
    }
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    if !user.is_sign_in_link_due {
        return Err(Refusal::NotFound.into());
    }
    refuse_required(services, change.db(), caller).await?;
    let asked = (MailboxAct::DeclineFactor, code);
    let (change, _) = enter(change, (caller, &user), asked, admit).await?;
    set_sign_in_link_due(change.db(), user.id, false).await?;
    let (event, visitor) = (Event::FactorDeclined, &caller.visitor);
    change.record_own(&user, &event).await?;
    let letter = Letter::FactorDeclined { from: visitor };
    change.queue(&user, &letter).await?;
    change.commit().await?;
    tracing::info!(user.id = %user.id, event = event.kind().word(), "the second factor changed");
    Ok(())
}

async fn refuse_required(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &Principal,
) -> Outcome<()> {
    let now = services.now();
    let accounts = accounts_of(db, caller.user.id).await?;
    let requiring = accounts.into_iter().find_map(|one| {
        let from = one.account.required_from?;
        Some(RequiringAccount {
            id: one.account.id,
            name: one.account.name,
            from: from.into(),
            in_force: from.at <= now,
            // Who declines has none.
            has_two_factor: false,
            opens_at: one.opens_at.filter(|at| *at > now),
        })
    });
    requiring.map_or(Ok(()), |account| {
        Err(Refusal::TwoFactorRequired { account }.into())
    })
}
