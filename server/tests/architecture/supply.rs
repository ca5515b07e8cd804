//! The supply chain: every dependency comes from a registry, with a checksum in the lock file.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{root, toml};

const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
const PACKAGES: &str = "https://registry.npmjs.org/";

/// The crates of the workspace.
fn our_crates() -> BTreeSet<String> {
    let workspace = toml(&root().join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array();
    let members = members.expect("the workspace lists its members");
    let name = |member: &::toml::Value| {
        let folder = member.as_str().expect("a member is a folder");
        let manifest = toml(&root().join(folder).join("Cargo.toml"));
        let name = manifest["package"]["name"].as_str();
        name.expect("a crate has a name").to_owned()
    };
    members.iter().map(name).collect()
}

/// Every crate that is not ours is from crates.io, with a checksum.
#[test]
fn every_crate_is_from_the_registry_and_has_a_checksum() {
    let ours = our_crates();
    for file in [
        "Cargo.lock",
        "bench/Cargo.lock",
        "fuzz/Cargo.lock",
        "fuzz/oracle/Cargo.lock",
    ] {
        let lock = toml(&root().join(file));
        let crates = lock["package"].as_array().expect("a lock lists crates");
        assert!(crates.len() > 100, "{file}");
        for one in crates {
            let name = one["name"].as_str().expect("a crate has a name");
            let Some(source) = one.get("source") else {
                let is_ours = ours.contains(name)
                    || [
                        "twofold-bench",
                        "twofold-bench-rules",
                        "twofold-fuzz",
                        "twofold-oracle",
                    ]
                    .contains(&name);
                assert!(is_ours, "{file}: {name} has no source");
                continue;
            };
            assert_eq!(source.as_str(), Some(CRATES), "{file}: {name}");
            let checksum = one.get("checksum").and_then(|sum| sum.as_str());
            let is_hash = checksum.is_some_and(|sum| sum.len() == 64);
            assert!(is_hash, "{file}: {name} has no checksum");
        }
    }
}

/// Every package of the browser tests has a hash, and comes from the registry where it says from where.
#[test]
fn every_package_of_the_browser_tests_has_a_hash() {
    let text = std::fs::read_to_string(root().join("end2end/package-lock.json"));
    let lock: Value = serde_json::from_str(&text.expect("the lock is there")).expect("it is JSON");
    let packages = lock["packages"].as_object().expect("a lock lists packages");
    assert!(packages.len() > 3);
    for (place, package) in packages.iter().filter(|(place, _)| !place.is_empty()) {
        let integrity = package["integrity"].as_str().unwrap_or_default();
        let hash = integrity.strip_prefix("sha512-").unwrap_or_default();
        assert_eq!(hash.len(), 88, "{place} has no hash");
        if let Some(from) = package.get("resolved") {
            let is_registry = from.as_str().is_some_and(|from| from.starts_with(PACKAGES));
            assert!(is_registry, "{place} is from {from}");
        }
        assert!(package.get("link").is_none(), "{place} is a link");
        assert!(
            package.get("hasInstallScript").is_none(),
            "{place} runs a script when it is installed"
        );
    }
}

/// No code of ours may be unsafe, and no crate of ours says otherwise.
#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    for workspace in [".", "bench"] {
        let folder = root().join(workspace);
        let manifest = toml(&folder.join("Cargo.toml"));
        let common = &manifest["workspace"];
        assert_forbids_unsafe(&common["lints"], workspace);
        let members = common["members"].as_array();
        for member in members.expect("a workspace has members") {
            let member = member.as_str().expect("a member is a folder");
            let manifest = toml(&folder.join(member).join("Cargo.toml"));
            assert_eq!(
                manifest["lints"]["workspace"].as_bool(),
                Some(true),
                "{workspace}/{member}"
            );
        }
    }
    // Each one crate alone. What the macro of its targets expands to is libFuzzer's, and the lint does not look there.
    for one in ["fuzz", "fuzz/oracle"] {
        let manifest = toml(&root().join(one).join("Cargo.toml"));
        assert_forbids_unsafe(&manifest["lints"], one);
    }
}

fn assert_forbids_unsafe(lints: &toml::Value, of: &str) {
    let level = lints["rust"]["unsafe_code"].as_str();
    assert_eq!(level, Some("forbid"), "{of}");
}
