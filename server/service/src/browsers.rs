//! Known browsers (not throttled by the failures of strangers; a sign-in from another one is mailed) and trusted browsers
//! (skip the second factor). docs/decisions/0011-known-and-trusted-browsers.md

mod tokens;
mod trusted;

use app::types::ids::UserId;

use super::audit::Event;
use super::change::Change;
use super::letters::Letter;
use super::limits::Limit;
use super::sessions::SignedIn;
use super::{Outcome, Services, Visitor};
use crypto::token::Token;
use storage::known_browsers::{
    KnownAs, KnownTo, NewKnown, SeenAs, find_known_browser, insert_known_browser, known_as,
    note_mailbox_proven, renew_known_browser, tokens_in_use, touch_known_browser,
};
use storage::users::User;
use storage::{ConnectionTrait, Stored};

pub use tokens::{KnownTokens, MOST_TOKENS};
pub use trusted::{TRUST_LIFE, TrustedWith, renew_trust, trust, trust_of};

/// Seconds that a browser stays known without a sign-in.
pub const KNOWN_LIFE: i64 = 365 * 24 * 60 * 60;
/// Browsers that are remembered for a user.
pub const MOST_KNOWN: usize = 50;
/// Domain separation: the hash of one kind of token never equals that of another kind.
const KNOWN: &str = "known browser";

/// The tokens that a browser sent along.
#[derive(Clone, Default)]
pub struct Held {
    /// Of its session.
    pub session: Option<Token>,
    /// Of its pending sign-in.
    pub pending: Option<Token>,
    /// By which it is known: one for each user.
    pub known: KnownTokens,
    /// By which it is trusted.
    pub trusted: Option<Token>,
    /// The user for whom the page that asks was drawn, as the page says; none where it says nothing. Another tab may have
    /// signed somebody else in since.
    pub drawn_for: Option<String>,
}

/// The browser that a request comes from.
#[derive(Clone, Copy)]
pub struct FromBrowser<'a> {
    /// What it holds.
    pub held: &'a Held,
    /// What can be seen of it.
    pub visitor: &'a Visitor,
}

/// The tokens that a browser gets by signing in, besides that of the session.
#[derive(Default)]
pub struct BrowserTokens {
    /// By which it is known.
    pub known: Option<Token>,
    /// By which it is trusted, when it was to be.
    pub trusted: Option<Token>,
}

/// The hash by which a browser is known to a user.
pub fn known_hash(token: &Token) -> [u8; 32] {
    token.hash(KNOWN)
}

/// Records that a browser has proven the mailbox of a user: it is known from then on and may set up a first factor. It
/// gets a new token, so that a copy of the old one is void; `held` is the hash of the old one, where it was known to the
/// user. The caller has locked the user.
pub async fn note_mailbox_proof(
    change: &Change<'_>,
    user: UserId,
    held: Option<&[u8; 32]>,
) -> Stored<Token> {
    let (now, visitor) = (change.services.now(), change.visitor());
    let token = Token::new(change.services.random.as_ref());
    let hash = known_hash(&token);
    let seen = SeenAs {
        address: &visitor.address,
        browser: &visitor.browser,
    };
    if let Some(held) = held {
        renew_known_browser(change.db(), user, held, &hash).await?;
    }
    if !touch_known_browser(change.db(), user, &hash, seen, now).await? {
        let new = NewKnown {
            token_hash: &hash,
            seen,
            is_proven: true,
        };
        insert_known_browser(change.db(), user, new, (now, MOST_KNOWN)).await?;
    }
    note_mailbox_proven(change.db(), user, &hash, now).await?;
    Ok(token)
}

/// The same of the browser that somebody is signed in with.
///
/// # Errors
/// Faults of the database.
pub async fn note_own_mailbox_proof(change: &Change<'_>, caller: &SignedIn) -> Stored<()> {
    let held = caller.known.as_ref();
    let token = note_mailbox_proof(change, caller.user.id, held).await?;
    caller.new_tokens.add_known(token);
    Ok(())
}

/// Rotates the known-browser token of the caller after an act that has ended all others, so that a copy of the old token
/// is void too. Returns the hash of the new one.
pub async fn renew_own(change: &Change<'_>, caller: &SignedIn) -> Stored<Option<[u8; 32]>> {
    let Some(held) = &caller.known else {
        return Ok(None);
    };
    let token = Token::new(change.services.random.as_ref());
    let hash = known_hash(&token);
    renew_known_browser(change.db(), caller.user.id, held, &hash).await?;
    caller.new_tokens.add_known(token);
    Ok(Some(hash))
}

/// By which of its tokens a browser is known to a user, if it is.
pub async fn known_to(
    db: &impl ConnectionTrait,
    user: UserId,
    held: &Held,
) -> Stored<Option<KnownTo>> {
    let hashes = held.known.hashes();
    // Whoever it is asked for: no answer comes sooner for one user than for another.
    if hashes.is_empty() {
        return Ok(None);
    }
    find_known_browser(db, user, &hashes).await
}

/// The hash by which a browser is known to who is signed in, or would be: of a single token, whether it is known is asked
/// where that matters.
pub async fn hash_for(
    db: &impl ConnectionTrait,
    user: UserId,
    held: &Held,
) -> Stored<Option<[u8; 32]>> {
    if let [only] = held.known.hashes()[..] {
        return Ok(Some(only));
    }
    let known = known_to(db, user, held).await?;
    Ok(known.map(|known| known.token_hash))
}

/// The tokens for the cookie of a browser that has got one, or has used it: that one first, then those by which others are
/// known in it. What nobody is known by any more is left out, so that it takes the place of none.
pub async fn with_token(services: &Services, held: &Held, token: Token) -> Stored<KnownTokens> {
    let hashes = held.known.hashes();
    let in_use = match hashes[..] {
        [] => Vec::new(),
        _ => tokens_in_use(services.database.read(), &hashes).await?,
    };
    let is_in_use = |hash: &[u8; 32]| in_use.iter().any(|used| used.as_slice() == hash);
    Ok(held.known.led_by(token, is_in_use))
}

/// What the browser of a caller is known as to them, if it is.
pub async fn own_known_as(db: &impl ConnectionTrait, caller: &SignedIn) -> Stored<Option<KnownAs>> {
    match caller.known {
        Some(hash) => known_as(db, caller.user.id, &hash).await,
        None => Ok(None),
    }
}

/// Notes a finished sign-in; one from a browser not seen before is listed and mailed, unless it is the first of all. That the
/// browser is `known` may have been read before: whether it still is, the write decides. `is_proven` says that the sign-in
/// took more than the password. The caller has locked the user.
pub async fn note_sign_in(
    change: &Change<'_>,
    user: &User,
    held: &Held,
    (known, is_proven): (Option<KnownTo>, bool),
) -> Outcome<Token> {
    let (now, visitor) = (change.services.now(), change.visitor());
    let token = Token::new(change.services.random.as_ref());
    let hash = known_hash(&token);
    let seen = SeenAs {
        address: &visitor.address,
        browser: &visitor.browser,
    };
    // Other tokens in the cookie are somebody else's, or planted: whoever has a copy of one must not become known to this
    // user, and who is known by one stays so.
    if let Some(KnownTo { token_hash, .. }) = known
        && let Some(token) = held.known.of_hash(&token_hash)
        && touch_known_browser(change.db(), user.id, &token_hash, seen, now).await?
    {
        return Ok(token.clone());
    }
    let new = NewKnown {
        token_hash: &hash,
        seen,
        is_proven,
    };
    let is_first = insert_known_browser(change.db(), user.id, new, (now, MOST_KNOWN)).await?;
    // A user who has removed all known browsers is mailed about the next one.
    if !is_first || user.has_been_active {
        tell_of_new_browser(change, user).await?;
    }
    Ok(token)
}

async fn tell_of_new_browser(change: &Change<'_>, user: &User) -> Outcome<()> {
    let event = Event::SignedInFromNewBrowser;
    change.record_own(user, &event).await?;
    let bucket = Limit::NewBrowserMails.of_user(user.id);
    if change.take(&bucket).await?.is_none() {
        let from = change.visitor();
        let letter = Letter::NewBrowser { from };
        change.queue(user, &letter).await?;
    }
    Ok(())
}
