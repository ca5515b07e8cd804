//! The seeds of the fuzz targets (`fuzz/seeds`), whole, cut off and changed in each byte, through the same functions that
//! `make fuzz` calls for longer.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../../fuzz/src/targets.rs"]
mod targets;
#[path = "../../../fuzz/src/wire.rs"]
mod wire;

/// What each byte of a seed is changed to: the ends of the range, what closes and what separates.
const CHANGES: [u8; 8] = [0, 0xff, 0x80, b'/', b'\\', b'"', b'@', b'9'];

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned());
    names.map(|name| name.into_string().unwrap()).collect()
}

fn variants(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec(), seed.repeat(3)];
    for at in 0..seed.len() {
        all.push(seed[..at].to_vec());
        all.extend(CHANGES.iter().map(|change| {
            let mut changed = seed.to_vec();
            changed[at] = *change;
            changed
        }));
    }
    all
}

/// F143: no seed and nothing near one breaks a rule of its parser.
#[test]
fn every_seed_keeps_the_rules_of_its_parser() {
    let mut runs = 0;
    for (name, target) in targets::TARGETS {
        for entry in fs::read_dir(fuzz().join("seeds").join(name)).unwrap() {
            let seed = fs::read(entry.unwrap().path()).unwrap();
            for variant in variants(&seed) {
                target(&variant);
                runs += 1;
            }
        }
    }
    assert!(runs > 1_000, "{runs}");
}

/// Each function has its target and its seeds, and no target is without a function.
#[test]
fn every_target_is_run() {
    let listed: BTreeSet<_> = targets::TARGETS.map(|(name, _)| name.to_owned()).into();
    assert_eq!(names(&fuzz().join("seeds")), listed);
    assert_eq!(names(&fuzz().join("fuzz_targets")), listed);
}
