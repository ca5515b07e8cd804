//! TLS to mail server and database, which a new installation needs. docs/decisions/0030-tls-for-new-installations.md

use std::time::Duration;

use super::Obstacle;
use settings::{Settings, Unprotected};
use storage::instance::{find_instance, requires_tls};
use storage::{Database, Location};

/// How long a database may take to say how old it is; where it does not, the start itself waits for it.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn check(settings: &Settings) -> Vec<Obstacle> {
    let ways = [Unprotected::Mail, Unprotected::Database];
    let mut open: Vec<_> = ways.into_iter().filter(|way| way.is_so(settings)).collect();
    if !open.is_empty() && !is_new(&settings.location()).await {
        open.clear();
    }
    let said = open
        .into_iter()
        .map(|way| Obstacle::said(way.setting(), way.remedy()));
    said.collect()
}

/// Whether the database is one that this version has made or would make.
async fn is_new(location: &Location) -> bool {
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return true;
    }
    let asked = tokio::time::timeout(PATIENCE, ask(location)).await;
    // One that cannot be asked is asked again by the start, which waits for it.
    asked.ok().flatten().unwrap_or(false)
}

async fn ask(location: &Location) -> Option<bool> {
    let database = match Database::open_as_it_is(location).await {
        Ok(database) => database,
        Err(storage::DatabaseProblem::Absent(_)) => return Some(true),
        Err(_) => return None,
    };
    let said = match find_instance(database.read()).await {
        Ok(Some(_)) => requires_tls(database.read()).await.ok(),
        // The schema is there, and nobody has started with it yet.
        Ok(None) => Some(true),
        Err(_) => None,
    };
    database.close().await.ok()?;
    said
}
