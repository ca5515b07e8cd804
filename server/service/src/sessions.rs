//! Sessions: how they start, when they end, and whose they are.

pub mod own;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::types::ids::{SessionId, TrustedBrowserId, UserId};
use app::types::session::{SessionEnd, SessionLeft};
use app::types::timestamp::Timestamp;

use super::browsers::known_hash;
use super::change::Change;
use super::principal::{Credential, Principal};
use super::refusal_log::name_user;
use super::{Failure, Fault, Outcome, Services, Visitor};
use crate::refusal::Refusal;
use crypto::token::Token;
use domain::factors::FactorKinds;
use domain::session_limits::{self, LimitsOfSessions, SessionTimes, ended_by};
use domain::user_address::LostAddress;
use storage::Stored;
use storage::ended_sessions::find_end;
use storage::ephemeral::Kept;
use storage::known_browsers::known_since;
use storage::lost_addresses::find_lost_address;
use storage::sessions::{
    Session, find_session, find_session_by_id, insert_session, keep_session, renew_session,
    rotate_session, touch_session,
};
use storage::users::{User, lock_user, note_activity};

/// Keeps hashes of session tokens apart from those of other tokens.
const PURPOSE: &str = "session";
/// Seconds within which a use is not noted again, or a quarter of a short limit: reading pages does not write.
const TOUCH_EVERY: i64 = 60;
/// The same, where it is used from another address than before: who has a copy of the cookie is seen.
const TOUCH_ELSEWHERE_EVERY: i64 = 5;

/// A principal in the browser that they are signed in with, as the gate found them. Use cases that change the session or the
/// tokens of the browser, or take a step-up, ask for it; all others take the [`Principal`], which it stands for.
#[derive(Clone)]
pub struct SignedIn {
    /// Who they are.
    pub principal: Principal,
    /// The session.
    pub session: Session,
    /// The kinds of second factors that they had then.
    pub factors: FactorKinds,
    /// The hash by which the browser of the request is known to them, or would be.
    pub known: Option<[u8; 32]>,
    /// For the reply.
    pub new_tokens: Arc<NewTokens>,
}

impl Deref for SignedIn {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl SignedIn {
    /// The session and its browser, for what ends all others.
    pub fn kept(&self) -> Kept<'_> {
        Kept {
            session: Some(self.session.id),
            browser: self.known.as_ref().map(<[u8; 32]>::as_slice),
        }
    }
}

/// The tokens that a request has made for the cookies of its browser, the latest last. They are part of its reply, whether the
/// act was done or refused, where they count by then: an act that was undone, or another request, may have made them worth
/// nothing.
#[derive(Default)]
pub struct NewTokens {
    session: Mutex<Vec<Token>>,
    known: Mutex<Vec<Token>>,
}

fn held(tokens: &Mutex<Vec<Token>>) -> MutexGuard<'_, Vec<Token>> {
    tokens.lock().unwrap_or_else(PoisonError::into_inner)
}

impl NewTokens {
    /// The session has got another token.
    pub fn add_session(&self, token: Token) {
        held(&self.session).push(token);
    }

    /// The browser is known by another token.
    pub fn add_known(&self, token: Token) {
        held(&self.known).push(token);
    }

    /// Whether none was made.
    pub fn is_empty(&self) -> bool {
        held(&self.session).is_empty() && held(&self.known).is_empty()
    }

    /// The token of the session, where it has got another one that counts.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn session(&self, services: &Services) -> Outcome<Option<Token>> {
        let tokens = std::mem::take(&mut *held(&self.session));
        for token in tokens.into_iter().rev() {
            let found = find_session(&services.database, &token.hash(PURPOSE)).await?;
            if found.is_some() {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }

    /// The token by which the browser is known to a user, where it has got another one that counts.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn known(&self, services: &Services, user: UserId) -> Outcome<Option<Token>> {
        let tokens = std::mem::take(&mut *held(&self.known));
        for token in tokens.into_iter().rev() {
            let (db, hash) = (services.database.read(), known_hash(&token));
            if known_since(db, user, &hash).await?.is_some() {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }
}

/// What a session was opened by, besides the password.
#[derive(Clone, Copy, Default)]
pub struct OpenedBy {
    /// A second factor, at this moment.
    pub second_factor_at: Option<Timestamp>,
    /// A trusted browser.
    pub trusted_browser: Option<TrustedBrowserId>,
}

/// A session that has just begun.
pub struct NewSession {
    /// Which one.
    pub id: SessionId,
    /// For the browser's cookie.
    pub token: Token,
}

/// Begins a session.
pub async fn begin(change: &Change<'_>, user: UserId, by: OpenedBy) -> Stored<NewSession> {
    let (services, visitor) = (change.services, change.visitor());
    let token = Token::new(services.random.as_ref());
    let now = services.now();
    let id = SessionId::new(services.new_uuid());
    let session = Session {
        id,
        token_hash: token.hash(PURPOSE).to_vec(),
        user,
        created_at: now,
        last_active_at: now,
        second_factor_at: by.second_factor_at,
        trusted_browser: by.trusted_browser,
        address: visitor.address.clone(),
        last_address: visitor.address.clone(),
        browser: visitor.browser.clone(),
    };
    note_activity(change.db(), user, now).await?;
    insert_session(change.db(), session).await?;
    Ok(NewSession { id, token })
}

/// Resolves a token to its session and user; none when the session is over or its user disabled.
pub async fn resolve(
    services: &Services,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<Option<SignedIn>> {
    let found = watch(services, token, visitor).await?;
    let now = services.now();
    if let Some(SignedIn {
        principal, session, ..
    }) = &found
        && is_touch_due(services, session, visitor, now)
    {
        match Box::pin(touch(services, session.id, principal.user.id, visitor)).await {
            Err(Failure::Fault(Fault::Storage(error))) if error.is_transient() => {
                // Reads go on while the database accepts no writes; a request that writes fails at its own write.
                tracing::debug!(
                    error = error.detail(),
                    "the use of a session could not be noted"
                );
            }
            done => done?,
        }
    }
    Ok(found)
}

/// Whether a use of a session is to be noted.
fn is_touch_due(services: &Services, session: &Session, visitor: &Visitor, now: Timestamp) -> bool {
    let every = if session.last_address == visitor.address {
        // Under a short limit, who stays signed in at the warning would not be noted.
        TOUCH_EVERY.min(limits(services).unused / 4)
    } else {
        TOUCH_ELSEWHERE_EVERY
    };
    now.since(session.last_active_at) >= every
}

/// Notes that a session is used.
async fn touch(
    services: &Services,
    session: SessionId,
    user: UserId,
    visitor: &Visitor,
) -> Outcome<()> {
    let now = services.now();
    let change = Change::by_visitor(services, visitor).await?;
    // The user before the session, the lock order of everybody who changes both: no deadlock.
    note_activity(change.db(), user, now).await?;
    touch_session(change.db(), session, &visitor.address, now).await?;
    change.commit().await?;
    Ok(())
}

/// Resolves a token without counting it as a use: for requests that an open page makes by itself, which must not keep an
/// unused session alive (ASVS 7.3.1).
pub async fn watch(
    services: &Services,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<Option<SignedIn>> {
    let hash = token.hash(PURPOSE);
    let Some((session, user, factors)) = find_session(&services.database, &hash).await? else {
        return Ok(None);
    };
    if user.is_disabled || is_over(services, &session, services.now()) {
        return Ok(None);
    }
    name_user(user.id);
    let principal = Principal {
        user,
        credential: Credential::Session(session.id),
        visitor: visitor.clone(),
    };
    Ok(Some(SignedIn {
        principal,
        session,
        factors,
        known: None,
        new_tokens: Arc::default(),
    }))
}

/// Asks again inside the transaction of an act, and gives the user, locked until it ends: whoever ends the session or
/// disables its user has what is under way refused, or waits until it is done. The user comes before the session, as
/// everywhere where both are locked, and after the account. Where the act rests on a step-up, that is asked again too.
///
/// # Errors
/// `SignedOut` when the session has ended since the gate admitted it; as [`Proven::holds`].
pub async fn still(change: &Change<'_>, caller: &Principal) -> Outcome<User> {
    let user = lock_user(change.db(), caller.user.id)
        .await?
        .filter(|user| !user.is_disabled);
    let Some(user) = user else {
        return Err(Refusal::SignedOut.into());
    };
    let is_good = match caller.credential {
        Credential::Session(session) => keep_session(change.db(), session).await?,
    };
    if !is_good {
        return Err(Refusal::SignedOut.into());
    }
    if let Some(proven) = change.step_up() {
        proven.holds(change, &user).await?;
    }
    Ok(user)
}

/// Looks at the session again, for what goes on after its answer has begun: whether it is still there, within its
/// limits, and its user not disabled.
///
/// # Errors
/// `SignedOut` when it has ended since the gate admitted it.
pub async fn recheck(services: &Services, caller: &Principal) -> Outcome<()> {
    let db = services.database.read();
    let Credential::Session(session) = caller.credential;
    let found = find_session_by_id(db, session).await?;
    let now = services.now();
    let is_live =
        found.is_some_and(|(session, user)| !user.is_disabled && !is_over(services, &session, now));
    if is_live {
        Ok(())
    } else {
        Err(Refusal::SignedOut.into())
    }
}

/// Gives the session a new token, at a change of rights; the old one is worth nothing from then on.
///
/// # Errors
/// `SignedOut` when the session is not there any more.
pub async fn rotate(
    change: &Change<'_>,
    caller: &SignedIn,
    second_factor_at: Option<Timestamp>,
) -> Outcome<()> {
    let token = Token::new(change.services.random.as_ref());
    let (id, hash) = (caller.session.id, token.hash(PURPOSE));
    let is_there = rotate_session(change.db(), id, &hash, second_factor_at).await?;
    give(caller, token, is_there)
}

/// Gives the session a new token; what else is known of it stays.
///
/// # Errors
/// `SignedOut` when the session is not there any more.
pub async fn renew(change: &Change<'_>, caller: &SignedIn) -> Outcome<()> {
    let token = Token::new(change.services.random.as_ref());
    let is_there = renew_session(change.db(), caller.session.id, &token.hash(PURPOSE)).await?;
    give(caller, token, is_there)
}

fn give(caller: &SignedIn, token: Token, is_there: bool) -> Outcome<()> {
    if !is_there {
        return Err(Refusal::SignedOut.into());
    }
    caller.new_tokens.add_session(token);
    Ok(())
}

/// The address that the user of a session has lost, while they sign in by it.
///
/// # Errors
/// Faults of the database.
pub async fn lost_address(services: &Services, user: &User) -> Stored<Option<LostAddress>> {
    match user.email.in_use() {
        Some(_) => Ok(None),
        None => find_lost_address(services.database.read(), user.id, services.now()).await,
    }
}

/// The hash by which a session is found.
pub fn hash_of(token: &Token) -> [u8; 32] {
    token.hash(PURPOSE)
}

/// How the session of a token ended that opens nothing any more, where that is known. The token is the proof of who asks.
///
/// # Errors
/// Faults of the database.
pub async fn how_ended(services: &Services, token: &Token) -> Outcome<Option<SessionEnd>> {
    let (hash, now) = (token.hash(PURPOSE), services.now());
    match find_session(&services.database, &hash).await? {
        Some((_, user, _)) if user.is_disabled => Ok(Some(SessionEnd::UserGone)),
        Some((session, ..)) => Ok(ended_by(limits(services), times(&session), now)),
        None => Ok(find_end(services.database.read(), &hash, now).await?),
    }
}

/// How long a session lasts.
pub fn left(services: &Services, session: &Session) -> SessionLeft {
    session_limits::left(limits(services), times(session), services.now())
}

fn is_over(services: &Services, session: &Session, now: Timestamp) -> bool {
    ended_by(limits(services), times(session), now).is_some()
}

fn limits(services: &Services) -> LimitsOfSessions {
    let limits = &services.settings.session;
    LimitsOfSessions {
        unused: limits.idle_seconds(),
        in_all: limits.absolute_seconds(),
    }
}

const fn times(session: &Session) -> SessionTimes {
    SessionTimes {
        began: session.created_at,
        used: session.last_active_at,
    }
}
