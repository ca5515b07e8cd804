//! The register of faults: for each one the rule that keeps it out, every door that the rule is about, and the tests that show it.
//! It is docs/faults.md; `UPDATE_DOCS=1` writes it.

mod audit;
mod check;
mod entry;
mod others;
mod page;
pub(crate) mod program;
mod reports;
mod rules;
mod tree;

use std::fs;

use app::api::Level;
use entry::{Entry, Rule, Shown, Tried};
use program::{Function, Program};
use tree::{Tree, root};

/// The groups of the register, each with its heading.
const GROUPS: &[(&str, &[&[Entry]])] = &[
    (
        "Faults that others had",
        &[
            others::codes::OF_CODES,
            others::users::OF_USERS,
            others::web::OF_THE_WEB,
        ],
    ),
    ("Found in our own audit", &[audit::OWN_AUDIT]),
    ("Reports from the field", &[reports::FROM_THE_FIELD]),
];

fn entries() -> Vec<&'static Entry> {
    let groups = GROUPS.iter().flat_map(|(_, tables)| tables.iter());
    groups.flat_map(|table| table.iter()).collect()
}

/// Every entry names tests that are there, and every rule a test for each of its doors.
#[test]
fn every_fault_has_its_rule_its_doors_and_its_tests() {
    let (program, tree) = (Program::read(), Tree::read());
    let wrong = check::breaches(&entries(), &program, &tree);
    assert!(
        wrong.is_empty(),
        "server/tests/faults/register:\n{}",
        wrong.join("\n")
    );
    let path = root().join("docs/faults.md");
    let expected = page::written(GROUPS, &program);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == expected,
        "docs/faults.md is out of date: UPDATE_DOCS=1 cargo test -p server --features app/ssr --test faults register"
    );
}

/// docs/security.md says how many there are, and nobody counts them by hand.
#[test]
fn the_security_page_has_the_counts_of_the_register() {
    const MARKS: [&str; 2] = ["<!-- register -->\n", "<!-- /register -->"];
    let path = root().join("docs/security.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    let [begin, end] = MARKS;
    let expected = format!("{before}{begin}\n{}\n{end}{after}", page::counts(GROUPS));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == expected,
        "docs/security.md is out of date: UPDATE_DOCS=1 cargo test -p server --features app/ssr --test faults register"
    );
}

/// What is wrong with the register beside what there is, given a change.
fn breaches_after(change: impl FnOnce(&mut Program, &mut Tree)) -> Vec<String> {
    let (mut program, mut tree) = (Program::read(), Tree::read());
    change(&mut program, &mut tree);
    check::breaches(&entries(), &program, &tree)
}

fn assert_says(wrong: &[String], words: &[&str]) {
    let is_said = wrong
        .iter()
        .any(|line| words.iter().all(|word| line.contains(word)));
    assert!(is_said, "{words:?}: {wrong:#?}");
}

/// F155: a door that is added to a list of the program is due in each rule of its kind, until a test is named for it.
#[test]
fn a_door_that_is_added_enters_every_rule_of_its_kind() {
    let wrong = breaches_after(|program, _| {
        program.functions.push(Function {
            name: "two-factor/made-up".to_owned(),
            level: Level::Session,
            takes: vec!["StepUp"],
            fields: ["code", "password", "token", "email"]
                .map(str::to_owned)
                .into(),
        });
    });
    for rule in [
        rules::codes::CODE_ONCE,
        rules::codes::CODES_COUNTED,
        rules::factors::FIRST_FACTOR,
        rules::mailbox::LINKS,
        rules::passwords::EXISTENCE,
        rules::passwords::PASSWORDS_COUNTED,
        rules::acts::TOLD,
    ] {
        assert_says(
            &wrong,
            &[rule.name, "no test tries it at two-factor/made-up"],
        );
    }
    let wrong = breaches_after(|program, _| program.occasions.push("occasion MadeUp".to_owned()));
    assert_says(&wrong, &[rules::browsers::TRUST.name, "occasion MadeUp"]);
}

/// A door that is gone is no door of any rule.
#[test]
fn a_door_that_is_gone_is_said() {
    let wrong = breaches_after(|program, _| {
        program
            .functions
            .retain(|function| function.name != "password/reset");
    });
    assert_says(
        &wrong,
        &[
            rules::mailbox::LINKS.name,
            "there is no door password/reset",
        ],
    );
}

/// A test that is misspelt, passed over or in no binary holds nothing.
#[test]
fn a_test_that_does_not_run_is_said() {
    const TEST: &str = "faults/replay: what_signed_in_is_refused_at_every_door";
    let wrong = breaches_after(|_, tree| {
        tree.tests.remove(TEST);
    });
    assert_says(&wrong, &["F01", "there is no test", TEST]);
    assert_says(&wrong, &[rules::codes::CODE_ONCE.name, "there is no test"]);
    let text = "#[tokio::test]\n#[ignore]\nasync fn what_signed_in_is_refused_at_every_door() {}";
    let wrong = breaches_after(|_, tree| tree.add("faults/replay", text, false));
    assert_says(&wrong, &["F01", "is ignored"]);
    let text = text.replace("#[ignore]\n", "");
    let wrong = breaches_after(|_, tree| tree.add("faults/replay", &text, true));
    assert_says(&wrong, &["F01", "is in no binary"]);
    let wrong = breaches_after(|_, tree| tree.add("faults/replay", &text, false));
    assert_says(&wrong, &[rules::codes::CODE_ONCE.name, "does not walk"]);
}

/// A number in a comment counts for nothing; one that the register does not know is said.
#[test]
fn a_number_in_a_comment_is_in_the_register() {
    let text = "/// F01, F77: why.\n#[test]\nfn one() {}\n";
    let wrong = breaches_after(|_, tree| tree.add("faults/made_up", text, false));
    assert_says(&wrong, &["faults/made_up: one", "F77"]);
}

/// An entry without a test says why.
#[test]
fn an_entry_without_a_test_has_a_reason() {
    const RULE: Rule = Rule {
        each: &[("sign-in/password", Tried::Beside("no"))],
        ..Rule::inside("made up", "Nothing.")
    };
    let entry = |shown| Entry {
        id: "A99",
        what: "Something.",
        rule: &RULE,
        shown,
    };
    let (program, tree) = (Program::read(), Tree::read());
    let wrong = check::breaches(&[&entry(Shown::NotHeld("soon"))], &program, &tree);
    assert_says(&wrong, &["A99", "no reason"]);
    assert_says(&wrong, &["made up", "sign-in/password: no reason"]);
    let twice = [&entry(Shown::By(&[])), &entry(Shown::By(&[]))];
    let wrong = check::breaches(&twice, &program, &tree);
    assert_says(&wrong, &["A99 stands there twice"]);
    assert_says(&wrong, &["A99", "no test"]);
}

/// Every fault of the machine that the operator can read of has the test that is named there.
#[test]
fn every_fault_of_the_machine_has_its_test() {
    let docs = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let (_, section) = docs.split_once("## When the machine fails\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: Vec<_> = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    let rows = &rows[2..];
    assert!(rows.len() > 9);
    for row in rows {
        let shown = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let (file, test) = shown.split_once(": ").unwrap();
        let path = root().join("server/tests").join(file).with_extension("rs");
        let test = format!("fn {}()", test.replace(' ', "_"));
        assert!(fs::read_to_string(&path).unwrap().contains(&test), "{row}");
    }
}
