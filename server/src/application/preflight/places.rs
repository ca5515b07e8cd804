//! Folders and files: whether they can be read, written and made.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};
use url::Url;

use super::Obstacle;
use crypto::seal::KeyRing;
use domain::path_trust::ROOT;
use files::trusted_files::reading::open_file;
use files::trusted_files::{owner_of_what_is_made, rights, squash_words, this_process, whose};
use service::keys::{file::beside, keys_at_hand};
use settings::{Settings, SmsGatewayKind};
use storage::{Location, OF_CERTIFICATES};

/// What the data folder holds beside the keys.
pub(super) const LOCK: &str = "lock";
pub(super) const DATABASE: &str = "twofold.db";
pub(super) const BESIDE_DATABASE: [&str; 3] =
    ["twofold.db-wal", "twofold.db-shm", "twofold.db-journal"];
/// How a file of SQLite begins (<https://sqlite.org/fileformat2.html>, 1.3); one without a word is a new one.
const SQLITE_BEGINS: &[u8; 16] = b"SQLite format 3\0";

/// The data folder and what is made in it.
pub(super) fn check_data(settings: &Settings) -> Vec<Obstacle> {
    let refused = data_folder(settings).or_else(|| data_files(settings));
    let said = refused.map(|reason| Obstacle::of("data", reason));
    said.into_iter().collect()
}

/// What is there of a database of SQLite, for commands that write to it.
pub(super) fn check_database(settings: &Settings) -> Option<Obstacle> {
    let is_sqlite = matches!(settings.location(), Location::Sqlite(_));
    let reason = database_files(&settings.data).filter(|_| is_sqlite)?;
    Some(Obstacle::of("data", reason))
}

fn data_folder(settings: &Settings) -> Option<String> {
    let data = settings.data.as_path();
    if !data.exists() {
        return not_makeable(data);
    }
    // On PostgreSQL a folder that holds what is needed may be read-only.
    let is_written = matches!(settings.location(), Location::Sqlite(_))
        || (settings.keys.is_none() && !settings.keys_path().exists());
    not_usable_folder(data, is_written, None).or_else(|| squashed(data).filter(|_| is_written))
}

fn data_files(settings: &Settings) -> Option<String> {
    let is_sqlite = matches!(settings.location(), Location::Sqlite(_));
    let to_outbox = settings.sms.gateway == Some(SmsGatewayKind::Outbox);
    let outbox = (settings.mail.smtp_url.is_none() || to_outbox).then(|| settings.outbox());
    let outbox = outbox.filter(|path| fs::symlink_metadata(path).is_ok());
    is_sqlite
        .then(|| database_files(&settings.data))
        .flatten()
        .or_else(|| outbox.and_then(|path| not_usable_folder(&path, true, None)))
}

/// The file of SQLite, the lock, and what SQLite makes beside the file: where it is a link, that is beside what it leads to.
fn database_files(data: &Path) -> Option<String> {
    let is_used = Access::READ_OK | Access::WRITE_OK;
    let path = data.join(DATABASE);
    let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
    let mut beside = BESIDE_DATABASE.iter().map(|name| {
        let end = name.strip_prefix(DATABASE).unwrap_or_default();
        let mut name = real.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    });
    let folder = folder_of(&real);
    not_usable_file(&path, is_used)
        .or_else(|| not_usable_file(&data.join(LOCK), is_used))
        .or_else(|| beside.find_map(|path| not_usable_file(&path, is_used)))
        .or_else(|| not_usable_folder(folder, true, None).filter(|_| data.exists()))
        .or_else(|| not_changeable(&path))
        .or_else(|| not_a_database(&path))
        .or_else(|| too_small_files(&real))
}

/// The limit of the process on the length of a file (`setrlimit(2)`): SQLite writes its log beside the database, and
/// what a checkpoint writes is longer than either.
fn too_small_files(database: &Path) -> Option<String> {
    /// Bytes that the database or its log may grow by: an empty one, made by all steps of the schema, takes a tenth.
    const LEAST_GROWTH: u64 = 16 << 20;
    let most = getrlimit(Resource::Fsize).current?;
    let length = fs::metadata(database).map_or(0, |found| found.len());
    (most < length.saturating_add(LEAST_GROWTH)).then(|| {
        format!(
            "no file may be longer than {most} bytes here, and {} has {length}: raise the limit (`ulimit -f unlimited`, \
             `LimitFSIZE=infinity` of systemd)",
            database.display()
        )
    })
}

/// A volume that gives what is made in it to one user, in a folder of another's that everybody can write: the next start
/// could not tell this program's own files from a stranger's.
fn squashed(data: &Path) -> Option<String> {
    let owner = owner_of_what_is_made(data)?;
    let place = rights(&fs::metadata(data).ok()?);
    let reader = this_process();
    reader
        .would_distrust_own(&place, owner)
        .then(|| squash_words(data, place.owner, owner))
}

/// What `access(2)` does not tell of: a file that may only grow, or may not change (`chattr(1)`).
fn not_changeable(path: &Path) -> Option<String> {
    let opened = File::options().read(true).write(true).open(path);
    let error = opened
        .err()
        .filter(|error| error.raw_os_error() == Some(Errno::PERM.raw_os_error()))?;
    let path = path.display();
    Some(format!(
        "{path}: {error}; it may only be appended to, or not be changed at all. As root: `chattr -a -i {path}`"
    ))
}

/// Why a file that is there is no database.
fn not_a_database(path: &Path) -> Option<String> {
    let mut begins = Vec::new();
    let (file, _) = open_file(path).ok()?;
    let most = SQLITE_BEGINS.len().try_into().ok()?;
    file.take(most).read_to_end(&mut begins).ok()?;
    let is_one = begins.is_empty() || begins == SQLITE_BEGINS;
    (!is_one).then(|| format!("{} is no database of SQLite", path.display()))
}

/// The keys, from wherever they come.
pub(super) fn check_keys(settings: &Settings) -> Vec<Obstacle> {
    let setting = match (&settings.keys, &settings.keys_file) {
        (Some(_), _) => "keys",
        (None, Some(_)) => "keys_file",
        (None, None) => "data",
    };
    let path = settings.keys_path();
    let in_way = || {
        taken_by_another(&path, settings)
            .or_else(|| not_usable_keys(&path, &settings.data))
            .or_else(|| not_replaceable(&path))
    };
    let in_way = (setting != "keys").then(in_way).flatten();
    let refused = in_way.or_else(|| unreadable_keys(settings));
    let said = refused.map(|reason| Obstacle::of(setting, reason));
    said.into_iter().collect()
}

/// A file that the data folder has for something else: whichever is made first would keep the other from its place.
fn taken_by_another(path: &Path, settings: &Settings) -> Option<String> {
    let place = |path: &Path| Some((whole(folder_of(path)), path.file_name()?.to_owned()));
    let of_database = [DATABASE].into_iter().chain(BESIDE_DATABASE);
    let is_sqlite = matches!(settings.location(), Location::Sqlite(_));
    let files = of_database
        .filter(|_| is_sqlite)
        .map(|name| (name, "the database"))
        .chain([(LOCK, "the lock of the data folder")]);
    let named = [place(path), place(&whole(path))];
    let mut files = files.map(|(name, what)| (settings.data.join(name), what));
    let (_, what) = files.find(|(file, _)| {
        let places = [place(file), place(&whole(file))];
        places
            .iter()
            .any(|place| place.is_some() && named.contains(place))
    })?;
    let path = path.display();
    Some(format!(
        "{path} is of {what}; keys take a file of their own"
    ))
}

fn unreadable_keys(settings: &Settings) -> Option<String> {
    match &settings.keys {
        Some(keys) => KeyRing::parse(&keys.0)
            .err()
            .map(|problem| problem.to_string()),
        None => keys_at_hand(settings)
            .err()
            .map(|problem| problem.to_string()),
    }
}

/// A file of keys that is missing is made, but its folder is not, unless that is made with the data folder.
fn not_usable_keys(path: &Path, data: &Path) -> Option<String> {
    if path.exists() {
        return not_usable_file(path, Access::READ_OK);
    }
    let folder = folder_of(path);
    // Which is looked at and made by itself.
    if whole(data).starts_with(whole(folder)) {
        return None;
    }
    if !folder.exists() {
        let (path, folder) = (path.display(), folder.display());
        return Some(format!(
            "{path} cannot be made: there is no folder {folder}"
        ));
    }
    not_usable_folder(folder, true, None)
}

/// A file of keys is written under another name first, which has to be free.
fn not_replaceable(path: &Path) -> Option<String> {
    let new = beside(&fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
    let found = fs::symlink_metadata(&new).ok()?;
    let (path, shown) = (path.display(), new.display());
    if found.is_dir() {
        return Some(format!(
            "{path} cannot be written: {shown} is a folder, and no file can be made there"
        ));
    }
    let folder = fs::metadata(folder_of(&new)).ok()?;
    let is_stuck = !is_removable(rustix::process::geteuid().as_raw(), &folder, &found);
    is_stuck.then(|| {
        format!(
            "{path} cannot be written: {shown} is in the way, is of another user (id {}), and only that user and root may \
             remove it from there. As root: `rm {shown}`",
            found.uid()
        )
    })
}

/// Whether the sticky bit lets a user remove what is in a folder (`unlink(2)`).
fn is_removable(user: u32, folder: &fs::Metadata, entry: &fs::Metadata) -> bool {
    const STICKY: u32 = 0o1000;
    folder.mode() & STICKY == 0 || user == ROOT || [folder.uid(), entry.uid()].contains(&user)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

/// One spelling of a path, by its links where it is there.
fn whole(path: &Path) -> PathBuf {
    let spelled = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    spelled.unwrap_or_else(|_| path.to_owned())
}

/// Files with certificates and keys that `database_url` names, each with its parameter.
pub(super) fn certificates(settings: &Settings) -> Vec<(String, PathBuf)> {
    let url = settings.database_url.as_ref();
    let Some(url) = url.and_then(|url| Url::parse(&url.0).ok()) else {
        return Vec::new();
    };
    // The driver takes the text itself, too.
    url.query_pairs()
        .filter(|(name, path)| OF_CERTIFICATES.contains(&&**name) && !path.contains("-----BEGIN"))
        .map(|(name, path)| (name.into_owned(), PathBuf::from(path.as_ref())))
        .collect()
}

/// The same, where they cannot be read.
pub(super) fn check_certificates(settings: &Settings) -> Vec<Obstacle> {
    let refuse = |(name, path): (String, PathBuf)| {
        let reason = if path.exists() {
            not_usable_file(&path, Access::READ_OK)?
        } else {
            "there is no such file".to_owned()
        };
        Some(Obstacle::of("database_url", format!("{name}: {reason}")))
    };
    certificates(settings)
        .into_iter()
        .filter_map(refuse)
        .collect()
}

/// Why a folder that is missing cannot be made, with those above it.
fn not_makeable(path: &Path) -> Option<String> {
    if fs::symlink_metadata(path).is_ok() {
        let path = path.display();
        return Some(format!("{path} is a link that leads nowhere"));
    }
    let mut above = path.ancestors().skip(1).map(|folder| {
        if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        }
    });
    let above = above.find(|folder| fs::symlink_metadata(folder).is_ok())?;
    let reason = not_usable_folder(above, true, Some(path))?;
    Some(format!("{} cannot be made: {reason}", path.display()))
}

/// `to_make` is the folder that is to be made in it.
fn not_usable_folder(path: &Path, is_written: bool, to_make: Option<&Path>) -> Option<String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if !found.is_dir() => return Some(format!("{shown} is no folder")),
        Ok(_) => {}
        Err(error) => return Some(unreachable(path, &error)),
    }
    let writing = if is_written {
        Access::WRITE_OK
    } else {
        Access::empty()
    };
    if let Err(refused) = access(path, Access::EXEC_OK | writing) {
        let whose = whose(path, to_make);
        return Some(format!(
            "the folder {shown} cannot be written: {refused}{whose}"
        ));
    }
    let error = try_to_make(path, to_make.is_some()).filter(|_| is_written)?;
    Some(format!(
        "nothing can be made in the folder {shown}: {error}"
    ))
}

/// Makes something in a folder and removes it: a folder of the system (`proc(5)`) takes nothing from anybody, whatever its mode
/// says. That a disk is full, or its user's share of it, is a matter of the moment.
fn try_to_make(folder: &Path, is_folder: bool) -> Option<std::io::Error> {
    use std::io::ErrorKind::{AlreadyExists, QuotaExceeded, StorageFull};
    let path = folder.join(format!(".twofold-try.{}", std::process::id()));
    let made = if is_folder {
        fs::create_dir(&path)
    } else {
        let file = File::options().write(true).create_new(true).open(&path);
        file.map(drop)
    };
    match made {
        Ok(()) => {
            let _ = if is_folder {
                fs::remove_dir(&path)
            } else {
                fs::remove_file(&path)
            };
            None
        }
        Err(error) => {
            let passes = [AlreadyExists, QuotaExceeded, StorageFull].contains(&error.kind());
            (!passes).then_some(error)
        }
    }
}

/// Why a file that is there cannot be used.
fn not_usable_file(path: &Path, wanted: Access) -> Option<String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Some(format!("{shown} is no file")),
        Ok(_) => {}
        Err(error) if is_absent(path, &error) => return None,
        Err(error) => return Some(unreachable(path, &error)),
    }
    let refused = access(path, wanted).err()?;
    Some(format!("{shown}: {refused}{}", whose(path, None)))
}

/// Whether nothing is there, not even a link.
fn is_absent(path: &Path, error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err()
}

/// What the system says of a path that is there; of a link to nothing it says that nothing is there.
fn unreachable(path: &Path, error: &std::io::Error) -> String {
    let shown = path.display();
    if error.kind() == std::io::ErrorKind::NotFound {
        return format!("{shown} is a link that leads nowhere");
    }
    format!("{shown}: {error}")
}
