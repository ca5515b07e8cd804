//! docs/faults.md: the register as people read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::check::{doors, rules};
use super::entry::{Entry, Rule, Shown, Tried};
use super::program::Program;

const HEAD: &str = "\
# Register of faults

What went wrong in programs of this kind, in ours among them, and what keeps it out. Each fault has its rule, each rule the doors that it is about, by
the lists that the program keeps itself: the functions and files of the gate, the letters, the rows that do not last and the occasions that end
them, and the operator's commands. A door that is added to a list is tried by the tests that walk it, or has to be named here with a test of its own.

Made from `server/tests/faults/register`, which fails where a test is not there, is ignored or is in no binary of tests, and where a rule leaves out a
door of its kind. `UPDATE_DOCS=1 cargo test -p server --features app/ssr --test faults register` writes it anew. A test is named by its file and its
name; those of `end2end` are the browser's.
";

/// The page.
pub(crate) fn written(groups: &[(&str, &[&[Entry]])], program: &Program) -> String {
    let mut text = format!("{HEAD}\n{}", counts(groups));
    for (heading, tables) in groups {
        let _ = write!(
            text,
            "\n## {heading}\n\n| fault | what went wrong | rule | shown by |\n| --- | --- | --- | --- |\n"
        );
        for entry in tables.iter().flat_map(|table| table.iter()) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                entry.id,
                entry.what,
                entry.rule.name,
                shown(&entry.shown)
            );
        }
    }
    let all: Vec<_> = groups
        .iter()
        .flat_map(|(_, tables)| tables.iter().flat_map(|table| table.iter()))
        .collect();
    text.push_str("\n## Rules and their doors\n");
    for rule in rules(&all) {
        text.push_str(&of_rule(rule, program));
    }
    text
}

/// How many faults there are, and how they are held.
pub(crate) fn counts(groups: &[(&str, &[&[Entry]])]) -> String {
    let mut text = String::from(
        "| group | faults | held by tests | held in part | held by none | nothing of the kind here |\n",
    );
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for (heading, tables) in groups {
        let mut count = [0; 4];
        for entry in tables.iter().flat_map(|table| table.iter()) {
            let at = match entry.shown {
                Shown::By(_) => 0,
                Shown::InPart(..) => 1,
                Shown::NotHeld(_) => 2,
                Shown::NothingOfTheKind(_) => 3,
            };
            count[at] += 1;
        }
        let [held, in_part, not_held, nothing] = count;
        let all = held + in_part + not_held + nothing;
        let _ = writeln!(
            text,
            "| {heading} | {all} | {held} | {in_part} | {not_held} | {nothing} |"
        );
    }
    text
}

fn shown(shown: &Shown) -> String {
    let tests = shown.tests().join("; ");
    match shown {
        Shown::By(_) => tests,
        Shown::InPart(_, rest) => format!("{tests}; not held: {rest}"),
        Shown::NotHeld(reason) => format!("not held: {reason}"),
        Shown::NothingOfTheKind(reason) => format!("no test: {reason}"),
    }
}

fn of_rule(rule: &Rule, program: &Program) -> String {
    let mut text = String::new();
    let mut name = rule.name.to_owned();
    name[..1].make_ascii_uppercase();
    let _ = write!(text, "\n### {name}\n\n{}\n", rule.says);
    let named: BTreeMap<_, _> = rule.each.iter().map(|(door, how)| (*door, how)).collect();
    let all = doors(rule, program);
    let others: Vec<_> = all
        .iter()
        .filter(|door| !named.contains_key(door.as_str()))
        .cloned()
        .collect();
    if !all.is_empty() {
        text.push('\n');
    }
    if !others.is_empty() {
        let tests = walks(rule).join("; ");
        let _ = writeln!(text, "- {}: walked by {tests}", others.join(", "));
    }
    for (door, how) in named {
        let _ = match how {
            Tried::By(shown) => writeln!(text, "- {door}: {shown}"),
            Tried::Beside(reason) => writeln!(text, "- {door}: no test, since {reason}"),
        };
    }
    text
}

/// The tests that walk, each once.
fn walks(rule: &Rule) -> Vec<&'static str> {
    let mut tests: Vec<_> = rule.walks.iter().map(|(_, test)| *test).collect();
    tests.sort_unstable();
    tests.dedup();
    tests
}
