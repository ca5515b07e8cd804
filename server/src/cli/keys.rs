//! `twofold keys …`.

use clap::{Args, Subcommand};

use super::output::{print, print_row, print_text};
use super::{Ended, Options, services, settings};
use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use crypto::seal::KeyId;
use service::audit::{Event, note_by_operator};
use service::keys::rotation::{self, RotationStep, in_words};
use service::keys::survey::{KeyUse, survey};
use service::keys::{KeySource, KeysProblem, keys_at_hand};
use storage::Database;
use storage::instance::find_instance;
use storage::sealed::SealedTable;

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Add a new key, with which nothing is sealed before `rotate`
    Add(Add),
    /// Seal everything anew with the newest key; run again, it goes on where it was interrupted
    Rotate,
    /// Drop a key that nothing is sealed with
    Drop(DropKey),
    /// Open everything that is sealed, and say how much is under which key
    Check,
}

#[derive(Args)]
pub(super) struct Add {
    /// Change nothing: print all keys with a new one, for the setting `keys`. What is printed is secret
    #[arg(long)]
    print: bool,
}

#[derive(Args)]
pub(super) struct DropKey {
    /// Eight characters, as `check` shows them
    #[arg(value_name = "KEY-ID")]
    id: String,
}

pub(super) async fn run(options: &Options, command: KeysCommand) -> Ended {
    match command {
        KeysCommand::Add(Add { print: true }) => print_keys(options),
        KeysCommand::Add(Add { print: false }) => add(options).await,
        KeysCommand::Rotate => rotate(options).await,
        KeysCommand::Drop(DropKey { id }) => drop_key(options, &id).await,
        KeysCommand::Check => check(options).await,
    }
}

fn print_keys(options: &Options) -> Ended {
    let settings = settings(options, &[])?;
    let text =
        rotation::printed(&settings, &SystemRandom).map_err(|problem| problem.to_string())?;
    print_text(text.trim_end())?;
    Ok(())
}

async fn add(options: &Options) -> Ended {
    // Before anything is opened, and made where it is missing.
    if KeySource::of(&settings(options, &[])?) == KeySource::Setting {
        return Err(KeysProblem::InSetting.to_string());
    }
    let services = services(options).await?;
    let id = rotation::add(&services)
        .await
        .map_err(|problem| problem.to_string())?;
    let place = services.settings.keys_path();
    print(&format!(
        "Key {id} is in {}; nothing is sealed with it yet.",
        place.display()
    ))?;
    print(
        "Copy the file to every server and to where you keep the keys, then run `twofold keys rotate`.",
    )?;
    Ok(())
}

async fn rotate(options: &Options) -> Ended {
    let services = services(options).await?;
    let mut said = [0; SealedTable::ALL.len()];
    // A pipe that somebody closed ends no rotation.
    let mut say = |step| {
        let _ = match step {
            RotationStep::TookOver(key) => print(&format!("Key {key} seals what is new.")),
            RotationStep::Resealed(table, count) => {
                let at = SealedTable::ALL.iter().position(|one| *one == table);
                let so_far = at.and_then(|at| said.get_mut(at)).map_or(count, |so_far| {
                    *so_far += count;
                    *so_far
                });
                let so_far = i64::try_from(so_far).unwrap_or(i64::MAX);
                let words = in_words(&[(table, so_far)].into());
                print(&format!("Sealed anew: {words}"))
            }
        };
    };
    let done = rotation::rotate(&services, None, &mut say)
        .await
        .map_err(|problem| problem.to_string())?;
    print(&format!("Everything is sealed with key {}.", done.key))?;
    if !done.took_over && done.resealed == 0 {
        print("It was before; for another key, run `twofold keys add` first.")?;
    }
    Ok(())
}

async fn drop_key(options: &Options, id: &str) -> Ended {
    let id: KeyId = id.parse().map_err(|error| format!("`{id}` is {error}"))?;
    let services = services(options).await?;
    rotation::drop_key(&services, id)
        .await
        .map_err(|problem| problem.to_string())?;
    match services.keys.source() {
        KeySource::File(path) => print(&format!("Key {id} is no longer in {}.", path.display()))?,
        KeySource::Setting => print(&format!(
            "Nothing needs key {id}: take its line out of the setting `keys`."
        ))?,
    };
    print("Backups made before still need it: keep a copy for as long as you keep those.")?;
    Ok(())
}

async fn check(options: &Options) -> Ended {
    let settings = settings(options, &[])?;
    let database = Database::open_as_it_is(&settings.location())
        .await
        .map_err(|problem| problem.to_string())?;
    let instance = find_instance(database.read()).await;
    if instance.map_err(|error| error.to_string())?.is_none() {
        return Err("the database has never been used by a server; nothing is sealed".to_owned());
    }
    let keys = keys_at_hand(&settings).map_err(|problem| problem.to_string())?;
    let keys = keys
        .ok_or_else(|| KeysProblem::Missing(settings.keys_path()))
        .map_err(|problem| problem.to_string())?;
    let survey = survey(&database, &keys)
        .await
        .map_err(|problem| problem.to_string())?;
    for (id, key) in &survey.keys {
        print_key(id, key)?;
    }
    for problem in &survey.problems {
        print(problem)?;
    }
    let untold = survey.count - survey.problems.len();
    if untold > 0 {
        print(&format!(
            "and {untold} more; `twofold user list` says of every user whether they are refused (`unreadable`)"
        ))?;
    }
    let event = Event::KeysChecked {
        unreadable: u32::try_from(survey.count).unwrap_or(u32::MAX),
    };
    // After the answer: whoever looks for a lost key may have a database that nothing can be written to.
    note_by_operator(&database, &SystemRandom, &SystemClock, &event)
        .await
        .map_err(|problem| format!("the check is not in the log: {problem}"))?;
    let missing = survey.missing();
    match (survey.count, missing.as_slice()) {
        (0, []) => {
            print("Everything that is sealed can be opened.")?;
            Ok(())
        }
        (count, []) => Err(format!("sealed values that cannot be opened: {count}")),
        (count, missing) => Err(format!(
            "sealed values that cannot be opened: {count}; missing among the keys: {}",
            missing.join(", ")
        )),
    }
}

/// One line a key: id, what it is, what is under it.
fn print_key(id: &str, key: &KeyUse) -> Result<bool, String> {
    let state = match (key.is_here, key.is_current) {
        (true, true) => "current",
        (true, false) => "kept",
        (false, true) => "current, missing",
        (false, false) => "missing",
    };
    let counts = if key.counts.is_empty() {
        "nothing".to_owned()
    } else {
        in_words(&key.counts)
    };
    print_row(&[id, state, &counts])
}
