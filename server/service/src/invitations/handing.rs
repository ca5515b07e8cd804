//! Hands an invitation over where no mail server is set: its link is shown to somebody who may invite, who passes it on.
//!
//! Such a link does not prove a mailbox. Its token is separate from the mailed one and valid only for a new user, whose
//! address stays unproven.

use app::types::account::AccountRef;
use app::types::email::EmailAddress;
use app::types::ids::InvitationId;
use app::types::timestamp::Timestamp;
use app::types::two_factor::StepUp;

use super::sending::{sender, tell_of_rank};
use super::{LINK_LIFE, PURPOSE, about, find_managed, refuse_users};
use crate::accounts::{Member, admit};
use crate::audit::Event;
use crate::change::Change;
use crate::refusal::Refusal;
use crate::sessions::SignedIn;
use crate::step_up::prove;
use crate::team::admit_locked;
use crate::{Outcome, Services};
use crypto::token::Token;
use storage::ConnectionTrait;
use storage::invitations::{HandedOver, Invitation, hand_over_invitation};

/// An invitation whose link is handed over.
pub struct HandedOverLink {
    /// What opens it.
    pub token: Token,
    /// The address that it is for.
    pub email: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Gives the link of an invitation, with a new token and seven new days; the links before it are dead. From then on it is an
/// invitation of whoever handed it over. Whether the address has a user makes no difference and is not told.
///
/// # Errors
/// As for sending it again; `MailIsSet` where a mail server is. It takes a step-up, since whoever has the session reads what
/// a mailbox would.
pub async fn copy_link(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    id: InvitationId,
    given: &StepUp,
) -> Outcome<HandedOverLink> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    check(services, db, &member, id).await?;
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let account = AccountRef::Id(member.account.id);
    let member = admit_locked(&change, caller, account).await?;
    let row = check(services, change.db(), &member, id).await?;
    let (shown, unused) = (
        Token::new(services.random.as_ref()),
        Token::new(services.random.as_ref()),
    );
    let expires_at = services.now() + LINK_LIFE;
    let handed = HandedOver {
        token_hash: &shown.hash(PURPOSE),
        // Nobody has it: the mailed link is dead.
        mailed_hash: &unused.hash(PURPOSE),
        sender: sender(caller),
        expires_at,
    };
    if !hand_over_invitation(change.db(), id, handed).await? {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::InvitationHandedOver {
        email: row.email.clone(),
    };
    let about = about(member.account.id);
    change.record(&event, about).await?;
    tell_of_rank(&change, caller, &member, (&row.email, row.roles)).await?;
    change.commit().await?;
    Ok(HandedOverLink {
        token: shown,
        email: row.email,
        expires_at,
    })
}

/// What is in the way is said in this order: who may not is not told how mail is set.
async fn check(
    services: &Services,
    db: &impl ConnectionTrait,
    member: &Member,
    id: InvitationId,
) -> Outcome<Invitation> {
    let row = find_managed(db, member, id).await?;
    if services.settings.mail.smtp_url.is_some() {
        return Err(Refusal::MailIsSet.into());
    }
    if let Ok(email) = EmailAddress::parse(&row.email) {
        refuse_users(db, member.account.id, &email).await?;
    }
    Ok(row)
}
