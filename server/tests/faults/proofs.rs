//! What each act asks for besides the session, and what somebody who has stolen the session alone gets that lasts: one line
//! for each address of the gate, so that a new one has to be entered here, with its reason where it asks for nothing.

use app::api::{Level, all_functions};
use std::collections::BTreeSet;

use server::console::gate::EXPORTS;
use settings::{SecretSetting, SmsGatewayKind};

use crate::calls::body;
use crate::doors::doors;
use crate::world::World;

/// What an act asks for besides the session.
enum Proof {
    /// Nothing, since this is why a stolen session gets nothing by it that lasts; these tables of rights may change.
    Nothing(&'static str, &'static [&'static str]),
    /// Always the password, and a code where the second factor is not fresh. Of a user without one it changes nothing that
    /// a first factor rests on.
    StepUp,
    /// The same, and of a user without a second factor a proof of the mailbox, since a first factor rests on this.
    StepUpAndMailbox,
    /// The same where this is so, and nothing where this is.
    StepUpWhere(&'static str, &'static str),
    /// Open to anyone: this is what it asks for.
    Anyone(&'static str),
}

use Proof::{Anyone, Nothing, StepUp, StepUpAndMailbox, StepUpWhere};

const READS: Proof = Nothing("it only reads; what it reads ends with the session", &[]);
const ENDS: &str = "it only takes away, and never from who has the password";

/// Tables whose rows are rights, or lead to them, and go on when a session ends.
const RIGHTS: [&str; 14] = [
    "users",
    "second_factors",
    "recovery_codes",
    "enrolments",
    "trusted_browsers",
    "known_browsers",
    "memberships",
    "accounts",
    "invitations",
    "password_resets",
    "email_changes",
    "reset_offers",
    "transfer_offers",
    "first_factor_allowances",
];

const TABLE: &[(&str, Proof)] = &[
    ("/api/session/state", READS),
    ("/api/session/left", READS),
    (
        "/api/session/sign-out",
        Anyone("nothing: it ends the session that is given"),
    ),
    ("/api/setup/link", Anyone("the link that the server prints")),
    (
        "/api/setup/create",
        Anyone("the link that the server prints"),
    ),
    ("/api/sign-in/password", Anyone("the password")),
    ("/api/sign-in/send-code", Anyone("a pending sign-in")),
    ("/api/sign-in/code", Anyone("a pending sign-in and a code")),
    (
        "/api/sign-in/recovery-code",
        Anyone("a pending sign-in and a recovery code"),
    ),
    (
        "/api/sign-in/link",
        Anyone("a pending sign-in and the mailed link"),
    ),
    ("/api/sign-up/request", Anyone("nothing: it mails a link")),
    (
        "/api/sign-up/open",
        Anyone("the mailed link, and it only reads"),
    ),
    (
        "/api/sign-up/finish",
        Anyone("the mailed link and the password of the form"),
    ),
    ("/api/two-factor/overview", READS),
    ("/api/two-factor/begin", StepUpAndMailbox),
    (
        "/api/two-factor/confirm",
        Nothing(
            "the same session has begun it with a step-up, and the key was shown then alone",
            &[],
        ),
    ),
    ("/api/two-factor/cancel", Nothing(ENDS, &["enrolments"])),
    ("/api/two-factor/mail-code", StepUp),
    ("/api/two-factor/decline", StepUpAndMailbox),
    ("/api/two-factor/disable", StepUp),
    ("/api/two-factor/countries", READS),
    ("/api/two-factor/begin-sms", StepUpAndMailbox),
    (
        "/api/two-factor/send-code",
        Nothing("the code goes to the number of the user", &[]),
    ),
    ("/api/two-factor/new-recovery-codes", StepUp),
    ("/api/accounts/list", READS),
    (
        "/api/accounts/create",
        Nothing(
            "the account is the user's, and the thief's with the session alone",
            &["accounts", "memberships"],
        ),
    ),
    (
        "/api/account/rename",
        Nothing(
            "a name is no right, and the log has the one before",
            &["accounts"],
        ),
    ),
    (
        "/api/account/set-zone",
        Nothing(
            "a zone is no right, and no day that is set moves",
            &["accounts"],
        ),
    ),
    ("/api/account/delete", StepUp),
    ("/api/accounts/restore", StepUp),
    ("/api/account/enter", READS),
    ("/api/account/overview", READS),
    ("/api/account/settings", READS),
    (
        "/api/account/save-settings",
        StepUpWhere(
            "the settings are not at least as strict for everybody",
            "stricter ones give nobody anything",
        ),
    ),
    ("/api/account/activity", READS),
    ("/api/team/users", READS),
    ("/api/team/invitations", READS),
    (
        "/api/team/invite",
        StepUpWhere(
            "the roles give rank",
            "a developer or billing user sees neither users nor settings nor log, and is in the list and the log",
        ),
    ),
    (
        "/api/team/resend-invitation",
        StepUpWhere(
            "the roles give rank",
            "the address was chosen by who invited",
        ),
    ),
    ("/api/team/copy-invitation-link", StepUp),
    (
        "/api/team/revoke-invitation",
        Nothing(ENDS, &["invitations"]),
    ),
    (
        "/api/team/change-roles",
        StepUpWhere(
            "the roles give rank",
            "taking rank away gives nobody anything, and is mailed",
        ),
    ),
    (
        "/api/team/remove",
        Nothing(
            "it gives nobody anything; who is removed is mailed, and an invitation brings them back",
            &["memberships", "invitations"],
        ),
    ),
    (
        "/api/team/leave",
        Nothing(
            "it gives nobody anything; an invitation brings the user back",
            &["memberships", "invitations"],
        ),
    ),
    ("/api/team/offer-transfer", StepUp),
    (
        "/api/team/take-back-transfer",
        Nothing(
            "it gives nobody anything, and is mailed; the owner offers again",
            &["transfer_offers"],
        ),
    ),
    ("/api/team/accept-transfer", StepUp),
    (
        "/api/team/decline-transfer",
        Nothing(
            "it gives nobody anything, and is mailed; the owner offers again",
            &["transfer_offers"],
        ),
    ),
    ("/api/team/offer-reset", StepUp),
    ("/api/team/let-in", StepUp),
    ("/api/team/allow-first-factor", StepUp),
    (
        "/api/reset/open",
        Anyone("the mailed link, and it only reads"),
    ),
    (
        "/api/reset/confirm",
        Anyone("the mailed link and the password of its user"),
    ),
    ("/api/invitation/open", Anyone("the mailed link")),
    (
        "/api/invitation/accept",
        Nothing(
            "it takes the link that was mailed to the user; they join, not the thief",
            &[],
        ),
    ),
    (
        "/api/invitation/join",
        Anyone(
            "the mailed link, or one that was handed over, for a new user with no mailbox proven",
        ),
    ),
    (
        "/api/password/forgot",
        Anyone("nothing: it mails a link to the stored address"),
    ),
    (
        "/api/password/open",
        Anyone("the mailed link, and it only reads"),
    ),
    ("/api/password/reset", Anyone("the mailed link")),
    ("/api/password/change", StepUp),
    ("/api/profile/overview", READS),
    (
        "/api/profile/rename",
        Nothing(
            "a name is no right, and the log has the one before",
            &["users", "memberships"],
        ),
    ),
    ("/api/profile/change-email", StepUpAndMailbox),
    (
        "/api/profile/cancel-email-change",
        Nothing(ENDS, &["email_changes"]),
    ),
    (
        "/api/profile/confirm-email",
        Nothing(
            "it takes the link that was mailed to the new address, after a change that took a step-up",
            &[],
        ),
    ),
    ("/api/profile/delete", StepUp),
    ("/api/sessions/list", READS),
    ("/api/sessions/end", Nothing(ENDS, &["invitations"])),
    ("/api/sessions/end-others", Nothing(ENDS, &["invitations"])),
    (
        "/api/sessions/remove-trusted-browser",
        Nothing(ENDS, &["trusted_browsers", "invitations"]),
    ),
    ("/api/sessions/forget-browser", StepUp),
    ("/api/sessions/activity", READS),
    ("/api/accounts/{account}/activity.csv", READS),
    ("/api/accounts/{account}/activity.jsonl", READS),
];

/// F63: every address of the gate says what it asks for besides the session, and one that is new has to.
#[test]
fn every_act_states_its_proof() {
    let functions = all_functions().map(|one| (one.path, one.level, one.takes("StepUp")));
    let files = EXPORTS.iter().map(|(path, level)| (*path, *level, false));
    let declared: Vec<_> = functions.chain(files).collect();
    let gate: BTreeSet<_> = declared.iter().map(|(path, ..)| *path).collect();
    let table: BTreeSet<_> = TABLE.iter().map(|(path, _)| *path).collect();
    assert_eq!(table, gate, "server/tests/faults/proofs.rs");
    assert_eq!(TABLE.len(), table.len(), "an address is named twice");
    let doors = doors();
    for (path, proof) in TABLE {
        let found = declared.iter().find(|(known, ..)| known == path);
        let (_, level, takes_step_up) = found.unwrap();
        let (is_always, reasons) = match proof {
            StepUp | StepUpAndMailbox => (true, vec![]),
            StepUpWhere(due, not_due) => {
                assert!(doors.contains(path), "{path} is no door of doors.rs");
                (false, vec![due, not_due])
            }
            Nothing(reason, _) | Anyone(reason) => (false, vec![reason]),
        };
        assert!(
            reasons.iter().all(|reason| reason.len() > 10),
            "{path}: no reason"
        );
        assert_eq!(is_always, *takes_step_up, "{path}");
        let is_open = matches!(level, Level::Anyone | Level::PendingSignIn);
        let is_stated_open = matches!(proof, Anyone(_)) || *path == "/api/session/state";
        assert_eq!(is_open, is_stated_open, "{path}: {level:?}");
    }
}

/// The rows of rights, by table.
async fn rights(world: &World) -> BTreeSet<String> {
    let lines = world.contents().await.into_iter();
    let of_rights = lines.filter(|line| {
        let table = line.split(':').next().unwrap_or_default();
        RIGHTS.contains(&table)
    });
    of_rights.collect()
}

/// F63: who has stolen the session of an owner, and no password, changes no right but what the table says.
#[tokio::test]
async fn a_stolen_session_alone_changes_no_right_but_those_of_the_table() {
    let world = World::new().await;
    for (path, proof) in TABLE {
        let allowed = match proof {
            Nothing(_, tables) => *tables,
            StepUp | StepUpAndMailbox | StepUpWhere(..) => &[],
            Anyone(_) => continue,
        };
        if EXPORTS.iter().any(|(known, _)| known == path) {
            continue;
        }
        world.put_back("").await;
        let before = rights(&world).await;
        let mut call = body(path, &world.ids);
        if call.get("step_up").is_some() {
            call["step_up"] = serde_json::Value::Null;
        }
        if *path == "/api/account/save-settings" {
            call["change"]["rules"]["sms_counts"] = true.into();
        }
        world.olga.clone().post(path, &call).await;
        let after = rights(&world).await;
        let changed = before.symmetric_difference(&after);
        let tables: BTreeSet<_> = changed.filter_map(|line| line.split(':').next()).collect();
        let unexpected: Vec<_> = tables
            .iter()
            .filter(|table| !allowed.contains(table))
            .collect();
        assert!(unexpected.is_empty(), "{path} changes {unexpected:?}");
    }
}

/// What a first factor rests on: the address and whose word it is, a change of it that waits, browsers that have proven the
/// mailbox, who was let in, and the factor itself with what leads to it.
const OF_FIRST_FACTOR: [(&str, &str); 6] = [
    (
        "users",
        "email, email_verified_at, email_corrected, sign_in_link_due",
    ),
    ("email_changes", "email"),
    ("known_browsers", "mailbox_proven_at"),
    ("first_factor_allowances", "expires_at"),
    ("enrolments", "expires_at"),
    ("second_factors", "kind"),
];

/// The rows of a user that a first factor rests on.
async fn rests_on(world: &World, email: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, columns) in OF_FIRST_FACTOR {
        let id = if table == "users" { "id" } else { "user_id" };
        let parts = columns.split(", ").map(|column| {
            let value = format!("CAST({column} AS TEXT)");
            format!("COALESCE({value}, 'none')")
        });
        let parts = parts.collect::<Vec<_>>().join(" || ',' || ");
        let rows = format!(
            "SELECT {parts} FROM {table} WHERE {id} = (SELECT id FROM users WHERE email = '{email}') ORDER BY 1"
        );
        found.extend(
            world
                .app
                .texts(&rows)
                .await
                .into_iter()
                .map(|row| format!("{table}: {row}")),
        );
    }
    found
}

/// F52: who has stolen the password of a user without a second factor, and reads none of their mail, changes nothing that a
/// first factor rests on: the acts that would ask for a proof of the mailbox, and no other does.
#[tokio::test]
async fn a_stolen_password_alone_changes_nothing_that_a_first_factor_rests_on() {
    const DORA: &str = "dora@example.org";
    let mut world = World::with(|settings| {
        settings.sms.gateway = Some(SmsGatewayKind::Webhook);
        settings.sms.url = Some("http://127.0.0.1:9/".to_owned());
        settings.sms.secret = Some(SecretSetting("nobody listens there".to_owned()));
        settings.sms.enrolment = true;
    })
    .await;
    world.add(DORA, 2).await;
    // A password, in a browser that has proven nothing.
    let mut thief = world.app.browser();
    thief.sign_in(DORA).await.expect(200);
    world.keep().await;
    for (path, proof) in TABLE {
        let is_mailbox = match proof {
            StepUpAndMailbox => true,
            StepUp | StepUpWhere(..) => false,
            // What takes no password is tried with a stolen session.
            Nothing(..) | Anyone(_) => continue,
        };
        let prelude = match *path {
            "/api/two-factor/decline" => "UPDATE users SET sign_in_link_due = true",
            _ => "",
        };
        world.put_back(prelude).await;
        let before = rests_on(&world, DORA).await;
        let reply = thief.clone().post(path, &body(path, &world.ids)).await;
        assert_eq!(
            reply.code() == "mailbox_code_needed",
            is_mailbox,
            "{path}: {}",
            reply.text
        );
        let after = rests_on(&world, DORA).await;
        // What is taken away opens nothing.
        let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        assert!(new.is_empty(), "{path}: {new:?}");
    }
}
