//! The gate: what is declared with each server function (`app::api`) decides who is let through to it; a function that is not
//! declared does not exist. The gate runs before the body of a request is decoded.

use app::api::{Effect, Level};
use app::error::ApiError;

use crate::request_id;
use crypto::token::Token;
use service::browsers::{Held, hash_for, own_known_as};
use service::change::Change;
use service::limits::{Limit, take_any};
use service::refusal::Refusal;
use service::sessions::{self, SignedIn};
use service::{Failure, Services, Visitor, sign_in};

/// Who was admitted.
pub enum Caller {
    /// Nobody in particular; the level asked for nothing.
    Anyone,
    /// The token of a live pending sign-in.
    Pending(Token),
    /// A live session of an enabled user.
    SignedIn(Box<SignedIn>),
}

/// The address of signing out, which also clears what the browser stores.
pub const SIGN_OUT: &str = "/api/session/sign-out";

/// The level of every file that a `GET` hands out, by address. Nothing else under `/api/` answers a `GET`.
pub const EXPORTS: &[(&str, Level)] = &[
    ("/api/accounts/{account}/activity.csv", Level::Session),
    ("/api/accounts/{account}/activity.jsonl", Level::Session),
];

/// Lets a caller through, or not. Who is signed in and is about to write pays with a try, whatever comes of it: nobody
/// fills the disk by repeating what is cheap for them.
///
/// # Errors
/// `SignedOut` or `SignInOver` when the level is not reached; `Paused` when the user has no act left; faults of the
/// database.
pub async fn admit(
    services: &Services,
    level: Level,
    effect: Effect,
    held: &Held,
    visitor: &Visitor,
) -> Result<Caller, Failure> {
    let caller = find_caller(services, level, held, visitor).await?;
    if let Caller::SignedIn(signed_in) = &caller
        && effect == Effect::Acts
    {
        // On the heap: most requests are reads, and would carry its room along.
        Box::pin(take_act(services, signed_in)).await?;
    }
    Ok(caller)
}

async fn take_act(services: &Services, caller: &SignedIn) -> Result<(), Failure> {
    let user = caller.user.id;
    let mut own = vec![Limit::ActsOfSession.of_session_of(user, caller.session.id)];
    let change = Change::by_session(services, caller).await?;
    // Of the user: some acts give the browser another token, and so would a budget with each.
    if let Some(known) = own_known_as(change.db(), caller).await? {
        own.push(Limit::ActsOfKnown.of_user(user));
        own.extend(known.is_proven.then(|| Limit::ActsOfProven.of_user(user)));
    }
    let of_user = Limit::Acts.of_user(user);
    let spent = take_any(services, change.db(), &own, of_user).await?;
    change.commit().await?;
    spent.map_or(Ok(()), |refusal| Err(refusal.into()))
}

async fn find_caller(
    services: &Services,
    level: Level,
    held: &Held,
    visitor: &Visitor,
) -> Result<Caller, Failure> {
    match level {
        Level::Anyone => Ok(Caller::Anyone),
        Level::PendingSignIn => {
            let token = held.pending.as_ref().ok_or(Refusal::SignInOver)?;
            if sign_in::is_pending(services, token).await? {
                Ok(Caller::Pending(token.clone()))
            } else {
                Err(Refusal::SignInOver.into())
            }
        }
        Level::Session => {
            let token = held.session.as_ref().ok_or(Refusal::SignedOut)?;
            let signed_in = sessions::resolve(services, token, visitor).await?;
            let signed_in = in_browser(services, signed_in, held).await?;
            Ok(Caller::SignedIn(Box::new(signed_in)))
        }
        Level::WatchedSession => {
            let token = held.session.as_ref().ok_or(Refusal::SignedOut)?;
            let signed_in = sessions::watch(services, token, visitor).await?;
            let signed_in = in_browser(services, signed_in, held).await?;
            Ok(Caller::SignedIn(Box::new(signed_in)))
        }
    }
}

/// Who is signed in, with the browser that they are in. To a page that was drawn for somebody else they are not: what is
/// typed there was meant for that user.
async fn in_browser(
    services: &Services,
    signed_in: Option<SignedIn>,
    held: &Held,
) -> Result<SignedIn, Failure> {
    let signed_in = signed_in.ok_or(Refusal::SignedOut)?;
    let of_another = |user: &String| *user != signed_in.user.id.to_string();
    if held.drawn_for.as_ref().is_some_and(of_another) {
        return Err(Refusal::SignedOut.into());
    }
    let known = hash_for(services.database.read(), signed_in.user.id, held).await?;
    Ok(SignedIn { known, ..signed_in })
}

/// A fault that has no cause to show.
pub fn unexplained(what: &'static str) -> ApiError {
    let reference = new_reference();
    tracing::error!(reference, "{what}");
    ApiError::Internal { reference }
}

/// A reference that a person can read out and the log can be searched for: the id of the request, within one.
pub fn new_reference() -> String {
    request_id::current().unwrap_or_else(request_id::next)
}
