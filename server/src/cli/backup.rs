//! `twofold backup` and `twofold restore`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::print;
use super::{Ended, Options, settings, settings_to_write};
use crate::application::restore;
use crypto::clock::SystemClock;
use crypto::random::SystemRandom;
use crypto::seal::KeyId;
use domain::time::in_words;
use service::backup::{self, AtHand, Made, Manifest};
use settings::Settings;

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; nothing must be there. Its folder must be, and belong to the user that this runs as
    file: PathBuf,
    /// Write nothing: prove that the file is a whole and unchanged backup, and that the keys here open it
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
pub(super) struct Restore {
    /// A file that `twofold backup` has written
    #[arg(required_unless_present = "in_place", conflicts_with = "in_place")]
    file: Option<PathBuf>,
    /// Another tool has put an old database in place: end its sessions and links, as a restore does
    #[arg(long)]
    in_place: bool,
    /// With --in-place on PostgreSQL: do so although servers use the database. On SQLite no server may be running
    #[arg(long, requires = "in_place")]
    force: bool,
}

fn at_hand(settings: Settings) -> AtHand {
    AtHand {
        settings,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    }
}

/// What other programs read and write by this name is their standard input and output; a backup is neither.
const A_STREAM: &str = "-";

fn refuse_stream(file: &Path) -> Ended {
    if file.as_os_str() == A_STREAM {
        return Err("A backup is a file: name one. It is not written to standard output or read from standard input.".into());
    }
    Ok(())
}

pub(super) async fn back_up(options: &Options, backup: &Backup) -> Ended {
    refuse_stream(&backup.file)?;
    if backup.check {
        let at_hand = at_hand(settings(options, &[])?);
        return check(&at_hand, &backup.file).await;
    }
    let at_hand = at_hand(settings_to_write(options)?);
    let Made {
        manifest,
        leftovers,
    } = backup::back_up(&at_hand, &backup.file)
        .await
        .map_err(|problem| problem.to_string())?;
    for path in &leftovers.removed {
        print(&format!(
            "Removed {}: a backup that was cut off had left it.",
            path.display()
        ))?;
    }
    for path in &leftovers.kept {
        print(&format!(
            "{} is of another backup, at work or cut off, and stays.",
            path.display()
        ))?;
    }
    print(&format!("The backup is {}.", backup.file.display()))?;
    print(&format!(
        "To restore it, {} is needed, which is not in it: keep a copy of the keys elsewhere.",
        keys_in_words(&manifest)
    ))?;
    Ok(())
}

async fn check(at_hand: &AtHand, file: &Path) -> Ended {
    let manifest = backup::restore::check(at_hand, file)
        .await
        .map_err(|problem| problem.to_string())?;
    print(&format!(
        "{} is whole: the database as it was on {}. {} opens it and is here.",
        file.display(),
        in_words(manifest.made_at),
        keys_in_words(&manifest).replacen("key", "Key", 1)
    ))?;
    Ok(())
}

fn keys_in_words(manifest: &Manifest) -> String {
    let ids: Vec<_> = manifest.keys.iter().map(KeyId::to_string).collect();
    format!("key {}", ids.join(" and key "))
}

pub(super) async fn restore(options: &Options, given: &Restore) -> Ended {
    if let Some(file) = &given.file {
        refuse_stream(file)?;
    }
    let at_hand = at_hand(settings_to_write(options)?);
    let restored = match &given.file {
        Some(file) => restore::restore(&at_hand, file)
            .await
            .map(|manifest| manifest.made_at),
        None => restore::settle_in_place(&at_hand, given.force).await,
    };
    let made_at = restored.map_err(|problem| problem.to_string())?;
    print(&format!(
        "The database is as it was on {}.",
        in_words(made_at)
    ))?;
    print(
        "Everybody was signed out and is told by mail when the server starts. Recovery codes used since then \
         work again; second factors, passwords and roles are as they were.",
    )?;
    Ok(())
}
