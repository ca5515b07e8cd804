//! Whether a program may rely on what is at a path. The question is who could have put it there, and whether they could have
//! done harm anyway. docs/decisions/0042-whose-files-are-read.md

use std::path::Path;

/// The user that may do everything.
pub const ROOT: u32 = 0;
const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;
/// Of a pipe: who else could give it content.
const OTHERS_WRITE: u32 = GROUP_WRITES | ALL_WRITE;
/// Of a folder: who can write it may remove and rename what is their own alone (`inode(7)`).
const STICKY: u32 = 0o1000;

/// How somebody came to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// It is relative: what is there depends on the folder that the program was started in, which may be anybody's.
    Found,
    /// It is whole, so that somebody has chosen it.
    Named,
}

impl PathKind {
    /// Of a path as it was set.
    pub fn of(path: &Path) -> Self {
        if path.is_absolute() {
            Self::Named
        } else {
            Self::Found
        }
    }
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The effective user.
    pub user: u32,
    /// The user's own group, where nobody else is in it.
    pub private_group: Option<u32>,
    /// Where there are users whom this process cannot tell from each other: what stands for them.
    pub unmapped: Option<UnmappedIds>,
}

/// What a user namespace shows in place of every user and every group that is not in it (`user_namespaces(7)`). Two entries
/// of this owner may be of two users, so it proves nothing, not even where the program itself runs as that id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnmappedIds {
    /// In place of users.
    pub user: u32,
    /// In place of groups.
    pub group: u32,
}

/// What stands in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, whose mode means nothing.
    Link,
}

/// Owner, group and mode of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The owner.
    pub owner: u32,
    /// The group.
    pub group: u32,
    /// The bits of the mode.
    pub mode: u32,
    /// What it is.
    pub kind: EntryKind,
}

/// One entry on the way to a file, with the folder that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The folder.
    pub place: Rights,
    /// The entry: a folder or a link on the way, or what the path leads to.
    pub entry: Rights,
}

/// Why what is there cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It was found, and is of another user.
    Owner(u32),
    /// It is of another user, in a folder into which that user may have put it.
    Planted(u32),
    /// It was found, and a group can write it.
    Group(u32),
    /// Every user can write it.
    Everybody,
}

/// A refusal, with the step of the way that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathRefusal {
    /// Which step.
    pub step: usize,
    /// Why.
    pub why: Distrust,
}

/// Another user owns a step of the way: who put it there was trusted, and its owner can still change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignOwner {
    /// Which step.
    pub step: usize,
    /// Whose.
    pub owner: u32,
}

impl Rights {
    const fn is_written_by_all(&self) -> bool {
        self.mode & ALL_WRITE != 0
    }

    /// Whether others than its owner can write it.
    pub const fn is_written_by_others(&self) -> bool {
        self.mode & OTHERS_WRITE != 0
    }

    const fn is_written_by_group(&self) -> bool {
        self.mode & GROUP_WRITES != 0
    }

    /// Whether every user can change what stands in this folder, too. Volumes without modes show all folders like this
    /// (Azure Files, WSL, NFS with `all_squash`), and none of them shows the sticky bit.
    const fn is_open_to_the_ground(&self) -> bool {
        self.is_written_by_all() && self.mode & STICKY == 0
    }
}

impl Reader {
    /// Judges the way to a path: each entry that is met, links included, the last one being what is read.
    ///
    /// # Errors
    /// Says why it cannot be relied on.
    pub fn judge(&self, kind: PathKind, way: &[Step]) -> Result<Option<ForeignOwner>, PathRefusal> {
        match kind {
            PathKind::Found => self.judge_found_way(way).map(|()| None),
            PathKind::Named => self.judge_named_way(way),
        }
    }

    /// Whether a file that this program makes in a folder would be refused at its next start, given whose it is then: the
    /// volume gives it to another user (NFS with `all_squash`), who is not the folder's, and everybody could have made it.
    pub fn would_distrust_own(&self, place: &Rights, owner: u32) -> bool {
        let own = Rights {
            owner,
            group: place.group,
            mode: 0o600,
            kind: EntryKind::File,
        };
        let step = Step {
            place: *place,
            entry: own,
        };
        owner != self.user && self.judge_named_way(&[step]).is_err()
    }

    /// Judges a file or link that was found where the program was started.
    ///
    /// # Errors
    /// Says why it cannot be relied on.
    pub fn judge_found(&self, entry: &Rights) -> Result<(), Distrust> {
        if !self.is_ours(entry.owner) {
            return Err(Distrust::Owner(entry.owner));
        }
        if entry.kind == EntryKind::Link {
            return Ok(());
        }
        if entry.is_written_by_all() {
            return Err(Distrust::Everybody);
        }
        let is_private = self.private_group == Some(entry.group);
        if entry.is_written_by_group() && !is_private {
            return Err(Distrust::Group(entry.group));
        }
        Ok(())
    }

    /// Every link leads somewhere else, so it counts; a folder on the way does not, since what it holds is judged.
    fn judge_found_way(&self, way: &[Step]) -> Result<(), PathRefusal> {
        for (step, Step { entry, .. }) in way.iter().enumerate() {
            let is_last = step + 1 == way.len();
            if is_last || entry.kind == EntryKind::Link {
                self.judge_found(entry)
                    .map_err(|why| PathRefusal { step, why })?;
            }
        }
        Ok(())
    }

    fn judge_named_way(&self, way: &[Step]) -> Result<Option<ForeignOwner>, PathRefusal> {
        let mut foreign = None;
        let mut groups: Vec<u32> = self.private_group.into_iter().collect();
        for (step, Step { place, entry }) in way.iter().enumerate() {
            let refuse = |why| Err(PathRefusal { step, why });
            // Who is root and shares a folder with a group means it, as Kubernetes does with an `fsGroup`. Who shares it with
            // everybody says nothing of the group.
            let is_roots = place.owner == ROOT && !self.is_unmapped_group(place.group);
            let is_shared_by_root = place.is_written_by_group() && !place.is_written_by_all();
            if is_roots && is_shared_by_root {
                groups.push(place.group);
            }
            let is_shared = place.is_written_by_group() && groups.contains(&place.group);
            let is_open = place.is_written_by_all() || (place.is_written_by_group() && !is_shared);
            // The owner of the place was judged one step before.
            let is_same = entry.owner == place.owner && !self.is_unmapped(entry.owner);
            let is_known = self.is_ours(entry.owner) || is_same;
            if is_open && !is_known {
                return refuse(Distrust::Planted(entry.owner));
            }
            let is_file = step + 1 == way.len() && entry.kind == EntryKind::File;
            if is_file && entry.is_written_by_all() && !place.is_open_to_the_ground() {
                return refuse(Distrust::Everybody);
            }
            if !self.is_ours(entry.owner) && !is_shared && !self.is_unmapped(entry.owner) {
                let owner = entry.owner;
                foreign = foreign.or(Some(ForeignOwner { step, owner }));
            }
        }
        Ok(foreign)
    }

    fn is_ours(&self, owner: u32) -> bool {
        owner == ROOT || (owner == self.user && !self.is_unmapped(owner))
    }

    /// Whether this owner stands for all whom this process cannot tell from each other.
    pub fn is_unmapped(&self, owner: u32) -> bool {
        self.unmapped.is_some_and(|ids| ids.user == owner)
    }

    fn is_unmapped_group(&self, group: u32) -> bool {
        self.unmapped.is_some_and(|ids| ids.group == group)
    }
}

/// Whether content of a pipe with a name can only be of this user or of root.
pub const fn is_pipe_trusted(user: u32, owner: u32, mode: u32) -> bool {
    (owner == ROOT || owner == user) && mode & OTHERS_WRITE == 0
}

/// The name of a user, by the text of `passwd(5)`.
pub fn name_of(user: u32, passwd: &str) -> Option<&str> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(user)).then_some(name)
    })
}

/// The group of a user that nobody else is in, by the texts of `passwd(5)` and `group(5)`: it has the user's name and no
/// other member, and it is no other user's first group. Users that these files do not know have none.
pub fn private_group(user: u32, passwd: &str, groups: &str) -> Option<u32> {
    let fields = |line: &'_ str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let users: Vec<_> = passwd.lines().map(fields).collect();
    let is_of = |line: &&Vec<String>| line.get(2).is_some_and(|id| *id == user.to_string());
    let own = users.iter().find(is_of)?;
    let (name, group) = (own.first()?, own.get(3)?);
    let is_shared = users
        .iter()
        .any(|line| line.get(3) == Some(group) && line.first() != Some(name));
    let mut same_group = groups
        .lines()
        .map(fields)
        .filter(|line| line.get(2) == Some(group));
    let line = same_group.next()?;
    let members = line.get(3).map(String::as_str).unwrap_or_default();
    let is_alone = members.split(',').all(|one| one.is_empty() || one == name);
    let is_own = line.first() == Some(name) && is_alone && same_group.next().is_none();
    (is_own && !is_shared).then(|| group.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
