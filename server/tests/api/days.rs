//! Days: a deadline is a day in the time zone of its account, and the same day wherever it is said.

use crypto::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::operator_accounts::twofold;
use crate::support::{
    AdaAndBob, Browser, PASSWORD, START, TestApp, ada_and_bob, in_days, last_mail_to, unfolded,
};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const NAME: &str = "Analytical Engines";

async fn set_zone(browser: &mut Browser, account: &str, zone: &str) {
    let arguments = json!({ "account": account, "zone": zone });
    browser
        .call("account/set-zone", arguments)
        .await
        .expect(200);
}

/// Requires two-factor authentication from a day of the account's calendar on.
async fn require(browser: &mut Browser, account: &str, day: &str) -> crate::support::Reply {
    let mut change = browser.change(account, true, None).await;
    change["required_from"] = day.into();
    let step_up = json!({ "password": PASSWORD, "code": null });
    browser.save(account, &change, step_up).await
}

/// What a command prints.
async fn said(app: &TestApp, arguments: &[&str]) -> String {
    let done = twofold(app, arguments).await;
    let complaint = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(done.stdout).unwrap()
}

/// U4: an owner in Berlin picked 10 December, and the log and the mails said 9 December, 23:00 UTC.
#[tokio::test]
async fn the_day_that_is_chosen_is_the_day_that_is_said_everywhere() {
    // (zone, the first moment of 10 March 2027 there, in seconds after it begins in UTC)
    for (zone, offset) in [
        ("Europe/Berlin", -3_600),
        ("America/Los_Angeles", 8 * 3_600),
        ("Pacific/Auckland", -13 * 3_600),
    ] {
        let AdaAndBob {
            app,
            mut ada,
            mut bob,
            id,
            ..
        } = ada_and_bob(2).await;
        set_zone(&mut ada, &id, zone).await;
        let saved = require(&mut ada, &id, "2027-03-10").await;
        let saved = saved.expect(200).json();
        let at = in_days(54).0 + offset;
        let from = json!({ "day": "2027-03-10", "zone": zone, "at": at });
        let overview = ada.overview_of(&id).await.expect(200).json();
        let entered = bob.of_account("enter", &id).await.expect(200).json();
        let own = bob.overview().await;
        let listed = bob.accounts().await;
        let listed = listed.iter().find(|one| one["id"] == *id).unwrap();
        for (place, told) in [
            ("settings", &saved["required_from"]),
            ("overview", &overview["required_from"]),
            ("banner", &entered["due_from"]),
            ("own security page", &own["required_by"][0]["from"]),
            ("list", &listed["required_from"]),
        ] {
            assert_eq!(*told, from, "{place}");
        }
        let shown = json!({ "type": "day", "day": "2027-03-10", "zone": zone });
        assert_eq!(saved["changes"][0]["detail"], shown);
        let words = format!("10 March 2027 ({zone})");
        for file in ["csv", "jsonl"] {
            let path = format!("/api/accounts/{id}/activity.{file}");
            let text = ada.download(&path).await.expect(200).text;
            assert!(text.contains(&words), "{text}");
        }
        let mail = unfolded(&last_mail_to(&app, BOB).await);
        assert!(mail.contains(&format!("from {words} on")), "{mail}");
        let list = said(&app, &["account", "list"]).await;
        let line = format!("required from {words}\t{zone}\n");
        assert!(list.contains(&line), "{list}");
        // The moment decides.
        app.clock.set(in_days(54) + (offset - 1));
        assert_eq!(app.mails_with("1 day left").await, 1);
        let mail = unfolded(&last_mail_to(&app, BOB).await);
        assert!(mail.contains(&format!("from {words} on")), "{mail}");
        let mut bob = app.browser();
        bob.sign_in(BOB).await.expect(200);
        bob.overview_of(&id).await.expect(200);
        app.clock.advance(1);
        let shut = bob.overview_of(&id).await;
        let shut = shut.refused(403, "two_factor_required").json();
        assert_eq!(shut["account"]["from"], from);
    }
}

#[tokio::test]
async fn the_command_means_a_day_in_the_zone_of_the_account() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let zone = ["account", "set-zone", &id, "--to", "europe/berlin"];
    let done = said(&app, &zone).await;
    assert!(
        done.contains("in the time zone Europe/Berlin now"),
        "{done}"
    );
    let again = said(&app, &zone).await;
    assert!(again.contains("Nothing changed"), "{again}");
    let unknown = ["account", "set-zone", &id, "--to", "Mars/Olympus_Mons"];
    let refused = twofold(&app, &unknown).await;
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert!(complaint.contains("--to: no time zone"), "{complaint}");
    // The command has the clock of the machine.
    let now = SystemClock.now();
    let tomorrow = crate::support::day_of(now + 3 * 86_400).to_string();
    let on = [
        "account",
        "require-two-factor",
        &id,
        "--on",
        "--from",
        &tomorrow,
    ];
    let done = said(&app, &on).await;
    assert!(done.contains("(Europe/Berlin) on."), "{done}");
    let settings = ada.settings(&id).await;
    assert_eq!(settings["required_from"]["day"], tomorrow);
    assert_eq!(settings["required_from"]["zone"], "Europe/Berlin");
}

#[tokio::test]
async fn another_zone_moves_no_day_that_is_set() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    set_zone(&mut ada, &id, "Europe/Berlin").await;
    require(&mut ada, &id, "2027-03-10").await.expect(200);
    let before = ada.settings(&id).await;
    set_zone(&mut ada, &id, "Pacific/Auckland").await;
    let after = ada.settings(&id).await;
    assert_eq!(after["required_from"], before["required_from"]);
    assert_eq!(after["zone"], "Pacific/Auckland");
    // The form sends the day back as it is, with another rule changed.
    let mut change = ada.change(&id, true, None).await;
    change["required_from"] = "2027-03-10".into();
    change["rules"]["trusted_browsers_allowed"] = false.into();
    let saved = ada.save(&id, &change, Value::Null).await.expect(200).json();
    assert_eq!(saved["required_from"], before["required_from"]);
    // Another day is one of the new zone, and it is weighed by its moment: this one begins earlier.
    let mut change = ada.change(&id, true, None).await;
    change["required_from"] = "2027-03-09".into();
    let saved = ada.save(&id, &change, Value::Null).await.expect(200).json();
    assert_eq!(saved["required_from"]["zone"], "Pacific/Auckland");
    assert_eq!(saved["required_from"]["at"], in_days(52).0 + 11 * 3_600);
    let log = app.events().await;
    let zones: BTreeSet<_> = log
        .iter()
        .filter_map(|line| line.strip_prefix("account_zone_changed "))
        .collect();
    assert_eq!(zones, ["Europe/Berlin", "Pacific/Auckland"].into());
}

/// A page that was opened before shows a day that means another moment now.
#[tokio::test]
async fn what_a_page_showed_before_the_zone_changed_is_not_saved() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let zones = ["Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Berlin"];
    for (turn, zone) in zones.into_iter().enumerate() {
        let mut shown = ada.change(&id, true, None).await;
        shown["required_from"] = "2027-03-10".into();
        if turn == 1 {
            let command = ["account", "set-zone", &id, "--to", zone];
            said(&app, &command).await;
        } else {
            set_zone(&mut ada, &id, zone).await;
        }
        ada.save(&id, &shown, Value::Null)
            .await
            .refused(409, "stale");
        // Whatever the day is where the account is now: the page has to be looked at again.
        shown["required_from"] = "2027-01-01".into();
        ada.save(&id, &shown, Value::Null)
            .await
            .refused(409, "stale");
        assert_eq!(ada.settings(&id).await["required_from"], Value::Null);
    }
    // What it is already is no change, and outdates no page.
    let shown = ada.change(&id, true, None).await;
    set_zone(&mut ada, &id, "Europe/Berlin").await;
    let command = ["account", "set-zone", &id, "--to", "Europe/Berlin"];
    said(&app, &command).await;
    ada.save(&id, &shown, Value::Null).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_and_another_zone_at_once_never_make_a_day_of_a_zone_that_was_not_shown() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let zones = ["Europe/Berlin", "Pacific/Auckland"];
    let mut statuses = BTreeSet::new();
    for turn in 0..10 {
        let (shown, next) = (zones[turn % 2], zones[(turn + 1) % 2]);
        set_zone(&mut ada, &id, shown).await;
        app.sql("UPDATE accounts SET required_from = NULL").await;
        let mut change = ada.change(&id, true, None).await;
        change["required_from"] = "2027-03-10".into();
        let saving = {
            let (mut browser, id) = (ada.clone(), id.clone());
            tokio::spawn(async move { browser.save(&id, &change, Value::Null).await.status })
        };
        let moving = {
            let (mut browser, id) = (ada.clone(), id.clone());
            tokio::spawn(async move { set_zone(&mut browser, &id, next).await })
        };
        let status = saving.await.unwrap();
        moving.await.unwrap();
        let settings = ada.settings(&id).await;
        assert_eq!(settings["zone"], next);
        let saved = &settings["required_from"]["zone"];
        let expected = if status == 200 {
            json!(shown)
        } else {
            Value::Null
        };
        assert_eq!(*saved, expected, "turn {turn}, {status}");
        statuses.insert(status);
    }
    assert!(
        statuses.iter().all(|status| [200, 409].contains(status)),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn a_day_that_has_passed_where_the_account_is_is_refused_and_today_means_at_once() {
    // It is 08:00 UTC on the 15th: still the 14th in Honolulu, in Kiritimati almost the 16th.
    for (zone, past, today, last, beyond) in [
        (
            "UTC",
            "2027-01-14",
            "2027-01-15",
            "2027-04-15",
            "2027-04-16",
        ),
        (
            "Pacific/Honolulu",
            "2027-01-13",
            "2027-01-14",
            "2027-04-14",
            "2027-04-15",
        ),
        (
            "Pacific/Kiritimati",
            "2027-01-14",
            "2027-01-15",
            "2027-04-15",
            "2027-04-16",
        ),
        (
            "Pacific/Marquesas",
            "2027-01-13",
            "2027-01-14",
            "2027-04-14",
            "2027-04-15",
        ),
    ] {
        let AdaAndBob {
            app: _app,
            mut ada,
            id,
            ..
        } = ada_and_bob(2).await;
        set_zone(&mut ada, &id, zone).await;
        let settings = ada.settings(&id).await;
        assert_eq!(settings["first_day"], today, "{zone}");
        assert_eq!(settings["last_day"], last, "{zone}");
        for (day, problem) in [(past, "in_the_past"), (beyond, "too_far_ahead")] {
            let refused = require(&mut ada, &id, day).await;
            let field = refused.refused(422, "invalid_fields").json()["fields"][0].clone();
            assert_eq!(field["field"], "start_date", "{zone} {day}");
            assert_eq!(field["problem"]["problem"], problem, "{zone} {day}");
        }
        require(&mut ada, &id, last).await.expect(200);
        let at_once = require(&mut ada, &id, today).await.expect(200).json();
        let from = json!({ "day": today, "zone": zone, "at": START.0 });
        assert_eq!(
            (&at_once["required_from"], &at_once["in_force"]),
            (&from, &json!(true))
        );
    }
}

#[tokio::test]
async fn what_is_no_day_is_no_call() {
    let AdaAndBob {
        app: _app,
        mut ada,
        id,
        ..
    } = ada_and_bob(2).await;
    for day in [
        json!("2027-02-30"),
        json!("tomorrow"),
        json!(""),
        json!(1_800_000_000),
        json!({ "day": "2027-03-10" }),
    ] {
        let mut change = ada.change(&id, true, None).await;
        change["required_from"] = day;
        let refused = ada.save(&id, &change, Value::Null).await;
        refused.refused(400, "malformed");
    }
}

#[tokio::test]
async fn the_owner_alone_changes_the_zone_and_what_is_no_zone_is_refused_at_its_field() {
    let AdaAndBob {
        app,
        mut ada,
        mut bob,
        id,
        ..
    } = ada_and_bob(1).await;
    let zone = |zone: &str| json!({ "account": id, "zone": zone });
    bob.call("account/set-zone", zone("Europe/Berlin"))
        .await
        .refused(403, "forbidden");
    for (name, problem) in [
        (" ", "missing"),
        ("Mars/Olympus_Mons", "not_a_zone"),
        ("+01:00", "not_a_zone"),
        ("../../etc/localtime", "not_a_zone"),
    ] {
        let reply = ada.call("account/set-zone", zone(name)).await;
        let reply = reply.refused(422, "invalid_fields").json();
        assert_eq!(reply["fields"][0]["field"], "zone");
        assert_eq!(reply["fields"][0]["problem"]["problem"], problem);
    }
    for browser in [&mut ada, &mut bob] {
        browser.of_account("enter", &id).await.expect(200);
    }
    let before = app.count("audit_events").await;
    for name in ["Europe/Berlin", " europe/berlin "] {
        ada.call("account/set-zone", zone(name)).await.expect(200);
        let entered = bob.of_account("enter", &id).await.expect(200).json();
        assert_eq!(entered["zone"], "Europe/Berlin");
    }
    assert_eq!(app.count("audit_events").await, before + 1);
}

#[tokio::test]
async fn a_new_account_is_in_the_zone_of_its_owners_browser_as_far_as_that_is_known() {
    for (sent, zone) in [
        (json!("Europe/Berlin"), "Europe/Berlin"),
        (json!("Mars/Olympus_Mons"), "UTC"),
        (json!("x".repeat(5_000)), "UTC"),
        (json!(""), "UTC"),
        (Value::Null, "UTC"),
    ] {
        let app = TestApp::start_with(|settings| settings.sign_up = true).await;
        let person = |email: &str| json!({ "name": "Ada", "email": email, "account_name": "Engines", "password": PASSWORD });
        let mut ada = app.browser();
        let token = app.setup_token.clone();
        let first = json!({ "token": token, "user": person(ADA), "zone": sent });
        ada.call("setup/create", first).await.expect(200);
        let created = json!({ "name": "Second", "zone": sent });
        ada.call("accounts/create", created).await.expect(200);
        let mut bob = app.browser();
        let request = json!({ "user": person(BOB) });
        bob.call("sign-up/request", request).await.expect(200);
        let token = app.links("/verify-email").await.pop();
        let finish = json!({ "token": token, "password": PASSWORD, "zone": sent });
        bob.call("sign-up/finish", finish).await.expect(200);
        let zones = app.texts("SELECT zone FROM accounts").await;
        assert_eq!(zones, [zone; 3], "{sent}");
    }
    // Who says nothing, as a page of the version before.
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let second = json!({ "name": "Second" });
    ada.call("accounts/create", second).await.expect(200);
    assert_eq!(app.texts("SELECT zone FROM accounts").await, ["UTC"; 2]);
}

/// Rows of a version that had no days, and rows that such a server writes beside this one.
#[tokio::test]
async fn a_moment_without_a_day_is_said_as_the_day_that_it_is_where_the_account_is() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    // 9 March 2027, 23:00 UTC.
    let at = in_days(54).0 - 3_600;
    let from = |day: &str, zone: &str| json!({ "day": day, "zone": zone, "at": at });
    app.sql(&format!(
        "UPDATE accounts SET zone = NULL, required_from = {at}"
    ))
    .await;
    let settings = ada.settings(&id).await;
    assert_eq!(settings["zone"], "UTC");
    assert_eq!(settings["required_from"], from("2027-03-09", "UTC"));
    set_zone(&mut ada, &id, "Europe/Berlin").await;
    let berlin = from("2027-03-10", "Europe/Berlin");
    assert_eq!(ada.settings(&id).await["required_from"], berlin);
    // Saved with its day, and moved by a server that knows of none: the old day is not said of the new moment.
    require(&mut ada, &id, "2027-04-01").await.expect(200);
    app.sql(&format!("UPDATE accounts SET required_from = {at}"))
        .await;
    assert_eq!(ada.settings(&id).await["required_from"], berlin);
    app.sql("UPDATE accounts SET required_from = NULL").await;
    assert_eq!(ada.settings(&id).await["required_from"], Value::Null);
}

#[tokio::test]
async fn a_deleted_account_comes_back_with_its_zone_and_its_day() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    set_zone(&mut ada, &id, "Europe/Berlin").await;
    require(&mut ada, &id, "2027-03-10").await.expect(200);
    let before = ada.settings(&id).await;
    let step_up = json!({ "password": PASSWORD, "code": null });
    let delete = json!({ "account": id, "name": NAME, "step_up": step_up });
    ada.call("account/delete", delete).await.expect(200);
    said(&app, &["account", "restore", &id]).await;
    let after = ada.settings(&id).await;
    for what in ["zone", "required_from"] {
        assert_eq!(after[what], before[what], "{what}");
    }
}
