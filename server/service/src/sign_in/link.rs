//! The second step of each sign-in after a reset, until a factor is on: a mailed link, opened in the browser that gave the
//! password. Each link is valid for one sign-in.

use crate::change::Change;
use crate::refusal::Refusal;
use app::types::secret_text::SecretText;

use super::counted::take_by_proof;
use super::pending::{self, TakenUp, await_code, await_link, take_up};
use super::{FinishedSignIn, Stepped, finish};
use crate::audit::Event;
use crate::browsers::{FromBrowser, known_to};
use crate::letters::Letter;
use crate::limits::{Asked, Limit, give_back, take_asked};
use crate::metrics::Proof;
use crate::{Failure, Outcome, Services, Visitor, factor_set};
use crypto::token::Token;
use domain::ends::Occasion;
use storage::known_browsers::KnownTo;
use storage::sign_ins::{delete_pending, is_link_pending};
use storage::users::User;

/// Keeps hashes of these tokens apart from those of other tokens.
pub(crate) const PURPOSE: &str = "sign-in link";

/// Mails the link, and begins the sign-in that waits for it.
pub(super) async fn send(
    change: &Change<'_>,
    user: &User,
    known: Option<KnownTo>,
) -> Outcome<Stepped> {
    take_link(change, user, known).await?;
    let link = Token::new(change.services.random.as_ref());
    let stepped = await_link(change, user, link.hash(PURPOSE)).await?;
    let letter = Letter::SignInLink {
        token: &link,
        from: change.visitor(),
    };
    change.queue(user, &letter).await?;
    Ok(stepped)
}

/// Takes a link off what is mailed. A known browser has links of its own, so that whoever has the password too cannot use up
/// what its user needs.
async fn take_link(change: &Change<'_>, user: &User, known: Option<KnownTo>) -> Outcome<()> {
    // Who has lost their address, or never proven it, gets no link: somebody has to let them in.
    let email = user
        .email
        .parsed()
        .filter(|_| user.mail_reader().may_act_for_user());
    let email = email.ok_or(Refusal::EmailNotVerified)?;
    if let Some(browser) = known {
        let own = Limit::SignInLinks.of_browser(browser.key);
        return change.take_or_refuse(&own).await;
    }
    let spent = take_asked(change, Asked::SignInLink, &email).await?;
    spent.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Finishes a sign-in by its mailed link.
///
/// # Errors
/// `LinkOfAnotherSignIn` where this browser waits for no link or for another; `LinkOver` for one that is none, and where the
/// address is not proven.
pub async fn with_link(
    services: &Services,
    link: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let token = from.held.pending.as_ref();
    let token = token.ok_or(Failure::Refused(Refusal::LinkOfAnotherSignIn))?;
    let hash = token.hash(pending::PURPOSE);
    let TakenUp { change, user, .. } =
        waiting_for_link(services, &hash, link, from.visitor).await?;
    if !user.mail_reader().may_act_for_user() {
        return Err(Refusal::LinkOver.into());
    }
    if !delete_pending(change.db(), &hash).await? {
        return Err(Refusal::LinkOver.into());
    }
    // Only those that nobody opens count: whoever opens one reads the mailbox.
    let known = known_to(change.db(), user.id, from.held).await?;
    if let Some(browser) = known {
        let own = Limit::SignInLinks.of_browser(browser.key);
        give_back(change.db(), &[own]).await?;
    }
    change.end(Occasion::SignInLinkUsed, user.id).await?;
    let factors = factor_set::load(services, change.db(), user.id).await?;
    let stepped = if factors.is_on() {
        await_code(&change, (&user, &factors), known).await?
    } else {
        // What was refused takes the link back with it.
        take_by_proof(&change, &user).await?;
        let how = FinishedSignIn::by_mailbox(Event::SignedInWithLink, Proof::Link, known);
        finish(&change, &user, from.held, how).await?
    };
    change.commit().await?;
    Ok(stepped)
}

/// The pending sign-in of a browser, where it is this link that it waits for.
async fn waiting_for_link<'a>(
    services: &'a Services,
    hash: &[u8; 32],
    link: &SecretText,
    visitor: &'a Visitor,
) -> Outcome<TakenUp<'a>> {
    let another = || Failure::Refused(Refusal::LinkOfAnotherSignIn);
    let taken = take_up(services, hash, visitor)
        .await?
        .filter(|taken| taken.pending.link_hash.is_some())
        .ok_or_else(another)?;
    let given = Token::parse(link.expose()).map(|link| link.hash(PURPOSE).to_vec());
    let given = given.ok_or(Refusal::LinkOver)?;
    if taken.pending.link_hash.as_ref() == Some(&given) {
        Ok(taken)
    } else if is_link_pending(taken.change.db(), &given, services.now()).await? {
        Err(another())
    } else {
        Err(Refusal::LinkOver.into())
    }
}
