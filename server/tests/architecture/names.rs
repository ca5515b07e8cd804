//! A name of a type means one thing in the workspace, so that a reader who meets it knows which is meant.

use std::collections::BTreeMap;

use crate::assert_none;
use crate::source::{Source, of_the_server, sources};

/// Names that sea-orm asks for: one of each in an entity's module, and one in a migration's.
const DEMANDED: [&str; 3] = ["Model", "Relation", "Migration"];

/// The files in which each name is declared.
fn by_name(sources: &[Source]) -> BTreeMap<&str, Vec<&str>> {
    let mut files = BTreeMap::<&str, Vec<&str>>::new();
    for source in sources {
        for name in &source.types {
            files.entry(name).or_default().push(&source.path);
        }
    }
    files
}

#[test]
fn a_name_of_a_type_means_one_thing() {
    let mut all = sources("app/src");
    all.extend(sources("app/derive/src"));
    all.extend(of_the_server());
    let names = by_name(&all);
    assert!(names.len() > 400, "the sources are where they were");
    let twice: Vec<_> = names
        .iter()
        .filter(|(name, files)| files.len() > 1 && !DEMANDED.contains(name))
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect();
    assert_none(
        "each type has a name of its own (see the glossary in docs/architecture.md)",
        &twice,
    );
}
