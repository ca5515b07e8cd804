//! docs/roles.md is what `domain::roles` says, word for word. `UPDATE_DOCS=1` writes it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use domain::roles::{ALL_ROLES, Action, Role, Roles, may};

const HEAD: &str = "\
# Who may do what

The table is made from `server/domain/src/roles.rs` and checked by a test; `UPDATE_DOCS=1 cargo test` regenerates it.

A user can hold several roles in one account and may do what any of them allows. An account has exactly one owner. Nobody
does anything to somebody of their own rank or above, and nobody gives a role above their own rank; ranks are owner,
admin, then developer and billing alike. What is done to somebody is never done to oneself. Nobody opens the account to
somebody whose reset they offered in another account, or that an account offered which is or was theirs.

| what | Owner | Admin | Developer | Billing |
| --- | --- | --- | --- | --- |
";

fn only(role: Role) -> Roles {
    Roles::NONE.with(role)
}

fn rows() -> Vec<(&'static str, Action)> {
    let (admin, developer) = (only(Role::Admin), only(Role::Developer));
    let owner = only(Role::Owner);
    vec![
        ("open the account and see its overview", Action::Open),
        (
            "turn one's own two-factor authentication on and off",
            Action::ConfigureOwnTwoFactor,
        ),
        (
            "see users, their roles and two-factor authentication, and invitations",
            Action::ReadUsers,
        ),
        (
            "invite a developer or billing user; resend and revoke that",
            Action::Invite { to_be: developer },
        ),
        (
            "invite an admin; resend and revoke that",
            Action::Invite { to_be: admin },
        ),
        (
            "change the roles of a developer or billing user",
            Action::ChangeRoles {
                of: developer,
                to_be: only(Role::Billing),
            },
        ),
        (
            "make a developer or billing user an admin",
            Action::ChangeRoles {
                of: developer,
                to_be: admin,
            },
        ),
        (
            "change the roles of an admin",
            Action::ChangeRoles {
                of: admin,
                to_be: developer,
            },
        ),
        (
            "remove a developer or billing user",
            Action::RemoveUser { of: developer },
        ),
        ("remove an admin", Action::RemoveUser { of: admin }),
        ("remove the owner", Action::RemoveUser { of: owner }),
        (
            "offer to reset the two-factor authentication of a developer or billing user",
            Action::ResetTwoFactor { of: developer },
        ),
        (
            "offer to reset the two-factor authentication of an admin",
            Action::ResetTwoFactor { of: admin },
        ),
        (
            "offer to reset the two-factor authentication of the owner",
            Action::ResetTwoFactor { of: owner },
        ),
        (
            "see the authentication settings",
            Action::ReadAuthenticationSettings,
        ),
        (
            "change the authentication settings",
            Action::ChangeAuthenticationSettings,
        ),
        (
            "open the account to a developer or billing user before the day after their reset is over",
            Action::LetIn { of: developer },
        ),
        (
            "open it to an admin before that",
            Action::LetIn { of: admin },
        ),
        (
            "open it to the owner before that",
            Action::LetIn { of: owner },
        ),
        (
            "let somebody set up two-factor authentication without a mailed code",
            Action::AllowFirstFactor,
        ),
        ("offer the account to another user", Action::Transfer),
        ("give the account another name", Action::Rename),
        ("delete the account, and restore it", Action::Delete),
        (
            "see the activity and take it away as a file",
            Action::ReadAudit,
        ),
        ("leave the account", Action::Leave),
    ]
}

#[test]
fn the_table_in_the_docs_is_the_table_in_the_code() {
    let mut expected = HEAD.to_owned();
    for (what, action) in rows() {
        let _ = write!(expected, "| {what} |");
        for role in ALL_ROLES {
            let word = if may(only(role), action) {
                "yes"
            } else {
                "–"
            };
            let _ = write!(expected, " {word} |");
        }
        expected.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/roles.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), expected);
}
