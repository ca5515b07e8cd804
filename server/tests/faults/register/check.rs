//! Checks every entry and every rule against the functions of the program and the tests of the tree.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Entry, Rule, Shown, Tried};
use super::program::Program;
use super::tree::Tree;

/// Everything that is wrong, a line each.
pub(crate) fn breaches(entries: &[&Entry], program: &Program, tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut ids = BTreeSet::new();
    for entry in entries {
        if !ids.insert(entry.id) {
            wrong.push(format!("{} stands there twice", entry.id));
        }
        wrong.extend(of_entry(entry, tree));
    }
    for rule in rules(entries) {
        wrong.extend(of_rule(rule, program, tree));
    }
    wrong.extend(of_comments(entries, tree));
    wrong
}

/// The rules in the order in which entries name them first.
pub(crate) fn rules<'a>(entries: &[&'a Entry]) -> Vec<&'a Rule> {
    let mut names = BTreeSet::new();
    let rules = entries.iter().map(|entry| entry.rule);
    rules.filter(|rule| names.insert(rule.name)).collect()
}

fn of_entry(entry: &Entry, tree: &Tree) -> Vec<String> {
    let mut wrong: Vec<_> = entry
        .shown
        .tests()
        .iter()
        .filter_map(|test| of_test(test, tree))
        .map(|why| format!("{}: {why}", entry.id))
        .collect();
    let reason = match &entry.shown {
        Shown::By(_) => None,
        Shown::InPart(_, reason) | Shown::NotHeld(reason) | Shown::NothingOfTheKind(reason) => {
            Some(reason)
        }
    };
    if reason.is_some_and(|reason| reason.len() < 10) {
        wrong.push(format!("{}: no reason", entry.id));
    }
    if matches!(entry.shown, Shown::By(&[])) {
        wrong.push(format!("{}: no test", entry.id));
    }
    wrong
}

/// What is wrong with a test that is named.
fn of_test(test: &str, tree: &Tree) -> Option<String> {
    match tree.tests.get(test) {
        None => Some(format!("there is no test `{test}`")),
        Some(found) if found.is_ignored => Some(format!("`{test}` is ignored")),
        Some(found) if found.is_orphaned => Some(format!("`{test}` is in no binary of tests")),
        Some(_) => None,
    }
}

/// What is wrong with a rule: a door that is none, or one at which nothing tries it.
fn of_rule(rule: &Rule, program: &Program, tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut tried = BTreeSet::new();
    for (list, test) in rule.walks {
        wrong.extend(of_test(test, tree));
        if !tree.names(test, list.walked_as()) {
            wrong.push(format!("`{test}` does not walk {list:?}"));
        }
        tried.extend(program.doors(*list));
    }
    let mut named = BTreeMap::new();
    for (door, how) in rule.each {
        if named.insert(*door, how).is_some() {
            wrong.push(format!("{door} is named twice"));
        }
        if !program.has(door) {
            wrong.push(format!("there is no door {door}"));
        }
        match how {
            Tried::By(test) => wrong.extend(of_test(test, tree)),
            Tried::Beside(reason) if reason.len() < 10 => wrong.push(format!("{door}: no reason")),
            Tried::Beside(_) => {}
        }
        tried.insert((*door).to_owned());
    }
    for door in doors(rule, program) {
        if !tried.contains(&door) {
            wrong.push(format!("no test tries it at {door}"));
        }
    }
    let name = rule.name;
    wrong
        .iter()
        .map(|why| format!("rule `{name}`: {why}"))
        .collect()
}

/// The doors that a rule is about: those of its lists, and those that it names beyond them.
pub(crate) fn doors(rule: &Rule, program: &Program) -> BTreeSet<String> {
    let lists = rule.doors.iter().flat_map(|list| program.doors(*list));
    let named = rule.each.iter().map(|(door, _)| (*door).to_owned());
    lists.chain(named).collect()
}

/// A number in the comment of a test counts for nothing, but it must not say what the register does not.
fn of_comments(entries: &[&Entry], tree: &Tree) -> Vec<String> {
    let mut shown = BTreeSet::new();
    for entry in entries {
        let tests = entry.shown.tests().iter();
        shown.extend(tests.map(|test| (entry.id, *test)));
    }
    tree.numbers
        .iter()
        .filter(|(id, test)| !shown.contains(&(id.as_str(), test.as_str())))
        .map(|(id, test)| format!("the comment of `{test}` names {id}, and the register does not"))
        .collect()
}
