//! A code that was given as proof is spent, whatever becomes of the act: one line for each act that takes a step-up.

use std::collections::BTreeSet;

use app::api::all_functions;
use serde_json::json;

use crate::doors::{ALL_ASK, call, doors, sign_in_by};
use crate::step_up::TRIES;
use crate::support::{PASSWORD, Reply, START, wait_until};
use crate::world::World;

/// How an act is refused after its code was given.
enum Refused {
    /// Each time that this is done to the database after the first look at the request: the code of the refusal.
    After(&'static [(&'static str, &'static str)]),
    /// Never, and why.
    Never(&'static str),
    /// By this test, since the doors' world does not open it.
    By(&'static str),
}

use Refused::{After, By, Never};

const GONE: (&str, &str) = (
    "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = 'olga@example.org');",
    "not_found",
);
const OWNED_BY_TIM: (&str, &str) = (
    "UPDATE accounts SET owner_id = (SELECT id FROM users WHERE email = 'tim@example.org')
     WHERE owner_id = (SELECT id FROM users WHERE email = 'olga@example.org');
     UPDATE memberships SET roles = 4 WHERE user_id = (SELECT id FROM users WHERE email = 'olga@example.org');
     UPDATE memberships SET roles = 1 WHERE user_id = (SELECT id FROM users WHERE email = 'tim@example.org');",
    "forbidden",
);
const TIM_IS_GONE: (&str, &str) = (
    "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = 'tim@example.org')
     AND account_id IN (SELECT id FROM accounts WHERE owner_id = (SELECT id FROM users WHERE email = 'olga@example.org'));",
    "not_found",
);
const TIM_IS_DISABLED: &str = "UPDATE users SET disabled_at = 1 WHERE email = 'tim@example.org';";
/// Past the program, which refuses Tim from then on.
const TIM_HAS_NO_FACTOR: &str = "DELETE FROM second_factors WHERE user_id = (SELECT id FROM users WHERE email = 'tim@example.org');";

const TABLE: &[(&str, Refused)] = &[
    (
        "/api/two-factor/mail-code",
        Never("who has a factor is refused before a code of it is looked at"),
    ),
    (
        "/api/two-factor/decline",
        Never("who has a factor is refused before a code of it is looked at"),
    ),
    (
        "/api/two-factor/begin-sms",
        Never("who has a factor is refused before a code of it is looked at"),
    ),
    (
        "/api/two-factor/begin",
        Never("nothing is asked of who replaces an app, once they have given its code"),
    ),
    (
        "/api/two-factor/disable",
        Never("a factor whose code was taken can be turned off"),
    ),
    (
        "/api/two-factor/new-recovery-codes",
        After(&[(
            "DELETE FROM recovery_codes WHERE user_id = (SELECT id FROM users WHERE email = 'olga@example.org');",
            "recovery_codes_overtaken",
        )]),
    ),
    (
        "/api/account/save-settings",
        After(&[
            (
                "UPDATE accounts SET settings_version = settings_version + 1;",
                "stale",
            ),
            GONE,
            OWNED_BY_TIM,
        ]),
    ),
    (
        "/api/account/delete",
        After(&[
            ("UPDATE accounts SET name = 'Engines';", "invalid_fields"),
            GONE,
            OWNED_BY_TIM,
        ]),
    ),
    (
        "/api/accounts/restore",
        After(&[("DELETE FROM deleted_accounts;", "not_found")]),
    ),
    ("/api/team/invite", After(&[GONE, OWNED_BY_TIM])),
    ("/api/team/resend-invitation", After(&[GONE, OWNED_BY_TIM])),
    (
        "/api/team/copy-invitation-link",
        By("handing_over_takes_the_step_up_and_a_code_once"),
    ),
    (
        "/api/team/change-roles",
        After(&[GONE, OWNED_BY_TIM, TIM_IS_GONE]),
    ),
    (
        "/api/team/offer-transfer",
        After(&[
            (TIM_IS_DISABLED, "user_disabled"),
            (TIM_HAS_NO_FACTOR, "other_factor_refused"),
            GONE,
            OWNED_BY_TIM,
            TIM_IS_GONE,
        ]),
    ),
    (
        "/api/team/accept-transfer",
        By("accepting_takes_the_step_up_and_a_code_stays_spent_though_it_is_refused"),
    ),
    (
        "/api/team/offer-reset",
        After(&[(TIM_IS_DISABLED, "user_disabled"), GONE, TIM_IS_GONE]),
    ),
    (
        "/api/team/let-in",
        After(&[
            ("UPDATE memberships SET opens_at = NULL;", "open_already"),
            GONE,
            TIM_IS_GONE,
        ]),
    ),
    (
        "/api/team/allow-first-factor",
        After(&[
            (
                "UPDATE users SET email_verified_at = 1 WHERE email = 'nina@example.org';",
                "mail_reaches",
            ),
            GONE,
            OWNED_BY_TIM,
        ]),
    ),
    (
        "/api/password/change",
        Never("a password that was accepted is stored, once its user has proven themselves"),
    ),
    ("/api/profile/change-email", After(&[("", "paused")])),
    ("/api/profile/delete", After(&[("", "owner_stays")])),
    ("/api/sessions/forget-browser", After(&[("", "not_found")])),
];

#[test]
fn every_act_that_takes_a_code_says_how_it_is_refused_after_it() {
    let always = all_functions().filter(|one| one.takes("StepUp"));
    let always = always.map(|one| one.path);
    let acts: BTreeSet<_> = always.chain(doors()).collect();
    let table: BTreeSet<_> = TABLE.iter().map(|(path, _)| *path).collect();
    assert_eq!(table, acts, "server/tests/faults/spent_codes.rs");
    let tests = ["../api/team/transfer.rs", "../api/invitation/handed.rs"];
    let tests = tests.map(|file| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults");
        std::fs::read_to_string(format!("{folder}/{file}")).unwrap()
    });
    for (path, refused) in TABLE {
        match refused {
            After(refusals) => assert!(!refusals.is_empty(), "{path}"),
            Never(reason) => assert!(reason.len() > 10, "{path}: no reason"),
            By(test) => assert!(
                tests
                    .iter()
                    .any(|text| text.contains(&format!("fn {test}("))),
                "{path}: no test {test}"
            ),
        }
    }
}

/// Asks at a door with the password and a code, and changes the database while the password is hashed: the first look at the
/// request is over then, and the code was not looked at yet. Whoever comes too late for that asks again.
async fn refused_after(world: &World, door: &'static str, code: &str, change: &str) -> Reply {
    for _ in 0..20 {
        world.put_back(ALL_ASK).await;
        let step_up = json!({ "password": PASSWORD, "code": code });
        let (mut olga, arguments) = (world.olga.clone(), call(world, door, step_up));
        let running = tokio::spawn(async move { olga.post(door, &arguments).await });
        let is_hashed = async || world.app.number(TRIES).await > 0 || running.is_finished();
        wait_until("the try is taken", is_hashed).await;
        if !change.is_empty() && !running.is_finished() {
            world.app.sql(change).await;
        }
        let reply = running.await.unwrap();
        if reply.status != 200 {
            return reply;
        }
    }
    panic!("{door} was never slow enough");
}

/// F03, F09: a code that was given as proof is worth nothing afterwards, although the act was refused for another reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_stays_spent_though_the_act_is_refused() {
    // A hash that takes long enough to change the database while it is made.
    let world = World::with(|settings| {
        settings.password_hash.memory_kib = 64 * 1024;
        settings.password_hash.passes = 2;
        settings.limits.email_changes_per_user = 0;
    })
    .await;
    let app = &world.app_of_olga;
    for code in [app.code(START + 30), app.recovery_codes[0].clone()] {
        for (door, refused) in TABLE {
            let After(refusals) = refused else { continue };
            for (change, refusal) in *refusals {
                // The codes are gone with the set.
                if code.len() > 6 && *refusal == "recovery_codes_overtaken" {
                    continue;
                }
                let reply = refused_after(&world, door, &code, change).await;
                assert_eq!(&reply.code(), refusal, "{door}: {}", reply.text);
                let mut other = world.waiting().await.unwrap();
                let reply = sign_in_by(&mut other, &code).await;
                assert_eq!(
                    reply.code(),
                    "wrong_code",
                    "{door} {refusal}: {}",
                    reply.text
                );
            }
        }
    }
}
