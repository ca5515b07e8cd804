//! Signing in: the password, then one code or a mailed link; a pending sign-in in between, which is not a session.

mod code;
mod counted;
mod key;
mod link;
mod offered_reset;
mod password;
mod pending;
mod tries;
pub mod turns;

use app::types::session::SignInStep;

use super::audit::Event;
use super::browsers::{BrowserTokens, Held, known_hash, note_mailbox_proof, note_sign_in};
use super::change::Change;
use super::ends::Concerned;
use super::first_factor::allowance;
use super::sessions::OpenedBy;
use super::{Outcome, Services, Visitor, sessions};
use crate::metrics::Proof;
use crypto::token::Token;
use domain::ends::Occasion;
use storage::ephemeral::{Of, OneRow};
use storage::known_browsers::KnownTo;
use storage::own_counts::note_factor_proven;
use storage::users::{User, find_user};

pub use code::{send_code, with_second_factor};
pub use key::{key_options, passkey_options, with_key, with_passkey};
pub(crate) use link::PURPOSE as PURPOSE_OF_LINK;
pub use link::with_link;
pub use offered_reset::{confirm_offered_reset, open_offered_reset};
pub use password::{check_length, with_password};
pub use pending::{PENDING_LIFE, PendingState, find, is_pending};

/// What a step led to, with the tokens that go into the browser's cookies.
pub struct Stepped {
    /// For the page.
    pub step: SignInStep,
    /// For the cookie.
    pub cookie: NewCookie,
    /// What a finished sign-in was proven by.
    pub proof: Option<Proof>,
    /// By which the browser is known and trusted from now on.
    pub browser: BrowserTokens,
}

/// The browser's new token; the other kind is removed.
pub enum NewCookie {
    /// A session.
    Session(Token),
    /// A pending sign-in.
    Pending(Token),
}

/// How a sign-in was finished.
pub(super) struct FinishedSignIn {
    event: Event,
    proof: Proof,
    opened: OpenedBy,
    recovery_codes_left: Option<u32>,
    trusted: Option<Token>,
    /// The browser, where it is known to the user.
    known: Option<KnownTo>,
    /// Whether a link on the way has proven the mailbox.
    proves_mailbox: bool,
    /// Whether the user was let in to set up a first factor.
    is_let_in: bool,
}

impl FinishedSignIn {
    /// Without a second factor of this moment.
    pub(super) const fn by(event: Event, proof: Proof, known: Option<KnownTo>) -> Self {
        Self {
            event,
            proof,
            opened: OpenedBy {
                second_factor_at: None,
                trusted_browser: None,
            },
            recovery_codes_left: None,
            trusted: None,
            known,
            proves_mailbox: false,
            is_let_in: false,
        }
    }

    /// By a link that was mailed, among others.
    pub(super) const fn by_mailbox(event: Event, proof: Proof, known: Option<KnownTo>) -> Self {
        let mut finished = Self::by(event, proof, known);
        finished.proves_mailbox = true;
        finished
    }
}

/// Makes the session that a finished sign-in ends in; the caller has locked the user.
pub(super) async fn finish(
    change: &Change<'_>,
    user: &User,
    held: &Held,
    finished: FinishedSignIn,
) -> Outcome<Stepped> {
    let opened = finished.opened;
    let session = sessions::begin(change, user.id, opened).await?;
    change.record_own(user, &finished.event).await?;
    if finished.is_let_in {
        allowance::take(change, user, session.id).await?;
    }
    let is_proven = opened.second_factor_at.is_some() || finished.proves_mailbox;
    let mut known = note_sign_in(change, user, held, (finished.known, is_proven)).await?;
    if let Some(at) = opened.second_factor_at {
        note_factor_proven(change.db(), user.id, &known_hash(&known), at).await?;
    }
    if finished.proves_mailbox {
        let hash = known_hash(&known);
        known = note_mailbox_proof(change, user.id, Some(&hash)).await?;
    }
    Ok(Stepped {
        step: SignInStep::SignedIn {
            recovery_codes_left: finished.recovery_codes_left,
        },
        cookie: NewCookie::Session(session.token),
        proof: Some(finished.proof),
        browser: BrowserTokens {
            known: Some(known),
            trusted: finished.trusted,
        },
    })
}

/// Ends the session and the pending sign-in that a browser was in before: whether either was there.
async fn leave(
    change: &Change<'_>,
    session: Option<&Token>,
    pending: Option<&Token>,
) -> Outcome<bool> {
    let session = session.map(sessions::hash_of);
    let pending = pending.map(|token| token.hash(pending::PURPOSE));
    let held = Concerned {
        session: session.as_ref().map(|hash| OneRow::Token(hash)),
        pending: pending.as_ref().map(|hash| OneRow::Token(hash)),
        ..Concerned::default()
    };
    let (occasion, nobodys) = (Occasion::SignedOut, Of::Everybody);
    change.end_named(occasion, nobodys, held).await
}

/// Ends whatever the browser holds: a session, a pending sign-in, or both.
pub async fn sign_out(
    services: &Services,
    session: Option<&Token>,
    pending: Option<&Token>,
    visitor: &Visitor,
) -> Outcome<()> {
    let signed_in = match session {
        Some(token) => sessions::resolve(services, token, visitor).await?,
        None => None,
    };
    let change = Change::by_visitor(services, visitor).await?;
    let was_there = leave(&change, session, pending).await?;
    // Of many who sign out by one cookie at once, one has ended the session.
    if let Some(signed_in) = signed_in.filter(|_| was_there)
        && let Some(user) = find_user(change.db(), signed_in.user.id).await?
    {
        change.record_own(&user, &Event::SignedOut).await?;
    }
    change.commit().await?;
    Ok(())
}
