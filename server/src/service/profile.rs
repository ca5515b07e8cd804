//! The user's own name, and the deletion of the profile. The address is in `profile::email`.

pub mod email;

use app::error::{ApiError, Field};
use app::types::name::Name;
use app::types::profile::{OwnAccount, Profile};
use app::types::two_factor::StepUp;

use super::audit::{About, Actor, Event, record};
use super::ends::{Concerned, end};
use super::first_factor::address_of;
use super::invitations::sender::{LostRight, revoke_sent};
use super::letters::{Letter, queue};
use super::sessions::{self, SignedIn};
use super::step_up::{needs_code, prove_password, prove_second_factor};
use super::users::name_problem;
use super::{Outcome, Services};
use crate::domain::ends::Occasion;
use crate::domain::first_factor::Address;
use crate::domain::roles::Roles;
use crate::storage::accounts::{OwnedAccount, accounts_of, delete_account, owned_accounts};
use crate::storage::email_changes::find_new_email;
use crate::storage::ephemeral::Of;
use crate::storage::users::{delete_user, set_name};

/// What the Profile page shows.
pub async fn overview(services: &Services, caller: &SignedIn) -> Outcome<Profile> {
    let db = services.database.read();
    let user = &caller.user;
    let owned = owned_accounts(db, user.id).await?;
    let owns = owned.into_iter().filter(|account| account.has_others);
    Ok(Profile {
        name: user.name.clone(),
        email: user.email.shown().to_owned(),
        email_verified: user.is_email_verified,
        corrects: caller.factor.is_none() && address_of(user) != Address::Proven,
        new_email: find_new_email(db, user.id, services.now()).await?,
        password_changed_at: user.password_changed_at,
        owns: owns
            .map(|OwnedAccount { id, name, .. }| OwnAccount { id, name })
            .collect(),
        step_up_needs_code: needs_code(services, db, caller).await?,
    })
}

/// Changes the name.
pub async fn rename(services: &Services, caller: &SignedIn, name: &str) -> Outcome<()> {
    let name =
        Name::parse(name).map_err(|error| ApiError::field(Field::Name, name_problem(error)))?;
    let transaction = services.database.begin_write().await?;
    let user = sessions::still(&transaction, caller).await?;
    if user.name == name.as_str() {
        return Ok(());
    }
    set_name(&transaction, user.id, &name).await?;
    let actor = Actor::User {
        id: user.id,
        name: name.as_str(),
        visitor: &caller.visitor,
    };
    let event = Event::Renamed { name: user.name };
    record(services, &transaction, actor, &event, About::default()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Deletes the user and the accounts that nobody else uses; the log keeps what they did.
///
/// # Errors
/// `OwnerStays` while they own an account that others use.
pub async fn delete(services: &Services, caller: &SignedIn, given: &StepUp) -> Outcome<()> {
    let proof = prove_password(services, caller, given).await?;
    let transaction = services.database.begin_write().await?;
    // Locks the accounts, which comes before the user, as for everybody who locks both.
    owned_accounts(&transaction, caller.user.id).await?;
    let (transaction, user) =
        prove_second_factor(services, transaction, caller, given, &proof).await?;
    let owned = owned_accounts(&transaction, user.id).await?;
    if owned.iter().any(|account| account.has_others) {
        // A code that was given is spent, whatever comes of it.
        transaction.commit().await?;
        return Err(ApiError::OwnerStays.into());
    }
    let actor = Actor::User {
        id: user.id,
        name: &user.name,
        visitor: &caller.visitor,
    };
    for account in accounts_of(&transaction, user.id).await? {
        let about = About {
            account: Some(account.account.id),
            subject: None,
        };
        record(services, &transaction, actor, &Event::UserLeft, about).await?;
    }
    let sender = (user.id, user.name.as_str());
    let lost = LostRight {
        occasion: Occasion::UserDeleted,
        account: None,
        left: Roles::NONE,
    };
    revoke_sent(services, &transaction, actor, sender, lost).await?;
    let event = Event::UserDeleted;
    record(services, &transaction, actor, &event, About::default()).await?;
    let letter = Letter::UserDeleted {
        from: &caller.visitor,
    };
    queue(services, &transaction, (&user).into(), &letter).await?;
    for account in owned {
        delete_account(&transaction, account.id).await?;
    }
    let (occasion, nothing) = (Occasion::UserDeleted, Concerned::default());
    end(&transaction, occasion, Of::User(user.id), nothing).await?;
    delete_user(&transaction, user.id).await?;
    transaction.commit().await?;
    services.mail_queued.notify_one();
    Ok(())
}
