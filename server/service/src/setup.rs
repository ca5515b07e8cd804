//! The first start: a printed link creates the first user.

use app::types::secret_text::SecretText;
use app::types::setup::{NewUser, SetupLink};
use app::types::timestamp::Timestamp;

use super::audit::Event;
use super::browsers::FromBrowser;
use super::change::Change;
use super::limits::Limit;
use super::new_passwords::PaidBy;
use super::refusal::Refusal;
use super::sign_in::{FinishedSignIn, Stepped};
use super::{Failure, Fault, Outcome, Services, new_passwords, sign_in, users};
use crate::metrics::Proof;
use crypto::random::bytes;
use crypto::token::Token;
use domain::days::Zone;
use storage::instance::{SetupSeed, find_setup_link, set_setup_link, spend_setup_link};
use storage::users::{find_user, has_users};

/// Keeps hashes of this token apart from those of other tokens.
const PURPOSE: &str = "set-up";

/// Seconds for which a set-up link is good: it stands in the log of the service.
const LIFE: i64 = 24 * 60 * 60;
/// Seconds by which the clock of the server that made it may be ahead.
const CLOCKS_DIFFER: i64 = 5 * 60;

/// The set-up link that is good.
pub struct CurrentSetupLink {
    /// Its token.
    pub token: Token,
    /// Until when.
    pub ends_at: Timestamp,
}

/// The set-up link while no user exists: the one that is good, or a new one where that is over.
///
/// Its token is made from bytes in the database under the keys, so that all servers of a database print the same link, and
/// who reads the database alone has none.
pub async fn current_link(services: &Services) -> Outcome<Option<CurrentSetupLink>> {
    let transaction = services.database.begin_alone().await?;
    if has_users(&transaction).await? {
        return Ok(None);
    }
    let now = services.now();
    let stored = find_setup_link(&transaction).await?;
    let good = stored.and_then(|stored| {
        let made = stored.made.filter(|made| is_young(made, now))?;
        let token = token_of(services, &made.seed);
        (stored.token_hash == token.hash(PURPOSE)).then_some(made)
    });
    // One that is good is written as it is: a start on a database that takes no writes says so.
    let made = good.unwrap_or_else(|| SetupSeed {
        seed: bytes::<32>(services.random.as_ref()).to_vec(),
        made_at: now,
    });
    let token = token_of(services, &made.seed);
    let ends_at = made.made_at + LIFE;
    set_setup_link(&transaction, &token.hash(PURPOSE), made).await?;
    transaction.commit().await?;
    Ok(Some(CurrentSetupLink { token, ends_at }))
}

fn token_of(services: &Services, seed: &[u8]) -> Token {
    Token::of(services.keys.ring().tag(PURPOSE, &[seed]))
}

/// Clocks of two servers may differ; a link of tomorrow is of a clock that was set back since.
fn is_young(made: &SetupSeed, now: Timestamp) -> bool {
    (-CLOCKS_DIFFER..LIFE).contains(&now.since(made.made_at))
}

/// Whether nobody is a user yet.
///
/// # Errors
/// Faults of the database.
pub async fn is_due(services: &Services) -> Outcome<bool> {
    Ok(!has_users(services.database.read()).await?)
}

/// Whether a set-up link is still good.
pub async fn link(services: &Services, token: &SecretText) -> Outcome<SetupLink> {
    let db = services.database.read();
    if has_users(db).await? {
        return Ok(SetupLink::Over);
    }
    let given = Token::parse(token.expose()).map(|token| token.hash(PURPOSE));
    let stored = find_setup_link(db).await?;
    let found = stored.filter(|stored| given.is_some_and(|given| stored.token_hash == given));
    Ok(match found.map(|stored| stored.made) {
        None => SetupLink::Wrong,
        Some(Some(made)) if is_young(&made, services.now()) => SetupLink::Good,
        Some(_) => SetupLink::Ended,
    })
}

/// Creates the first user, owner of the first account in the time zone of the browser, and signs them in.
pub async fn create_first_user(
    services: &Services,
    token: &SecretText,
    user: &NewUser,
    zone: Option<&str>,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    match link(services, token).await? {
        SetupLink::Good => {}
        SetupLink::Over => return Err(Refusal::SetupOver.into()),
        SetupLink::Wrong | SetupLink::Ended => return Err(Refusal::LinkOver.into()),
    }
    let token = Token::parse(token.expose()).ok_or(Refusal::LinkOver)?;
    let link_hash = token.hash(PURPOSE);
    let tries = Limit::NewPasswords.of_link(&link_hash);
    let (accepted, password) = users::accept(services, user, PaidBy::Try(&tries)).await?;
    let hash = new_passwords::hash(services, &password).await?;
    let change = Change::by_visitor(services, from.visitor).await?;
    if has_users(change.db()).await? || !spend_setup_link(change.db(), &link_hash).await? {
        return Err(Refusal::SetupOver.into());
    }
    let id = users::add(&change, &accepted, hash, Zone::of_browser(zone)).await?;
    let created = find_user(change.db(), id)
        .await?
        .ok_or(Failure::Fault(Fault::Broken("a new user is not there")))?;
    // Who has the link of the set-up is who runs the server: their word for the address is good.
    let how = FinishedSignIn::by_mailbox(Event::UserCreated, Proof::Password, None);
    let stepped = sign_in::finish(&change, &created, from.held, how).await?;
    change.commit().await?;
    Ok(stepped)
}
