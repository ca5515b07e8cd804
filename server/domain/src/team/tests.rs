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
        is_refused: false,
        is_covered: true,
        is_disabled: false,
        is_kept_out: true,
        mailbox: MailReach::Reachable,
        address: Address::Proven,
        is_new_here_alone: true,
    }
}

const REQUIRING: Transferable = Transferable {
    is_required: true,
    is_offered: false,
};

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
        transfer(actor, other, REQUIRING),
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

/// Whatever the rows of somebody say whose factors are refused: a reset can be offered, and nothing else helps before it.
#[test]
fn what_is_refused_is_reset_and_nothing_else() {
    for (has_two_factor, is_covered) in [(false, false), (true, false), (true, true)] {
        let refused = Other {
            has_two_factor,
            is_covered,
            is_refused: true,
            mailbox: MailReach::Reachable,
            ..other(DEVELOPER)
        };
        assert_eq!(reset_two_factor(OWNER, refused), None);
        assert_eq!(reset_two_factor(ADMIN, refused), None);
        assert_eq!(not_set_up(true, refused), None);
        let denied = Some(Denial::OtherFactorRefused);
        let free = Transferable {
            is_required: false,
            ..REQUIRING
        };
        assert_eq!(transfer(OWNER, refused, free), denied);
        assert_eq!(transfer(OWNER, refused, REQUIRING), denied);
        assert_eq!(allow_first_factor(OWNER, refused), denied);
        let unreached = Other {
            mailbox: MailReach::NoMailServer,
            ..refused
        };
        assert_eq!(reset_two_factor(OWNER, unreached), Some(Denial::MailNotSet));
        assert_eq!(allow_first_factor(OWNER, unreached), denied);
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
    let free = Transferable {
        is_required: false,
        ..REQUIRING
    };
    for other in [without, by_sms] {
        let denied = Some(Denial::OtherWithoutTwoFactor);
        assert_eq!(transfer(OWNER, other, REQUIRING), denied);
        assert_eq!(transfer(OWNER, other, free), None);
    }
    assert_eq!(
        accept_transfer(false, REQUIRING),
        Some(Denial::WithoutTwoFactor)
    );
    assert_eq!(accept_transfer(false, free), None);
    assert_eq!(accept_transfer(true, REQUIRING), None);
}

#[test]
fn a_reset_is_offered_only_to_whom_its_letter_reaches() {
    for (mailbox, expected) in [
        (MailReach::Reachable, None),
        (MailReach::NoMailServer, Some(Denial::MailNotSet)),
        (MailReach::Refused, Some(Denial::MailRefused)),
    ] {
        let other = Other {
            mailbox,
            ..other(DEVELOPER)
        };
        assert_eq!(reset_two_factor(OWNER, other), expected);
        // Nor to an address that is not known to be theirs.
        for (address, denied) in [
            (Address::Proven, None),
            (Address::Corrected, None),
            (Address::NotProven, Some(Denial::AddressNotProven)),
        ] {
            let other = Other { address, ..other };
            assert_eq!(reset_two_factor(OWNER, other), expected.or(denied));
        }
        // Who may not at all is not told more.
        assert_eq!(reset_two_factor(BILLING, other), Some(Denial::AdminsOnly));
        // It is no letter that lets somebody in.
        assert_eq!(let_in(ADMIN, other), None);
    }
}

#[test]
fn an_owner_lets_set_up_who_is_this_accounts_alone_and_whom_no_code_reaches() {
    use Denial::{
        AdminsOnly, MailReaches, OperatorLetsIn, OwnerOnly, TwoFactorOn, UserDisabled, Yourself,
    };
    let no = Some::<Denial>;
    let without = Other {
        has_two_factor: false,
        is_covered: false,
        ..other(DEVELOPER)
    };
    for (mailbox, address, expected) in [
        (MailReach::Reachable, Address::Proven, no(MailReaches)),
        (MailReach::Reachable, Address::NotProven, None),
        (MailReach::Reachable, Address::Corrected, None),
        (MailReach::NoMailServer, Address::Proven, None),
        (MailReach::NoMailServer, Address::NotProven, None),
        (MailReach::NoMailServer, Address::Corrected, None),
        (MailReach::Refused, Address::Proven, None),
        (MailReach::Refused, Address::NotProven, None),
        (MailReach::Refused, Address::Corrected, None),
    ] {
        let other = Other {
            mailbox,
            address,
            ..without
        };
        assert_eq!(allow_first_factor(OWNER, other), expected);
        let elsewhere = Other {
            is_new_here_alone: false,
            ..other
        };
        let expected = expected.or(no(OperatorLetsIn));
        assert_eq!(allow_first_factor(OWNER, elsewhere), expected);
        for actor in [ADMIN, DEVELOPER, BILLING, Roles::NONE] {
            assert_eq!(allow_first_factor(actor, other), no(OwnerOnly));
        }
    }
    let unreached = Other {
        address: Address::NotProven,
        ..without
    };
    for (other, expected) in [
        (
            Other {
                has_two_factor: true,
                ..unreached
            },
            TwoFactorOn,
        ),
        (
            Other {
                is_disabled: true,
                ..unreached
            },
            UserDisabled,
        ),
        (
            Other {
                is_actor: true,
                roles: OWNER,
                ..unreached
            },
            Yourself,
        ),
    ] {
        assert_eq!(allow_first_factor(OWNER, other), no(expected));
    }
    assert_eq!(reset_two_factor(BILLING, unreached), no(AdminsOnly));
}

#[test]
fn who_is_not_set_up_is_said_only_where_it_is_due() {
    let without = Other {
        has_two_factor: false,
        is_covered: false,
        ..other(DEVELOPER)
    };
    for (mailbox, address, expected) in [
        (MailReach::Reachable, Address::Proven, NotSetUp::NotYet),
        (MailReach::NoMailServer, Address::Proven, NotSetUp::NoMail),
        (MailReach::Refused, Address::Proven, NotSetUp::NoMail),
        (
            MailReach::Refused,
            Address::NotProven,
            NotSetUp::AddressNotProven,
        ),
        (
            MailReach::Reachable,
            Address::Corrected,
            NotSetUp::AddressCorrected,
        ),
    ] {
        let other = Other {
            mailbox,
            address,
            ..without
        };
        assert_eq!(not_set_up(true, other), Some(expected));
        assert_eq!(not_set_up(false, other), None);
        let covered = Other {
            is_covered: true,
            ..other
        };
        assert_eq!(not_set_up(true, covered), None);
    }
}

#[test]
fn nothing_is_offered_to_who_is_disabled_and_an_account_to_one_at_a_time() {
    let disabled = Other {
        is_disabled: true,
        ..other(ADMIN)
    };
    let denied = Some(Denial::UserDisabled);
    assert_eq!(reset_two_factor(OWNER, disabled), denied);
    assert_eq!(transfer(OWNER, disabled, REQUIRING), denied);
    let offered = Transferable {
        is_offered: true,
        ..REQUIRING
    };
    let pending = Some(Denial::TransferPending);
    assert_eq!(transfer(OWNER, other(ADMIN), offered), pending);
    assert_eq!(
        transfer(ADMIN, other(ADMIN), offered),
        Some(Denial::OwnerOnly)
    );
}

#[test]
fn owner_and_administrators_let_in_who_is_below_them_or_the_owner_and_nobody_themselves() {
    assert_eq!(let_in(ADMIN, other(ADMIN)), Some(Denial::NotBelow));
    for of in [OWNER, ADMIN, DEVELOPER] {
        assert_eq!(let_in(OWNER, other(of)), None);
        let by_admin = let_in(ADMIN, other(of));
        assert_eq!(by_admin.is_none(), of != ADMIN);
        assert_eq!(let_in(DEVELOPER, other(of)), Some(Denial::AdminsOnly));
    }
    assert_eq!(let_in(OWNER, oneself(OWNER)), Some(Denial::Yourself));
    assert_eq!(let_in(ADMIN, oneself(ADMIN)), Some(Denial::Yourself));
    let inside = Other {
        is_kept_out: false,
        ..other(ADMIN)
    };
    assert_eq!(let_in(OWNER, inside), Some(Denial::OpenAlready));
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
