//! The way to a path, entry by entry, as the system goes it (`path_resolution(7)`): a blank, a dot or a slash at its end
//! makes no difference, and each link is seen as a link.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::rights;
use domain::path_trust::Step;

/// After so many links the system goes no further (`ELOOP`).
const MOST_LINKS: usize = 40;

/// What is left to go.
enum PathPart {
    Root,
    Up,
    Into(OsString),
}

/// Every entry on the way to a path, up to the first that is not there; the last is what is there.
///
/// # Errors
/// As the system says.
pub(super) fn to(path: &Path) -> io::Result<Vec<(PathBuf, Step)>> {
    let mut left: VecDeque<PathPart> = parts(path).collect();
    let mut found = Vec::new();
    let (mut at, mut links) = (PathBuf::new(), 0);
    while let Some(part) = left.pop_front() {
        match part {
            PathPart::Root => at = PathBuf::from("/"),
            PathPart::Up => at.push(".."),
            PathPart::Into(name) => {
                let next = at.join(name);
                let Some(entry) = there(fs::symlink_metadata(&next))? else {
                    return Ok(found);
                };
                let is_link = entry.is_symlink();
                found.push((next.clone(), step(&at, &entry)?));
                if is_link {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(io::Error::other("too many links lead to each other"));
                    }
                    for part in parts(&fs::read_link(&next)?).rev() {
                        left.push_front(part);
                    }
                } else {
                    at = next;
                }
            }
        }
    }
    // It ends with dots, or is the root.
    if found.last().is_none_or(|(last, _)| *last != at)
        && let Some(entry) = there(fs::metadata(shown(&at)))?
    {
        let above = at.join("..");
        found.push((shown(&at).to_owned(), step(&above, &entry)?));
    }
    Ok(found)
}

fn parts(path: &Path) -> impl DoubleEndedIterator<Item = PathPart> {
    let parts = path.components().filter_map(|part| match part {
        Component::RootDir => Some(PathPart::Root),
        Component::ParentDir => Some(PathPart::Up),
        Component::Normal(name) => Some(PathPart::Into(name.to_owned())),
        Component::CurDir | Component::Prefix(_) => None,
    });
    parts.collect::<Vec<_>>().into_iter()
}

fn step(place: &Path, entry: &Metadata) -> io::Result<Step> {
    let place = fs::metadata(shown(place))?;
    Ok(Step {
        place: rights(&place),
        entry: rights(entry),
    })
}

/// The folder that the program was started in has no name.
fn shown(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

fn there(looked: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // A file where a folder was meant: whoever uses the path says so.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use domain::path_trust::EntryKind::{File, Folder, Link};

    fn kinds(path: &Path) -> Vec<(String, domain::path_trust::EntryKind)> {
        let way = to(path).unwrap();
        way.into_iter()
            .map(|(at, step)| (at.display().to_string(), step.entry.kind))
            .collect()
    }

    #[test]
    fn every_spelling_of_a_path_meets_the_same_links() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().canonicalize().unwrap();
        fs::create_dir(at.join("own")).unwrap();
        fs::write(at.join("own/keys"), "").unwrap();
        symlink("own", at.join("data")).unwrap();
        let shown = |name: &str| at.join(name).display().to_string();
        let before = kinds(&at).len();
        for spelled in ["data", "data/", "data/.", "./data//", "own/../data"] {
            let met = kinds(&at.join(spelled));
            let is_met = |(at, kind): &(String, _)| at.ends_with("/data") && *kind == Link;
            assert!(met.iter().any(is_met), "{spelled}: {met:?}");
            assert_eq!(met.last().unwrap().1, Folder, "{spelled}");
        }
        let met = kinds(&at.join("data/keys"));
        let expected = [
            (shown("data"), Link),
            (shown("own"), Folder),
            (shown("own/keys"), File),
        ];
        assert_eq!(met.get(before..).unwrap(), expected);
        assert_eq!(kinds(&at.join("absent/keys")).len(), before);
        assert_eq!(kinds(&at.join("own/keys/x")).len(), before + 2);
    }

    #[test]
    fn dots_and_the_root_are_places_too() {
        for path in [".", "..", "/", "/.."] {
            let met = kinds(Path::new(path));
            assert_eq!(met.len(), 1, "{path}: {met:?}");
            assert_eq!(met.last().unwrap().1, Folder, "{path}");
        }
    }

    #[test]
    fn links_that_lead_to_each_other_end() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        symlink(&other, &one).unwrap();
        symlink(&one, &other).unwrap();
        let refused = to(&one).unwrap_err().to_string();
        assert!(refused.contains("links"), "{refused}");
    }
}
