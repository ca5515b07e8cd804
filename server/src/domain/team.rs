//! What one user of an account may do to another, with the reason where they may not: the table of rights, and what
//! besides the roles stands in the way. The list shows it beside each control, the use case refuses by it.

use super::roles::{Action, Denial, Role, Roles, denial, may};

/// The roles that can be given, the highest first.
const GIVEN: [Role; 3] = [Role::Admin, Role::Developer, Role::Billing];

/// The user to whom something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// Their roles in the account.
    pub roles: Roles,
    /// Whether they are the very one who does it.
    pub is_actor: bool,
    /// Whether they have two-factor authentication of any kind.
    pub has_two_factor: bool,
    /// Whether the account's requirement would leave them in, were it in force.
    pub is_covered: bool,
}

/// The roles that someone may give to others, each by itself.
pub fn may_give(actor: Roles) -> Vec<Role> {
    GIVEN
        .into_iter()
        .filter(|role| {
            let to_be = Roles::NONE.with(*role);
            denial(actor, Action::Invite { to_be }).is_none()
        })
        .collect()
}

/// Whether an invitation still stands, by the rank that whoever sent it has now: none where they left the account, were
/// removed, disabled or deleted. Who may no longer give these roles has invited for nothing.
pub fn still_offers(sender: Roles, offered: Roles) -> bool {
    may(sender, Action::Invite { to_be: offered })
}

/// Why the roles of the other cannot become these.
pub fn change_roles(actor: Roles, other: Other, to_be: Roles) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::ChangeRoles { of, to_be }), other)
}

/// Why the roles of the other cannot be changed at all.
pub fn change_any_role(actor: Roles, other: Other) -> Option<Denial> {
    change_roles(actor, other, Roles::NONE.with(Role::Developer))
}

/// Why the other cannot be removed.
pub fn remove(actor: Roles, other: Other) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::RemoveUser { of }), other)
}

/// Why the two-factor authentication of the other cannot be reset.
pub fn reset_two_factor(actor: Roles, other: Other) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::ResetTwoFactor { of }), other)
        .or_else(|| (!other.has_two_factor).then_some(Denial::TwoFactorOff))
}

/// Why the other cannot become the owner. A requirement counts before its day: the new owner would be the first to be
/// shut out.
pub fn transfer(actor: Roles, other: Other, is_required: bool) -> Option<Denial> {
    not_to_oneself(denial(actor, Action::Transfer), other)
        .or_else(|| (is_required && !other.is_covered).then_some(Denial::OtherWithoutTwoFactor))
}

/// Acts upon others are not acts upon oneself; what holds for everybody of the actor's roles is said first.
fn not_to_oneself(denial: Option<Denial>, other: Other) -> Option<Denial> {
    let is_general = match denial {
        Some(Denial::OwnerOnly | Denial::AdminsOnly | Denial::OwnerStays) => true,
        None
        | Some(
            Denial::NotBelow
            | Denial::Yourself
            | Denial::WithoutTwoFactor
            | Denial::OtherWithoutTwoFactor
            | Denial::TwoFactorOff,
        ) => false,
    };
    if other.is_actor && !is_general {
        Some(Denial::Yourself)
    } else {
        denial
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Roles = Roles::NONE.with(Role::Owner);
    const ADMIN: Roles = Roles::NONE.with(Role::Admin);
    const DEVELOPER: Roles = Roles::NONE.with(Role::Developer);
    const BILLING: Roles = Roles::NONE.with(Role::Billing);

    fn other(roles: Roles) -> Other {
        Other {
            roles,
            is_actor: false,
            has_two_factor: true,
            is_covered: true,
        }
    }

    fn oneself(roles: Roles) -> Other {
        Other {
            is_actor: true,
            ..other(roles)
        }
    }

    /// Changing roles, removing, resetting, transferring.
    fn all(actor: Roles, other: Other) -> [Option<Denial>; 4] {
        [
            change_any_role(actor, other),
            remove(actor, other),
            reset_two_factor(actor, other),
            transfer(actor, other, true),
        ]
    }

    #[test]
    fn an_invitation_stands_while_its_sender_could_send_it_now() {
        let both = DEVELOPER.with(Role::Billing);
        for (sender, offered, stands) in [
            (OWNER, ADMIN, true),
            (ADMIN, ADMIN, true),
            (ADMIN, both, true),
            (ADMIN.with(Role::Billing), ADMIN, true),
            (ADMIN, OWNER, false),
            (DEVELOPER, ADMIN, false),
            (DEVELOPER, DEVELOPER, false),
            (both, BILLING, false),
            (Roles::NONE, ADMIN, false),
            (Roles::NONE, BILLING, false),
        ] {
            assert_eq!(
                still_offers(sender, offered),
                stands,
                "{sender:?} {offered:?}"
            );
        }
    }

    #[test]
    fn every_reason_is_the_plainest_that_holds() {
        use Denial::{AdminsOnly, NotBelow, OwnerOnly, OwnerStays, Yourself};
        const MAY: Option<Denial> = None;
        let no = Some::<Denial>;
        let table = [
            (OWNER, other(ADMIN), [MAY; 4]),
            (OWNER, other(DEVELOPER), [MAY; 4]),
            (
                OWNER,
                oneself(OWNER),
                [no(OwnerStays), no(OwnerStays), no(Yourself), no(Yourself)],
            ),
            (
                ADMIN,
                other(OWNER),
                [no(OwnerStays), no(OwnerStays), no(NotBelow), no(OwnerOnly)],
            ),
            (
                ADMIN,
                other(ADMIN),
                [no(NotBelow), no(NotBelow), no(NotBelow), no(OwnerOnly)],
            ),
            (
                ADMIN,
                oneself(ADMIN),
                [no(Yourself), no(Yourself), no(Yourself), no(OwnerOnly)],
            ),
            (ADMIN, other(BILLING), [MAY, MAY, MAY, no(OwnerOnly)]),
            (
                DEVELOPER,
                oneself(DEVELOPER),
                [
                    no(AdminsOnly),
                    no(AdminsOnly),
                    no(AdminsOnly),
                    no(OwnerOnly),
                ],
            ),
            (
                BILLING,
                other(OWNER),
                [
                    no(AdminsOnly),
                    no(AdminsOnly),
                    no(AdminsOnly),
                    no(OwnerOnly),
                ],
            ),
        ];
        for (actor, other, expected) in table {
            assert_eq!(all(actor, other), expected, "{actor:?} {other:?}");
        }
    }

    #[test]
    fn what_is_off_is_not_reset_and_an_owner_is_covered_where_everybody_must_be() {
        let without = Other {
            has_two_factor: false,
            is_covered: false,
            ..other(ADMIN)
        };
        let by_sms = Other {
            has_two_factor: true,
            ..without
        };
        assert_eq!(reset_two_factor(OWNER, without), Some(Denial::TwoFactorOff));
        assert_eq!(reset_two_factor(OWNER, by_sms), None);
        for other in [without, by_sms] {
            let denied = Some(Denial::OtherWithoutTwoFactor);
            assert_eq!(transfer(OWNER, other, true), denied);
            assert_eq!(transfer(OWNER, other, false), None);
        }
    }

    #[test]
    fn the_reason_is_missing_exactly_where_the_table_of_rights_allows_it() {
        let every = || (0..16).map(Roles::from_bits);
        for actor in every() {
            for of in every() {
                let may = |action| super::super::roles::may(actor, action);
                let other = other(of);
                assert_eq!(
                    remove(actor, other).is_none(),
                    may(Action::RemoveUser { of })
                );
                assert_eq!(
                    reset_two_factor(actor, other).is_none(),
                    may(Action::ResetTwoFactor { of })
                );
                for to_be in every() {
                    assert_eq!(
                        change_roles(actor, other, to_be).is_none(),
                        may(Action::ChangeRoles { of, to_be })
                    );
                }
            }
        }
    }

    #[test]
    fn owners_and_administrators_give_every_role_but_ownership() {
        assert_eq!(may_give(OWNER), GIVEN);
        assert_eq!(may_give(ADMIN), GIVEN);
        assert_eq!(may_give(DEVELOPER.with(Role::Billing)), []);
    }
}
