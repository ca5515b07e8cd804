//! The second step of each sign-in after a reset, until a factor is on: a mailed link, opened in the browser that gave the
//! password. Each link is valid for one sign-in.

use app::error::ApiError;
use app::types::secret_text::SecretText;

use super::pending::{self, TakenUp, await_code, await_link, take_up};
use super::{FinishedSignIn, Stepped, finish};
use crate::crypto::token::Token;
use crate::domain::ends::Occasion;
use crate::metrics::Proof;
use crate::service::audit::Event;
use crate::service::browsers::{FromBrowser, known_to};
use crate::service::ends::{Concerned, end};
use crate::service::letters::{Letter, queue};
use crate::service::limits::{Asked, Limit, give_back, paused, take_asked};
use crate::service::{Failure, Outcome, Services, factor_set};
use crate::storage::WriteTransaction;
use crate::storage::ephemeral::Of;
use crate::storage::known_browsers::KnownTo;
use crate::storage::sign_ins::{delete_pending, is_link_pending};
use crate::storage::users::User;

/// Keeps hashes of these tokens apart from those of other tokens.
const PURPOSE: &str = "sign-in link";

/// Mails the link, and begins the sign-in that waits for it.
pub(super) async fn send(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    known: Option<KnownTo>,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    take_link(services, transaction, user, known, from).await?;
    let link = Token::new(services.random.as_ref());
    let stepped = await_link(services, transaction, user, link.hash(PURPOSE)).await?;
    let letter = Letter::SignInLink {
        token: &link,
        from: from.visitor,
    };
    queue(services, transaction, user.into(), &letter).await?;
    Ok(stepped)
}

/// Takes a link off what is mailed. A known browser has links of its own, so that whoever has the password too cannot use up
/// what its user needs.
async fn take_link(
    services: &Services,
    transaction: &WriteTransaction,
    user: &User,
    known: Option<KnownTo>,
    from: &FromBrowser<'_>,
) -> Outcome<()> {
    // Who has lost their address gets no link: somebody has to let them in.
    let email = user.email.parsed().ok_or(ApiError::EmailNotVerified)?;
    let spent = if let Some(browser) = known {
        let own = Limit::SignInLinks.of_browser(browser.key);
        own.take(services, transaction).await?
    } else {
        let asked = Asked::SignInLink;
        take_asked(services, transaction, asked, &email, from.visitor).await?
    };
    spent.map_or(Ok(()), |until| Err(paused(services, until).into()))
}

/// Finishes a sign-in by its mailed link.
///
/// # Errors
/// `LinkOfAnotherSignIn` where this browser waits for no link or for another; `LinkOver` for one that is none.
pub async fn with_link(
    services: &Services,
    link: &SecretText,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    let token = from.held.pending.as_ref();
    let token = token.ok_or(Failure::Refused(ApiError::LinkOfAnotherSignIn))?;
    let hash = token.hash(pending::PURPOSE);
    let TakenUp {
        transaction, user, ..
    } = waiting_for_link(services, &hash, link).await?;
    if !delete_pending(&transaction, &hash).await? {
        return Err(ApiError::LinkOver.into());
    }
    // Only those that nobody opens count: whoever opens one reads the mailbox.
    let known = known_to(&transaction, user.id, from.held).await?;
    if let Some(browser) = known {
        let own = Limit::SignInLinks.of_browser(browser.key);
        give_back(&transaction, &[own]).await?;
    }
    let (occasion, nothing) = (Occasion::SignInLinkUsed, Concerned::default());
    end(&transaction, occasion, Of::User(user.id), nothing).await?;
    let factor = factor_set::load(services, &transaction, user.id).await?;
    let stepped = if let Some(factor) = factor {
        await_code(services, &transaction, (&user, &factor), known).await?
    } else {
        let how = FinishedSignIn::by_mailbox(Event::SignedInWithLink, Proof::Link, known);
        finish(services, &transaction, &user, from, how).await?
    };
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(stepped)
}

/// The pending sign-in of a browser, where it is this link that it waits for.
async fn waiting_for_link(
    services: &Services,
    hash: &[u8; 32],
    link: &SecretText,
) -> Outcome<TakenUp> {
    let another = || Failure::Refused(ApiError::LinkOfAnotherSignIn);
    let taken = take_up(services, hash)
        .await?
        .filter(|taken| taken.pending.link_hash.is_some())
        .ok_or_else(another)?;
    let given = Token::parse(link.expose()).map(|link| link.hash(PURPOSE).to_vec());
    let given = given.ok_or(ApiError::LinkOver)?;
    if taken.pending.link_hash.as_ref() == Some(&given) {
        Ok(taken)
    } else if is_link_pending(&taken.transaction, &given, services.now()).await? {
        Err(another())
    } else {
        Err(ApiError::LinkOver.into())
    }
}
