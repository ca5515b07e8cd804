//! The operator brings the authenticator apps that users have from another product. All of a file, or none of it.
//! docs/decisions/0019-importing-totp.md

use app::types::factors::CodeFactorKind;
use app::types::ids::UserId;

use crate::audit::{About, Event};
use crate::change::Change;
use crate::letters::Letter;
use crate::second_factor::seal_secret;
use crate::{Outcome, Services, factor_set};
use crypto::seal::KeyRing;
use domain::ends::Occasion;
use domain::factors::Factor;
use domain::first_factor::Admitted;
use domain::totp::import::Import;
use domain::totp::{SKEW_STEPS, TimeStep};
use storage::WriteTransaction;
use storage::factors::{find_factors, insert_factor};
use storage::users::{User, find_user_by_email, lock_user};

/// Why a user's app is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotImport {
    /// Nobody.
    #[error("there is no user with that address")]
    NoUser,
    /// A disabled one comes back with a factor of our making, or with none.
    #[error("the user is disabled; enable them first")]
    Disabled,
    /// As for enabling it oneself.
    #[error("the user has not confirmed the address")]
    AddressNotConfirmed,
    /// What they have now is newer.
    #[error("two-factor authentication of the user is on already")]
    AlreadyOn,
    /// They said that the app was lost.
    #[error("the user's two-factor authentication was reset by their team; let them sign in first")]
    WasReset,
}

/// A line of a file whose user's app is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// The line.
    pub line: usize,
    /// The address in it.
    pub email: String,
    /// Why.
    pub reason: CannotImport,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// All of it is in use, or would be.
    All,
    /// Nothing was changed, because of these lines.
    Nothing(Vec<RefusedLine>),
}

/// Whether anything is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Yes.
    Real,
    /// Everything is checked, and undone.
    Dry,
}

/// Enables two-factor authentication of users with the secrets that their apps have. They get no recovery codes, since
/// nobody would see them: the mail and their Security page ask them to make some.
///
/// # Errors
/// Faults of the database or the keys. Users who cannot be taken are told in the answer, all at once.
pub async fn import(services: &Services, imports: &[Import], run: Run) -> Outcome<Imported> {
    let change = Change::by_operator(services).await?;
    let (users, refused) = lock_all(change.db(), imports).await?;
    if !refused.is_empty() {
        return Ok(Imported::Nothing(refused));
    }
    let keys = services.keys.sealing(change.db()).await?;
    for (user, import) in &users {
        enable(&change, &keys, user, import).await?;
    }
    match run {
        Run::Dry => drop(change),
        Run::Real => change.commit().await?,
    }
    Ok(Imported::All)
}

/// The users of a file, locked in the order of their ids, so that two files at once do not wait for each other.
async fn lock_all<'a>(
    transaction: &WriteTransaction,
    imports: &'a [Import],
) -> Outcome<(Vec<(User, &'a Import)>, Vec<RefusedLine>)> {
    let mut found: Vec<(Option<UserId>, &Import)> = Vec::new();
    for import in imports {
        let user = find_user_by_email(transaction, &import.email).await?;
        found.push((user.map(|user| user.id), import));
    }
    found.sort_by_key(|(id, _)| id.map(UserId::uuid));
    let (mut users, mut refused) = (Vec::new(), Vec::new());
    for (id, import) in found {
        let locked = match id {
            Some(id) => lock_user(transaction, id).await?,
            None => None,
        };
        match admit(transaction, locked, import).await? {
            Ok(user) => users.push((user, import)),
            Err(reason) => refused.push(RefusedLine {
                line: import.line,
                email: import.email.to_string(),
                reason,
            }),
        }
    }
    refused.sort_by_key(|refused| refused.line);
    Ok((users, refused))
}

async fn admit(
    transaction: &WriteTransaction,
    locked: Option<User>,
    import: &Import,
) -> Outcome<Result<User, CannotImport>> {
    // Until the lock, the address may have become another's.
    let Some(user) = locked.filter(|user| user.email.is(&import.email)) else {
        return Ok(Err(CannotImport::NoUser));
    };
    let is_on = find_factors(transaction, user.id).await?.is_on();
    Ok(match user {
        _ if is_on => Err(CannotImport::AlreadyOn),
        User {
            is_disabled: true, ..
        } => Err(CannotImport::Disabled),
        User {
            is_email_verified: false,
            ..
        } => Err(CannotImport::AddressNotConfirmed),
        User {
            is_sign_in_link_due: true,
            ..
        } => Err(CannotImport::WasReset),
        user => Ok(user),
    })
}

/// As confirming an enrolment does, but for the session: none of the user's is the operator's.
async fn enable(change: &Change<'_>, keys: &KeyRing, user: &User, import: &Import) -> Outcome<()> {
    let now = change.services.now();
    let factor = Factor {
        kind: CodeFactorKind::App,
        sealed: seal_secret(change.services, keys, user.id, &import.secret),
        since: now,
        // The other product may just have taken a code, of this step at the latest; its last step is not ours to know.
        last_step: TimeStep(TimeStep::at(now).0 + SKEW_STEPS),
    };
    let (key_id, admitted) = (keys.current().to_string(), Admitted::by_operator());
    insert_factor(change.db(), user.id, factor, key_id, admitted).await?;
    factor_set::bind(change.services, change.db(), user.id).await?;
    change.end(Occasion::FactorOn, user.id).await?;
    let about = About::user(user);
    let event = Event::TwoFactorImported;
    change.record(&event, about).await?;
    change.queue(user, &Letter::TwoFactorImported).await?;
    tracing::info!(user.id = %user.id, event = event.kind().word(), "the second factor changed");
    Ok(())
}
