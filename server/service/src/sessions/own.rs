//! The user's own sessions and trusted browsers, as the Security page lists and ends them.

use app::types::ids::{KnownBrowserId, SessionId, TrustedBrowserId};
use app::types::sessions::{KnownBrowser, SessionEntry, SessionList};
use app::types::two_factor::StepUp;
use sha2::{Digest as _, Sha256};

use super::{SignedIn, is_over, still};
use crate::audit::Event;
use crate::browsers::MOST_KNOWN;
use crate::change::Change;
use crate::ends::Concerned;
use crate::refusal::Refusal;
use crate::step_up::prove;
use crate::{Outcome, Services};
use domain::ends::Occasion;
use storage::ephemeral::OneRow;
use storage::known_browsers::{KnownRow, known_browsers_of};
use storage::sessions::sessions_of;
use storage::trusted_browsers::trusted_browsers_of;

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
            last_address: session.last_address,
            started_at: session.created_at,
            last_active_at: session.last_active_at,
            is_this: session.id == caller.session.id,
        })
        .collect();
    sessions.sort_by_key(|session| !session.is_this);
    Ok(SessionList {
        sessions,
        trusted_browsers: trusted_browsers_of(db, caller.user.id, now).await?,
        known_browsers: known_browsers(services, caller).await?,
    })
}

/// Ends one session of the user: true when it is this one.
///
/// # Errors
/// `NotFound` for what is no session of the user's.
pub async fn end(services: &Services, caller: &SignedIn, session: SessionId) -> Outcome<bool> {
    let change = Change::by_session(services, caller).await?;
    still(&change, caller).await?;
    let named = Concerned {
        session: Some(OneRow::Session(session)),
        ..Concerned::default()
    };
    let (occasion, own) = (Occasion::SessionEnded, caller.user.id);
    // This one, too, where it is named.
    if !change.end_named(occasion, own, named).await? {
        return Err(Refusal::NotFound.into());
    }
    change
        .record_own(&caller.user, &Event::SessionEnded)
        .await?;
    change.commit().await?;
    Ok(session == caller.session.id)
}

/// Ends every session of the user but this one, and every sign-in that is not finished.
pub async fn end_others(services: &Services, caller: &SignedIn) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    still(&change, caller).await?;
    let own = caller.user.id;
    change
        .end_by(caller, Occasion::OtherSessionsEnded, own)
        .await?;
    change
        .record_own(&caller.user, &Event::OtherSessionsEnded)
        .await?;
    change.commit().await?;
    Ok(())
}

/// Makes a browser ask for the second factor again. The sessions that it, or a copy of it, opened end with it.
///
/// # Errors
/// `NotFound` for what is no trusted browser of the user's.
pub async fn remove_trusted_browser(
    services: &Services,
    caller: &SignedIn,
    browser: TrustedBrowserId,
) -> Outcome<()> {
    let change = Change::by_session(services, caller).await?;
    still(&change, caller).await?;
    let named = Concerned {
        browser: Some(OneRow::TrustedBrowser(browser)),
        ..Concerned::default()
    };
    let (occasion, own) = (Occasion::TrustRemoved, caller.user.id);
    let ended = change.end_named_by(caller, occasion, own, named).await?;
    if !ended.was_there {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::TrustedBrowserRemoved;
    change.record_own(&caller.user, &event).await?;
    change.commit().await?;
    Ok(())
}

/// The browsers that the user has signed in with, this one first.
async fn known_browsers(services: &Services, caller: &SignedIn) -> Outcome<Vec<KnownBrowser>> {
    let known = known_browsers_of(services.database.read(), caller.user.id, MOST_KNOWN).await?;
    let this = caller.known.as_ref().map(<[u8; 32]>::as_slice);
    let entry = |row: KnownRow| KnownBrowser {
        id: known_id(&row.token_hash),
        is_this: this == Some(row.token_hash.as_slice()),
        browser: row.browser,
        address: row.address,
        since: row.first_seen_at,
        last_seen_at: row.last_seen_at,
    };
    let mut known: Vec<_> = known.into_iter().map(entry).collect();
    known.sort_by_key(|browser| !browser.is_this);
    Ok(known)
}

/// The name of a known browser on the Security page, made of the hash by which it is found.
fn known_id(token_hash: &[u8]) -> KnownBrowserId {
    let digest = Sha256::new()
        .chain_update(b"twofold known browser on a page\0")
        .chain_update(token_hash)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    KnownBrowserId::new(uuid::Uuid::from_bytes(bytes))
}

/// Forgets a browser: its next sign-in is told as that of a new one. It takes a step-up, since the browser loses its own
/// count of wrong codes and the mailbox proof: strangers could pause or close the factor there afterwards.
///
/// # Errors
/// A step-up that fails; `NotFound` for what is no browser of the user's.
pub async fn forget_browser(
    services: &Services,
    caller: &SignedIn,
    browser: KnownBrowserId,
    given: &StepUp,
) -> Outcome<()> {
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = still(&change, caller).await?;
    let known = known_browsers_of(change.db(), user.id, MOST_KNOWN).await?;
    let mut known = known.into_iter();
    let Some(row) = known.find(|row| known_id(&row.token_hash) == browser) else {
        return Err(Refusal::NotFound.into());
    };
    let named = Concerned {
        browser: Some(OneRow::Token(&row.token_hash)),
        ..Concerned::default()
    };
    let occasion = Occasion::BrowserForgotten;
    let ended = change
        .end_named_by(caller, occasion, user.id, named)
        .await?;
    if !ended.was_there {
        return Err(Refusal::NotFound.into());
    }
    let event = Event::KnownBrowserForgotten;
    change.record_own(&caller.user, &event).await?;
    change.commit().await?;
    Ok(())
}
