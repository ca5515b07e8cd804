//! The rules of docs/architecture.md that concern several files: which module may name which.
//!
//! Sources are read as text, comments and literals aside; what a test module names does not count.

#[path = "architecture/acts.rs"]
mod acts;
#[path = "architecture/answers.rs"]
mod answers;
#[path = "architecture/debug_forms.rs"]
mod debug_forms;
#[path = "architecture/links.rs"]
mod links;
#[path = "architecture/names.rs"]
mod names;
#[path = "architecture/places.rs"]
mod places;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/standards.rs"]
mod standards;
#[path = "architecture/supply.rs"]
mod supply;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use source::{Source, of_the_server, root, sources};

/// What makes a rule depend on more than its arguments, and comes with the language. What comes with a crate, the domain's
/// manifest does not name.
const IMPURE: [&str; 8] = [
    "async",
    "await",
    "Clock",
    "SystemTime",
    "Instant",
    "fs",
    "env",
    "net",
];

/// Crates of ours that the domain could name without a circle, and those that reach for the outside.
const IMPURE_CRATES: [&str; 12] = [
    "crypto",
    "files",
    "sea-orm",
    "sqlx",
    "rusqlite",
    "axum",
    "http",
    "leptos",
    "tokio",
    "tracing",
    "getrandom",
    "rand_core",
];

/// Crates that belong to the server alone.
const SERVER_CRATES: [&str; 18] = [
    "sea-orm",
    "sea-orm-migration",
    "sqlx",
    "sqlx-core",
    "axum",
    "tokio",
    "argon2",
    "totp-rs",
    "qrcode",
    "phonenumber",
    "lettre",
    "chacha20poly1305",
    "hyper",
    "rustls",
    "leptos_axum",
    "ring",
    "server",
    "webauthn",
];

fn assert_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}

/// Which of `words` stand in which of `sources`.
fn named(sources: &[Source], words: &[&str]) -> Vec<String> {
    let breach = |source: &Source, word: &str| format!("{} names `{word}`", source.path);
    sources
        .iter()
        .flat_map(|source| {
            words
                .iter()
                .filter(|word| source.words.contains(**word))
                .map(move |word| breach(source, word))
        })
        .collect()
}

#[test]
fn the_domain_is_pure() {
    let domain = sources("server/domain/src");
    assert!(domain.len() > 5, "the domain is where it was");
    let webauthn = sources("server/webauthn/src");
    assert!(webauthn.len() > 5, "webauthn is where it was");
    for (folder, sources, known) in [
        ("server/domain", domain, "app"),
        ("server/webauthn", webauthn, "ring"),
    ] {
        assert_none(
            &format!("{folder} takes values and returns values"),
            &named(&sources, &IMPURE),
        );
        let names = dependencies(&toml(&root().join(folder).join("Cargo.toml")));
        assert!(names.contains(known), "the manifest is read");
        let found: Vec<_> = IMPURE_CRATES
            .iter()
            .filter(|name| names.contains(**name))
            .map(|name| (*name).to_owned())
            .collect();
        assert_none(
            &format!("{folder} depends on nothing that is impure"),
            &found,
        );
    }
}

#[test]
fn generic_components_know_nothing_of_what_is_built_with_them() {
    let mut ui = sources("app/src/ui");
    ui.extend(
        sources("app/src")
            .into_iter()
            .filter(|source| source.path == "app/src/ui.rs"),
    );
    let words = ["api", "client", "components", "pages", "leptos_router"];
    assert_none(
        "app/src/ui knows neither api nor pages nor the router",
        &named(&ui, &words),
    );
}

#[test]
fn the_application_does_not_know_the_server() {
    let app = sources("app/src");
    assert_none(
        "app never calls into server",
        &named(&app, &["sea_orm", "sqlx", "axum", "argon2", "totp_rs"]),
    );
    for manifest in ["app/Cargo.toml", "frontend/Cargo.toml"] {
        let names = dependencies(&toml(&root().join(manifest)));
        let found: Vec<_> = SERVER_CRATES
            .iter()
            .filter(|name| names.contains(**name))
            .map(|name| (*name).to_owned())
            .collect();
        assert_none(&format!("{manifest} names no crate of the server"), &found);
    }
}

/// Names of everything a manifest depends on, whatever the target.
fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else {
            continue;
        };
        if key == "dependencies" {
            names.extend(table.keys().cloned());
        } else {
            names.extend(dependencies(table));
        }
    }
    names
}

#[test]
fn no_crate_of_the_server_reaches_webassembly() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "-p",
            "frontend",
            "--target",
            "wasm32-unknown-unknown",
            "-e",
            "normal",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo, which runs this test, can be run");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).expect("names of crates are text");
    let crates: BTreeSet<_> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(
        crates.contains("app") && crates.contains("leptos"),
        "the tree is the front end's: {tree}"
    );
    let found: Vec<_> = SERVER_CRATES
        .iter()
        .filter(|name| crates.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    assert_none("the WebAssembly tree holds no crate of the server", &found);
}

#[test]
fn modules_are_named_by_their_file() {
    let found: Vec<_> = ["app", "frontend", "server"]
        .into_iter()
        .flat_map(sources)
        .filter(|source| source.path.ends_with("/mod.rs"))
        .map(|source| source.path)
        .collect();
    assert_none("name.rs beside name/, never mod.rs", &found);
}

#[test]
fn every_text_of_the_catalogue_is_said_somewhere() {
    let said: BTreeSet<String> = sources("app/src")
        .into_iter()
        .chain(of_the_server())
        .flat_map(|source| source.words)
        .collect();
    let left_over: Vec<_> = catalogue(&root().join("app/locales/en"))
        .into_iter()
        .filter(|key| !said.contains(key))
        .collect();
    assert_none("texts of app/locales that nothing calls", &left_over);
}

/// What is routed elsewhere would be asked by nobody in the gate's matrix.
#[test]
fn every_route_of_the_main_listener_is_in_a_table() {
    let mut named = Vec::new();
    for source in sources("server/src/http") {
        // The operator's listener, which has a test of its own (api/metrics.rs).
        if source.path.ends_with("/probes.rs") || !source.words.contains("route") {
            continue;
        }
        let text = std::fs::read_to_string(root().join(&source.path)).expect("the file is there");
        for call in text.split(".route(").skip(1) {
            let path = call.trim_start().split(',').next().unwrap_or_default();
            named.push(format!("{}: {path}", source.path));
        }
    }
    assert_eq!(named, ["server/src/http/router.rs: path"]);
}

/// What begins a write transaction by itself, or has to do with the wake-ups of workers, and why it is no `Change`.
const WITHOUT_A_CHANGE: [(&str, &str); 13] = [
    ("server/service/src/change.rs", "it is the change"),
    (
        "server/storage/src/lib.rs",
        "declares how a transaction begins",
    ),
    (
        "server/service/src/lib.rs",
        "declares what wakes the workers",
    ),
    (
        "server/src/application/start.rs",
        "makes what wakes the workers",
    ),
    (
        "server/src/delivery/worker.rs",
        "is the worker that is woken",
    ),
    (
        "server/crypto/src/password/workers.rs",
        "wakes threads that hash",
    ),
    (
        "server/service/src/audit/operator.rs",
        "for commands that have no services",
    ),
    (
        "server/service/src/upkeep.rs",
        "removes rows in the background and mails nobody",
    ),
    (
        "server/service/src/retention.rs",
        "removes rows in the background and mails nobody",
    ),
    (
        "server/service/src/presence.rs",
        "a sign of life in the background that mails nobody",
    ),
    (
        "server/service/src/factor_set/everyone.rs",
        "binds in the background and mails nobody",
    ),
    (
        "server/service/src/keys/rotation.rs",
        "seals again in batches and mails nobody",
    ),
    (
        "server/service/src/keys/rotation/rest.rs",
        "seals again one by one and mails nobody",
    ),
];

/// An act that began a transaction by hand could forget what a change does with its commit: to wake whoever is to mail.
#[test]
fn use_cases_write_in_a_change_which_alone_wakes_the_workers() {
    let words = ["begin_write", "notify_one", "mail_queued"];
    let named = |source: &Source| words.iter().any(|word| source.words.contains(*word));
    let found: BTreeSet<_> = of_the_server()
        .into_iter()
        .filter(named)
        .map(|source| source.path)
        .collect();
    let allowed: BTreeSet<_> = WITHOUT_A_CHANGE
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_eq!(
        found, allowed,
        "server/tests/architecture.rs lists each with its reason"
    );
    assert!(WITHOUT_A_CHANGE.iter().all(|(_, reason)| reason.len() > 10));
}

/// A new password is estimated and hashed in one place, behind a try and in the slots of the hasher.
#[test]
fn new_passwords_are_estimated_and_hashed_in_one_place() {
    let own = |path: &str| {
        path.starts_with("server/domain/src/password_policy")
            || path.starts_with("server/crypto/src/password")
            || path == "server/service/src/new_passwords.rs"
    };
    // The password that signs in, when its parameters have grown.
    let hashes_too = ["server/service/src/sign_in/password.rs"];
    let mut breaches = Vec::new();
    for source in of_the_server() {
        if own(&source.path) {
            continue;
        }
        let text = std::fs::read_to_string(root().join(&source.path)).expect("the file is there");
        let text: String = text.split_whitespace().collect();
        let estimates = ["zxcvbn", "password_policy::estimate", "hasher.estimate("];
        for found in estimates.into_iter().filter(|word| text.contains(word)) {
            breaches.push(format!("{} has `{found}`", source.path));
        }
        if text.contains("hasher.hash(") && !hashes_too.contains(&source.path.as_str()) {
            breaches.push(format!("{} hashes a password", source.path));
        }
    }
    assert_none(
        "server/service/src/new_passwords.rs alone estimates and hashes new passwords",
        &breaches,
    );
}

/// A pipe in the place of a file would hold a command without end, so that all of an operator's files are opened in one
/// place. What the kernel says of the machine is no operator's.
#[test]
fn files_of_operators_are_opened_in_one_place() {
    let of_the_kernel = [
        "server/src/application/preflight/addresses.rs",
        "server/src/http/capacity.rs",
        "server/service/src/presence.rs",
        "server/files/src/trusted_files.rs",
    ];
    let opening = ["File::open(", "fs::read(", "fs::read_to_string("];
    let mut breaches = Vec::new();
    for source in of_the_server() {
        let path = source.path.as_str();
        if of_the_kernel.contains(&path) {
            continue;
        }
        let text = std::fs::read_to_string(root().join(path)).expect("the file is there");
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for found in opening.into_iter().filter(|word| text.contains(word)) {
            breaches.push(format!("{path} has `{found}`"));
        }
    }
    assert_none(
        "server/files/src/trusted_files/reading.rs alone opens what operators name",
        &breaches,
    );
}

/// A user gets an address in four places, each of which lets its mailbox win it from a user who has never proven it. Their
/// doors are tried in `tests/api/lost_address/doors.rs`.
#[test]
fn an_address_is_given_where_its_mailbox_wins_it() {
    let places = [
        "server/service/src/invitations/answer.rs",
        "server/service/src/profile/email.rs",
        "server/service/src/users.rs",
        "server/service/src/users/address.rs",
    ];
    let mut breaches = Vec::new();
    for source in sources("server/service/src") {
        let text = std::fs::read_to_string(root().join(&source.path)).expect("the file is there");
        let calls = ["insert_user(", "set_email("];
        let gives = calls.into_iter().any(|call| text.contains(call));
        let is_listed = places.contains(&source.path.as_str());
        if gives != is_listed {
            breaches.push(format!("{} gives an address: {gives}", source.path));
        }
        if gives && !text.contains("won::win(") {
            breaches.push(format!("{} lets no mailbox win it", source.path));
        }
    }
    assert_none(
        "a new address is won from a user who has never proven it (docs/decisions/0039)",
        &breaches,
    );
}

/// The keys as `app/build.rs` makes methods of them: `section_key`.
fn catalogue(folder: &Path) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("app/locales/en is there") {
        let path = entry.expect("app/locales/en can be read").path();
        let section = path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        keys.extend(toml(&path).keys().map(|key| format!("{section}_{key}")));
    }
    assert!(!keys.is_empty(), "the catalogue is where it was");
    keys
}

fn toml(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).expect("the file is there");
    text.parse().expect("the file is TOML")
}
