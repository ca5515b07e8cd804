use super::EntryKind::{File, Folder, Link};
use super::PathKind::{Found, Named};
use super::*;

const ME: u32 = 1000;
const STRANGER: u32 = 1001;
const OTHER: u32 = 1002;
const TEAM: u32 = 50;
/// What a namespace shows in place of whom it does not show, and `nobody` outside of one.
const UNMAPPED: u32 = 65_534;

const fn reader(user: u32) -> Reader {
    Reader {
        user,
        private_group: None,
        unmapped: None,
    }
}

const fn entry(kind: EntryKind, owner: u32, group: u32, mode: u32) -> Rights {
    Rights {
        owner,
        group,
        mode,
        kind,
    }
}

const fn file(owner: u32, group: u32, mode: u32) -> Rights {
    entry(File, owner, group, mode)
}

const fn folder(owner: u32, group: u32, mode: u32) -> Rights {
    entry(Folder, owner, group, mode)
}

const fn link(owner: u32) -> Rights {
    entry(Link, owner, owner, 0o777)
}

/// Where root alone writes, as `/` and `/var/lib`.
const SHUT: Rights = folder(ROOT, ROOT, 0o755);
/// `/tmp`.
const TMP: Rights = folder(ROOT, ROOT, 0o1777);

/// Entries, each in the folder before it; a link leads back to the first.
fn way(entries: &[Rights]) -> Vec<Step> {
    let mut place = SHUT;
    let mut steps = Vec::new();
    for entry in entries {
        steps.push(Step {
            place,
            entry: *entry,
        });
        place = match entry.kind {
            Folder => *entry,
            File | Link => SHUT,
        };
    }
    steps
}

type Judged = Result<Option<ForeignOwner>, PathRefusal>;
/// What it is, the user of the program, the way, and what is said of it.
type Case<'a> = (&'static str, u32, &'a [Rights], Option<ForeignOwner>);

const fn planted(step: usize, owner: u32) -> Judged {
    let why = Distrust::Planted(owner);
    Err(PathRefusal { step, why })
}

const fn of(step: usize, owner: u32) -> ForeignOwner {
    ForeignOwner { step, owner }
}

#[test]
fn what_is_found_is_ours_or_roots_and_nobody_else_writes_it() {
    let (owner, group) = (Err(Distrust::Owner(STRANGER)), Err(Distrust::Group(TEAM)));
    let everybody = Err(Distrust::Everybody);
    for (user, found, expected) in [
        (ME, file(ME, ME, 0o644), Ok(())),
        (ME, file(ROOT, ROOT, 0o644), Ok(())),
        (ME, link(ME), Ok(())),
        (ME, link(ROOT), Ok(())),
        (ME, link(STRANGER), owner),
        (ROOT, link(STRANGER), owner),
        (ME, file(STRANGER, ME, 0o600), owner),
        (ROOT, file(STRANGER, ME, 0o600), owner),
        (ME, folder(STRANGER, ME, 0o700), owner),
        (ME, file(ME, TEAM, 0o664), group),
        (ME, folder(ME, TEAM, 0o2770), group),
        (ME, file(ME, TEAM, 0o646), everybody),
        (ME, folder(ME, ME, 0o777), everybody),
        (ROOT, folder(ROOT, ROOT, 0o1777), everybody),
    ] {
        let judged = reader(user).judge_found(&found);
        assert_eq!(judged, expected, "{user} {found:?}");
        let as_way = reader(user).judge(Found, &way(&[found]));
        let expected = expected.map(|()| None);
        let expected = expected.map_err(|why| PathRefusal { step: 0, why });
        assert_eq!(as_way, expected, "{user} {found:?}");
    }
}

/// A link on the way leads to another place than the one that was meant; a folder on the way does not.
#[test]
fn on_the_way_to_what_is_found_links_count() {
    let (theirs, ours) = (folder(STRANGER, STRANGER, 0o755), folder(ME, ME, 0o700));
    let judge = |entries: &[Rights]| reader(ME).judge(Found, &way(entries));
    assert_eq!(judge(&[theirs, ours]), Ok(None));
    assert_eq!(judge(&[TMP, ours]), Ok(None));
    assert_eq!(judge(&[link(ME), ours]), Ok(None));
    let why = Distrust::Owner(STRANGER);
    assert_eq!(
        judge(&[link(STRANGER), ours]),
        Err(PathRefusal { step: 0, why })
    );
    assert_eq!(
        judge(&[link(ME), theirs]),
        Err(PathRefusal { step: 1, why })
    );
    assert_eq!(
        judge(&[theirs, link(STRANGER), ours]),
        Err(PathRefusal { step: 1, why })
    );
    assert_eq!(judge(&[]), Ok(None));
}

const FS_GROUP: Rights = folder(ROOT, 2000, 0o2775);
const SQUASHED: Rights = folder(UNMAPPED, UNMAPPED, 0o777);
const AZURE: Rights = folder(ROOT, ROOT, 0o777);

/// What operators have, each with the user of the program and what it warns of.
const PLATFORMS: [Case<'_>; 21] = [
    (
        "StateDirectory of systemd",
        990,
        &[SHUT, folder(990, 990, 0o700)],
        None,
    ),
    (
        "the same, seen by root",
        ROOT,
        &[SHUT, folder(990, 990, 0o700), file(990, 990, 0o600)],
        Some(of(1, 990)),
    ),
    ("volume of root's, program of root's", ROOT, &[SHUT], None),
    (
        "volume of a user's, program of root's",
        ROOT,
        &[folder(STRANGER, TEAM, 0o755)],
        Some(of(0, STRANGER)),
    ),
    (
        "volume of another user's than the image's",
        65_532,
        &[folder(STRANGER, TEAM, 0o755)],
        Some(of(0, STRANGER)),
    ),
    (
        "volume of the image's user",
        65_532,
        &[folder(65_532, 65_532, 0o755)],
        None,
    ),
    ("fsGroup", 65_532, &[FS_GROUP], None),
    (
        "fsGroup, file of a pod before",
        65_532,
        &[FS_GROUP, file(STRANGER, 2000, 0o660)],
        None,
    ),
    (
        "fsGroup, subfolder of a pod before",
        ME,
        &[FS_GROUP, folder(STRANGER, 2000, 0o2770)],
        None,
    ),
    (
        "fsGroup, file in that of a third pod",
        ME,
        &[
            FS_GROUP,
            folder(STRANGER, 2000, 0o2770),
            file(OTHER, 2000, 0o660),
        ],
        None,
    ),
    ("emptyDir", 65_532, &[AZURE], None),
    (
        "emptyDir, own file",
        65_532,
        &[AZURE, file(65_532, 65_532, 0o600)],
        None,
    ),
    (
        "emptyDir in memory",
        65_532,
        &[TMP, file(65_532, 65_532, 0o600)],
        None,
    ),
    ("Azure Files", ME, &[AZURE, file(ROOT, ROOT, 0o777)], None),
    (
        "Azure Files, a subfolder",
        ME,
        &[AZURE, AZURE, file(ROOT, ROOT, 0o777)],
        None,
    ),
    (
        "WSL, vboxsf",
        ME,
        &[folder(ME, ME, 0o777), file(ME, ME, 0o777)],
        None,
    ),
    (
        "NFS with all_squash",
        ME,
        &[SQUASHED, file(UNMAPPED, UNMAPPED, 0o777)],
        Some(of(0, UNMAPPED)),
    ),
    (
        "a file of the package",
        990,
        &[SHUT, file(ROOT, 990, 0o640)],
        None,
    ),
    (
        "a Secret of Kubernetes",
        65_532,
        &[TMP, link(ROOT), SHUT, file(ROOT, 2000, 0o440)],
        None,
    ),
    (
        "a folder of mine shared with a group",
        ME,
        &[folder(ME, TEAM, 0o2770)],
        None,
    ),
    (
        "a colleague's folder shared with a group",
        ME,
        &[folder(STRANGER, TEAM, 0o2770), file(STRANGER, TEAM, 0o660)],
        Some(of(0, STRANGER)),
    ),
];

#[test]
fn what_platforms_hand_out_is_taken() {
    for (what, user, entries, expected) in PLATFORMS {
        let judged = reader(user).judge(Named, &way(entries));
        assert_eq!(judged, Ok(expected), "{what}");
    }
}

/// Where others write, what is another user's was put there by that user, also for root, and whatever is below it.
#[test]
fn what_a_stranger_may_have_planted_is_not_relied_on() {
    let open = folder(ROOT, ROOT, 0o777);
    let theirs = folder(STRANGER, STRANGER, 0o755);
    let shared = folder(ME, TEAM, 0o775);
    for user in [ME, ROOT] {
        let judge = |entries: &[Rights]| reader(user).judge(Named, &way(entries));
        for place in [
            open,
            TMP,
            shared,
            folder(ME, ME, 0o777),
            folder(ME, ME, 0o1777),
        ] {
            for what in [theirs, file(STRANGER, STRANGER, 0o600), link(STRANGER)] {
                assert_eq!(
                    judge(&[place, what]),
                    planted(1, STRANGER),
                    "{user} {place:?}"
                );
            }
            let below = [place, theirs, file(ROOT, ROOT, 0o600)];
            assert_eq!(judge(&below), planted(1, STRANGER), "{user} {place:?}");
            let mine = [place, folder(ROOT, ROOT, 0o700), file(ROOT, ROOT, 0o600)];
            assert!(judge(&mine).is_ok(), "{user} {place:?}");
        }
        // A link of ours to what they planted.
        assert_eq!(
            judge(&[link(ROOT), TMP, theirs]),
            planted(2, STRANGER),
            "{user}"
        );
        // A folder of root that is open to everybody says nothing of its group.
        let scratch = [folder(ROOT, TEAM, 0o1777), folder(ME, TEAM, 0o2770), theirs];
        assert!(judge(&scratch).is_err(), "{user}");
        // A third user's file, where the owner lets everybody in.
        let squashed = folder(STRANGER, STRANGER, 0o777);
        assert_eq!(
            judge(&[squashed, file(OTHER, OTHER, 0o600)]),
            planted(1, OTHER),
            "{user}"
        );
    }
    let with_group = Reader {
        private_group: Some(TEAM),
        ..reader(ME)
    };
    let judged = with_group.judge(Named, &way(&[shared, theirs]));
    assert_eq!(judged, Ok(None));
}

/// Where modes are kept, as a folder shows that not everybody writes, a file that everybody writes is a mistake.
#[test]
fn a_file_that_everybody_writes_is_taken_where_everything_is_so() {
    let refused = Err(PathRefusal {
        step: 1,
        why: Distrust::Everybody,
    });
    for (user, owners) in [(ME, [ME, ROOT]), (ROOT, [ROOT, ROOT])] {
        for owner in owners {
            for (place, expected) in [
                (SHUT, refused),
                (TMP, refused),
                (folder(ME, ME, 0o700), refused),
                (folder(ROOT, ROOT, 0o777), Ok(false)),
                (folder(ME, ME, 0o777), Ok(false)),
            ] {
                let judged = reader(user).judge(Named, &way(&[place, file(owner, ME, 0o666)]));
                let judged = judged.map(|foreign| foreign.is_some() && user != ROOT);
                assert_eq!(judged, expected, "{user} {owner} {place:?}");
            }
        }
    }
}

const fn inside_a_namespace(user: u32) -> Reader {
    Reader {
        unmapped: Some(UnmappedIds {
            user: UNMAPPED,
            group: UNMAPPED,
        }),
        ..reader(user)
    }
}

#[test]
fn owners_that_a_namespace_does_not_show_are_no_warning() {
    let inside = inside_a_namespace(ME);
    let secret = [
        folder(UNMAPPED, UNMAPPED, 0o755),
        file(UNMAPPED, UNMAPPED, 0o644),
    ];
    assert_eq!(inside.judge(Named, &way(&secret)), Ok(None));
    assert_eq!(
        reader(ME).judge(Named, &way(&secret)),
        Ok(Some(of(0, UNMAPPED)))
    );
}

/// The folder may be root's, and what is in it a stranger's: a namespace shows both as the same owner.
#[test]
fn owners_that_a_namespace_does_not_show_prove_nothing() {
    let tmp = folder(UNMAPPED, UNMAPPED, 0o1777);
    let shared = folder(UNMAPPED, UNMAPPED, 0o775);
    let by_root = folder(ROOT, UNMAPPED, 0o775);
    // Who runs as that number is not known to be the owner either.
    for user in [ME, ROOT, UNMAPPED] {
        let inside = inside_a_namespace(user);
        for place in [TMP, AZURE, SQUASHED, tmp, shared, by_root] {
            for entry in [
                file(UNMAPPED, UNMAPPED, 0o600),
                folder(UNMAPPED, UNMAPPED, 0o755),
                link(UNMAPPED),
            ] {
                let judged = inside.judge(Named, &way(&[place, entry]));
                assert_eq!(judged, planted(1, UNMAPPED), "{user} {place:?}");
            }
        }
        let found = file(UNMAPPED, UNMAPPED, 0o644);
        assert_eq!(inside.judge_found(&found), Err(Distrust::Owner(UNMAPPED)));
        // Nobody but the owner writes it.
        let shut = [folder(UNMAPPED, UNMAPPED, 0o700), found];
        assert_eq!(inside.judge(Named, &way(&shut)), Ok(None), "{user}");
    }
    // Outside of a namespace it is a user as any other.
    let nobodys = [tmp, file(UNMAPPED, UNMAPPED, 0o600)];
    let judged = reader(ME).judge(Named, &way(&nobodys));
    assert_eq!(judged, Ok(Some(of(0, UNMAPPED))));
    assert_eq!(reader(UNMAPPED).judge(Named, &way(&nobodys)), Ok(None));
}

#[test]
fn a_pipe_is_read_where_nobody_else_can_write_it() {
    for (owner, mode, expected) in [
        (ME, 0o600, true),
        (ROOT, 0o600, true),
        (ROOT, 0o644, true),
        (STRANGER, 0o600, false),
        (STRANGER, 0o644, false),
        (ME, 0o620, false),
        (ME, 0o602, false),
        (ROOT, 0o666, false),
    ] {
        assert_eq!(
            is_pipe_trusted(ME, owner, mode),
            expected,
            "{owner} {mode:o}"
        );
    }
}

#[test]
fn a_group_of_ones_own_can_write_what_is_found() {
    let with_group = Reader {
        private_group: Some(ME),
        ..reader(ME)
    };
    let found = file(ME, ME, 0o664);
    assert_eq!(with_group.judge_found(&found), Ok(()));
    assert_eq!(reader(ME).judge_found(&found), Err(Distrust::Group(ME)));
    let of_others = file(ME, TEAM, 0o664);
    assert_eq!(
        with_group.judge_found(&of_others),
        Err(Distrust::Group(TEAM))
    );
}

#[test]
fn users_have_the_names_of_passwd() {
    let passwd = "root:x:0:0::/root:/bin/sh\n:x:7:7::\nada\nada:x:1000:1000::/home/ada:/bin/sh\n";
    assert_eq!(name_of(0, passwd), Some("root"));
    assert_eq!(name_of(1000, passwd), Some("ada"));
    assert_eq!(name_of(7, passwd), None);
    assert_eq!(name_of(1001, passwd), None);
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

/// What the first start makes is taken by the second one: whose it is then, and in which folder.
#[test]
fn what_this_program_makes_is_distrusted_where_a_volume_gives_it_to_another() {
    for (user, owner, place, is_distrusted) in [
        (ME, ME, folder(ROOT, ROOT, 0o777), false),
        (ME, ROOT, folder(ROOT, ROOT, 0o777), false),
        (ME, STRANGER, folder(STRANGER, STRANGER, 0o777), false),
        (ME, STRANGER, folder(ROOT, ROOT, 0o777), true),
        (ROOT, STRANGER, folder(ROOT, ROOT, 0o1777), true),
        (ME, STRANGER, folder(ROOT, TEAM, 0o2775), false),
    ] {
        let found = reader(user).would_distrust_own(&place, owner);
        assert_eq!(found, is_distrusted, "{user} {owner} {place:?}");
    }
}
