//! What a first factor takes, as the Security page says it before anybody clicks.

use app::types::two_factor::{Delivery, FirstFactorEntry};

use super::{address_of, allowance_of, proof_of_browser};
use crate::domain::first_factor::{Allowance, Evidence, HasFactor, NotAdmitted, admit};
use crate::domain::mailbox_code::masked;
use crate::service::sessions::SignedIn;
use crate::service::{Outcome, Services};
use crate::storage::first_factors::find_allowances;
use crate::storage::refused_mailboxes::find_refused_mailboxes;
use crate::storage::{ConnectionTrait, Stored};

/// What setting up a factor takes in this browser and now, of a user who has none.
pub async fn entry(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Outcome<FirstFactorEntry> {
    let allowance = allowance_of(services, db, caller).await?;
    if allowance == Allowance::InThisSession {
        return let_in(services, db, caller).await;
    }
    let evidence = Evidence {
        has: HasFactor::No,
        proof: proof_of_browser(db, caller).await?,
        allowance,
        address: address_of(&caller.user),
    };
    match admit(evidence) {
        Ok(_) => Ok(FirstFactorEntry::Open),
        Err(NotAdmitted::CodeDue) => Ok(FirstFactorEntry::CodeDue {
            masked: masked(&caller.user.email),
            delivery: delivery(services, db, &caller.user.email).await?,
        }),
        Err(NotAdmitted::NotReachable) => Ok(FirstFactorEntry::HelpDue),
    }
}

async fn let_in(
    services: &Services,
    db: &impl ConnectionTrait,
    caller: &SignedIn,
) -> Outcome<FirstFactorEntry> {
    let found = find_allowances(db, &[caller.user.id], services.now()).await?;
    Ok(found
        .into_iter()
        .next()
        .map_or(FirstFactorEntry::Open, |row| FirstFactorEntry::LetIn {
            until: row.expires_at,
        }))
}

/// Whether a letter of now reaches an address of a user.
pub(super) async fn delivery(
    services: &Services,
    db: &impl ConnectionTrait,
    email: &str,
) -> Stored<Delivery> {
    if services.settings.mail.smtp_url.is_none() {
        return Ok(Delivery::Folder);
    }
    let refused = find_refused_mailboxes(db, [email]).await?;
    Ok(if refused.is_empty() {
        Delivery::Sent
    } else {
        Delivery::Refused
    })
}
