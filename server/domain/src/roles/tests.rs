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
    let developer in                x     x     .         .       x             x               .
    let developer+billing in        x     x     .         .       x             x               .
    let admin in                    x     .     .         .       x             .               .
    let owner in                    x     x     .         .       x             x               .
    allow first factor              x     .     .         .       x             .               .
    transfer                        x     .     .         .       x             .               .
    rename                          x     .     .         .       x             .               .
    delete                          x     .     .         .       x             .               .
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
        ["let", of, "in"] => Action::LetIn { of: roles(of) },
        ["allow", "first", "factor"] => Action::AllowFirstFactor,
        ["transfer"] => Action::Transfer,
        ["read", "audit"] => Action::ReadAudit,
        ["leave"] => Action::Leave,
        ["rename"] => Action::Rename,
        ["delete"] => Action::Delete,
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
    assert_eq!(checked, 39 * 7);
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
