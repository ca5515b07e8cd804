//! The mailed link of an offered reset. The user opens it, gives the password in the same browser and confirms; only then
//! the second factor is removed, with everything that depends on it.
//!
//! The link alone changes nothing, and neither does the password alone: together they are what a sign-in takes after
//! a reset, so the user is signed in by them.

use crate::refusal::Refusal;
use app::types::secret_text::SecretText;
use app::types::team::ResetOfferShown;

use super::password::check_length;
use super::tries::{Claimant, Tries, TriesTaken, give_tries_back};
use super::{FinishedSignIn, Stepped, finish};
use crate::accounts::acting::could_still;
use crate::audit::{About, Event};
use crate::browsers::{FromBrowser, Held};
use crate::change::Change;
use crate::letters::{Letter, in_letter};
use crate::limits::{self, Limit, give_back};
use crate::metrics::Proof;
use crate::team::reset::PURPOSE;
use crate::{Failure, Outcome, Services, sessions, users};
use crypto::password::Verdict;
use crypto::token::Token;
use domain::offers::OPENS_AFTER;
use domain::roles::Action;
use domain::sign_in::Claim;
use storage::ConnectionTrait;
use storage::accounts::{Account, find_account_of, lock_account};
use storage::deleted_accounts::all_accounts_of;
use storage::known_browsers::KnownTo;
use storage::memberships::delay_opening;
use storage::reset_offers::{ResetOffer, find_reset_offer, spend_reset_offer};
use storage::users::{User, find_user, lock_user};

/// An offer that can still be confirmed, with what it concerns.
struct OpenOffer {
    offer: ResetOffer,
    /// The account that made it.
    account: Account,
    /// Whom it is for.
    user: User,
    /// Who made it.
    by: User,
}

/// What the link leads to. It changes nothing, since programs that read mail open links too.
///
/// # Errors
/// A link that is wrong, used, overtaken or too old is over.
pub async fn open_offered_reset(
    services: &Services,
    token: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<ResetOfferShown> {
    let standing = find(services, services.database.read(), &hash(token)?).await?;
    Ok(ResetOfferShown {
        account_name: standing.account.name,
        offered_by: standing.by.name,
        is_other_signed_in: is_other_signed_in(services, &standing.user, from).await?,
        email: standing.user.email.shown().to_owned(),
        until: standing.offer.expires_at,
    })
}

/// Resets the two-factor authentication of the user of the link, and signs them in in this browser.
///
/// # Errors
/// `LinkOver` as for opening, and where who offered it may no longer; `LinkOfAnotherUser` where somebody else is signed
/// in here; a wrong password, which counts as one at the sign-in does and leaves the link good, ten times.
pub async fn confirm_offered_reset(
    services: &Services,
    token: &SecretText,
    password: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let hash = hash(token)?;
    check_length(password)?;
    let standing = find(services, services.database.read(), &hash).await?;
    if is_other_signed_in(services, &standing.user, from).await? {
        return Err(Refusal::LinkOfAnotherUser.into());
    }
    // The link was mailed to an address that the user has lost since.
    let email = standing.user.email.parsed().ok_or(Refusal::LinkOver)?;
    let user = Some(standing.user.clone());
    let holder = Claimant::find(services, Claim::Holder, user, from).await?;
    // Keeps its turn until the end.
    let mut tries = Tries::at(&email);
    let of_sign_in = tries.take(services, &holder, from).await?;
    let of_both = prove(services, &standing.user, password, &hash, of_sign_in).await?;
    let change = Change::by_visitor(services, from.visitor).await?;
    let known = holder.known;
    let done = carry_out(&change, (&standing, &hash), known, from.held).await;
    if !matches!(done, Err(Failure::Fault(_))) {
        // The password was right, whatever came of it.
        give_back(change.db(), &of_both.buckets).await?;
        change.commit().await?;
    }
    done
}

/// Checks the password. A try was taken off the counts that every sign-in of this user shares, and one is taken off the
/// link's own, before the hash. Who has the link is no stranger to the mailbox: others' guesses at the sign-in do not make the
/// right password read as wrong here, but ten wrong ones end what this link is good for.
async fn prove(
    services: &Services,
    user: &User,
    password: &SecretText,
    hash: &[u8; 32],
    mut taken: TriesTaken,
) -> Outcome<TriesTaken> {
    let of_link = Limit::ResetOfferPasswords.of_link(hash);
    if let Err(spent) = limits::admit(services, &of_link).await {
        give_tries_back(services, &taken).await?;
        return Err(spent);
    }
    taken.buckets.push(of_link);
    let stored = Some(user.password_hash.as_str());
    match services.hasher.verify(password.expose(), stored).await {
        Ok(Verdict::Right { .. }) => Ok(taken),
        Ok(Verdict::Wrong) => Err(Refusal::WrongPassword.into()),
        Err(busy) => {
            give_tries_back(services, &taken).await?;
            Err(busy.into())
        }
    }
}

/// Looks at everything again with the account's row and the user's locked, and then does it. All that refuses comes
/// before anything is written.
async fn carry_out(
    change: &Change<'_>,
    (seen, hash): (&OpenOffer, &[u8; 32]),
    known: Option<KnownTo>,
    held: &Held,
) -> Outcome<Stepped> {
    let over = || Failure::Refused(Refusal::LinkOver);
    lock_account(change.db(), seen.offer.account)
        .await?
        .ok_or_else(over)?;
    let user = lock_user(change.db(), seen.user.id)
        .await?
        .filter(|user| user.has_password_of(&seen.user))
        .ok_or_else(over)?;
    let standing = find(change.services, change.db(), hash).await?;
    if !spend_reset_offer(change.db(), hash, change.services.now()).await? {
        return Err(over());
    }
    if !users::reset_factor(change, &user, true).await? {
        return Err(over());
    }
    note_reset(change, &standing).await?;
    tell_owners(change, &standing).await?;
    tracing::info!(user.id = %user.id, "the second factor was reset as an account had offered");
    let how = FinishedSignIn::by_mailbox(Event::SignedInWithLink, Proof::Link, known);
    finish(change, &user, held, how).await
}

async fn note_reset(change: &Change<'_>, standing: &OpenOffer) -> Outcome<()> {
    let OpenOffer { account, user, .. } = standing;
    let about = About::account(account.id);
    let event = Event::ResetConfirmed {
        account: account.name.clone(),
    };
    change
        .record_by(change.actor_as(user.id, &user.name), &event, about)
        .await?;
    let letter = Letter::TwoFactorResetConfirmed {
        account: &account.name,
        from: change.visitor(),
    };
    change.queue(user, &letter).await?;
    Ok(())
}

/// The owners of the user's accounts that require two-factor authentication hear of it, and those accounts stay shut
/// for a day, but for the one that had offered it: that one knows whom it has spoken to.
async fn tell_owners(change: &Change<'_>, standing: &OpenOffer) -> Outcome<()> {
    let (user, offering) = (&standing.user, &standing.account);
    let opens_at = change.services.now() + OPENS_AFTER;
    delay_opening(change.db(), user.id, offering.id, opens_at).await?;
    for account in all_accounts_of(change.db(), user.id).await? {
        let is_another = account.id != offering.id;
        let is_shut = is_another && account.required_from.is_some();
        if is_another {
            let event = if is_shut {
                Event::KeptOut {
                    account: offering.name.clone(),
                }
            } else {
                Event::ResetElsewhere
            };
            // From where it was done is for the account that had offered it.
            let actor = change.actor_as(user.id, &user.name);
            change
                .record_for(account.id, actor, &event, About::NOTHING)
                .await?;
        }
        if account.required_from.is_none() {
            continue;
        }
        // Who owns it themselves has a letter of their own.
        let owner = find_user(change.db(), account.owner).await?;
        if let Some(owner) = owner.filter(|owner| owner.id != user.id) {
            let letter = Letter::TwoFactorResetOfMember {
                account: &account.name,
                name: &user.name,
                email: in_letter(&user.email),
                offered_by: &offering.name,
                opens_at: is_shut.then_some(opens_at),
            };
            change.queue(&owner, &letter).await?;
        }
    }
    Ok(())
}

/// The offer of a link, with everything by which it still stands: the user, whose address is proven, belongs to the account
/// and is not disabled, and so is who offered it, who could still offer it today.
async fn find(
    services: &Services,
    db: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Outcome<OpenOffer> {
    let over = || Failure::Refused(Refusal::LinkOver);
    let offer = find_reset_offer(db, hash, services.now()).await?;
    let offer = offer.ok_or_else(over)?;
    let enabled = |found: Option<User>| found.filter(|user| !user.is_disabled);
    let user = enabled(find_user(db, offer.user).await?)
        .filter(|user| user.mail_reader().may_act_for_user())
        .ok_or_else(over)?;
    let by = find_user(db, offer.by).await?.ok_or_else(over)?;
    let of_user = find_account_of(db, offer.user, offer.account).await?;
    let of_user = of_user.ok_or_else(over)?;
    let action = Action::ResetTwoFactor { of: of_user.roles };
    if !could_still(services, db, (offer.by, offer.account), action).await? {
        return Err(over());
    }
    Ok(OpenOffer {
        offer,
        account: of_user.account,
        user,
        by,
    })
}

/// Whether this browser has a session of somebody else. Nobody else's user is reset beside it, and what they see is
/// never mistaken for the own.
async fn is_other_signed_in(
    services: &Services,
    user: &User,
    from: &FromBrowser<'_>,
) -> Outcome<bool> {
    let Some(session) = &from.held.session else {
        return Ok(false);
    };
    let found = sessions::watch(services, session, from.visitor).await?;
    Ok(found.is_some_and(|found| found.user.id != user.id))
}

fn hash(token: &SecretText) -> Result<[u8; 32], Refusal> {
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    Ok(token.hash(PURPOSE))
}
