//! Whether a program may rely on what is at a path: who owns it, and who else can write it.
//! docs/decisions/0042-whose-files-are-read.md

/// The user that may do everything.
pub const ROOT: u32 = 0;
/// What a user namespace shows in place of every user that is not in it (`user_namespaces(7)`).
const UNMAPPED: u32 = 65_534;
const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;

/// How somebody came to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// It is relative: what is there depends on the folder that the program was started in, which may be anybody's.
    Found,
    /// It is whole, so that somebody has chosen it.
    Named,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The effective user.
    pub user: u32,
    /// The user's own group, where nobody else is in it.
    pub private_group: Option<u32>,
    /// Whether there are users whom this process cannot tell from each other.
    pub has_unmapped_users: bool,
}

/// Owner, group and mode of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The owner.
    pub owner: u32,
    /// The group.
    pub group: u32,
    /// The bits of the mode.
    pub mode: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Why what is there cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It is of another user.
    Owner(u32),
    /// A group can write it.
    Group(u32),
    /// Every user can write it.
    Everybody,
}

impl Rights {
    const fn is_written_by_all(&self) -> bool {
        self.mode & ALL_WRITE != 0
    }

    const fn is_written_by_group(&self) -> bool {
        self.mode & GROUP_WRITES != 0
    }
}

impl Reader {
    /// Judges what is at a path, which lies in a folder with the rights `within`.
    ///
    /// # Errors
    /// Says why it cannot be relied on.
    pub fn judge(
        &self,
        kind: PathKind,
        found: &Rights,
        within: Option<&Rights>,
    ) -> Result<(), Distrust> {
        if !self.trusts_owner(kind, found.owner, within) {
            return Err(Distrust::Owner(found.owner));
        }
        // Kubernetes gives out volumes of root's that everybody can write, and who is in the container cannot change
        // that. What is inside is judged by its owner.
        let is_platforms = kind == PathKind::Named && found.is_folder && found.owner == ROOT;
        if found.is_written_by_all() && !is_platforms {
            return Err(Distrust::Everybody);
        }
        // A folder that is named may be shared with a group on purpose, as Kubernetes does with an `fsGroup`.
        let is_private = self.private_group == Some(found.group);
        if kind == PathKind::Found && found.is_written_by_group() && !is_private {
            return Err(Distrust::Group(found.group));
        }
        Ok(())
    }

    fn trusts_owner(&self, kind: PathKind, owner: u32, within: Option<&Rights>) -> bool {
        if owner == ROOT || owner == self.user {
            return true;
        }
        // What lies where everybody can write may have been put there by its owner.
        let is_open = within.is_some_and(Rights::is_written_by_all);
        if kind == PathKind::Found || is_open {
            return false;
        }
        // The owner of a folder that was judged, and a group that root shares one with, are trusted with what is in it.
        let is_of_folder = within.is_some_and(|folder| {
            folder.owner == owner || (folder.owner == ROOT && folder.is_written_by_group())
        });
        let is_unmapped = self.has_unmapped_users && owner == UNMAPPED;
        self.user == ROOT || is_of_folder || is_unmapped
    }
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
