//! Who may do what in an account: roles as a set, and one table of rights.

pub use app::types::role::{Denial, Role};

/// Every role, the highest first.
pub const ALL_ROLES: [Role; 4] = [Role::Owner, Role::Admin, Role::Developer, Role::Billing];

const fn bit(role: Role) -> u8 {
    match role {
        Role::Admin => 1,
        Role::Developer => 2,
        Role::Billing => 4,
        Role::Owner => 8,
    }
}

const fn rank_of(role: Role) -> u8 {
    match role {
        Role::Owner => 3,
        Role::Admin => 2,
        Role::Developer | Role::Billing => 1,
    }
}

/// The roles of one user in one account. None of them: not a user of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | bit(role))
    }

    /// These but for one.
    #[must_use]
    pub const fn without(self, role: Role) -> Self {
        Self(self.0 & !bit(role))
    }

    /// The roles one by one, the highest first.
    pub fn list(self) -> Vec<Role> {
        ALL_ROLES
            .into_iter()
            .filter(|role| self.has(*role))
            .collect()
    }

    /// Whether a role is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    /// The set as storage keeps it: 1 admin, 2 developer, 4 billing, 8 owner.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set as storage kept it; bits that mean nothing are no roles.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0b1111)
    }

    /// The rank of the highest role; zero without any.
    fn rank(self) -> u8 {
        ALL_ROLES
            .into_iter()
            .filter(|role| self.has(*role))
            .map(rank_of)
            .max()
            .unwrap_or(0)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Something to be done in an account. Where it is done to somebody, that is somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the account and see its overview.
    Open,
    /// Turn one's own two-factor authentication on and off.
    ConfigureOwnTwoFactor,
    /// See users with their roles and two-factor authentication, and pending invitations.
    ReadUsers,
    /// Invite somebody as this; resend and revoke such an invitation.
    Invite {
        /// The roles offered.
        to_be: Roles,
    },
    /// Change somebody's roles.
    ChangeRoles {
        /// The roles now.
        of: Roles,
        /// The roles afterwards.
        to_be: Roles,
    },
    /// Remove somebody from the account.
    RemoveUser {
        /// Their roles.
        of: Roles,
    },
    /// Offer to reset the two-factor authentication of somebody who lost everything.
    ResetTwoFactor {
        /// Their roles.
        of: Roles,
    },
    /// Open the account to somebody before the day after their reset is over.
    LetIn {
        /// Their roles.
        of: Roles,
    },
    /// Let somebody set up a first factor without a proof of their mailbox.
    AllowFirstFactor,
    /// See the authentication settings.
    ReadAuthenticationSettings,
    /// Change the authentication settings.
    ChangeAuthenticationSettings,
    /// Offer the account to somebody else, who then owns it; take that back.
    Transfer,
    /// Give the account another name.
    Rename,
    /// Delete the account, and bring it back.
    Delete,
    /// See the audit log.
    ReadAudit,
    /// Leave the account.
    Leave,
}

/// Whether somebody whose roles become these gets rank by it: the right to look after users, which goes on when whoever
/// gave it has gone. Giving it is a sensitive act.
pub fn gives_rank(of: Roles, to_be: Roles) -> bool {
    looks_after_users(to_be) && !looks_after_users(of)
}

/// Whether somebody whose roles become these has another rank: what they have offered, and what was offered to them, was
/// offered by rank.
pub fn changes_rank(of: Roles, to_be: Roles) -> bool {
    of.rank() != to_be.rank()
}

const fn looks_after_users(roles: Roles) -> bool {
    roles.has(Role::Owner) || roles.has(Role::Admin)
}

/// Whether someone with these roles may do it.
pub fn may(roles: Roles, action: Action) -> bool {
    denial(roles, action).is_none()
}

/// Why someone with these roles may not do it; nothing where they may: the whole table of rights.
///
/// Nobody does anything to one of their own rank or above, an admin to another admin say: who could take an
/// admin's role away could then reset that user's second factor. Ownership is given only by transfer.
pub fn denial(roles: Roles, action: Action) -> Option<Denial> {
    let rank = roles.rank();
    let is_owner = roles.has(Role::Owner);
    let looks_after_users = looks_after_users(roles);
    let may_give =
        |to_be: Roles| to_be != Roles::NONE && !to_be.has(Role::Owner) && to_be.rank() <= rank;
    let unless = |allowed: bool, why: Denial| (!allowed).then_some(why);
    match action {
        // Nobody without a role comes as far as to be told why.
        Action::Open | Action::ConfigureOwnTwoFactor => unless(rank > 0, Denial::AdminsOnly),
        Action::ReadUsers | Action::ReadAuthenticationSettings | Action::ReadAudit => {
            unless(looks_after_users, Denial::AdminsOnly)
        }
        // Nobody is above the owner, whom the account would stay shut to.
        Action::LetIn { of } => unless(looks_after_users, Denial::AdminsOnly)
            .or_else(|| unless(of.rank() < rank || of.has(Role::Owner), Denial::NotBelow)),
        Action::Invite { to_be } => unless(looks_after_users, Denial::AdminsOnly)
            .or_else(|| unless(may_give(to_be), Denial::NotBelow)),
        Action::ChangeRoles { of, to_be } => unless(looks_after_users, Denial::AdminsOnly)
            .or_else(|| unless(!of.has(Role::Owner), Denial::OwnerStays))
            .or_else(|| unless(of.rank() < rank && may_give(to_be), Denial::NotBelow)),
        Action::RemoveUser { of } => unless(looks_after_users, Denial::AdminsOnly)
            .or_else(|| unless(!of.has(Role::Owner), Denial::OwnerStays))
            .or_else(|| unless(of.rank() < rank, Denial::NotBelow)),
        Action::ResetTwoFactor { of } => unless(looks_after_users, Denial::AdminsOnly)
            .or_else(|| unless(of.rank() < rank, Denial::NotBelow)),
        Action::ChangeAuthenticationSettings
        | Action::Transfer
        | Action::AllowFirstFactor
        | Action::Rename
        | Action::Delete => unless(is_owner, Denial::OwnerOnly),
        Action::Leave => {
            unless(!is_owner, Denial::OwnerStays).or_else(|| unless(rank > 0, Denial::AdminsOnly))
        }
    }
}

#[cfg(test)]
mod tests;
