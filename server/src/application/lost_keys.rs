//! Recovers from keys that are lost for good, on a database that no server uses.

use std::sync::Arc;

use super::{FolderUse, StartProblem, lock_data, services_with};
use crypto::clock::Clock;
use crypto::random::Random;
use service::keys::KeysProblem;
use service::keys::lost::{Loss, find_loss, give_up, go_on_without, refuse_beside_servers};
use settings::Settings;
use storage::Database;

/// Ends the second factor of everybody whose key is lost, and what else is under it, once `is_sure` has seen how much that
/// is, which it gives; none where it was not sure.
///
/// # Errors
/// When no key is lost, a server may be alive, or the database cannot be used.
pub async fn reset_all_two_factor(
    settings: &Settings,
    (clock, random): (Arc<dyn Clock>, Arc<dyn Random>),
    is_sure: impl FnOnce(&Loss) -> bool,
) -> Result<Option<Loss>, StartProblem> {
    let location = settings.location();
    // None is made where there is none.
    let looked = Database::open_as_it_is(&location).await?;
    looked.close().await.map_err(KeysProblem::from)?;
    let _lock = lock_data(settings, FolderUse::ByCommand)?;
    let database = Database::open(&location).await?;
    let loss = find_loss(settings, &database).await?;
    if loss.is_none() {
        return Err(KeysProblem::Other(
            "no key is missing: everything that is sealed can be opened with the keys of this server".to_owned(),
        )
        .into());
    }
    refuse_beside_servers(&database, clock.now()).await?;
    if !is_sure(&loss) {
        return Ok(None);
    }
    // Whoever was asked may have taken their time.
    refuse_beside_servers(&database, clock.now()).await?;
    let keys = go_on_without(settings, &database, random.as_ref()).await?;
    let services = services_with(keys, database, settings.clone(), (clock, random))?;
    give_up(&services, &loss).await?;
    Ok(Some(loss))
}
