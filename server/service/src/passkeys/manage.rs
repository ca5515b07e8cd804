//! Keys are renamed and removed, and the app beside them.

use crate::refusal::{Refusal, Wrong};
use app::types::ids::UserKeyId;
use app::types::name::{Name, NotAName};
use app::types::two_factor::StepUp;

use super::seal_nothing;
use crate::audit::Event;
use crate::change::Change;
use crate::letters::Letter;
use crate::sessions::{self, SignedIn};
use crate::step_up::prove;
use crate::two_factor::{FactorChange, end_elsewhere};
use crate::{Failure, Outcome, Services, factor_set};
use domain::ends::Occasion;
use storage::factors::{delete_code_factor, delete_further_key};
use storage::user_keys::{find_key_details, rename_key};
use webauthn::MOST_NAME;

/// Gives a key another name.
///
/// # Errors
/// What is no name of 1 to 50 characters; `NotFound` where the user has no such key.
pub async fn rename(
    services: &Services,
    caller: &SignedIn,
    key: UserKeyId,
    name: &str,
) -> Outcome<()> {
    let name = Name::parse(name).map_err(Wrong::Name)?;
    if name.as_str().chars().count() > MOST_NAME {
        return Err(Wrong::Name(NotAName::TooLong).into());
    }
    let change = Change::by_session(services, caller).await?;
    let user = sessions::still(&change, caller).await?;
    if !rename_key(change.db(), user.id, key, name.as_str()).await? {
        return Err(Refusal::NotFound.into());
    }
    let key = name.as_str().to_owned();
    change.record_own(&user, &Event::KeyRenamed { key }).await?;
    change.commit().await?;
    Ok(())
}

/// Removes a key, where another second factor remains; gives the credential ids of the keys that do, by which a page tells the
/// browser which ones are still good.
///
/// # Errors
/// `LastFactor` where it is the only one: that is for Disable, with its warnings. What a step-up refuses.
pub async fn remove(
    services: &Services,
    caller: &SignedIn,
    key: UserKeyId,
    given: &StepUp,
) -> Outcome<Vec<Vec<u8>>> {
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    let before = factor_set::load(services, change.db(), user.id).await?;
    let found = before.key(key).ok_or(Failure::Refused(Refusal::NotFound))?;
    let remaining = before.without_key(key);
    if !remaining.is_on() {
        return Err(Refusal::LastFactor.into());
    }
    let details = find_key_details(change.db(), user.id).await?;
    let name = details.into_iter().find(|it| it.key.id == key);
    let name = name.map_or_else(String::new, |it| it.name);
    if !delete_further_key(change.db(), user.id, &before, key).await? {
        return Err(Refusal::NotFound.into());
    }
    factor_set::bind(services, change.db(), user.id).await?;
    let event = Event::KeyRemoved { key: name };
    let of_factor = FactorChange::new(Occasion::FactorRemoved, event);
    end_elsewhere(&change, caller, &of_factor, None).await?;
    let letter = Letter::KeyRemoved {
        is_passkey: found.is_passkey,
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    let ids = remaining.keys().iter().map(|key| key.credential_id.clone());
    Ok(ids.collect())
}

/// Removes the authenticator app, where a key remains.
///
/// # Errors
/// `LastFactor` where none does; `NotFound` where there is no app; what a step-up refuses.
pub async fn remove_app(services: &Services, caller: &SignedIn, given: &StepUp) -> Outcome<()> {
    let proven = prove(services, caller, given).await?;
    let change = Change::proven(services, caller, proven).await?;
    let user = sessions::still(&change, caller).await?;
    let before = factor_set::load(services, change.db(), user.id).await?;
    if before.codes().is_empty() {
        return Err(Refusal::NotFound.into());
    }
    if before.keys().is_empty() {
        return Err(Refusal::LastFactor.into());
    }
    let nothing = seal_nothing(&change, user.id).await?;
    if !delete_code_factor(change.db(), user.id, &before, nothing).await? {
        return Err(Refusal::NotFound.into());
    }
    factor_set::bind(services, change.db(), user.id).await?;
    let of_factor = FactorChange::new(Occasion::FactorRemoved, Event::AppRemoved);
    end_elsewhere(&change, caller, &of_factor, None).await?;
    let letter = Letter::AppRemoved {
        from: &caller.visitor,
    };
    change.queue(&caller.user, &letter).await?;
    change.commit().await?;
    Ok(())
}
