use super::PathKind::{Found, Named};
use super::*;

const ME: u32 = 1000;
const STRANGER: u32 = 1001;

const fn reader(user: u32) -> Reader {
    Reader {
        user,
        private_group: None,
        has_unmapped_users: false,
    }
}

const fn rights(owner: u32, group: u32, mode: u32) -> Rights {
    Rights {
        owner,
        group,
        mode,
        is_folder: false,
    }
}

const fn folder(owner: u32, group: u32, mode: u32) -> Rights {
    Rights {
        is_folder: true,
        ..rights(owner, group, mode)
    }
}

#[test]
fn what_strangers_own_or_can_write_is_not_relied_on() {
    let (owner, group) = (Err(Distrust::Owner(STRANGER)), Err(Distrust::Group(50)));
    let everybody = Err(Distrust::Everybody);
    for (user, kind, found, expected) in [
        (ME, Found, rights(ME, ME, 0o644), Ok(())),
        (ME, Found, rights(ROOT, ROOT, 0o644), Ok(())),
        (ME, Found, rights(STRANGER, ME, 0o600), owner),
        (ROOT, Found, rights(STRANGER, ME, 0o600), owner),
        (ME, Found, rights(ME, 50, 0o664), group),
        (ME, Found, folder(ME, 50, 0o2770), group),
        (ME, Found, rights(ME, 50, 0o646), everybody),
        (ROOT, Found, folder(ROOT, ROOT, 0o1777), everybody),
        (ME, Named, folder(STRANGER, 50, 0o2770), owner),
        (ME, Named, rights(STRANGER, 50, 0o640), owner),
        (ME, Named, folder(ME, 50, 0o777), everybody),
        (ME, Named, rights(ROOT, 50, 0o666), everybody),
        (ROOT, Named, folder(STRANGER, 50, 0o777), everybody),
    ] {
        let judged = reader(user).judge(kind, &found, None);
        assert_eq!(judged, expected, "{user} {kind:?} {found:?}");
    }
}

/// What operators have, each with the user of the program.
#[test]
fn what_platforms_hand_out_is_taken() {
    for (what, user, found) in [
        ("StateDirectory of systemd", 990, folder(990, 990, 0o700)),
        (
            "volume of root's, program of root's",
            ROOT,
            folder(ROOT, ROOT, 0o755),
        ),
        (
            "volume of a user's, program of root's",
            ROOT,
            folder(STRANGER, 50, 0o755),
        ),
        (
            "volume of the image's user",
            65_532,
            folder(65_532, 65_532, 0o755),
        ),
        ("fsGroup of Kubernetes", 65_532, folder(ROOT, 2000, 0o2775)),
        ("emptyDir of Kubernetes", 65_532, folder(ROOT, ROOT, 0o777)),
        (
            "emptyDir, program of root's",
            ROOT,
            folder(ROOT, ROOT, 0o777),
        ),
        ("a file of the package", 990, rights(ROOT, 990, 0o640)),
        ("a Secret of Kubernetes", 65_532, rights(ROOT, 2000, 0o440)),
        ("a folder shared with a group", ME, folder(ME, 50, 0o2770)),
    ] {
        let judged = reader(user).judge(Named, &found, None);
        assert_eq!(judged, Ok(()), "{what}");
    }
}

#[test]
fn what_lies_in_a_folder_is_judged_by_who_can_put_it_there() {
    let strangers = Err(Distrust::Owner(STRANGER));
    let file = rights(STRANGER, 50, 0o660);
    for (what, user, within, expected) in [
        ("emptyDir", 65_532, folder(ROOT, ROOT, 0o777), strangers),
        ("emptyDir", ROOT, folder(ROOT, ROOT, 0o777), strangers),
        ("/tmp", ROOT, folder(ROOT, ROOT, 0o1777), strangers),
        ("my own", ME, folder(ME, ME, 0o700), strangers),
        ("shared by me", ME, folder(ME, 50, 0o2770), strangers),
        (
            "fsGroup, other pod before",
            65_532,
            folder(ROOT, 50, 0o2775),
            Ok(()),
        ),
        (
            "the stranger's, named by root",
            ROOT,
            folder(STRANGER, 50, 0o700),
            Ok(()),
        ),
        (
            "root's, named by root",
            ROOT,
            folder(ROOT, ROOT, 0o755),
            Ok(()),
        ),
    ] {
        let judged = reader(user).judge(Named, &file, Some(&within));
        assert_eq!(judged, expected, "{what} {user}");
    }
}

#[test]
fn owners_that_a_namespace_does_not_show_are_taken_where_the_path_is_named() {
    let inside = Reader {
        has_unmapped_users: true,
        ..reader(ME)
    };
    let secret = rights(UNMAPPED, UNMAPPED, 0o644);
    assert_eq!(inside.judge(Named, &secret, None), Ok(()));
    let refused = Err(Distrust::Owner(UNMAPPED));
    assert_eq!(inside.judge(Found, &secret, None), refused);
    assert_eq!(reader(ME).judge(Named, &secret, None), refused);
}

#[test]
fn a_group_of_ones_own_can_write_what_is_found() {
    let with_group = Reader {
        private_group: Some(ME),
        ..reader(ME)
    };
    let found = rights(ME, ME, 0o664);
    assert_eq!(with_group.judge(Found, &found, None), Ok(()));
    assert_eq!(
        reader(ME).judge(Found, &found, None),
        Err(Distrust::Group(ME))
    );
    let of_others = rights(ME, 50, 0o664);
    assert_eq!(
        with_group.judge(Found, &of_others, None),
        Err(Distrust::Group(50))
    );
}

#[test]
fn a_group_is_ones_own_where_nobody_else_is_in_it() {
    let passwd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n\
                  eve:x:1002:1003::/:/bin/sh\neva:x:1003:1003::/:/bin/sh\nzoe:x:1004:1004::/:/bin/sh\n";
    let groups = "root:x:0:\nada:x:1000:\nusers:x:100:\neve:x:1003:\nzoe:x:1004:zoe,bob\n";
    for (user, expected) in [
        (1000, Some(1000)),
        (ROOT, Some(0)),
        // The first group of many.
        (1001, None),
        // Another user's first group, too.
        (1002, None),
        (1003, None),
        // Another member.
        (1004, None),
        // Not in the file.
        (1005, None),
    ] {
        assert_eq!(private_group(user, passwd, groups), expected, "{user}");
    }
    let own = "ada:x:1000:ada\n";
    assert_eq!(private_group(1000, passwd, own), Some(1000));
    let twice = "ada:x:1000:\nteam:x:1000:bob\n";
    assert_eq!(private_group(1000, passwd, twice), None);
    for nothing in ["", "ada", "ada:x:1000:x\n:::"] {
        assert_eq!(private_group(1000, passwd, nothing), None, "{nothing}");
        assert_eq!(private_group(1000, nothing, groups), None, "{nothing}");
    }
}
