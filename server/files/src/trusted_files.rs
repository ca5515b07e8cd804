//! Looks at owner and mode of files before what is in them is relied on; `domain::path_trust` judges them.

mod owners;
pub mod reading;
mod way;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::private_files;
use domain::path_trust::{
    Distrust, EntryKind, PathKind, ROOT, Reader, Rights, UnmappedIds, name_of, private_group,
};

use owners::{is_this_programs, make_for, whose_way};
pub use owners::{make_for_own, whose};

/// The identity map of a process that is in no user namespace (`user_namespaces(7)`).
const ALL_USERS: [&str; 3] = ["0", "0", "4294967295"];

/// This process, as the rules see it.
pub fn this_process() -> Reader {
    let user = rustix::process::geteuid().as_raw();
    let map = text("/proc/self/uid_map");
    let has_all = map.split_whitespace().eq(ALL_USERS);
    Reader {
        user,
        private_group: private_group(user, &users(), &text("/etc/group")),
        unmapped: (!map.is_empty() && !has_all).then(|| UnmappedIds {
            user: overflow_id("/proc/sys/kernel/overflowuid"),
            group: overflow_id("/proc/sys/kernel/overflowgid"),
        }),
    }
}

/// The rights of an entry.
pub fn rights(of: &fs::Metadata) -> Rights {
    let kind = if of.is_symlink() {
        EntryKind::Link
    } else if of.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::File
    };
    Rights {
        owner: of.uid(),
        group: of.gid(),
        mode: of.permissions().mode(),
        kind,
    }
}

/// Judges the way to a path: its folders, its links, and what is there. Nothing there is no reason to refuse. Gives what is
/// worth a warning.
///
/// # Errors
/// A sentence for the operator with path, owner and remedy; or what the system says.
pub fn judge(reader: &Reader, path: &Path) -> Result<Option<String>, String> {
    let way = way::to(path).map_err(|error| {
        let is_there = |folder: &&Path| fs::symlink_metadata(folder).is_ok();
        let nearest = path.ancestors().find(is_there).unwrap_or(path);
        format!("{}: {error}{}", path.display(), whose_way(nearest))
    })?;
    let steps: Vec<_> = way.iter().map(|(_, step)| *step).collect();
    let at = |step: usize| way.get(step).map_or(path, |(at, _)| at.as_path());
    let words = TrustWords {
        reader,
        asked: path,
    };
    match reader.judge(PathKind::of(path), &steps) {
        Ok(foreign) => Ok(foreign.map(|one| words.warn(at(one.step), one.owner))),
        Err(refusal) => {
            let entry = steps.get(refusal.step).map(|step| step.entry);
            Err(words.refuse(at(refusal.step), entry.as_ref(), refusal.why))
        }
    }
}

/// The sentences, for who runs the program.
struct TrustWords<'a> {
    reader: &'a Reader,
    /// The path as it was set.
    asked: &'a Path,
}

impl TrustWords<'_> {
    fn refuse(&self, at: &Path, entry: Option<&Rights>, why: Distrust) -> String {
        let path = at.display();
        let mode = entry.map_or(0, |entry| entry.mode & 0o777);
        let whole = self.whole_path();
        let found = "and it was found in the folder that the program was started in";
        match why {
            Distrust::Owner(owner) if self.reader.is_unmapped(owner) => format!(
                "{path} is of a user whom this namespace does not show (id {owner}), {found}. Start it in the right \
                 folder, or set the whole path of what is meant"
            ),
            Distrust::Planted(owner) if self.reader.is_unmapped(owner) => format!(
                "{path} is of a user whom this namespace does not show (id {owner}), who need not be the owner of the \
                 folder that it is in, and others can write that. Show the user (`--userns=keep-id` of Podman), or move \
                 it to where only {} can write",
                self.own_name()
            ),
            Distrust::Owner(owner) => format!(
                "{path} is of another user ({}), {found}; this program runs as {}. Start it in the right folder or, if this \
                 is the one that is meant, {}{whole}",
                of_user(owner),
                self.own_name(),
                run_as(self.reader.user, owner)
            ),
            Distrust::Planted(owner) => self.planted(at, entry, owner),
            Distrust::Group(group) => format!(
                "the group {group} can write {path} (mode {mode:03o}), {found}. `chmod g-w {path}`{whole}"
            ),
            Distrust::Everybody if self.asked.is_absolute() => format!(
                "every user can write {path} (mode {mode:03o}), though not the folder that it is in. `chmod o-w {path}`"
            ),
            Distrust::Everybody => format!(
                "every user can write {path} (mode {mode:03o}), {found}. `chmod o-w {path}`{whole}"
            ),
        }
    }

    fn planted(&self, at: &Path, entry: Option<&Rights>, owner: u32) -> String {
        let path = at.display();
        if let Some(folder) = self.squashing_folder(at, owner) {
            let of_folder = fs::metadata(&folder).map_or(ROOT, |found| found.uid());
            return format!("{path}: {}", squash_words(&folder, of_folder, owner));
        }
        format!(
            "{path} is of another user ({}), who may have put it there: others can write the folder that it is in. {}",
            of_user(owner),
            self.against_planting(at, entry, owner)
        )
    }

    /// The folder of an entry, where its volume gives all that is made there to the owner of the entry.
    fn squashing_folder(&self, at: &Path, owner: u32) -> Option<PathBuf> {
        let folder = at.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let made = owner_of_what_is_made(folder)?;
        (made == owner && made != self.reader.user).then(|| folder.to_owned())
    }

    /// Root is told nothing that takes a folder from the user of a server.
    fn against_planting(&self, at: &Path, entry: Option<&Rights>, owner: u32) -> String {
        let path = at.display();
        if entry.is_some_and(|entry| entry.kind == EntryKind::Link) {
            return "It is a link: name the place that is meant instead".to_owned();
        }
        if self.reader.user == ROOT {
            return format!(
                "If it is the one that is meant, move it to where only root or {} can write",
                short_name(owner)
            );
        }
        let me = self.reader.user;
        format!(
            "If it is the one that is meant: `chown -R {me} {path}` as root, or move it to where only {} can write",
            short_name(me)
        )
    }

    fn warn(&self, at: &Path, owner: u32) -> String {
        let (path, other) = (at.display(), of_user(owner));
        if self.reader.user == ROOT {
            return format!(
                "{path} is of another user ({other}), and this program runs as root: what it makes there is root's, and a \
                 server of that user cannot use it. If there is one, {}",
                run_as(self.reader.user, owner)
            );
        }
        let me = self.reader.user;
        let remedy = if is_this_programs(self.asked) {
            format!("as root: `chown -R {me} {}`", self.asked.display())
        } else {
            format!("set a folder of this user's, {}", make_for(me, "FOLDER"))
        };
        format!(
            "{path} is of another user ({other}), who can change what is there; this program runs as {}. Where that is not \
             meant, {remedy}",
            self.own_name()
        )
    }

    /// That the whole path would do, where it does: what is found is judged more strictly.
    fn whole_path(&self) -> String {
        let whole = std::path::absolute(self.asked).ok();
        let is_taken = |whole: &PathBuf| {
            let steps = way::to(whole).unwrap_or_default().into_iter();
            let steps: Vec<_> = steps.map(|(_, step)| step).collect();
            self.reader.judge(PathKind::Named, &steps).is_ok()
        };
        whole.filter(is_taken).map_or_else(String::new, |whole| {
            format!(", or set its whole path ({})", whole.display())
        })
    }

    fn own_name(&self) -> String {
        short_name(self.reader.user)
    }
}

/// Whose a file is that this program makes in a folder which everybody can write; nothing is left there. On most volumes it
/// is the program's own user, and then nothing is made to find out.
pub fn owner_of_what_is_made(folder: &Path) -> Option<u32> {
    let place = rights(&fs::metadata(folder).ok()?);
    if !place.is_written_by_others() {
        return None;
    }
    let name = format!(".twofold-owner.{}", std::process::id());
    let path = folder.join(name);
    // Asked of the open file: nobody else can put another one in its place.
    let made = private_files::to_write()
        .create_new(true)
        .open(&path)
        .ok()?;
    let owner = made.metadata().ok().map(|found| found.uid());
    let _ = fs::remove_file(&path);
    owner
}

/// What is said of a volume that gives all that is made in a folder to one user.
pub fn squash_words(folder: &Path, of_folder: u32, owner: u32) -> String {
    let (shown, other) = (folder.display(), of_user(owner));
    format!(
        "the volume gives all that this program makes in {shown} to another user ({other}; NFS with `all_squash` does), and \
         everybody can write that folder, which is of {}: what a stranger has put there looks like this program's own. On the \
         machine that has the volume, give that folder to the same user (`chown {owner}`), if what is in it is what is \
         meant; or export it with `no_all_squash`, so that files keep their owner",
        short_name(of_folder)
    )
}

fn of_user(user: u32) -> String {
    let users = users();
    name_of(user, &users).map_or_else(|| format!("id {user}"), |name| format!("id {user}, {name}"))
}

fn short_name(user: u32) -> String {
    let users = users();
    name_of(user, &users).map_or_else(|| format!("user {user}"), ToOwned::to_owned)
}

/// How root, or who can become another user, runs this as that one.
fn run_as(me: u32, user: u32) -> String {
    let users = users();
    match (me, name_of(user, &users)) {
        (ROOT, Some(name)) => format!("run it as that user (`runuser -u {name} -- twofold …`)"),
        (ROOT, None) => {
            format!("run it as that user (`setpriv --reuid {user} --clear-groups twofold …`)")
        }
        _ => "run it as that user".to_owned(),
    }
}

/// What stands for all ids that a namespace does not show (`proc_sys_kernel(5)`).
fn overflow_id(path: &str) -> u32 {
    /// As Linux has it where nobody has changed it.
    const USUAL: u32 = 65_534;
    text(path).trim().parse().unwrap_or(USUAL)
}

fn users() -> String {
    text("/etc/passwd")
}

fn text(path: &str) -> String {
    fs::read_to_string(PathBuf::from(path)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
