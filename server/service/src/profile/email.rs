//! Changes of the e-mail address. The new one takes effect once its user opens the link that was mailed to it and confirms.

use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::two_factor::{MailboxAct, StepUp};

use crate::audit::Event;
use crate::browsers::note_own_mailbox_proof;
use crate::change::Change;
use crate::first_factor::{address_of, enter, has_factor};
use crate::invitations::sender::revoke_of_member;
use crate::letters::queue::{take_mailbox, take_own_link};
use crate::letters::{Addressed, Letter};
use crate::limits::Limit;
use crate::refusal::{Refusal, Wrong};
use crate::sessions::{self, SignedIn};
use crate::step_up::prove;
use crate::users::won;
use crate::{Failure, Fault, Outcome, Services};
use crypto::token::Token;
use domain::address_change::{Backing, Target, confirmed, may_ask};
use domain::ends::Occasion;
use domain::first_factor::Address;
use domain::user_address::may_be_won;
use storage::email_changes::{
    NewEmailChange, find_email_change, replace_email_change, spend_email_change,
    take_email_change_of,
};
use storage::refused_mailboxes::forget_refused_mailbox;
use storage::users::{User, find_user_by_email, set_email};
use storage::{StorageError, Stored};

/// Keeps hashes of these tokens apart from those of other tokens.
pub(crate) const PURPOSE: &str = "email change";
/// Seconds that the mailed link is good for.
const LINK_LIFE: i64 = 24 * 60 * 60;

/// What whoever asks for another address gives as proof.
#[derive(Clone, Copy)]
pub struct EmailChangeProofs<'a> {
    /// The password, and a code where a factor is on.
    pub step_up: &'a StepUp,
    /// A code from the mailbox in use, where none is.
    pub mailbox_code: Option<&'a SecretText>,
}

/// Mails a link to a new address and tells the old one. An address that a user has proven gets the same answer, and its
/// holder a mail that says so; the link of that change is with nobody. One that its user has never proven gets the link: its
/// mailbox wins it.
///
/// # Errors
/// `MailboxCodeNeeded` where a user without a factor has to prove the mailbox in use first, and what is wrong with the code.
pub async fn request(
    services: &Services,
    caller: &SignedIn,
    email: &str,
    given: EmailChangeProofs<'_>,
) -> Outcome<()> {
    let email = EmailAddress::parse(email).map_err(|_| Wrong::Email)?;
    // One that is not proven yet is proven in the same way.
    let is_own = caller.user.email.is(&email);
    if is_own && caller.user.is_email_verified {
        return Err(Wrong::EmailUnchanged.into());
    }
    let proven = prove(services, caller, given.step_up).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    let (change, by) = if is_own {
        // The link goes to the mailbox in use: it is the proof.
        (change, Backing::Nothing)
    } else {
        let asked = (MailboxAct::ChangeAddress, given.mailbox_code);
        enter(change, (caller, &user), asked, may_ask).await?
    };
    let spent = if is_own {
        take_own(&change, &user, &email).await?
    } else {
        take(&change, &user, &email).await?
    };
    if let Some(refusal) = spent {
        // A code from the mailbox is good again: the change is dropped.
        return Err(match (by, given.mailbox_code) {
            (Backing::Proof, Some(_)) => refusal.into(),
            (Backing::Factor | Backing::Proof | Backing::Nothing, _) => {
                change.refuse(refusal).await
            }
        });
    }
    send_link(&change, (&user, by), &email).await?;
    if !is_own {
        let letter = Letter::AddressChangeAsked {
            to: &email,
            from: change.visitor(),
        };
        change.queue(&user, &letter).await?;
    }
    let event = Event::EmailChangeRequested {
        email: email.as_str().to_owned(),
    };
    change.record_own(&user, &event).await?;
    change.commit().await?;
    Ok(())
}

/// Takes a change off what the user may ask for in an hour, and off what strangers may send to the mailbox today: the
/// refusal when nothing is left.
async fn take(change: &Change<'_>, user: &User, email: &EmailAddress) -> Stored<Option<Refusal>> {
    let bucket = Limit::EmailChanges.of_user(user.id);
    match change.take(&bucket).await? {
        Some(refusal) => Ok(Some(refusal)),
        None => take_mailbox(change, email).await,
    }
}

/// The same of a link to the address in use, which has a budget of its own.
async fn take_own(
    change: &Change<'_>,
    user: &User,
    email: &EmailAddress,
) -> Stored<Option<Refusal>> {
    let bucket = Limit::EmailChanges.of_user(user.id);
    match change.take(&bucket).await? {
        Some(refusal) => Ok(Some(refusal)),
        None => take_own_link(change, email).await,
    }
}

/// Keeps the change and mails its link, or tells the holder of the address.
async fn send_link(
    change: &Change<'_>,
    (user, asked_with): (&User, Backing),
    email: &EmailAddress,
) -> Outcome<()> {
    let token = Token::new(change.services.random.as_ref());
    let asked = NewEmailChange {
        user: user.id,
        email,
        token_hash: &token.hash(PURPOSE),
        asked_with,
        expires_at: change.services.now() + LINK_LIFE,
    };
    replace_email_change(change.db(), asked).await?;
    let holder = find_user_by_email(change.db(), email).await?;
    let keeps_it = |holder: &User| !may_be_won(holder.is_email_verified);
    if let Some(holder) = holder.filter(|holder| holder.id != user.id && keeps_it(holder)) {
        let letter = Letter::AddressTaken {
            from: change.visitor(),
        };
        change.queue(&holder, &letter).await?;
    } else {
        // Not greeted by a name: who reads the new mailbox may be somebody else than the one who asks.
        let letter = Letter::AddressLink { token: &token };
        change.queue(Addressed::stranger(email), &letter).await?;
    }
    Ok(())
}

/// Gives up the change that waits. Its link is over, for whoever asked for it: a session alone is enough to take it away.
///
/// # Errors
/// `NotFound` where none waits: it may have been confirmed meanwhile.
pub async fn cancel(services: &Services, caller: &SignedIn) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    let email = take_email_change_of(change.db(), user.id, services.now()).await?;
    let email = email.ok_or(Refusal::NotFound)?;
    let event = Event::EmailChangeCancelled { email };
    change.record_own(&user, &event).await?;
    change.commit().await?;
    Ok(())
}

/// Tells both addresses: the one before learns what to do if it was not the user.
async fn tell_changed(change: &Change<'_>, user: &User, email: &EmailAddress) -> Outcome<()> {
    let (to, from) = (email, change.visitor());
    let (old, new) = (
        Letter::AddressLost { to, from },
        Letter::AddressChanged { to, from },
    );
    change.queue(user, &old).await?;
    change
        .queue(Addressed::from(user).moved_to(email), &new)
        .await?;
    Ok(())
}

/// Makes the new address of a mailed link the one in use, for the user who asked for it and is signed in: whoever only
/// reads the mailbox, or opens the link out of curiosity, gives nobody their address. Other sessions end, and with them
/// the links that went to the old address. The browser has proven the mailbox, and wins the address from another user who
/// never has.
///
/// # Errors
/// `LinkOfAnotherUser` where somebody else is signed in, for whom the link stays good.
pub async fn confirm(services: &Services, caller: &SignedIn, token: &SecretText) -> Outcome<()> {
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    let hash = token.hash(PURPOSE);
    let over = || Failure::Refused(Refusal::LinkOver);
    let change = Change::by_session(services, caller).await?;
    let now = services.now();
    let asked = find_email_change(change.db(), &hash, now).await?;
    let email = asked.as_ref().map(|asked| parse_stored(&asked.email));
    let email = email.transpose()?;
    if let Some(email) = &email {
        won::lock_with_holder(&change, caller.user.id, email).await?;
    }
    let user = sessions::still(&change, caller).await?;
    let (asked, email) = asked.zip(email).ok_or_else(over)?;
    if asked.user != user.id {
        return Err(Refusal::LinkOfAnotherUser.into());
    }
    if !spend_email_change(change.db(), user.id, &hash, now).await? {
        return Err(over());
    }
    let is_in_use = user.email.is(&email);
    let target = if is_in_use {
        Target::InUse
    } else {
        Target::Another
    };
    let has = has_factor(&change, &user).await?;
    let worth = confirmed(target, has, address_of(&user), asked.asked_with).ok_or_else(over)?;
    let is_corrected = worth == Address::Corrected;
    if is_in_use {
        set_email(change.db(), user.id, &email, is_corrected, now).await?;
        change.record_own(&user, &Event::EmailProven).await?;
    } else {
        move_to(&change, caller, &user, (&email, is_corrected)).await?;
    }
    note_own_mailbox_proof(&change, caller).await?;
    change.commit().await?;
    Ok(())
}

/// Gives a user another address, which is won from one who has never proven it.
async fn move_to(
    change: &Change<'_>,
    caller: &SignedIn,
    user: &User,
    (email, is_corrected): (&EmailAddress, bool),
) -> Outcome<()> {
    let over = || Failure::Refused(Refusal::LinkOver);
    let won = won::win(change, email).await?;
    let now = change.services.now();
    set_email(change.db(), user.id, email, is_corrected, now)
        .await
        .map_err(|error| taken(error, over()))?;
    change
        .end_by(caller, Occasion::AddressChanged, user.id)
        .await?;
    revoke_of_member(change, user, email).await?;
    if let Some(before) = user.email.in_use() {
        forget_refused_mailbox(change.db(), before).await?;
    }
    let event = Event::EmailChanged {
        email: email.as_str().to_owned(),
    };
    change.record_own(user, &event).await?;
    tell_changed(change, user, email).await?;
    if won.lost_by().is_some() {
        won::tell(change, user.id).await?;
    }
    Ok(())
}

fn parse_stored(email: &str) -> Outcome<EmailAddress> {
    EmailAddress::parse(email)
        .map_err(|_| Failure::Fault(Fault::Broken("a stored address does not parse")))
}

/// Somebody has got the address since the link was mailed.
fn taken(error: StorageError, refusal: Failure) -> Failure {
    if error.is_duplicate() {
        refusal
    } else {
        error.into()
    }
}
