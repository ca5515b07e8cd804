//! What the operator does with accounts at the command line.

use std::process::Output;

use app::types::factors::FactorKind;
use domain::factors::FactorKinds;
use domain::ownership::NotToOwn;
use serde_json::{Value, json};
use service::accounts::operator::{self, NotDone, RequirementChange};
use service::users::{
    self,
    listed::{self, KnownOfAddress},
};

use tokio::process::Command as Process;

use crate::support::{START, TestApp, day_of, in_days};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const NAME: &str = "Analytical Engines";

async fn require(
    app: &TestApp,
    account: &str,
    command: RequirementChange,
) -> Result<bool, NotDone> {
    let done = operator::require_two_factor(&app.services, account, command).await?;
    Ok(done.is_some())
}

#[tokio::test]
async fn the_operator_requires_and_lifts_by_name_and_it_is_in_the_log() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let mut bob = app.member(BOB).await;
    app.join(ADA, BOB, 2).await;
    app.sql("UPDATE accounts SET name = 'Other' WHERE owner_id = (SELECT id FROM users WHERE email = 'bob@example.org')").await;
    assert!(
        require(&app, NAME, RequirementChange::On(None))
            .await
            .unwrap()
    );
    assert!(
        !require(&app, &id, RequirementChange::On(None))
            .await
            .unwrap()
    );
    bob.of_account("overview", &id)
        .await
        .refused(403, "two_factor_required");
    assert_eq!(app.mails_with("requires two-factor").await, 1);
    let settings = ada.settings(&id).await;
    assert_eq!(
        (&settings["changed_by"], &settings["changed_at"]),
        (&Value::Null, &json!(START.0))
    );
    app.clock.advance(1);
    assert!(require(&app, NAME, RequirementChange::Off).await.unwrap());
    bob.of_account("overview", &id).await.expect(200);
    assert_eq!(app.mails_with("no longer requires two-factor").await, 1);
    let log = ada
        .call("account/activity", json!({ "account": id, "query": {} }))
        .await
        .expect(200)
        .json();
    let of_operator = log["events"].as_array().unwrap().iter();
    let of_operator = of_operator.filter(|it| it["actor"] == Value::Null);
    let kinds: Vec<_> = of_operator.map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["requirement_lifted", "requirement_set"]);
}

#[tokio::test]
async fn an_owner_who_locked_everybody_out_is_helped_by_the_operator() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    ada.require(&id, None).await.expect(200);
    users::reset_two_factor(&app.services, ADA, false)
        .await
        .unwrap();
    let mut ada = app.browser();
    app.sql("UPDATE users SET sign_in_link_due = false").await;
    ada.sign_in(ADA).await.expect(200);
    ada.of_account("settings", &id)
        .await
        .refused(403, "two_factor_required");
    assert!(require(&app, &id, RequirementChange::Off).await.unwrap());
    ada.of_account("settings", &id).await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_required_is_said_in_one_line() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let on = RequirementChange::On(None);
    assert!(matches!(
        require(&app, NAME, on).await,
        Err(NotDone::OwnerWithoutTwoFactor)
    ));
    assert!(matches!(
        require(&app, "Nobody's", on).await,
        Err(NotDone::NoSuchAccount)
    ));
    let unknown = "0190163d-8694-739b-aea5-966c26f8ad90";
    assert!(matches!(
        require(&app, unknown, on).await,
        Err(NotDone::NoSuchAccount)
    ));
    for days in [-1, 91] {
        let from = RequirementChange::On(Some(day_of(in_days(days))));
        assert!(matches!(
            require(&app, NAME, from).await,
            Err(NotDone::Day(_))
        ));
    }
    app.create_user(BOB).await;
    assert!(matches!(
        require(&app, NAME, on).await,
        Err(NotDone::SeveralAccounts(2))
    ));
}

#[tokio::test]
async fn a_transfer_goes_to_a_user_with_two_factor_where_it_is_required_and_both_are_told() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let mut bob = app.member(BOB).await;
    let transfer = |to: &'static str| operator::transfer(&app.services, &id, to);
    assert!(matches!(transfer(BOB).await, Err(NotDone::NoSuchUser)));
    assert!(matches!(transfer("nobody").await, Err(NotDone::NoSuchUser)));
    assert!(matches!(transfer(ADA).await, Err(NotDone::OwnerAlready)));
    app.join(ADA, BOB, 2).await;
    ada.require(&id, Some(START.0 + 86_400)).await.expect(200);
    assert!(matches!(
        transfer(BOB).await,
        Err(NotDone::NewOwner(NotToOwn::WithoutTwoFactor))
    ));
    bob.enable_two_factor(&app).await;
    transfer(" BOB@example.org").await.unwrap();
    let entered = bob.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["roles"], json!(["owner", "developer"]));
    let entered = ada.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["roles"], json!(["admin"]));
    assert_eq!(app.mails_with("has another owner").await, 2);
}

#[tokio::test]
async fn lists_show_everybody_once_and_who_is_not_covered() {
    let app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 2).await;
    let all = listed::list(&app.services, false, None, 1).await.unwrap();
    let (all, after) = (all.rows, all.last);
    assert_eq!(
        (all[0].user.email.shown(), all[0].kinds),
        (ADA, FactorKinds::from(FactorKind::App))
    );
    assert_eq!(after, Some(all[0].user.id));
    let rest = listed::list(&app.services, false, after, 9).await;
    let rest = rest.unwrap().rows;
    assert_eq!(
        (rest[0].user.email.shown(), rest[0].kinds, rest.len()),
        (BOB, FactorKinds::NONE, 1)
    );
    let without = listed::list(&app.services, true, None, 9).await;
    let without = without.unwrap().rows;
    assert_eq!((without[0].user.email.shown(), without.len()), (BOB, 1));
    let accounts = operator::list(&app.services, None, 9).await.unwrap().rows;
    let owned = accounts.iter().find(|line| line.owner == ADA).unwrap();
    assert_eq!((owned.counted.users, owned.counted.covered), (2, 1));
    assert_eq!(accounts.len(), 2);
}

/// Whom no mail reaches, and whose address is anybody's, is seen before something is done for them.
#[tokio::test]
async fn the_list_of_users_says_what_is_known_of_each_address() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let known = async || {
        let listed = listed::list(&app.services, false, None, 9).await.unwrap();
        let printed = twofold(&app, &["user", "list"]).await;
        let complaint = String::from_utf8(printed.stderr).unwrap();
        assert!(printed.status.success(), "{complaint}");
        let printed = String::from_utf8(printed.stdout).unwrap();
        let last = printed.trim_end().rsplit('\t').next().unwrap().to_owned();
        (listed.rows[0].address, last)
    };
    assert_eq!(
        known().await,
        (KnownOfAddress::Confirmed, "confirmed".to_owned())
    );
    app.sql("INSERT INTO refused_mailboxes (email, refused_at) VALUES ('ada@example.org', 1)")
        .await;
    let refused = |is_confirmed| KnownOfAddress::Refused { is_confirmed };
    let told = "confirmed,refused".to_owned();
    assert_eq!(known().await, (refused(true), told));
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let told = "unconfirmed,refused".to_owned();
    assert_eq!(known().await, (refused(false), told));
    app.sql("DELETE FROM refused_mailboxes").await;
    assert_eq!(
        known().await,
        (KnownOfAddress::Unconfirmed, "unconfirmed".to_owned())
    );
}

/// The command, while the server of the test goes on: it may be in the middle of a transaction.
pub(crate) async fn twofold(app: &TestApp, arguments: &[&str]) -> Output {
    Process::new(env!("CARGO_BIN_EXE_twofold"))
        .current_dir(app.folder())
        .arg("--data")
        .arg(app.folder())
        .envs(app.database_variable())
        .args(arguments)
        .output()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_operator_gives_an_account_another_name_once() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    for (name, changes) in [
        (" Difference Engines ", true),
        ("Difference Engines", false),
    ] {
        let id = ada.own_account().await;
        let renamed = operator::rename(&app.services, &id, name).await.unwrap();
        assert_eq!(renamed, changes);
    }
    assert_eq!(ada.accounts().await[0]["name"], "Difference Engines");
    let lines = app.events().await;
    let is_rename = |line: &&String| line.starts_with("account_renamed");
    assert_eq!(lines.iter().filter(is_rename).count(), 1, "{lines:?}");
    for (account, name, said) in [
        (NAME, "Engines", "there is no account"),
        ("Difference Engines", " ", "--to: no name given"),
        ("Difference Engines", "a\u{202e}b", "--to: holds characters"),
    ] {
        let refused = operator::rename(&app.services, account, name).await;
        let words = refused.unwrap_err().to_string();
        assert!(words.contains(said), "{words}");
    }
}

/// A line is one account or user, whatever somebody has written into its row.
#[tokio::test]
async fn a_name_that_was_edited_ends_no_line_and_no_column_of_a_list() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.sql("UPDATE users SET name = 'Ada\n\teve@example.org'")
        .await;
    app.sql("UPDATE accounts SET name = 'Engines\tx\nSecond'")
        .await;
    for (list, columns, name) in [
        ("user", 5, "\tAda\\u{a}\\u{9}eve@example.org\t"),
        ("account", 6, "\tEngines\\u{9}x\\u{a}Second\t"),
    ] {
        let listed = twofold(&app, &[list, "list"]).await;
        let text = String::from_utf8(listed.stdout).unwrap();
        assert!(listed.status.success());
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(text.split('\t').count(), columns, "{text}");
        assert!(text.contains(name), "{text}");
    }
}

#[tokio::test]
async fn commands_run_beside_the_server_and_fail_with_one_line() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    let listed = twofold(&app, &["account", "list"]).await;
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(
        listed.status.success()
            && text.contains("\tAnalytical Engines\tada@example.org\t0 of 1\tnot required"),
        "{text}"
    );
    let listed = twofold(&app, &["user", "list", "--without-two-factor"]).await;
    let text = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(text, "ada@example.org\tAda\toff\tenabled\tconfirmed\n");
    for (arguments, status) in [
        (&["account", "require-two-factor", NAME, "--on"][..], 1),
        (&["account", "require-two-factor", "x", "--off"], 1),
        (&["account", "transfer", NAME, "--to", "nobody@x.org"], 1),
        (
            &[
                "account",
                "require-two-factor",
                NAME,
                "--on",
                "--from",
                "2026-02-30",
            ],
            1,
        ),
        (&["account", "require-two-factor", NAME], 2),
        (&["account", "require-two-factor", NAME, "--on", "--off"], 2),
    ] {
        let failed = twofold(&app, arguments).await;
        let text = String::from_utf8(failed.stderr).unwrap();
        assert_eq!(failed.status.code(), Some(status), "{arguments:?} {text}");
        if status == 1 {
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(text.starts_with("twofold: "), "{text}");
        }
    }
    let off = twofold(&app, &["account", "require-two-factor", NAME, "--off"]).await;
    let text = String::from_utf8(off.stdout).unwrap();
    assert!(
        off.status.success() && text.contains("Nothing changed"),
        "{text}"
    );
}

/// What is given at an address that nobody has proven is there for whoever signs in first, and the command says so.
#[tokio::test]
async fn commands_say_that_nobody_has_proven_an_address() {
    let app = TestApp::start().await;
    app.create_user(ADA).await;
    app.sql("UPDATE users SET email_verified_at = NULL").await;
    let said = async |arguments: &[&str]| {
        let done = twofold(&app, arguments).await;
        assert!(done.status.success(), "{arguments:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let allowed = said(&["user", "allow-first-factor", ADA]).await;
    assert!(allowed.contains("nobody has shown"), "{allowed}");
    assert!(allowed.contains("user set-email"), "{allowed}");
    let unlocked = said(&["user", "unlock", "--email", ADA]).await;
    assert!(!unlocked.contains("warning"), "{unlocked}");
    let set = said(&["user", "set-email", "--email", ADA, "--to", ADA]).await;
    assert!(
        set.contains("is as it was and counts as confirmed"),
        "{set}"
    );
    let allowed = said(&["user", "allow-first-factor", ADA]).await;
    assert!(!allowed.contains("warning"), "{allowed}");
}

/// What a disabled user does not get is not promised to them, and what still waits is said.
#[tokio::test]
async fn commands_say_that_a_user_is_disabled_and_that_a_client_address_waits() {
    const NEW: &str = "new@example.org";
    let app = TestApp::start().await;
    app.member_with_two_factor(ADA).await;
    let said = async |arguments: &[&str]| {
        let done = twofold(&app, arguments).await;
        assert!(done.status.success(), "{arguments:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let unlocked = said(&["user", "unlock", "--email", ADA]).await;
    for words in [
        "ada@example.org can try again.",
        "A client address with 50 wrong passwords waits for up to 15 minutes",
        "--client ADDRESS",
    ] {
        assert!(unlocked.contains(words), "{unlocked}");
    }
    let client = ["user", "unlock", "--email", ADA, "--client", "192.0.2.7"];
    let unlocked = said(&client).await;
    assert!(
        unlocked.contains("Nobody at 192.0.2.7 had to wait."),
        "{unlocked}"
    );
    let disabled = said(&["user", "disable", "--email", ADA]).await;
    assert!(!disabled.contains("`twofold user enable"), "{disabled}");
    let id = app.user(ADA).await.id.to_string();
    for arguments in [
        &["user", "unlock", "--email", ADA][..],
        &["user", "unlock", "--email", &id],
        &["user", "reset-two-factor", "--email", ADA],
        &["user", "set-email", "--email", ADA, "--to", NEW],
    ] {
        let said = said(arguments).await;
        assert!(!said.contains("can try again"), "{arguments:?}: {said}");
        assert!(
            said.contains("is disabled: nobody signs in as that user before `twofold user enable"),
            "{arguments:?}: {said}"
        );
    }
    let refused = twofold(&app, &["user", "allow-first-factor", NEW]).await;
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert_eq!(
        words,
        "twofold: that user is disabled; `twofold user enable` comes first\n"
    );
    let enabled = said(&["user", "enable", "--email", NEW]).await;
    assert!(!enabled.contains("is disabled"), "{enabled}");
}

/// An owner whom the account is shut to for a day after another account's reset could open it to nobody.
#[tokio::test]
async fn nobody_is_made_the_owner_whom_the_account_is_shut_to() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor("ada@example.org").await;
    app.member_with_two_factor("bea@example.org").await;
    app.join("ada@example.org", "bea@example.org", 1).await;
    let account = app.account_of("ada@example.org").await;
    ada.require(&account, None).await.expect(200);
    let until = app.clock_seconds() + 60;
    app.sql(&format!(
        "UPDATE memberships SET opens_at = {until} WHERE roles = 1"
    ))
    .await;
    let (services, bea) = (&app.services, "bea@example.org");
    let refused = operator::transfer(services, &account, bea).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("is shut to them until"), "{refused}");
    operator::delete(services, &account).await.unwrap();
    let ada = "DELETE FROM deleted_memberships WHERE roles <> 1";
    app.sql(ada).await;
    let refused = operator::restore(services, &account, Some(bea)).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("is shut to them until"), "{refused}");
    app.clock.advance(60);
    operator::restore(services, &account, Some(bea))
        .await
        .unwrap();
}
