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
    LetIn,
    /// Let somebody set up a first factor without a proof of their mailbox.
    AllowFirstFactor,
    /// See the authentication settings.
    ReadAuthenticationSettings,
    /// Change the authentication settings.
    ChangeAuthenticationSettings,
    /// Offer the account to somebody else, who then owns it; take that back.
    Transfer,
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
        Action::ReadUsers
        | Action::ReadAuthenticationSettings
        | Action::ReadAudit
        | Action::LetIn => unless(looks_after_users, Denial::AdminsOnly),
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
        Action::ChangeAuthenticationSettings | Action::Transfer | Action::AllowFirstFactor => {
            unless(is_owner, Denial::OwnerOnly)
        }
        Action::Leave => {
            unless(!is_owner, Denial::OwnerStays).or_else(|| unless(rank > 0, Denial::AdminsOnly))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Roles = Roles::NONE;
    const OWNER: Roles = NONE.with(Role::Owner);
    const ADMIN: Roles = NONE.with(Role::Admin);
    const DEVELOPER: Roles = NONE.with(Role::Developer);
    const BILLING: Roles = NONE.with(Role::Billing);
    const BOTH: Roles = DEVELOPER.with(Role::Billing);

    #[test]
    fn rank_is_given_to_who_did_not_look_after_users_before() {
        for (of, to_be, gives) in [
            (NONE, ADMIN, true),
            (NONE, ADMIN.with(Role::Billing), true),
            (NONE, OWNER, true),
            (DEVELOPER, ADMIN.with(Role::Developer), true),
            (BOTH, ADMIN, true),
            (NONE, DEVELOPER, false),
            (DEVELOPER, BILLING, false),
            (BILLING, BOTH, false),
            (ADMIN, ADMIN.with(Role::Billing), false),
            (ADMIN, OWNER, false),
            (ADMIN, DEVELOPER, false),
            (OWNER, ADMIN, false),
        ] {
            assert_eq!(gives_rank(of, to_be), gives, "{of:?} {to_be:?}");
        }
    }

    /// Rows: action; columns: who asks, as one of `columns`; `x` may, `.` may not.
    const TABLE: &str = "\
        ............................... owner admin developer billing owner+billing admin+developer nobody
        open                            x     x     x         x       x             x               .
        configure own two-factor        x     x     x         x       x             x               .
        read users                      x     x     .         .       x             x               .
        invite admin                    x     x     .         .       x             x               .
        invite developer                x     x     .         .       x             x               .
        invite developer+billing        x     x     .         .       x             x               .
        invite owner                    .     .     .         .       .             .               .
        invite admin+owner              .     .     .         .       .             .               .
        invite nobody                   .     .     .         .       .             .               .
        change developer to billing     x     x     .         .       x             x               .
        change developer to admin       x     x     .         .       x             x               .
        change developer to owner       .     .     .         .       .             .               .
        change developer to nobody      .     .     .         .       .             .               .
        change admin to developer       x     .     .         .       x             .               .
        change admin to admin+billing   x     .     .         .       x             .               .
        change owner to admin           .     .     .         .       .             .               .
        remove developer                x     x     .         .       x             x               .
        remove billing                  x     x     .         .       x             x               .
        remove admin                    x     .     .         .       x             .               .
        remove admin+billing            x     .     .         .       x             .               .
        remove owner                    .     .     .         .       .             .               .
        reset developer                 x     x     .         .       x             x               .
        reset billing                   x     x     .         .       x             x               .
        reset developer+billing         x     x     .         .       x             x               .
        reset admin                     x     .     .         .       x             .               .
        reset admin+developer           x     .     .         .       x             .               .
        reset owner                     .     .     .         .       .             .               .
        read authentication settings    x     x     .         .       x             x               .
        change authentication settings  x     .     .         .       x             .               .
        let in                          x     x     .         .       x             x               .
        allow first factor              x     .     .         .       x             .               .
        transfer                        x     .     .         .       x             .               .
        read audit                      x     x     .         .       x             x               .
        leave                           .     x     x         x       .             x               .
";

    fn roles(text: &str) -> Roles {
        text.split('+')
            .filter(|word| *word != "nobody")
            .map(|word| match word {
                "owner" => Role::Owner,
                "admin" => Role::Admin,
                "developer" => Role::Developer,
                "billing" => Role::Billing,
                other => panic!("{other} is no role"),
            })
            .collect()
    }

    fn action(text: &str) -> Action {
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            ["open"] => Action::Open,
            ["configure", "own", "two-factor"] => Action::ConfigureOwnTwoFactor,
            ["read", "users"] => Action::ReadUsers,
            ["invite", to_be] => Action::Invite {
                to_be: roles(to_be),
            },
            ["change", of, "to", to_be] => Action::ChangeRoles {
                of: roles(of),
                to_be: roles(to_be),
            },
            ["remove", of] => Action::RemoveUser { of: roles(of) },
            ["reset", of] => Action::ResetTwoFactor { of: roles(of) },
            ["read", "authentication", "settings"] => Action::ReadAuthenticationSettings,
            ["change", "authentication", "settings"] => Action::ChangeAuthenticationSettings,
            ["let", "in"] => Action::LetIn,
            ["allow", "first", "factor"] => Action::AllowFirstFactor,
            ["transfer"] => Action::Transfer,
            ["read", "audit"] => Action::ReadAudit,
            ["leave"] => Action::Leave,
            _ => panic!("{text} is no action"),
        }
    }

    #[test]
    fn every_role_may_do_what_the_table_says_and_nothing_else() {
        let mut lines = TABLE.lines();
        let columns: Vec<_> = lines.next().unwrap().split_whitespace().skip(1).collect();
        let mut checked = 0;
        for line in lines {
            let (name, cells) = line.trim_start().split_at(32);
            for (column, cell) in columns.iter().zip(cells.split_whitespace()) {
                let actual = if may(roles(column), action(name)) {
                    "x"
                } else {
                    "."
                };
                assert_eq!(actual, cell, "{column}: {name}");
                checked += 1;
            }
        }
        assert_eq!(checked, 34 * 7);
    }

    #[test]
    fn no_change_or_invitation_gives_more_than_the_giver_has() {
        let every = (0..16).map(Roles::from_bits);
        for (by, of, to_be) in every.clone().flat_map(|by| {
            let every = every.clone();
            every
                .clone()
                .flat_map(move |of| every.clone().map(move |to_be| (by, of, to_be)))
        }) {
            for action in [Action::Invite { to_be }, Action::ChangeRoles { of, to_be }] {
                if may(by, action) {
                    assert!(to_be.rank() <= by.rank(), "{by:?} {action:?}");
                    assert!(!to_be.has(Role::Owner), "{by:?} {action:?}");
                }
            }
            if may(by, Action::ResetTwoFactor { of }) {
                assert!(of.rank() < by.rank());
            }
        }
    }

    #[test]
    fn every_refusal_has_its_reason_and_nothing_allowed_has_one() {
        let to_be = BILLING;
        let table = [
            (OWNER, Action::Transfer, None),
            (ADMIN, Action::Transfer, Some(Denial::OwnerOnly)),
            (
                BOTH,
                Action::ChangeAuthenticationSettings,
                Some(Denial::OwnerOnly),
            ),
            (OWNER, Action::Leave, Some(Denial::OwnerStays)),
            (BILLING, Action::ReadUsers, Some(Denial::AdminsOnly)),
            (BILLING, Action::Invite { to_be }, Some(Denial::AdminsOnly)),
            (ADMIN, Action::Invite { to_be }, None),
            (
                ADMIN,
                Action::Invite { to_be: OWNER },
                Some(Denial::NotBelow),
            ),
            (
                ADMIN,
                Action::RemoveUser { of: ADMIN },
                Some(Denial::NotBelow),
            ),
            (
                ADMIN,
                Action::RemoveUser { of: OWNER },
                Some(Denial::OwnerStays),
            ),
            (
                ADMIN,
                Action::ResetTwoFactor { of: OWNER },
                Some(Denial::NotBelow),
            ),
            (
                BOTH,
                Action::ResetTwoFactor { of: BILLING },
                Some(Denial::AdminsOnly),
            ),
        ];
        for (roles, action, expected) in table {
            assert_eq!(denial(roles, action), expected, "{roles:?} {action:?}");
        }
    }

    #[test]
    fn a_set_of_roles_reads_back_as_it_was_stored() {
        for roles in [
            NONE,
            OWNER,
            ADMIN,
            DEVELOPER,
            BILLING,
            BOTH,
            OWNER.with(Role::Billing),
        ] {
            assert_eq!(Roles::from_bits(roles.bits()), roles);
        }
        assert_eq!(Roles::from_bits(0b1111_0001), ADMIN);
        assert_eq!(OWNER.with(Role::Billing).without(Role::Owner), BILLING);
        assert_eq!(BOTH.list(), [Role::Developer, Role::Billing]);
        assert_eq!(
            ALL_ROLES.into_iter().filter(|role| BOTH.has(*role)).count(),
            2
        );
    }
}
