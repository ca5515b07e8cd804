use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{chown, lchown, symlink};

use super::owners::{give, whose_for};
use super::*;

const ME: u32 = 1000;
const STRANGER: u32 = 1001;

fn set_mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

const fn reader(user: u32) -> Reader {
    Reader {
        user,
        private_group: None,
        unmapped: None,
    }
}

fn is_root() -> bool {
    // Nobody else can give files away.
    rustix::process::geteuid().is_root()
}

fn make_folder(path: &Path, owner: u32, group: u32, mode: u32) {
    fs::create_dir(path).unwrap();
    set_mode(path, mode);
    chown(path, Some(owner), Some(group)).unwrap();
    // Changing the owner takes bits away.
    set_mode(path, mode);
}

fn make_file(path: &Path, owner: u32, group: u32, mode: u32) {
    fs::write(path, "").unwrap();
    set_mode(path, mode);
    chown(path, Some(owner), Some(group)).unwrap();
}

fn make_link(target: &Path, path: &Path, owner: u32) {
    symlink(target, path).unwrap();
    lchown(path, Some(owner), None).unwrap();
}

#[test]
fn nothing_ours_and_roots_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let reader = this_process();
    for path in [
        &folder.path().join("keys"),
        folder.path(),
        Path::new("/etc/passwd"),
        Path::new("/etc/passwd/x"),
        Path::new("src/lib.rs"),
        Path::new("absent"),
    ] {
        assert_eq!(judge(&reader, path), Ok(None), "{}", path.display());
    }
}

#[test]
fn what_everybody_can_write_is_refused_through_a_link_too() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("keys"), folder.path().join("link"));
    fs::write(&file, "").unwrap();
    symlink(&file, &link).unwrap();
    let reader = this_process();
    for (mode, is_taken) in [(0o600, true), (0o644, true), (0o602, false), (0o666, false)] {
        set_mode(&file, mode);
        for path in [&file, &link] {
            let judged = judge(&reader, path);
            assert_eq!(judged.is_ok(), is_taken, "{mode:o} {judged:?}");
        }
    }
}

/// A stranger's link or folder where everybody writes, by each spelling and for root too.
#[test]
fn a_stranger_plants_nothing_where_everybody_writes() {
    if !is_root() {
        return;
    }
    let top = tempfile::tempdir().unwrap();
    set_mode(top.path(), 0o755);
    let (open, own) = (top.path().join("open"), top.path().join("own"));
    make_folder(&open, ROOT, ROOT, 0o1777);
    make_folder(&own, ME, ME, 0o700);
    make_folder(&open.join("planted"), STRANGER, STRANGER, 0o755);
    make_file(&open.join("planted/keys"), ME, ME, 0o600);
    make_link(&own, &open.join("link"), STRANGER);
    make_link(&open.join("planted"), &top.path().join("ours"), ME);
    for path in [
        "open/planted",
        "open/planted/",
        "open/planted/keys",
        "open/planted/absent",
        "open/link",
        "open/link/",
        "open/link/.",
        "open/link/absent",
        "own/../open/link",
        "ours",
        "ours/keys",
    ] {
        for user in [ME, ROOT] {
            let refused = judge(&reader(user), &top.path().join(path)).unwrap_err();
            assert!(refused.contains("id 1001"), "{user} {path}: {refused}");
            assert!(refused.contains("may have put it there"), "{refused}");
        }
    }
    assert_eq!(judge(&reader(ME), &own), Ok(None));
}

/// The mounts that operators have, played by folders.
#[test]
fn volumes_are_taken_whole_and_in_part() {
    if !is_root() {
        return;
    }
    let top = tempfile::tempdir().unwrap();
    set_mode(top.path(), 0o755);
    let at = |name: &str| top.path().join(name);
    make_folder(&at("fs"), ROOT, 2000, 0o2775);
    make_folder(&at("fs/data"), STRANGER, 2000, 0o2770);
    make_file(&at("fs/data/keys"), STRANGER, 2000, 0o660);
    make_folder(&at("azure"), ROOT, ROOT, 0o777);
    make_folder(&at("azure/data"), ROOT, ROOT, 0o777);
    make_file(&at("azure/data/keys"), ROOT, ROOT, 0o777);
    make_folder(&at("wsl"), ME, ME, 0o777);
    make_file(&at("wsl/keys"), ME, ME, 0o777);
    make_folder(&at("nfs"), 65_534, 65_534, 0o777);
    make_file(&at("nfs/keys"), 65_534, 65_534, 0o666);
    for (path, warns) in [
        ("fs/data", false),
        ("fs/data/keys", false),
        ("azure/data", false),
        ("azure/data/keys", false),
        ("wsl", false),
        ("wsl/keys", false),
        ("nfs", true),
        ("nfs/keys", true),
    ] {
        let judged = judge(&reader(ME), &at(path)).unwrap();
        assert_eq!(judged.is_some(), warns, "{path}: {judged:?}");
    }
}

/// What is said fits who reads it: root is never told to take a folder from the user of a server.
#[test]
fn root_is_told_to_run_as_the_user_of_the_folder() {
    if !is_root() {
        return;
    }
    let top = tempfile::tempdir().unwrap();
    set_mode(top.path(), 0o755);
    let (data, open) = (top.path().join("data"), top.path().join("open"));
    make_folder(&data, 65_534, 65_534, 0o700);
    make_folder(&open, ROOT, ROOT, 0o1777);
    make_folder(&open.join("x"), 65_534, 65_534, 0o700);
    let warned = judge(&reader(ROOT), &data).unwrap().unwrap();
    assert!(
        warned.contains("`runuser -u nobody -- twofold …`"),
        "{warned}"
    );
    let refused = judge(&reader(ROOT), &open.join("x")).unwrap_err();
    for said in [warned, refused] {
        assert!(!said.contains("chown"), "{said}");
    }
    let warned = judge(&reader(ME), &data).unwrap().unwrap();
    let remedy = format!("`chown -R 1000 {}`", data.display());
    assert!(
        warned.contains(&remedy) && warned.contains("as root"),
        "{warned}"
    );
    chown(&data, Some(4_000_000), None).unwrap();
    let warned = judge(&reader(ROOT), &data).unwrap().unwrap();
    assert!(warned.contains("setpriv --reuid 4000000"), "{warned}");
}

/// Every refusal names the path and what mends it.
#[test]
fn a_sentence_names_path_owner_and_remedy() {
    let reader = reader(ME);
    let say = |asked: &str, why| {
        let asked = Path::new(asked);
        let words = TrustWords {
            reader: &reader,
            asked,
        };
        let entry = Rights {
            owner: ME,
            group: 50,
            mode: 0o666,
            kind: EntryKind::File,
        };
        words.refuse(asked, Some(&entry), why)
    };
    for (asked, why, words) in [
        (
            "keys",
            Distrust::Owner(4_000_001),
            ["keys is of", "id 4000001", "run it as that user"],
        ),
        (
            "/srv/keys",
            Distrust::Planted(4_000_001),
            ["/srv/keys is of", "id 4000001", "chown -R 1000 /srv/keys"],
        ),
        (
            "keys",
            Distrust::Group(50),
            ["group 50", "mode 666", "chmod g-w keys"],
        ),
        (
            "/srv/keys",
            Distrust::Everybody,
            ["every user", "mode 666", "chmod o-w /srv/keys"],
        ),
        (
            "keys",
            Distrust::Everybody,
            ["every user", "chmod o-w keys", "set its whole path"],
        ),
    ] {
        let said = say(asked, why);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert_eq!(
            said.contains("set its whole path (/"),
            !asked.starts_with('/'),
            "{said}"
        );
    }
}

/// What others need as it is, is not given away, whoever may not use it.
#[test]
fn only_what_is_this_programs_is_given_away() {
    for system in [
        "/",
        "/root",
        "/etc",
        "/var",
        "/var/lib",
        "/tmp",
        "/srv",
        "/usr/share",
        "/proc/self",
    ] {
        assert!(!is_this_programs(Path::new(system)), "{system}");
        let advice = give(ME, ROOT, Path::new(system));
        assert!(!advice.contains("chown"), "{advice}");
        assert!(
            advice.contains("install -d -m 700 -o 1000 FOLDER"),
            "{advice}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert!(is_this_programs(at));
    for name in ["keys", "lock", "twofold.db", "twofold.db-wal", "outbox"] {
        fs::write(at.join(name), "").unwrap();
        assert!(is_this_programs(at), "{name}");
    }
    assert!(is_this_programs(&at.join("keys")));
    let advice = give(ME, STRANGER, at);
    assert!(
        advice.contains(&format!("chown -R 1000 {}`", at.display())),
        "{advice}"
    );
    fs::write(at.join("letter"), "").unwrap();
    assert!(!is_this_programs(at));
}

#[test]
fn a_folder_that_is_missing_is_made_for_the_user() {
    if !is_root() {
        return;
    }
    let top = tempfile::tempdir().unwrap();
    chown(top.path(), Some(STRANGER), None).unwrap();
    let missing = top.path().join("a/b");
    let said = whose_for(ME, top.path(), Some(&missing));
    let advice = format!("install -d -m 700 -o 1000 {}`", missing.display());
    assert!(said.contains(&advice) && said.contains("id 1001"), "{said}");
    assert!(!said.contains("chown"), "{said}");
}

/// It is root already, and may give nothing away.
#[test]
fn root_without_capabilities_is_told_no_chown() {
    if !is_root() {
        return;
    }
    let top = tempfile::tempdir().unwrap();
    chown(top.path(), Some(STRANGER), None).unwrap();
    for to_make in [None, Some(Path::new("a/b"))] {
        let said = whose_for(ROOT, top.path(), to_make);
        for words in ["CAP_DAC_OVERRIDE", "--reuid 1001"] {
            assert!(said.contains(words), "{said}");
        }
        assert!(!said.contains("chown"), "{said}");
    }
}

/// What NFS with `all_squash` shows, which no folder of a test can play: the words, and that nothing is left.
#[test]
fn what_a_volume_gives_to_one_user_is_told_with_a_remedy_that_helps() {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o777);
    let me = rustix::process::geteuid().as_raw();
    assert_eq!(owner_of_what_is_made(folder.path()), Some(me));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    set_mode(folder.path(), 0o700);
    assert_eq!(owner_of_what_is_made(folder.path()), None);
    let said = squash_words(folder.path(), ROOT, STRANGER);
    for words in ["all_squash", "of root", "`chown 1001`", "no_all_squash"] {
        assert!(said.contains(words), "{said}");
    }
}
