//! The log of an account: pages, filters, files.

use http_body_util::Full;
use serde_json::{Value, json};

use crate::support::{Browser, PASSWORD, START, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const HOSTILE: &str = "=HYPERLINK(\"http://evil.example\",\"a, b\")";

async fn log(browser: &mut Browser, account: &str, query: Value) -> Value {
    browser
        .call(
            "account/activity",
            json!({ "account": account, "query": query }),
        )
        .await
        .expect(200)
        .json()
}

fn kinds(page: &Value) -> Vec<&str> {
    let events = page["events"].as_array().unwrap().iter();
    events
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

/// Saves the rule for trusted browsers back and forth; each save is a line.
async fn save_often(app: &TestApp, browser: &mut Browser, account: &str, times: usize) {
    for _ in 0..times {
        app.clock.advance_millis(5);
        let now = browser.settings(account).await;
        let allowed = now["rules"]["trusted_browsers_allowed"].as_bool().unwrap();
        let change = json!({
            "version": now["version"], "required": false, "required_from": null,
            "rules": { "trusted_browsers_allowed": !allowed, "sms_counts": false },
        });
        // Every other one is less strict than the one before.
        let step_up = json!({ "password": PASSWORD, "code": null });
        browser.save(account, &change, step_up).await.expect(200);
    }
}

#[tokio::test]
async fn pages_hold_fifty_lines_newest_first_and_follow_on_each_other() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    ada.of_account("enter", &id).await.expect(200);
    app.sql("DELETE FROM audit_events").await;
    save_often(&app, &mut ada, &id, 53).await;
    let first = log(&mut ada, &id, json!({})).await;
    assert_eq!(
        (kinds(&first).len(), &first["has_more"]),
        (50, &json!(true))
    );
    assert_eq!(kinds(&first)[0], "trusted_browsers_forbidden");
    save_often(&app, &mut ada, &id, 1).await;
    let before = &first["events"][49]["id"];
    let second = log(&mut ada, &id, json!({ "before": before })).await;
    assert_eq!(
        kinds(&second).len(),
        3,
        "a new line does not move the pages"
    );
    assert_eq!(second["has_more"], false);
}

#[tokio::test]
async fn lines_keep_the_names_of_their_time() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    app.create_user(BOB).await;
    app.join(ADA, BOB, 1).await;
    save_often(&app, &mut ada, &id, 3).await;
    app.clock.advance(1);
    service::accounts::operator::transfer(&app.services, &id, BOB)
        .await
        .unwrap();
    app.sql("UPDATE users SET name = 'Somebody else'").await;
    let all = log(&mut ada, &id, json!({})).await;
    let newest = &all["events"][0];
    assert_eq!(newest["kind"], "account_transferred");
    assert_eq!(
        (&newest["actor"], &newest["subject"]),
        (&Value::Null, &json!("Ada"))
    );
    assert_eq!(all["events"][1]["actor"], "Ada");
}

#[tokio::test]
async fn a_file_of_csv_is_no_formula_whatever_people_call_themselves() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let name = HOSTILE.replace('\'', "''");
    app.sql(&format!("UPDATE users SET name = '{name}'")).await;
    save_often(&app, &mut ada, &id, 1).await;
    let reply = ada
        .download(&format!("/api/accounts/{id}/activity.csv"))
        .await
        .expect(200);
    let disposition = format!("attachment; filename=\"activity-{id}.csv\"");
    assert_eq!(reply.headers["content-disposition"], disposition.as_str());
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert!(
        reply.text.starts_with("at,kind,actor,actor_id,subject,"),
        "{}",
        reply.text
    );
    let cell = ",\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"a, b\"\")\",";
    assert!(reply.text.contains(cell), "{}", reply.text);
    let reply = ada
        .download("/api/accounts/any/activity.jsonl")
        .await
        .expect(200);
    let line: Value = serde_json::from_str(reply.text.lines().next().unwrap()).unwrap();
    assert_eq!(line["actor"]["name"], HOSTILE);
    assert_eq!(line["at"], "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn a_long_log_comes_whole_and_each_line_once() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let new_id = app.new_id();
    app.sql(&format!(
        "INSERT INTO audit_events (id, at, kind, actor_kind, actor_name, account_id, subject_name,
                                   address, browser, details)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
         SELECT {new_id}, i, 'renamed', 'operator', '', accounts.id, '', '', '', 'n' || i
         FROM n, accounts"
    ))
    .await;
    let reply = ada
        .download(&format!("/api/accounts/{id}/activity.jsonl"))
        .await
        .expect(200);
    let mut details: Vec<String> = reply
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["detail"].to_string())
        .collect();
    // With those of Ada's factor and of her coming in.
    assert_eq!(details.len(), 1502);
    details.retain(|it| it.starts_with("\"n"));
    details.sort();
    details.dedup();
    assert_eq!(details.len(), 1500);
}

/// Lines of earlier versions hold words where this one writes a value; both are read, and what is neither is a gap.
#[tokio::test]
async fn values_are_typed_and_words_of_an_earlier_version_are_shown_as_they_are() {
    let app = TestApp::start().await;
    let (mut ada, _) = app.member_with_two_factor(ADA).await;
    let id = ada.own_account().await;
    let written = [
        ("renamed", "Ada of old", "NULL"),
        ("requirement_set", "15 January 2027, 08:00 UTC", "NULL"),
        ("requirement_set", "", r#"'{"from":1800000000}'"#),
        (
            "roles_changed",
            "",
            r#"'{"roles":["developer","billing"]}'"#,
        ),
        ("invitations_revoked", "", r#"'{"count":2}'"#),
        ("invited", "", r#"'{"email":"bob@example.org"}'"#),
        ("invited", "", r#"'{"email":7}'"#),
        ("of_tomorrow", "", r#"'{"email":"bob@example.org"}'"#),
    ];
    let new_id = app.new_id();
    for (kind, details, data) in written {
        app.sql(&format!(
            "INSERT INTO audit_events (id, at, kind, actor_kind, actor_name, account_id, subject_name,
                                       address, browser, details, data)
             SELECT {new_id}, 1, '{kind}', 'operator', '', accounts.id, '', '', '', '{details}', {data}
             FROM accounts"
        ))
        .await;
    }
    let page = log(&mut ada, &id, json!({})).await;
    let file = ada
        .download(&format!("/api/accounts/{id}/activity.jsonl"))
        .await
        .expect(200);
    let mut found: Vec<_> = page["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["at"] == 1)
        .map(|event| format!("{} {}", event["kind"], event["detail"]))
        .collect();
    let lines = file.text.lines().map(serde_json::from_str);
    let in_file: Vec<Value> = lines.map(Result::unwrap).collect();
    let old = in_file
        .iter()
        .filter(|line| line["at"] == "1970-01-01T00:00:01Z");
    found.extend(old.map(|line| format!("file: {} {}", line["kind"], line["detail"])));
    found.sort();
    insta::assert_snapshot!(found.join("\n"));
}

#[tokio::test]
async fn files_are_for_get_from_our_own_pages_and_for_who_is_signed_in() {
    let app = TestApp::start().await;
    let mut ada = app.member(ADA).await;
    let path = "/api/accounts/any/activity.csv";
    for (site, status) in [("none", 200), ("cross-site", 403), ("same-site", 403)] {
        let request = ada.file(path).header("sec-fetch-site", site);
        let reply = ada.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(reply.status, status, "{site}");
    }
    let request = ada.file(path);
    ada.send(request.body(Full::default()).unwrap())
        .await
        .refused(403, "cross_site");
    let mut nobody = app.browser();
    nobody.download(path).await.refused(401, "signed_out");
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let request = ada
            .file(path)
            .method(method)
            .header("sec-fetch-site", "same-origin");
        let reply = ada.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(
            (reply.status, &reply.headers["allow"]),
            (405, &"GET".parse().unwrap())
        );
    }
    for path in [
        "/api/accounts/any/activity.xml",
        "/api/accounts/any/activity",
        "/api/accounts//activity.csv",
        "/api/accounts/nonsense/activity.csv",
    ] {
        let reply = ada.download(path).await;
        assert!(
            [404, 405].contains(&reply.status),
            "{path} {}",
            reply.status
        );
    }
    app.clock.set(START + 2 * 3600);
    ada.download(path).await.refused(401, "signed_out");
}
