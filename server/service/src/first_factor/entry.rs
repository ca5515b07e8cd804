//! The proof that a first factor takes, for the Security page to show in advance.

use app::types::two_factor::{Delivery, FirstFactorEntry, Helper, MailboxAct};

use super::{address_of, allowance, proof_of_browser};
use crate::sessions::SignedIn;
use crate::{Outcome, Services};
use domain::first_factor::{Allowance, Evidence, HasFactor, NotAdmitted, admit, who_helps};
use domain::mailbox_code::masked;
use storage::refused_mailboxes::find_refused_mailboxes;
use storage::users::User;
use storage::{ConnectionTrait, Stored};

/// What setting up a factor takes in this browser and now, of a user who has none.
pub async fn entry(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Outcome<FirstFactorEntry> {
    let user = &caller.user;
    let allowed = allowance::find(services, db, user.id).await?;
    if let Some((row, by)) = allowed.filter(|(row, _)| row.session == Some(caller.session.id)) {
        let until = row.expires_at;
        return Ok(FirstFactorEntry::LetIn { until, by });
    }
    let evidence = Evidence {
        has: HasFactor::No,
        proof: proof_of_browser(db, caller).await?,
        allowance: Allowance::None,
        address: address_of(user),
    };
    match admit(evidence) {
        Ok(_) => Ok(FirstFactorEntry::Open),
        Err(NotAdmitted::CodeDue) => Ok(FirstFactorEntry::CodeDue {
            masked: masked(user.email.shown()),
            delivery: delivery(services, db, user).await?,
            helper: helper(db, user, MailboxAct::FirstFactor).await?,
        }),
        Err(NotAdmitted::NotReachable) => Ok(FirstFactorEntry::HelpDue {
            helper: helper(db, user, MailboxAct::FirstFactor).await?,
        }),
    }
}

/// Who can let a user in without a proof of the mailbox. An owner does for a first factor alone.
pub(super) async fn helper(
    db: &impl ConnectionTrait,
    user: &User,
    act: MailboxAct,
) -> Stored<Helper> {
    match act {
        MailboxAct::FirstFactor => {}
        MailboxAct::ChangeAddress | MailboxAct::DeclineFactor => return Ok(Helper::Operator),
    }
    let belongs_to = allowance::belongs_to(db, user.id).await?;
    Ok(who_helps(user.id, user.had_factor, &belongs_to))
}

/// How mails reach a user.
pub(super) async fn delivery(
    services: &Services,
    db: &impl ConnectionTrait,
    user: &User,
) -> Stored<Delivery> {
    let of_all = services.delivery();
    if of_all == Delivery::Folder {
        return Ok(of_all);
    }
    let refused = find_refused_mailboxes(db, user.email.in_use()).await?;
    Ok(if refused.is_empty() {
        of_all
    } else {
        Delivery::Refused
    })
}
