//! How often a user signs in, over all browsers: each session is rows and lines of the log, and has acts of its own.
//! docs/decisions/0046-sign-ins-of-a-user.md

use super::Outcome;
use crate::change::Change;
use crate::limits::{Limit, take_any};
use domain::mailbox_code::KNOWN_FOR;
use storage::known_browsers::{KnownTo, known_as};
use storage::users::User;

/// Takes a sign-in by the password alone. Whoever has the password can use up what all browsers share, so that those have
/// some of their own that such a thief does not sign in with.
///
/// # Errors
/// `Paused` when none is left.
pub(super) async fn take_by_password(
    change: &Change<'_>,
    user: &User,
    known: Option<KnownTo>,
) -> Outcome<()> {
    let services = change.services;
    let known = match known {
        Some(known) => known_as(change.db(), user.id, &known.token_hash).await?,
        None => None,
    };
    let mut own = Vec::new();
    if let Some(known) = known {
        let is_long_known = services.now().since(known.since) >= KNOWN_FOR;
        own.extend(is_long_known.then(|| Limit::SignInsOfKnown.of_user(user.id)));
        own.extend(
            known
                .is_proven
                .then(|| Limit::SignInsOfProven.of_user(user.id)),
        );
    }
    let shared = Limit::SignInsOfUser.of_user(user.id);
    let spent = take_any(services, change.db(), &own, shared).await?;
    spent.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Takes a sign-in that a code or a mailed link finishes. Nobody who has only the password uses these up.
///
/// # Errors
/// `Paused` when none is left.
pub(super) async fn take_by_proof(change: &Change<'_>, user: &User) -> Outcome<()> {
    let of_user = Limit::SignInsByProof.of_user(user.id);
    change.take_or_refuse(&of_user).await
}
