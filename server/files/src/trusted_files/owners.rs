//! What is said to who may not use what is another user's.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{of_user, run_as, short_name};
use domain::path_trust::ROOT;

/// What the owner and the user of the program have to do with each other, behind what the system says of a path that may
/// not be used; nothing where it is the user's own. `to_make` is the folder that would have to be made in it.
pub fn whose(path: &Path, to_make: Option<&Path>) -> String {
    whose_for(rustix::process::geteuid().as_raw(), path, to_make)
}

pub(super) fn whose_for(user: u32, path: &Path, to_make: Option<&Path>) -> String {
    let owner = fs::metadata(path).map(|found| found.uid());
    let owner = owner.ok().filter(|owner| *owner != user);
    owner.map_or_else(String::new, |owner| {
        let (other, me) = (of_user(owner), short_name(user));
        let remedy = match to_make.and_then(|folder| std::path::absolute(folder).ok()) {
            _ if user == ROOT => root_without_rights(owner),
            Some(folder) => make_for(user, &folder.display().to_string()),
            None => give(user, owner, path),
        };
        let path = path.display();
        format!("; {path} is of another user ({other}), and this program runs as {me}: {remedy}")
    })
}

/// The same of a folder that the user may not enter: what is in it may be anybody's.
pub(super) fn whose_way(folder: &Path) -> String {
    let user = rustix::process::geteuid().as_raw();
    let owner = fs::metadata(folder).map(|found| found.uid());
    let owner = owner.ok().filter(|owner| *owner != user);
    owner.map_or_else(String::new, |owner| {
        let (other, me, folder) = (of_user(owner), short_name(user), folder.display());
        format!(
            "; {folder} is of another user ({other}), and this program runs as {me}: set a path that this user can reach"
        )
    })
}

/// Root may use everything, unless its capabilities were taken from it (`capabilities(7)`), as in a container that drops all.
fn root_without_rights(owner: u32) -> String {
    format!(
        "root may use what is another user's only with the capability CAP_DAC_OVERRIDE, which this process does not have; {}, \
         or set a path in a folder of root's",
        run_as(ROOT, owner)
    )
}

/// How the user gets what is another's. Only what is this program's alone is given away.
pub(super) fn give(user: u32, owner: u32, path: &Path) -> String {
    let all = path.display();
    if !is_this_programs(path) {
        return format!(
            "set a path in a folder that was made for that user, {}",
            make_for(user, "FOLDER")
        );
    }
    if owner == ROOT {
        format!("as root: `chown {user} {all}`")
    } else {
        format!("run it as that user, or, as root: `chown -R {user} {all}`")
    }
}

/// How root makes a folder for the user of this program.
pub fn make_for_own(folder: &str) -> String {
    make_for(rustix::process::geteuid().as_raw(), folder)
}

pub(super) fn make_for(user: u32, folder: &str) -> String {
    format!("as root: `install -d -m 700 -o {user} {folder}`")
}

/// Whether nothing but this program is seen to use it: a file, or a folder that is empty or holds its files alone. Such as
/// `/etc` and `/var/lib` others need as they are.
pub(super) fn is_this_programs(path: &Path) -> bool {
    /// What it makes in its folder, and what a volume has from its making.
    const OWN: [&str; 5] = ["keys", ".keys.new", "lock", "outbox", "lost+found"];
    let is_own = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.map(|entry| entry.file_name()).unwrap_or_default();
        let name = name.to_string_lossy();
        OWN.contains(&&*name) || name.starts_with("twofold.db")
    };
    match fs::read_dir(path) {
        Ok(mut entries) => entries.all(is_own) && !is_of_the_system(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => true,
        Err(_) => !is_of_the_system(path),
    }
}

/// The folders of the Filesystem Hierarchy Standard 3.0, which no program has to itself, empty or not.
fn is_of_the_system(path: &Path) -> bool {
    const TOP: [&str; 18] = [
        "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root",
        "run", "sbin", "srv", "sys", "tmp", "usr",
    ];
    const VAR: [&str; 9] = [
        "cache", "lib", "lock", "log", "mail", "opt", "run", "spool", "tmp",
    ];
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let parts: Vec<_> = whole
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy())
        .collect();
    let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
    match parts.as_slice() {
        [] | ["var"] => true,
        [one] => TOP.contains(one),
        ["var", one] => VAR.contains(one),
        ["usr" | "proc" | "sys" | "boot", ..] => true,
        _ => false,
    }
}
