//! The first start: a link that is printed once leads to the first user.

use app::error::ApiError;
use app::types::secret_text::SecretText;
use app::types::setup::{NewUser, SetupLink};

use super::audit::Event;
use super::browsers::FromBrowser;
use super::limits::Limit;
use super::new_passwords::PaidBy;
use super::sign_in::{Finished, Stepped};
use super::{Failure, Fault, Outcome, Services, new_passwords, sign_in, users};
use crate::crypto::token::Token;
use crate::metrics::Proof;
use crate::storage::instance::{find_instance, set_setup_link, spend_setup_link};
use crate::storage::users::{find_user, has_users};

/// Keeps hashes of this token apart from those of other tokens.
const PURPOSE: &str = "set-up";

/// Makes a new set-up link while no user exists; an earlier one is dead.
pub async fn new_link(services: &Services) -> Outcome<Option<Token>> {
    let transaction = services.database.begin_write().await?;
    if has_users(&transaction).await? {
        return Ok(None);
    }
    let token = Token::new(services.random.as_ref());
    set_setup_link(&transaction, &token.hash(PURPOSE)).await?;
    transaction.commit().await?;
    Ok(Some(token))
}

/// Whether a set-up link is still good.
pub async fn link(services: &Services, token: &SecretText) -> Outcome<SetupLink> {
    let db = services.database.read();
    if has_users(db).await? {
        return Ok(SetupLink::Over);
    }
    let expected = find_instance(db)
        .await?
        .and_then(|instance| instance.setup_token_hash);
    let given = Token::parse(token.expose()).map(|token| token.hash(PURPOSE).to_vec());
    Ok(if given.is_some() && given == expected {
        SetupLink::Good
    } else {
        SetupLink::Wrong
    })
}

/// Creates the first user, owner of the first account, and signs them in.
pub async fn create_first_user(
    services: &Services,
    token: &SecretText,
    user: &NewUser,
    from: &FromBrowser<'_>,
) -> Outcome<Stepped> {
    match link(services, token).await? {
        SetupLink::Good => {}
        SetupLink::Over => return Err(ApiError::SetupOver.into()),
        SetupLink::Wrong => return Err(ApiError::LinkOver.into()),
    }
    let token = Token::parse(token.expose()).ok_or(ApiError::LinkOver)?;
    let link_hash = token.hash(PURPOSE);
    let tries = Limit::NewPasswords.of_link(&link_hash);
    let (accepted, password) = users::accept(services, user, PaidBy::Try(&tries)).await?;
    let hash = new_passwords::hash(services, &password).await?;
    let transaction = services.database.begin_write().await?;
    if has_users(&transaction).await? || !spend_setup_link(&transaction, &link_hash).await? {
        return Err(ApiError::SetupOver.into());
    }
    let id = users::add(services, &transaction, &accepted, hash).await?;
    let created = find_user(&transaction, id)
        .await?
        .ok_or(Failure::Fault(Fault::Broken("a new user is not there")))?;
    let how = Finished::by(Event::UserCreated, Proof::Password);
    let stepped = sign_in::finish(services, &transaction, &created, from, how).await?;
    transaction.commit().await?;
    Ok(stepped)
}
