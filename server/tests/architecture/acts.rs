//! Which level each act of somebody who is signed in has: it takes a step-up, or it says here why their session is enough.

use std::collections::BTreeSet;

use crate::assert_none;
use crate::source::{of_the_server, root};

/// Acts that a stolen session can do, and why it gets nothing by them that lasts. `faults/proofs` tries each.
const BY_SESSION: &[(&str, &str)] = &[
    ("server/src/console/gate.rs take_act", "counts the act"),
    (
        "server/service/src/accounts/entering.rs create",
        "the account is the user's own",
    ),
    (
        "server/service/src/accounts/entry.rs note",
        "notes that the session has come into an account",
    ),
    (
        "server/service/src/accounts/naming.rs rename",
        "a name is no right, and the log has the one before",
    ),
    (
        "server/service/src/accounts/naming.rs set_zone",
        "a zone is no right, and no day that is set moves",
    ),
    (
        "server/service/src/accounts/used.rs note",
        "notes when the account was used last",
    ),
    (
        "server/service/src/accounts/used.rs note_entered",
        "notes which account was looked at last",
    ),
    (
        "server/service/src/first_factor/mailbox.rs mail_code",
        "a look before the code of a step-up is; the act is proven",
    ),
    ("server/service/src/invitations.rs revoke", "takes away"),
    (
        "server/service/src/invitations/answer.rs accept",
        "takes the link from the user's mailbox",
    ),
    (
        "server/service/src/passkeys/add.rs confirm",
        "finishes what was begun with a step-up, in the session that began it",
    ),
    (
        "server/service/src/passkeys/manage.rs rename",
        "a name is no right, and the log has the one before",
    ),
    (
        "server/service/src/profile.rs rename",
        "a name is no right, and the log has the one before",
    ),
    ("server/service/src/profile/email.rs cancel", "takes away"),
    (
        "server/service/src/profile/email.rs confirm",
        "takes the link from the new mailbox, asked for with a step-up",
    ),
    ("server/service/src/sessions/own.rs end", "takes away"),
    (
        "server/service/src/sessions/own.rs end_others",
        "takes away, never from who has the password",
    ),
    (
        "server/service/src/sessions/own.rs remove_trusted_browser",
        "takes away",
    ),
    (
        "server/service/src/step_up.rs end_when_guessed",
        "is a part of the step-up",
    ),
    (
        "server/service/src/step_up.rs give_back",
        "is a part of the step-up",
    ),
    (
        "server/service/src/step_up.rs prove_password",
        "is a part of the step-up",
    ),
    (
        "server/service/src/step_up.rs prove_second_factor",
        "is a part of the step-up",
    ),
    ("server/service/src/team/membership.rs leave", "takes away"),
    ("server/service/src/team/membership.rs remove", "takes away"),
    (
        "server/service/src/team/transfer.rs decline",
        "takes away an offer",
    ),
    (
        "server/service/src/team/transfer.rs take_back",
        "takes away an offer",
    ),
    (
        "server/service/src/two_factor.rs cancel_enrolment",
        "takes away what was begun",
    ),
    (
        "server/service/src/two_factor.rs confirm_enrolment",
        "the session has begun it with a step-up, and has the key alone",
    ),
    (
        "server/service/src/two_factor/sms.rs send_code",
        "the code goes to the number of the user",
    ),
];

/// What an act takes from which a step-up is made.
const GIVEN: [&str; 3] = ["StepUp", "EnrolmentProofs", "EmailChangeProofs"];
/// How a change begins that rests on one.
const PROVEN: [&str; 2] = ["Change::proven(", "Change::where_due("];

/// What asks for it again within the change.
const STILL: [&str; 2] = ["still(", "admit_locked"];

#[test]
fn an_act_takes_a_step_up_or_says_why_the_session_is_enough() {
    let (mut by_session, mut unproven, mut unasked) = (BTreeSet::new(), Vec::new(), Vec::new());
    for source in of_the_server() {
        let text = std::fs::read_to_string(root().join(&source.path)).expect("the file is there");
        for function in functions(&text) {
            let place = format!("{} {}", source.path, function.name);
            if function.body.contains("Change::by_session(") {
                by_session.insert(place.clone());
            }
            let is_proven = PROVEN.iter().any(|word| function.body.contains(word));
            let is_act = function.signature.starts_with("pub async fn")
                && source.path.starts_with("server/service/")
                && source.path != "server/service/src/step_up.rs"
                && GIVEN.iter().any(|word| function.signature.contains(word));
            if is_act && !is_proven && !function.body.contains("OnMember::begin(") {
                unproven.push(place.clone());
            }
            if is_proven && !STILL.iter().any(|word| function.body.contains(word)) {
                unasked.push(place);
            }
        }
    }
    let rule = "what is given for a step-up is proven, and the change rests on it";
    assert_none(rule, &unproven);
    let rule = "an act that rests on a step-up asks in its change whether that still holds";
    assert_none(rule, &unasked);
    let listed: BTreeSet<_> = BY_SESSION
        .iter()
        .map(|(place, _)| (*place).to_owned())
        .collect();
    assert_eq!(by_session, listed);
}

/// A function of a source.
struct FunctionText<'a> {
    name: &'a str,
    signature: String,
    body: String,
}

/// The functions of a text as `rustfmt` leaves it: each begins with a line that has nothing but keywords before `fn`, and ends
/// where the next one begins.
fn functions(text: &str) -> Vec<FunctionText<'_>> {
    let mut found: Vec<FunctionText<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(name) = name_of_function(line) {
            found.push(FunctionText {
                name,
                signature: String::new(),
                body: String::new(),
            });
        }
        if let Some(function) = found.last_mut() {
            let is_signature = function.body.is_empty() && !function.signature.ends_with("{\n");
            let part = if is_signature {
                &mut function.signature
            } else {
                &mut function.body
            };
            part.push_str(line);
            part.push('\n');
        }
    }
    found
}

fn name_of_function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_keyword = |word: &str| word.starts_with("pub") || word == "async" || word == "const";
    let name = after.split(['(', '<']).next()?;
    before.split_whitespace().all(is_keyword).then_some(name)
}

#[test]
fn functions_are_found_with_their_signatures() {
    let text = "/// Of fn x.\npub async fn one(\n    given: &StepUp,\n) -> Outcome<()> {\n    act();\n}\n\nconst fn two<T>() {\n}\n";
    let found = functions(text);
    assert_eq!([found[0].name, found[1].name], ["one", "two"]);
    assert!(found[0].signature.contains("StepUp") && !found[0].signature.contains("act"));
    assert!(found[0].body.contains("act();") && !found[1].body.contains("act"));
}
