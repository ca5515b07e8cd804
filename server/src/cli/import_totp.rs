//! `twofold import-totp`.

use std::fs::{self, Metadata};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::output::print;
use super::{Ended, Options, services};
use domain::totp::import::{Import, read_all};
use files::trusted_files::reading::{self, ContentSource};
use service::two_factor::import::{Imported, Run, import};

/// The longest file, in bytes: about 1000 for each of the most users.
const LONGEST: usize = 1024 * 1024;
/// What stands for standard input.
const STANDARD_INPUT: &str = "-";
/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

#[derive(Args)]
pub(super) struct ImportTotp {
    /// The file; - for standard input
    file: PathBuf,
    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(options: &Options, given: &ImportTotp) -> Ended {
    let text = text_of(&given.file)?;
    let (imports, bad) = read_all(&text);
    if imports.is_empty() && bad.is_empty() {
        return Err("the file has no users".to_owned());
    }
    let services = services(options).await?;
    let run = match bad.as_slice() {
        [] if !given.dry_run => Run::Real,
        _ => Run::Dry,
    };
    let done = import(&services, &imports, run).await;
    let refused = match done.map_err(|failure| super::refusal_words::line(failure, ""))? {
        Imported::All if bad.is_empty() => return tell(&imports, given),
        Imported::All => Vec::new(),
        Imported::Nothing(refused) => refused,
    };
    let mut told: Vec<_> = bad
        .iter()
        .map(|bad| (bad.line, format!("line {}: {}", bad.line, bad.problem)))
        .chain(refused.iter().map(|refused| {
            let (line, email, reason) = (refused.line, &refused.email, refused.reason);
            (line, format!("line {line}: {email}: {reason}"))
        }))
        .collect();
    told.sort_by_key(|(line, _)| *line);
    for (_, words) in &told {
        print(words)?;
    }
    Err(nothing_done(told.len()))
}

fn tell(imports: &[Import], given: &ImportTotp) -> Ended {
    let does = if given.dry_run { "would take" } else { "takes" };
    for Import { email, .. } in imports {
        if !print(&format!(
            "Signing in as {email} {does} a code of their app."
        ))? {
            return Ok(());
        }
    }
    let count = imports.len();
    if given.dry_run {
        print(&format!(
            "Nothing was changed; users who would be: {count}."
        ))?;
        return Ok(());
    }
    print(&format!(
        "Users whose two-factor authentication is on now: {count}. Their sessions have ended, they have no recovery codes, \
         and are told by mail."
    ))?;
    if given.file != Path::new(STANDARD_INPUT) {
        print(&format!(
            "Delete {}: whoever has it can make their codes.",
            given.file.display()
        ))?;
    }
    Ok(())
}

fn nothing_done(lines: usize) -> String {
    format!("nothing was changed; lines that cannot be taken: {lines}")
}

/// All of the file, or of standard input.
fn text_of(path: &Path) -> Result<Zeroizing<String>, String> {
    let bytes = if path == Path::new(STANDARD_INPUT) {
        let read = of_standard_input();
        read.map_err(|error| format!("standard input cannot be read: {error}"))?
    } else {
        warn_of_others(path)?;
        let read = reading::read(path, ContentSource::Pipe);
        read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?
    };
    if bytes.len() > LONGEST {
        return Err("the file has more than 1 MiB; make several files".to_owned());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "the file is not text in UTF-8")?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// The buffer has its size from the start: growing would leave copies behind.
fn of_standard_input() -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let most = u64::try_from(LONGEST + 1).unwrap_or(u64::MAX);
    let input = std::io::stdin().lock();
    input.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Of a pipe, whoever reads it judges owner and mode.
fn warn_of_others(path: &Path) -> Result<(), String> {
    let found = fs::metadata(path).ok().filter(Metadata::is_file);
    if found.is_some_and(|found| found.permissions().mode() & OTHERS != 0) {
        print(&format!(
            "warning: others than its owner may read {}; `chmod 600` it",
            path.display()
        ))?;
    }
    Ok(())
}
