//! The gate: one table gives the level of every server function; a function that is not in it does not exist. The gate runs
//! before the body of a request is decoded.

use app::error::ApiError;

use crate::crypto::token::Token;
use crate::http::request_id;
use crate::service::browsers::{Held, hash_for, is_known};
use crate::service::change::Change;
use crate::service::limits::{Limit, paused, take_any};
use crate::service::sessions::{self, SignedIn};
use crate::service::{Failure, Services, Visitor, sign_in};

/// The level of a function: what it requires of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Anyone who comes from our own pages.
    Anyone,
    /// A pending sign-in: the password was right, the second factor is due.
    PendingSignIn,
    /// A session.
    Session,
    /// A session, and a step-up with the call.
    StepUp,
    /// A session, and an account of its user that does not keep its doors shut. The use case admits to the account
    /// itself, inside its own transaction where it writes: what it was admitted by is then still true.
    Account,
    /// The same, asked by open pages themselves: it is no use that keeps a session alive.
    AccountWatched,
    /// The same as `Account`, and a step-up with the call.
    AccountAndStepUp,
    /// A session, and an account of its user even where its doors are shut: only leaving is possible then.
    Membership,
}

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

/// The level of every server function, by address.
pub const LEVELS: &[(&str, Level)] = &[
    ("/api/session/state", Level::Anyone),
    (SIGN_OUT, Level::Anyone),
    ("/api/setup/link", Level::Anyone),
    ("/api/setup/create", Level::Anyone),
    ("/api/sign-in/password", Level::Anyone),
    ("/api/sign-in/send-code", Level::PendingSignIn),
    ("/api/sign-in/code", Level::PendingSignIn),
    ("/api/sign-in/recovery-code", Level::PendingSignIn),
    ("/api/sign-up/request", Level::Anyone),
    ("/api/sign-up/finish", Level::Anyone),
    ("/api/two-factor/overview", Level::Session),
    ("/api/two-factor/mail-code", Level::StepUp),
    ("/api/two-factor/decline", Level::StepUp),
    ("/api/two-factor/begin", Level::StepUp),
    ("/api/two-factor/confirm", Level::Session),
    ("/api/two-factor/cancel", Level::Session),
    ("/api/two-factor/disable", Level::StepUp),
    ("/api/two-factor/countries", Level::Session),
    ("/api/two-factor/begin-sms", Level::StepUp),
    ("/api/two-factor/send-code", Level::Session),
    ("/api/two-factor/new-recovery-codes", Level::StepUp),
    ("/api/sign-in/link", Level::Anyone),
    ("/api/accounts/list", Level::Session),
    ("/api/accounts/create", Level::Session),
    ("/api/account/enter", Level::AccountWatched),
    ("/api/account/overview", Level::Account),
    ("/api/account/settings", Level::Account),
    ("/api/account/save-settings", Level::Account),
    ("/api/account/activity", Level::Account),
    ("/api/team/users", Level::Account),
    ("/api/team/invitations", Level::Account),
    ("/api/team/invite", Level::Account),
    ("/api/team/resend-invitation", Level::Account),
    ("/api/team/copy-invitation-link", Level::AccountAndStepUp),
    ("/api/team/revoke-invitation", Level::Account),
    ("/api/team/change-roles", Level::Account),
    ("/api/team/remove", Level::Account),
    ("/api/team/leave", Level::Membership),
    ("/api/team/offer-transfer", Level::AccountAndStepUp),
    ("/api/team/take-back-transfer", Level::Account),
    ("/api/team/accept-transfer", Level::AccountAndStepUp),
    ("/api/team/decline-transfer", Level::Account),
    ("/api/team/offer-reset", Level::AccountAndStepUp),
    ("/api/team/let-in", Level::AccountAndStepUp),
    ("/api/team/allow-first-factor", Level::AccountAndStepUp),
    ("/api/reset/open", Level::Anyone),
    ("/api/reset/confirm", Level::Anyone),
    ("/api/invitation/open", Level::Anyone),
    ("/api/invitation/accept", Level::Session),
    ("/api/invitation/join", Level::Anyone),
    ("/api/password/forgot", Level::Anyone),
    ("/api/password/reset", Level::Anyone),
    ("/api/password/change", Level::StepUp),
    ("/api/profile/overview", Level::Session),
    ("/api/profile/rename", Level::Session),
    ("/api/profile/change-email", Level::StepUp),
    ("/api/profile/confirm-email", Level::Session),
    ("/api/profile/delete", Level::StepUp),
    ("/api/sessions/list", Level::Session),
    ("/api/sessions/end", Level::Session),
    ("/api/sessions/end-others", Level::Session),
    ("/api/sessions/remove-trusted-browser", Level::Session),
    ("/api/sessions/forget-browser", Level::StepUp),
    ("/api/sessions/activity", Level::Session),
];

/// The level of every file that a `GET` hands out, by address. Nothing else under `/api/` answers a `GET`.
pub const EXPORTS: &[(&str, Level)] = &[
    ("/api/accounts/{account}/activity.csv", Level::Account),
    ("/api/accounts/{account}/activity.jsonl", Level::Account),
];

/// Functions for a session that only read. All others take a try off their user's budget of acts, so that a new one is
/// budgeted unless it stands here.
pub const READS: &[&str] = &[
    "/api/two-factor/overview",
    "/api/two-factor/countries",
    "/api/accounts/list",
    "/api/account/enter",
    "/api/account/overview",
    "/api/account/settings",
    "/api/account/activity",
    "/api/team/users",
    "/api/team/invitations",
    "/api/profile/overview",
    "/api/sessions/list",
    "/api/sessions/activity",
];

/// The level of the function at an address; none means that there is no such function.
pub fn level_of(path: &str) -> Option<Level> {
    LEVELS
        .iter()
        .find(|(known, _)| *known == path)
        .map(|(_, level)| *level)
}

/// Lets a caller through to a function, or not. Who is signed in and is about to write pays with a try, whatever comes
/// of it: nobody fills the disk by repeating what is cheap for them.
///
/// # Errors
/// As [`admit`]; `Paused` when the user has no act left.
pub async fn admit_to(
    services: &Services,
    (endpoint, level): (&str, Level),
    held: &Held,
    visitor: &Visitor,
) -> Result<Caller, Failure> {
    let caller = admit(services, level, held, visitor).await?;
    if let Caller::SignedIn(signed_in) = &caller
        && !READS.contains(&endpoint)
    {
        take_act(services, signed_in).await?;
    }
    Ok(caller)
}

async fn take_act(services: &Services, caller: &SignedIn) -> Result<(), Failure> {
    let user = caller.user.id;
    let mut own = vec![Limit::ActsOfSession.of_session(caller.session.id)];
    let change = Change::by(services, caller).await?;
    // Of the user: some acts give the browser another token, and so would a budget with each.
    if is_known(change.db(), caller).await? {
        own.push(Limit::ActsOfKnown.of_user(user));
    }
    let of_user = Limit::Acts.of_user(user);
    let spent = take_any(services, change.db(), &own, of_user).await?;
    change.commit().await?;
    spent.map_or(Ok(()), |until| Err(paused(services, until).into()))
}

/// Lets a caller through, or not.
///
/// # Errors
/// `SignedOut` or `SignInOver` when the level is not reached; faults of the database.
pub async fn admit(
    services: &Services,
    level: Level,
    held: &Held,
    visitor: &Visitor,
) -> Result<Caller, Failure> {
    match level {
        Level::Anyone => Ok(Caller::Anyone),
        Level::PendingSignIn => {
            let token = held.pending.as_ref().ok_or(ApiError::SignInOver)?;
            if sign_in::is_pending(services, token).await? {
                Ok(Caller::Pending(token.clone()))
            } else {
                Err(ApiError::SignInOver.into())
            }
        }
        Level::Session
        | Level::StepUp
        | Level::Account
        | Level::AccountAndStepUp
        | Level::Membership => {
            let token = held.session.as_ref().ok_or(ApiError::SignedOut)?;
            let signed_in = sessions::resolve(services, token, visitor).await?;
            let signed_in = signed_in.ok_or(Failure::Refused(ApiError::SignedOut))?;
            let signed_in = in_browser(services, signed_in, held).await?;
            Ok(Caller::SignedIn(Box::new(signed_in)))
        }
        Level::AccountWatched => {
            let token = held.session.as_ref().ok_or(ApiError::SignedOut)?;
            let signed_in = sessions::watch(services, token, visitor).await?;
            let signed_in = signed_in.ok_or(Failure::Refused(ApiError::SignedOut))?;
            let signed_in = in_browser(services, signed_in, held).await?;
            Ok(Caller::SignedIn(Box::new(signed_in)))
        }
    }
}

/// Who is signed in, with the browser that they are in.
async fn in_browser(
    services: &Services,
    signed_in: SignedIn,
    held: &Held,
) -> Result<SignedIn, Failure> {
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
