//! Opens and reads files that the operator names: every command opens them here. What is no file is judged by the open
//! handle, and nobody is waited for without an end: a pipe that nobody writes, or a device that never ends, would hold the
//! command. What is read may be a secret, so no copy of it stays in memory that was freed.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::{OFlags, fstatfs};
use zeroize::Zeroizing;

use domain::path_trust::is_pipe_trusted;

/// How long a pipe rests that has nothing yet, and how often: ten seconds altogether.
const PAUSE: Duration = Duration::from_millis(5);
const MOST_PAUSES: u32 = 2000;
/// More than any file of certificates has.
const MOST_BYTES: usize = 4 << 20;
/// Bytes that are read at once.
const PART: usize = 8192;
/// `PIPEFS_MAGIC`: of a pipe without a name, as a shell makes for `<(…)`.
const WITHOUT_A_NAME: u64 = 0x5049_5045;

/// What something may be read from; each takes the ones before it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentSource {
    /// A regular file: whatever is read more than once.
    File,
    /// A pipe that nobody else can have put there or write.
    Pipe,
    /// A device with characters, such as `/dev/null`.
    Device,
}

impl ContentSource {
    const fn words(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Pipe => "file or pipe",
            Self::Device => "file, pipe or device with characters",
        }
    }

    fn of(found: FileType) -> Option<Self> {
        if found.is_file() {
            Some(Self::File)
        } else if found.is_fifo() {
            Some(Self::Pipe)
        } else if found.is_char_device() {
            Some(Self::Device)
        } else {
            None
        }
    }

    /// Refuses what is none of these.
    fn check(self, found: &Metadata) -> io::Result<Self> {
        let kind = Self::of(found.file_type()).filter(|kind| *kind <= self);
        kind.ok_or_else(|| {
            let (is, takes) = (kind_in_words(found.file_type()), self.words());
            refused(format!("it is {is}, and no {takes}"))
        })
    }
}

/// Whether something is there that is neither file nor folder, and what it is.
pub fn special(path: &Path) -> Option<&'static str> {
    let found = fs::metadata(path).ok()?;
    let is_special = !found.is_file() && !found.is_dir();
    is_special.then(|| kind_in_words(found.file_type()))
}

fn kind_in_words(found: FileType) -> &'static str {
    if found.is_dir() {
        "a folder"
    } else if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// Opens something to be read, without waiting for anybody, with what it is.
///
/// # Errors
/// As the system says, and where it is no such source.
fn open(path: &Path, most: ContentSource) -> io::Result<(File, Metadata)> {
    // Before it is opened, since opening wakes the writer of a pipe; and again by the handle.
    most.check(&fs::metadata(path)?)?;
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let found = file.metadata()?;
    most.check(&found)?;
    Ok((file, found))
}

/// Opens a regular file, to be read in part or more than once; with its rights and length.
///
/// # Errors
/// As the system says, and where it is no regular file.
pub fn open_file(path: &Path) -> io::Result<(File, Metadata)> {
    open(path, ContentSource::File)
}

/// Opens a folder, for its lock, or to bring what is in it to the disk.
///
/// # Errors
/// As the system says, and where it is no folder.
pub fn open_folder(path: &Path) -> io::Result<File> {
    let flags = OFlags::DIRECTORY.bits().cast_signed();
    File::options().read(true).custom_flags(flags).open(path)
}

/// Reads all of it.
///
/// # Errors
/// As the system says, and where it is no such source, a pipe of others, too long, or does not end in ten seconds.
pub fn read(path: &Path, most: ContentSource) -> io::Result<Zeroizing<Vec<u8>>> {
    let (file, found) = open(path, most)?;
    match most.check(&found)? {
        ContentSource::File | ContentSource::Device => read_to_end(file, found.len(), false),
        ContentSource::Pipe => {
            let has_name = u64::try_from(fstatfs(&file)?.f_type).ok() != Some(WITHOUT_A_NAME);
            let user = rustix::process::geteuid().as_raw();
            if has_name && !is_pipe_trusted(user, found.uid(), found.mode()) {
                return Err(refused(
                    "it is a pipe, and others can write it or have made it".to_owned(),
                ));
            }
            read_to_end(file, 0, has_name)
        }
    }
}

/// The same of text.
///
/// # Errors
/// As [`read`], and where it is no text.
pub fn read_text(path: &Path, most: ContentSource) -> io::Result<Zeroizing<String>> {
    read(path, most).and_then(as_text)
}

/// The same of a regular file that is open, and was looked at.
///
/// # Errors
/// As [`read_text`].
pub fn text_of(file: File, found: &Metadata) -> io::Result<Zeroizing<String>> {
    read_to_end(file, found.len(), false).and_then(as_text)
}

fn as_text(mut bytes: Zeroizing<Vec<u8>>) -> io::Result<Zeroizing<String>> {
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    text.map(Zeroizing::new).map_err(|error| {
        let _wiped = Zeroizing::new(error.into_bytes());
        let reason = "stream did not contain valid UTF-8";
        io::Error::new(io::ErrorKind::InvalidData, reason)
    })
}

/// A pipe with a name has no writer until one comes. `expected` is how long it says that it is.
fn read_to_end(
    mut file: File,
    expected: u64,
    is_writer_due: bool,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut pauses = 0;
    let expected = usize::try_from(expected).unwrap_or(MOST_BYTES);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected.min(MOST_BYTES) + PART));
    let mut part = Zeroizing::new([0; PART]);
    loop {
        match file.read(&mut *part) {
            Ok(0) if !is_writer_due || !bytes.is_empty() => return Ok(bytes),
            Ok(0) => {}
            Ok(length) => {
                append(&mut bytes, part.get(..length).unwrap_or_default());
                if bytes.len() > MOST_BYTES {
                    return Err(refused("it is longer than 4 MiB".to_owned()));
                }
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if pauses == MOST_PAUSES {
            let reason = "nobody has written it to its end in ten seconds";
            return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
        }
        pauses += 1;
        thread::sleep(PAUSE);
    }
}

/// Appends to a secret. A vector that grows by itself leaves what it held in the memory that it frees.
fn append(bytes: &mut Zeroizing<Vec<u8>>, part: &[u8]) {
    let needed = bytes.len() + part.len();
    if needed > bytes.capacity() {
        let mut grown = Zeroizing::new(Vec::with_capacity(needed.max(bytes.capacity() * 2)));
        grown.extend_from_slice(bytes);
        // The old one is wiped as it is dropped.
        *bytes = grown;
    }
    bytes.extend_from_slice(part);
}

fn refused(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    use std::os::unix::net::UnixListener;

    use rustix::fs::{CWD, Mode, mknodat};

    use super::*;
    use domain::path_trust::ROOT;

    const ALL: [ContentSource; 3] = [
        ContentSource::File,
        ContentSource::Pipe,
        ContentSource::Device,
    ];

    fn make_pipe(path: &Path, owner: u32, mode: u32) {
        mknodat(CWD, path, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        if rustix::process::geteuid().is_root() {
            chown(path, Some(owner), None).unwrap();
        }
    }

    #[test]
    fn a_file_is_read_by_every_source_and_a_folder_or_socket_by_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").unwrap();
        symlink("file", at("link")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        for most in ALL {
            assert_eq!(*read_text(&at("file"), most).unwrap(), "text");
            assert_eq!(*read_text(&at("link"), most).unwrap(), "text");
            for (name, words) in [("", "a folder"), ("socket", "a socket")] {
                let refused = read(&at(name), most).unwrap_err().to_string();
                assert!(refused.contains(words), "{refused}");
            }
            let absent = read(&at("absent"), most).unwrap_err();
            assert_eq!(absent.kind(), io::ErrorKind::NotFound);
        }
    }

    /// It has neither a writer nor an end, and yet nobody waits.
    #[test]
    fn a_strangers_pipe_is_read_by_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        // Others than root cannot give it away, so that it is theirs and open to others.
        make_pipe(&path, 1001, 0o666);
        for most in ALL {
            let refused = read(&path, most).unwrap_err().to_string();
            assert!(refused.contains("pipe"), "{refused}");
        }
    }

    #[test]
    fn a_pipe_of_ones_own_is_read_where_it_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        make_pipe(&path, ROOT, 0o600);
        let refused = read(&path, ContentSource::File).unwrap_err().to_string();
        assert_eq!(refused, "it is a pipe, and no file");
        let writer = {
            let path = path.clone();
            thread::spawn(move || fs::write(path, "x".repeat(100_000)).unwrap())
        };
        let text = read_text(&path, ContentSource::Pipe).unwrap();
        writer.join().unwrap();
        assert_eq!(text.len(), 100_000);
    }

    /// As a shell hands it over for `<(…)`.
    #[test]
    fn a_pipe_without_a_name_is_read() {
        use std::io::Write as _;
        use std::os::fd::AsRawFd as _;
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"secret").unwrap();
        drop(writer);
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
        let text = read_text(Path::new(&path), ContentSource::Pipe).unwrap();
        assert_eq!(*text, "secret");
    }

    #[test]
    fn a_device_is_read_where_it_may_be_and_not_without_end() {
        let null = Path::new("/dev/null");
        assert_eq!(*read_text(null, ContentSource::Device).unwrap(), "");
        let refused = read(null, ContentSource::Pipe).unwrap_err().to_string();
        assert_eq!(refused, "it is a device, and no file or pipe");
        let endless = read(Path::new("/dev/zero"), ContentSource::Device);
        assert!(endless.unwrap_err().to_string().contains("longer"));
    }

    /// The bytes move only into a buffer of this function's, which wipes the one before.
    #[test]
    fn a_secret_that_grows_never_grows_by_itself() {
        let mut bytes = Zeroizing::new(Vec::with_capacity(4));
        for round in 1..=1000_usize {
            let room = bytes.capacity();
            append(&mut bytes, b"abc");
            assert_eq!(bytes.len(), round * 3);
            // By itself it would take what the allocator gives, as `Vec` doubles from what it needs.
            assert!(bytes.capacity() == room || bytes.capacity() >= room * 2);
        }
        assert!(bytes.chunks(3).all(|part| part == b"abc"));
    }

    #[test]
    fn a_regular_file_alone_is_opened_and_nothing_else_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").unwrap();
        make_pipe(&at("pipe"), ROOT, 0o600);
        assert_eq!(open_file(&at("file")).unwrap().1.len(), 4);
        for (name, words) in [("pipe", "a pipe"), ("", "a folder")] {
            let refused = open_file(&at(name)).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
        assert!(open_folder(folder.path()).is_ok());
        for name in ["file", "pipe"] {
            let refused = open_folder(&at(name)).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::NotADirectory, "{name}");
        }
    }
}
