//! The user's own sessions and trusted browsers, as the Security page lists and ends them.

use app::error::ApiError;
use app::types::ids::{SessionId, TrustedBrowserId};
use app::types::sessions::{SessionEntry, SessionList};

use super::{SignedIn, is_over};
use crate::domain::ends::Occasion;
use crate::service::audit::{About, Actor, Event, record};
use crate::service::ends::{Concerned, end as end_by};
use crate::service::{Outcome, Services};
use crate::storage::WriteTransaction;
use crate::storage::ephemeral::{Of, OneRow};
use crate::storage::sessions::sessions_of;
use crate::storage::trusted_browsers::trusted_browsers_of;

/// Where the user is signed in, this session first, and which browsers skip the second factor.
pub async fn list(services: &Services, caller: &SignedIn) -> Outcome<SessionList> {
    let db = services.database.read();
    let now = services.now();
    let mut sessions: Vec<_> = sessions_of(db, caller.user.id)
        .await?
        .into_iter()
        .filter(|session| !is_over(services, session, now))
        .map(|session| SessionEntry {
            id: session.id,
            browser: session.browser,
            address: session.address,
            started_at: session.created_at,
            last_active_at: session.last_active_at,
            is_this: session.id == caller.session.id,
        })
        .collect();
    sessions.sort_by_key(|session| !session.is_this);
    Ok(SessionList {
        sessions,
        trusted_browsers: trusted_browsers_of(db, caller.user.id, now).await?,
    })
}

/// Ends one session of the user: true when it is this one.
///
/// # Errors
/// `NotFound` for what is no session of the user's.
pub async fn end(services: &Services, caller: &SignedIn, session: SessionId) -> Outcome<bool> {
    let transaction = services.database.begin_write().await?;
    super::still(&transaction, caller).await?;
    let named = Concerned {
        session: Some(OneRow::Session(session)),
        ..Concerned::default()
    };
    let (occasion, own) = (Occasion::SessionEnded, Of::User(caller.user.id));
    if !end_by(&transaction, occasion, own, named).await? {
        return Err(ApiError::NotFound.into());
    }
    list_event(services, &transaction, caller, &Event::SessionEnded).await?;
    transaction.commit().await?;
    Ok(session == caller.session.id)
}

/// Ends every session of the user but this one, and every sign-in that is not finished.
pub async fn end_others(services: &Services, caller: &SignedIn) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    super::still(&transaction, caller).await?;
    let (occasion, own) = (Occasion::OtherSessionsEnded, Of::User(caller.user.id));
    end_by(&transaction, occasion, own, Concerned::by(caller)).await?;
    list_event(services, &transaction, caller, &Event::OtherSessionsEnded).await?;
    transaction.commit().await?;
    Ok(())
}

/// Makes a browser ask for the second factor again.
///
/// # Errors
/// `NotFound` for what is no trusted browser of the user's.
pub async fn remove_trusted_browser(
    services: &Services,
    caller: &SignedIn,
    browser: TrustedBrowserId,
) -> Outcome<()> {
    let transaction = services.database.begin_write().await?;
    super::still(&transaction, caller).await?;
    let named = Concerned {
        browser: Some(OneRow::TrustedBrowser(browser)),
        ..Concerned::by(caller)
    };
    let (occasion, own) = (Occasion::TrustRemoved, Of::User(caller.user.id));
    if !end_by(&transaction, occasion, own, named).await? {
        return Err(ApiError::NotFound.into());
    }
    let event = Event::TrustedBrowserRemoved;
    list_event(services, &transaction, caller, &event).await?;
    transaction.commit().await?;
    Ok(())
}

async fn list_event(
    services: &Services,
    transaction: &WriteTransaction,
    caller: &SignedIn,
    event: &Event,
) -> Outcome<()> {
    let actor = Actor::User {
        id: caller.user.id,
        name: &caller.user.name,
        visitor: &caller.visitor,
    };
    record(services, transaction, actor, event, About::default()).await?;
    Ok(())
}
