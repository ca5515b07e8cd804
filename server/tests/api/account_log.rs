//! The log of an account for whoever audits it: who came in, what became of their factors, and finding it again.

use app::types::ids::{AccountId, UserId};
use serde_json::{Value, json};
use server::console::gate::EXPORTS;
use storage::audit::{AuditRow, insert_audit_event};

use crate::support::{Browser, PASSWORD, START, Team, TestApp, invitation};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const DAY: i64 = 24 * 60 * 60;

async fn log(browser: &mut Browser, account: &str, filter: Value) -> Vec<Value> {
    let query = json!({ "account": account, "query": { "filter": filter } });
    let page = browser.call("account/activity", query).await;
    let page = page.expect(200).json();
    page["events"].as_array().unwrap().clone()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect()
}

/// Lines whose kind begins like that in the log of the account that Ada owns.
async fn count(app: &TestApp, kind: &str) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM audit_events WHERE kind LIKE '{kind}' AND account_id IN
         (SELECT accounts.id FROM accounts JOIN users ON users.id = owner_id WHERE email = '{ADA}')"
    );
    app.number(&sql).await
}

async fn sign_in(app: &TestApp, email: &str) -> Browser {
    let mut browser = app.browser();
    browser.sign_in(email).await.expect(200);
    browser
}

#[tokio::test]
async fn the_first_access_of_each_session_is_one_line_whichever_way_it_comes() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 1).await;
    let ways: [(&str, Value); 6] = [
        ("account/enter", json!({ "account": id })),
        ("account/overview", json!({ "account": id })),
        ("account/settings", json!({ "account": id })),
        ("account/activity", json!({ "account": id, "query": {} })),
        (
            "team/users",
            json!({ "account": id, "query": { "search": "", "two_factor": null, "after": null } }),
        ),
        ("team/invitations", json!({ "account": id })),
    ];
    for (before, (function, body)) in (0..).zip(ways) {
        app.clock.advance(1);
        assert_eq!(count(&app, "account_entered").await, before, "{function}");
        let mut bob = sign_in(&app, BOB).await;
        for _ in 0..2 {
            bob.call(function, body.clone()).await.expect(200);
        }
        assert_eq!(
            count(&app, "account_entered").await,
            before + 1,
            "{function}"
        );
    }
    ada.of_account("enter", &id).await.expect(200);
    app.clock.advance(1);
    let mut bob = sign_in(&app, BOB).await;
    bob.of_account("enter", &id).await.expect(200);
    let newest = &log(&mut ada, &id, json!({})).await[0];
    assert_eq!(newest["kind"], "account_entered");
    assert_eq!(newest["actor"], "Ada");
    assert_ne!(newest["browser"], "", "from where is part of it");
    assert_eq!(
        count(&app, "account_entered_with_second_factor").await,
        1,
        "Ada's own"
    );
}

#[tokio::test]
async fn requests_at_once_in_a_new_session_make_one_line() {
    let app = TestApp::start().await;
    let ada = app.member(ADA).await;
    let id = app.account_of(ADA).await;
    let calls = (0..20).map(|_| {
        let (mut ada, id) = (ada.clone(), id.clone());
        async move { ada.of_account("overview", &id).await.expect(200) }
    });
    futures::future::join_all(calls).await;
    assert_eq!(count(&app, "account_entered%").await, 1);
}

#[tokio::test]
async fn who_is_kept_outside_has_no_line() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 1).await;
    app.sql("UPDATE accounts SET required_from = 1").await;
    let mut bob = sign_in(&app, BOB).await;
    bob.of_account("enter", &id)
        .await
        .refused(403, "two_factor_required");
    let mut eve = app.member("eve@example.org").await;
    eve.of_account("enter", &id).await.refused(404, "not_found");
    assert_eq!(count(&app, "account_entered%").await, 0);
}

/// What an account shows of a factor is that it went on or off, and by whom; where that was done is the user's own.
#[tokio::test]
async fn a_change_of_a_factor_is_a_line_of_each_account_without_its_place_and_one_of_the_users_own()
{
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.create_user("eve@example.org").await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 1).await;
    let mut bob = sign_in(&app, BOB).await;
    app.prove_mailbox(BOB).await;
    bob.enable_two_factor(&app).await;
    app.clock.advance(60);
    let step_up = json!({ "password": PASSWORD, "code": null });
    bob.call("two-factor/disable", json!({ "step_up": step_up }))
        .await
        .expect(200);
    let about = json!({ "about": "two_factor" });
    let lines = log(&mut ada, &id, about.clone()).await;
    let factor = ["two_factor_disabled", "two_factor_enabled"];
    assert_eq!(kinds(&lines)[..2], factor);
    for line in &lines[..2] {
        assert_eq!(
            (&line["address"], &line["browser"]),
            (&json!(""), &json!("")),
            "{line}"
        );
    }
    let own = bob
        .call("sessions/activity", json!({ "before": null }))
        .await;
    let own = own.expect(200).json();
    let own = own["events"].as_array().unwrap().clone();
    for kind in factor {
        let found: Vec<_> = own.iter().filter(|it| it["kind"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind}");
        assert_ne!(
            found[0]["browser"], "",
            "from where is the user's own to know"
        );
    }
    assert!(
        !kinds(&own)
            .iter()
            .any(|kind| kind.starts_with("account_entered"))
    );
    let of_others = "SELECT COUNT(*) FROM audit_events WHERE kind LIKE 'two_factor%' AND account_id IN
        (SELECT accounts.id FROM accounts JOIN users ON users.id = owner_id WHERE email = 'eve@example.org')";
    assert_eq!(app.number(of_others).await, 0);
    // The operator's reset is known in each account, too.
    bob.sign_in(BOB).await.expect(200);
    bob.enable_two_factor(&app).await;
    service::users::reset_two_factor(&app.services, BOB, true)
        .await
        .unwrap();
    let lines = log(&mut ada, &id, about).await;
    assert_eq!(kinds(&lines)[0], "two_factor_reset");
    assert_eq!(
        (&lines[0]["actor"], &lines[0]["subject"]),
        (&Value::Null, &json!("Ada"))
    );
}

/// What a user does on themselves, in a session that comes into no account, and the lines that the account gets of it.
const ELSEWHERE: [(&str, &[&str]); 9] = [
    ("password changed", &["invitations_ended"]),
    ("password by mail", &["invitations_ended"]),
    ("all other sessions ended", &["invitations_ended"]),
    ("a session ended", &["invitations_ended"]),
    (
        "address changed",
        &["invitations_ended", "invitation_revoked"],
    ),
    ("factor on", &["two_factor_enabled"]),
    ("factor off", &["two_factor_enabled", "two_factor_disabled"]),
    ("ten wrong passwords", &["invitations_ended"]),
    ("profile deleted", &["user_left", "invitations_revoked"]),
];
const NEW: &str = "new@example.org";

async fn act_elsewhere(app: &TestApp, browser: &mut Browser, which: &str) {
    let password = "violet-sofa-7-drum";
    let step_up = json!({ "password": PASSWORD, "code": null });
    match which {
        "password changed" => {
            let change = json!({ "password": password, "step_up": step_up });
            browser.call("password/change", change).await.expect(200);
        }
        "password by mail" => {
            let forgot = json!({ "email": BOB });
            browser.call("password/forgot", forgot).await.expect(200);
            let token = app.links("/reset-password").await.pop().unwrap();
            let reset = json!({ "token": token, "password": password });
            browser.call("password/reset", reset).await.expect(200);
        }
        "all other sessions ended" => {
            let ended = browser.call("sessions/end-others", json!({})).await;
            ended.expect(200);
        }
        "a session ended" => {
            let list = browser.call("sessions/list", json!({})).await.expect(200);
            let list = list.json();
            let mut others = list["sessions"].as_array().unwrap().iter();
            let other = others.find(|one| one["is_this"] == false).unwrap();
            let end = json!({ "session": other["id"] });
            browser.call("sessions/end", end).await.expect(200);
        }
        "address changed" => {
            app.prove_mailbox(BOB).await;
            let change = json!({ "email": NEW, "step_up": step_up });
            let changed = browser.call("profile/change-email", change).await;
            changed.expect(200);
            let token = app.links("/confirm-email").await.pop().unwrap();
            let confirm = json!({ "token": token });
            let confirmed = browser.call("profile/confirm-email", confirm).await;
            confirmed.expect(200);
        }
        "factor on" => {
            browser.enable_two_factor(app).await;
        }
        "factor off" => {
            browser.enable_two_factor(app).await;
            app.clock.advance(60);
            let off = json!({ "step_up": step_up });
            browser.call("two-factor/disable", off).await.expect(200);
        }
        "ten wrong passwords" => {
            let step_up = json!({ "password": "wrong", "code": null });
            let change = json!({ "password": password, "step_up": step_up });
            for _ in 0..10 {
                browser.call("password/change", change.clone()).await;
            }
            assert_eq!(browser.state().await, "signed_out");
        }
        _ => {
            let delete = json!({ "step_up": step_up });
            browser.call("profile/delete", delete).await.expect(200);
        }
    }
}

/// An account learns what follows from it for the account, and not from where its users live and work.
#[tokio::test]
async fn what_a_user_does_elsewhere_is_in_the_log_of_their_account_without_its_place() {
    const PLACE: &str = "127.0.0.1";
    for (which, expected) in ELSEWHERE {
        let app = TestApp::start().await;
        let mut team = Team::found(&app).await;
        team.owner.enable_two_factor(&app).await;
        let id = team.owner.own_account().await;
        let mut here = team.add(&app, BOB, &["admin"]).await;
        // One that is theirs alone, and goes with them.
        let own = json!({ "name": "Bob alone" });
        here.call("accounts/create", own).await.expect(200);
        let spy = invitation(&id, "spy@example.org", &["admin"]);
        here.call("team/invite", spy).await.expect(200);
        if which == "address changed" {
            app.next_mails_are_last().await;
            let new = invitation(&id, NEW, &["developer"]);
            team.owner.call("team/invite", new).await.expect(200);
        }
        let mut elsewhere = sign_in(&app, BOB).await;
        app.next_mails_are_last().await;
        let told = log(&mut team.owner, &id, json!({})).await.len();
        // What is there is of acts in the account.
        app.sql("UPDATE audit_events SET address = '', browser = '' WHERE account_id IS NOT NULL")
            .await;

        act_elsewhere(&app, &mut elsewhere, which).await;

        let lines = log(&mut team.owner, &id, json!({})).await;
        let mut kinds_now = kinds(&lines[..lines.len() - told]);
        kinds_now.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(kinds_now, expected, "{which}");
        for line in &lines {
            let place = (&line["address"], &line["browser"]);
            assert_eq!(place, (&json!(""), &json!("")), "{which}: {line}");
        }
        for form in ["csv", "jsonl"] {
            let path = format!("/api/accounts/{id}/activity.{form}");
            let file = team.owner.download(&path).await.expect(200).text;
            assert!(file.contains(expected[0]), "{which} {form}: {file}");
            assert!(!file.contains(PLACE), "{which} {form}: {file}");
        }
        // Nor has any other account of the user.
        let placed = "SELECT COUNT(*) FROM audit_events WHERE account_id IS NOT NULL AND (address <> '' OR browser <> '')";
        assert_eq!(app.number(placed).await, 0, "{which}");
        // What is done in the account has its place.
        app.clock.advance(1);
        let rename = json!({ "account": id, "name": "Renamed" });
        team.owner.call("account/rename", rename).await.expect(200);
        let newest = &log(&mut team.owner, &id, json!({})).await[0];
        assert_eq!(newest["kind"], "account_renamed");
        assert_eq!(newest["address"], PLACE);
    }
}

/// An account with lines of three people: Grace, Zoë, who has left, and the owner.
async fn crowded() -> (TestApp, Browser, String) {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    for (email, name) in [
        ("grace@example.org", "Grace Hopper"),
        ("zoe@example.org", "Zoë 100%"),
    ] {
        app.clock.advance_millis(5);
        app.create_user(email).await;
        app.sql(&format!(
            "UPDATE users SET name = '{name}', folded_name = NULL WHERE email = '{email}'"
        ))
        .await;
        app.join(ADA, email, 1).await;
        app.clock.advance(DAY);
        sign_in(&app, email)
            .await
            .of_account("enter", &id)
            .await
            .expect(200);
    }
    app.clock.advance(1);
    let mut zoe = sign_in(&app, "zoe@example.org").await;
    zoe.call("team/leave", json!({ "account": id }))
        .await
        .expect(200);
    app.sql("UPDATE users SET name = 'Another', email = 'new@example.org' WHERE email = 'zoe@example.org'").await;
    let mut ada = {
        let mut again = app.browser();
        again.cookies = ada.cookies.clone();
        again
    };
    app.sql(&format!(
        "UPDATE sessions SET created_at = {0}, last_active_at = {0}",
        app.clock_seconds()
    ))
    .await;
    ada.of_account("enter", &id).await.expect(200);
    (app, ada, id)
}

#[tokio::test]
async fn people_are_found_by_a_part_of_what_they_are_called_here_or_were_when_they_left() {
    let (_app, mut ada, id) = crowded().await;
    for (typed, expected) in [
        ("grace", vec!["account_entered"]),
        ("HOPPER", vec!["account_entered"]),
        (" grace@example ", vec!["account_entered"]),
        ("zoe", vec!["user_left", "account_entered"]),
        ("Zoë 100%", vec!["user_left", "account_entered"]),
        // What became of whoever left is not for the account.
        ("Another", vec![]),
        ("new@example.org", vec![]),
        ("0%", vec!["user_left", "account_entered"]),
        ("_", vec![]),
        ("nobody", vec![]),
        ("x\u{0}y", vec![]),
        ("' OR 1=1 --", vec![]),
    ] {
        let lines = log(&mut ada, &id, json!({ "person": typed })).await;
        assert_eq!(kinds(&lines), expected, "{typed:?}");
    }
    let all = log(&mut ada, &id, json!({ "person": "  " })).await;
    assert!(all.len() > 4, "blank is everybody: {all:?}");
}

/// The attack: whoever has more namesakes than are asked for each by themselves was not found at all.
#[tokio::test]
async fn people_with_many_namesakes_are_found_by_name_by_address_and_by_the_id_of_the_files() {
    let (app, mut ada, id) = crowded().await;
    app.crowd(ADA, 30).await;
    app.sql("UPDATE users SET name = 'Maria Garcia', folded_name = NULL WHERE email LIKE 'crowd%'")
        .await;
    let crowd = "SELECT email FROM users WHERE email LIKE 'crowd%' ORDER BY email";
    let crowd = app.texts(crowd).await;
    let account: AccountId = id.parse().unwrap();
    // Three who have left, and one who is still there.
    let still_here = &crowd[3];
    for email in &crowd[..4] {
        let user = app.user(email).await.id;
        let kinds = if email == still_here {
            &["account_entered"][..]
        } else {
            app.sql(&format!(
                "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"
            ))
            .await;
            &["account_entered", "user_left"]
        };
        for kind in kinds {
            app.clock.advance_millis(5);
            let row = AuditRow {
                id: app.services.new_uuid(),
                at: app.services.now(),
                kind,
                actor_kind: "user",
                actor_id: Some(user),
                actor_name: "Maria Garcia",
                account_id: Some(account),
                subject_id: None,
                subject_name: "",
                address: "",
                browser: "",
                data: None,
            };
            let change = app.services.database.begin_write().await.unwrap();
            insert_audit_event(&change, row).await.unwrap();
            change.commit().await.unwrap();
        }
    }
    let of_one = ["user_left", "account_entered"];
    for (typed, expected) in [
        (
            "maria garcia".to_owned(),
            [&["account_entered"][..], &of_one, &of_one, &of_one].concat(),
        ),
        (still_here.clone(), vec!["account_entered"]),
        (app.user(&crowd[1]).await.id.to_string(), of_one.to_vec()),
        (app.services.new_uuid().to_string(), vec![]),
    ] {
        let lines = log(&mut ada, &id, json!({ "person": typed })).await;
        assert_eq!(kinds(&lines), expected, "{typed:?}");
        let path = format!("/api/accounts/{id}/activity.jsonl?person={typed}");
        let file = ada.download(&path.replace(' ', "+")).await.expect(200);
        assert_eq!(file.text.lines().count(), expected.len(), "{typed:?}");
    }
    let access = json!({ "person": "garcia", "about": "access" });
    assert_eq!(log(&mut ada, &id, access).await.len(), 4);
}

/// However many have left since, and with letters that a database cannot fold.
#[tokio::test]
async fn all_who_ever_left_are_found_by_the_name_of_that_time() {
    let (app, mut ada, id) = crowded().await;
    let account: AccountId = id.parse().unwrap();
    let left = |name: &str, by_themselves: bool| {
        let person = Some(UserId::new(app.services.new_uuid()));
        let owner = Some(UserId::new(app.services.new_uuid()));
        (person, owner, name.to_owned(), by_themselves)
    };
    let mut people = vec![
        left("Søren Ｋierkegaard", true),
        left("Rosa O`Neill", false),
        left("Emmy Noether", false),
    ];
    for _ in 0..3_000 {
        people.push(left("Somebody Else", false));
        people.push(left("José Somebody", true));
    }
    let change = app.services.database.begin_write().await.unwrap();
    for (person, owner, name, by_themselves) in &people {
        app.clock.advance_millis(1);
        let row = AuditRow {
            id: app.services.new_uuid(),
            at: app.services.now(),
            kind: if *by_themselves {
                "user_left"
            } else {
                "user_removed"
            },
            actor_kind: "user",
            actor_id: if *by_themselves { *person } else { *owner },
            actor_name: if *by_themselves {
                name
            } else {
                "Rosa the owner"
            },
            account_id: Some(account),
            subject_id: if *by_themselves { None } else { *person },
            subject_name: if *by_themselves { "" } else { name },
            address: "",
            browser: "",
            data: None,
        };
        insert_audit_event(&change, row).await.unwrap();
    }
    change.commit().await.unwrap();
    for (typed, expected) in [
        ("soren k", vec!["user_left"]),
        ("KIERKEGAARD", vec!["user_left"]),
        ("o'neill", vec!["user_removed"]),
        ("noeth", vec!["user_removed"]),
        // Who removes somebody is not who left.
        ("rosa", vec!["user_removed"]),
        ("zoe", vec!["user_left", "account_entered"]),
    ] {
        let lines = log(&mut ada, &id, json!({ "person": typed })).await;
        assert_eq!(kinds(&lines), expected, "{typed:?}");
    }
    for many in ["somebody", "jose"] {
        let query = json!({ "account": id, "query": { "filter": { "person": many } } });
        let refused = ada.call("account/activity", query).await;
        refused.refused(422, "invalid_fields");
    }
}

#[tokio::test]
async fn the_operator_is_found_by_that_word() {
    let (app, mut ada, id) = crowded().await;
    app.clock.advance(1);
    service::accounts::operator::rename(&app.services, &id, "Another name")
        .await
        .unwrap();
    for (typed, expected) in [
        ("operator", vec!["account_renamed"]),
        (" The OPERATOR ", vec!["account_renamed"]),
        ("oper", vec![]),
        ("rator", vec![]),
        ("the", vec![]),
    ] {
        let lines = log(&mut ada, &id, json!({ "person": typed })).await;
        assert_eq!(kinds(&lines), expected, "{typed:?}");
    }
    let people = json!({ "person": "operator", "about": "people" });
    assert!(log(&mut ada, &id, people).await.is_empty());
    // Who is called so is found, too.
    app.sql("UPDATE users SET name = 'Operator Jones', folded_name = NULL WHERE email = 'grace@example.org'").await;
    let lines = log(&mut ada, &id, json!({ "person": "operator" })).await;
    assert_eq!(kinds(&lines), ["account_renamed", "account_entered"]);
}

#[tokio::test]
async fn lines_are_found_by_what_they_are_about_and_by_days_of_the_accounts_zone() {
    let (app, mut ada, id) = crowded().await;
    let people = log(&mut ada, &id, json!({ "about": "people" })).await;
    assert_eq!(kinds(&people), ["user_left"]);
    let access = log(&mut ada, &id, json!({ "about": "access" })).await;
    assert!(
        kinds(&access)
            .iter()
            .all(|kind| kind.starts_with("account_entered"))
    );
    assert!(access.len() >= 3, "{access:?}");
    // START is 08:00 in UTC of the 15th; Grace came on the 16th, Zoe on the 17th.
    for (from, to, expected) in [
        (
            json!("2027-01-16"),
            json!("2027-01-16"),
            vec!["account_entered"],
        ),
        (
            json!("2027-01-17"),
            Value::Null,
            vec!["user_left", "account_entered"],
        ),
        (Value::Null, json!("2027-01-14"), vec![]),
        (json!("2027-01-17"), json!("2027-01-16"), vec![]),
        (
            json!("0001-01-01"),
            json!("9999-12-31"),
            vec!["user_left", "account_entered", "account_entered"],
        ),
    ] {
        let mut lines = log(&mut ada, &id, json!({ "from": from, "to": to })).await;
        lines.retain(|it| it["actor"] != "Ada");
        assert_eq!(kinds(&lines), expected, "{from} {to}");
    }
    // In Auckland it is the evening already, and in Honolulu still the day before.
    for (zone, day) in [
        ("Pacific/Auckland", "2027-01-16"),
        ("Pacific/Honolulu", "2027-01-15"),
    ] {
        app.sql(&format!("UPDATE accounts SET zone = '{zone}'"))
            .await;
        let filter = json!({ "from": day, "to": day, "person": "hopper" });
        assert_eq!(
            kinds(&log(&mut ada, &id, filter).await),
            ["account_entered"],
            "{zone}"
        );
    }
    for bad in [
        json!({ "from": "2027-02-30" }),
        json!({ "to": "yesterday" }),
        json!({ "about": "everything" }),
        json!({ "person": 7 }),
    ] {
        let query = json!({ "account": id, "query": { "filter": bad } });
        ada.call("account/activity", query)
            .await
            .refused(400, "malformed");
    }
}

#[tokio::test]
async fn a_file_has_what_the_page_shows_with_a_sentence() {
    let (_app, mut ada, id) = crowded().await;
    let path = format!("/api/accounts/{id}/activity");
    let query = "person=hop&about=access&from=2027-01-16&to=2027-01-17";
    let file = ada
        .download(&format!("{path}.jsonl?{query}"))
        .await
        .expect(200);
    let lines: Vec<Value> = file
        .text
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(kinds(&lines), ["account_entered"]);
    let words =
        "Grace Hopper opened the account for the first time since a sign-in with the password.";
    assert_eq!(lines[0]["sentence"], words);
    let file = ada
        .download(&format!("{path}.csv?{query}"))
        .await
        .expect(200);
    assert_eq!(file.text.lines().count(), 2, "{}", file.text);
    assert!(file.text.trim_end().ends_with(words), "{}", file.text);
    for bad in [
        "from=2027-02-30",
        "about=x",
        "person=a&person=b",
        "person=%FF",
    ] {
        let reply = ada.download(&format!("{path}.csv?{bad}")).await;
        assert!(
            [400, 200].contains(&reply.status),
            "{bad}: {}",
            reply.status
        );
        assert!(
            reply.status == 400 || reply.text.lines().count() == 1,
            "{bad}: {}",
            reply.text
        );
    }
    let whole = ada.download(&format!("{path}.jsonl")).await.expect(200);
    assert!(whole.text.lines().count() > 3);
}

/// The attack: a filter that is misspelt handed out the whole log.
#[tokio::test]
async fn a_file_is_refused_where_its_address_has_a_parameter_that_is_none_of_ours() {
    let (_app, mut ada, id) = crowded().await;
    for (file, _) in EXPORTS {
        let path = file.replace("{account}", &id);
        for bad in [
            "persn=grace",
            "Person=grace",
            "person=grace&until=2027-01-16",
            "person%5B%5D=grace",
            "=grace",
            "grace",
        ] {
            let reply = ada.download(&format!("{path}?{bad}")).await;
            reply.refused(400, "malformed");
        }
        for good in ["", "person=grace", "person=&about=access"] {
            ada.download(&format!("{path}?{good}")).await.expect(200);
        }
    }
}

/// A person's own page names the account, and has one line for one sign-in.
#[tokio::test]
async fn a_users_own_activity_names_the_account_and_has_one_line_for_a_sign_in() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    ada.call("accounts/create", json!({ "name": "Second", "zone": null }))
        .await
        .expect(200);
    app.clock.advance(60);
    sign_in(&app, ADA).await;
    let own = ada
        .call("sessions/activity", json!({ "before": null }))
        .await;
    let own = own.expect(200).json();
    let events = own["events"].as_array().unwrap();
    let created: Vec<_> = events
        .iter()
        .filter(|it| it["kind"] == "account_created")
        .map(|it| it["account"].as_str().unwrap())
        .collect();
    assert_eq!(created, ["Second"]);
    let at_once = events.iter().filter(|it| it["at"] == START.0 + 60);
    let at_once: Vec<_> = at_once
        .map(|it| {
            (
                it["kind"].as_str().unwrap(),
                it["in_new_browser"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(at_once, [("signed_in", true)]);
}
