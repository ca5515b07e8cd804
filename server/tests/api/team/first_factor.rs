//! The owner lets somebody set up a first factor whom no mailed code reaches: who, whom, how long and for which browser.

use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::first_factor::allowance::allow_by_operator;
use service::users::{operator, reset_two_factor};

use super::{ADMIN, BILLING, DEVELOPER, SECOND, five, on, proven};
use crate::support::{
    Authenticator, Browser, OWNER, Team, TestApp, last_mail_to, subject, unfolded,
};

const ALLOW: &str = "team/allow-first-factor";
const REFUSES: &str = "INSERT INTO refused_mailboxes (email, refused_at) VALUES";

/// What the Security page says that a first factor takes, in a new browser that has the password.
async fn next_browser(app: &TestApp, email: &str) -> (Browser, Value) {
    let mut browser = app.browser();
    // The slots that hash can be busy for a moment, with several at once.
    let mut reply = browser.sign_in(email).await;
    while reply.status == 503 {
        reply = browser.sign_in(email).await;
    }
    reply.expect(200);
    let entry = browser.overview().await["entry"].clone();
    (browser, entry)
}

/// An owner and a developer who came by an invitation.
async fn two() -> (TestApp, Team, String) {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, DEVELOPER, &["developer"]).await;
    let dora = team.owner.id_of(DEVELOPER).await;
    (app, team, dora)
}

/// With the password of the owner, one browser, half an hour; and both are told.
#[tokio::test]
async fn the_owner_lets_a_new_user_in_for_the_next_browser_and_half_an_hour() {
    let (app, mut team, dora) = two().await;
    let (mut waiting, entry) = next_browser(&app, DEVELOPER).await;
    assert_eq!(entry["delivery"], "folder");
    assert_eq!(entry["helper"], "owner");
    app.clock.advance(1);
    team.owner
        .call(ALLOW, proven(&dora, None))
        .await
        .expect(200);
    let until = app.clock.now().seconds() + 1_800;
    assert_eq!(team.owner.user(DEVELOPER).await["allowed_until"], until);
    // Not for a session that is open already.
    let begun = waiting.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
    let (mut next, entry) = next_browser(&app, DEVELOPER).await;
    let expected = json!({ "entry": "let_in", "until": until, "by": "owner" });
    assert_eq!(entry, expected);
    let (_, entry) = next_browser(&app, DEVELOPER).await;
    assert_eq!(entry["entry"], "code_due");
    let told = unfolded(&last_mail_to(&app, OWNER).await);
    let expected =
        "Somebody in Analytical Engines may set up two-factor authentication without a mailed code";
    assert_eq!(subject(&told.replace("\r\n ", " ")), expected);
    // Nobody's name: the address may be a stranger's.
    let told = app
        .mails_with("You can set up two-factor authentication without a code from your mailbox")
        .await;
    assert_eq!(told, 1);
    let events = app.events().await;
    for event in ["first_factor_allowed", "first_factor_allowance_used"] {
        assert!(events.contains(&event.to_owned()), "{events:?}");
    }
    app.clock.advance(1_800);
    let begun = next.begin("enable", None).await;
    begun.refused(422, "mailbox_code_needed");
    team.owner
        .call(ALLOW, proven(&dora, None))
        .await
        .expect(200);
    next.sign_in(DEVELOPER).await.expect(200);
    next.enable_two_factor_as_it_is(&app).await;
    assert_eq!(app.count("first_factor_allowances").await, 0);
    let user = team.owner.user(DEVELOPER).await;
    assert_eq!(user["allowed_until"], Value::Null);
    assert_eq!(user["allow_first_factor"], "two_factor_on");
}

/// An allowance that nobody has taken is over after its half hour.
#[tokio::test]
async fn who_signs_in_after_the_half_hour_is_not_let_in() {
    let (app, mut team, dora) = two().await;
    let call = proven(&dora, None);
    team.owner.call(ALLOW, call).await.expect(200);
    app.clock.advance(1_800);
    let (_, entry) = next_browser(&app, DEVELOPER).await;
    assert_eq!(entry["entry"], "code_due");
    assert_eq!(
        team.owner.user(DEVELOPER).await["allowed_until"],
        Value::Null
    );
}

/// F66: the owner alone, for others, with a step-up.
#[tokio::test]
async fn nobody_but_the_owner_lets_anybody_in_and_nobody_themselves() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let authenticator = five.team.owner.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    let (olga, dora) = (owner.id_of(OWNER).await, owner.id_of(DEVELOPER).await);
    let bill = owner.id_of(BILLING).await;
    for (mut browser, user) in [
        (five.admin.clone(), &bill),
        (five.second.clone(), &dora),
        (five.developer.clone(), &bill),
        (five.billing.clone(), &dora),
        (five.admin.clone(), &olga),
        (five.team.owner.clone(), &olga),
    ] {
        let reply = browser.call(ALLOW, proven(user, None)).await;
        reply.refused(403, "forbidden");
    }
    let mut stranger = app.member("eve@example.org").await;
    let mut foreign = proven(&dora, None);
    foreign["account"] = json!(app.account_of(OWNER).await);
    let reply = stranger.call(ALLOW, foreign).await;
    reply.refused(404, "not_found");
    // By the id of somebody of another account, or of nobody.
    let reply = stranger.call(ALLOW, proven(&dora, None)).await;
    reply.refused(404, "not_found");
    let owner = &mut five.team.owner;
    owner.call(ALLOW, on(&dora)).await.refused(400, "malformed");
    let mut wrong = proven(&dora, None);
    wrong["step_up"]["password"] = json!("a wrong password");
    let reply = owner.call(ALLOW, wrong).await;
    reply.refused(422, "wrong_password");
    app.clock.advance(1_800);
    let reply = owner.call(ALLOW, proven(&dora, None)).await;
    reply.refused(422, "code_needed");
    assert_eq!(app.count("first_factor_allowances").await, 0);
    let code = authenticator.code(app.clock.now());
    let reply = owner.call(ALLOW, proven(&dora, Some(&code))).await;
    reply.expect(200);
    assert_eq!(app.count("first_factor_allowances").await, 1);
}

/// Whoever belongs to another account too, or has had a factor, is the operator's; which of both, nobody is told.
#[tokio::test]
async fn an_owner_speaks_for_nobody_who_is_elsewhere_too_or_had_a_factor() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let mut ids = Vec::new();
    for email in [ADMIN, SECOND, DEVELOPER, BILLING] {
        ids.push(owner.id_of(email).await);
    }
    let create = json!({ "name": "My own" });
    let mut elsewhere = five.second.clone();
    elsewhere.call("accounts/create", create).await.expect(200);
    five.developer.enable_two_factor(&app).await;
    let step_up = json!({ "password": crate::support::PASSWORD, "code": null });
    let disable = json!({ "step_up": step_up });
    let off = five.developer.call("two-factor/disable", disable).await;
    off.expect(200);
    five.billing.enable_two_factor(&app).await;
    reset_two_factor(&app.services, BILLING, false)
        .await
        .unwrap();
    five.admin.enable_two_factor(&app).await;
    let owner = &mut five.team.owner;
    for (id, code) in ids.iter().zip([
        "two_factor_already_on",
        "operator_lets_in",
        "operator_lets_in",
        "operator_lets_in",
    ]) {
        let reply = owner.call(ALLOW, proven(id, None)).await;
        reply.refused(409, code);
    }
    // The log of before is not asked: what it holds may be gone.
    app.sql("DELETE FROM audit_events").await;
    let reply = owner.call(ALLOW, proven(&ids[2], None)).await;
    reply.refused(409, "operator_lets_in");
    assert_eq!(app.count("first_factor_allowances").await, 0);
    for (email, helper) in [(SECOND, "operator"), (DEVELOPER, "operator")] {
        let (_, entry) = next_browser(&app, email).await;
        assert_eq!(entry["helper"], helper);
        let denied = &owner.user(email).await["allow_first_factor"];
        assert_eq!(denied, "operator_lets_in");
    }
    // An account that is deleted may come back, with its users in it: it counts until it is erased.
    let own = app.account_of(SECOND).await;
    let step_up = json!({ "password": crate::support::PASSWORD, "code": null });
    let deletion = json!({ "account": own, "name": "My own", "step_up": step_up });
    let deleted = elsewhere.call("account/delete", deletion).await;
    deleted.expect(200);
    let reply = owner.call(ALLOW, proven(&ids[1], None)).await;
    reply.refused(409, "operator_lets_in");
    let (_, entry) = next_browser(&app, SECOND).await;
    assert_eq!(entry["helper"], "operator");
    app.sql("DELETE FROM deleted_memberships").await;
    owner.call(ALLOW, proven(&ids[1], None)).await.expect(200);
}

/// F52: where a mailed code can prove something, it is what a first factor takes.
#[tokio::test]
async fn whom_a_code_reaches_gets_it_and_whom_none_reaches_is_let_in() {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut team = Team::found(&app).await;
    team.add(&app, DEVELOPER, &["developer"]).await;
    let dora = team.owner.id_of(DEVELOPER).await;
    let account = app.account_of(OWNER).await;
    team.owner.enable_two_factor(&app).await;
    team.owner.require(&account, None).await.expect(200);
    let who = format!("WHERE email = '{DEVELOPER}'");
    let reply = team.owner.call(ALLOW, proven(&dora, None)).await;
    reply.refused(409, "mail_reaches");
    operator::disable(&app.services, DEVELOPER).await.unwrap();
    let reply = team.owner.call(ALLOW, proven(&dora, None)).await;
    reply.refused(409, "user_disabled");
    operator::enable(&app.services, DEVELOPER).await.unwrap();
    for (sql, not_set_up) in [
        (String::new(), "not_yet"),
        (format!("{REFUSES} ('{DEVELOPER}', 1)"), "no_mail"),
        (
            format!("UPDATE users SET email_corrected = true {who}"),
            "address_corrected",
        ),
        (
            format!("UPDATE users SET email_corrected = false, email_verified_at = NULL {who}"),
            "address_not_proven",
        ),
    ] {
        // Whoever was let in before was mailed, which says that the mailbox takes letters again.
        app.mails().await;
        if !sql.is_empty() {
            app.sql(&sql).await;
        }
        let user = team.owner.user(DEVELOPER).await;
        assert_eq!(user["not_set_up"], not_set_up);
        if !sql.is_empty() {
            let reply = team.owner.call(ALLOW, proven(&dora, None)).await;
            reply.expect(200);
        }
    }
    let (mut browser, entry) = next_browser(&app, DEVELOPER).await;
    assert_eq!(entry["entry"], "let_in");
    browser.enable_two_factor_as_it_is(&app).await;
    // An owner gives nobody an address: it proves as little as before.
    assert!(!app.user(DEVELOPER).await.is_email_verified);
    let user = team.owner.user(DEVELOPER).await;
    assert_eq!(user["not_set_up"], Value::Null);
}

/// One browser, by a conditional write.
#[tokio::test]
async fn of_two_browsers_at_once_one_is_let_in() {
    let (app, mut team, dora) = two().await;
    for _ in 0..3 {
        let call = proven(&dora, None);
        team.owner.call(ALLOW, call).await.expect(200);
        let both = tokio::join!(next_browser(&app, DEVELOPER), next_browser(&app, DEVELOPER));
        let entries = [both.0.1, both.1.1];
        let let_in = entries.iter().filter(|it| it["entry"] == "let_in");
        assert_eq!(let_in.count(), 1, "{entries:?}");
    }
}

/// What an owner has said holds while they own the one account that the user belongs to.
#[tokio::test]
async fn it_ends_with_what_it_rests_on() {
    let (app, mut team, dora) = two().await;
    let otto = "otto@example.org";
    app.create_user(otto).await;
    let id_of = |email: &str| format!("(SELECT id FROM users WHERE email = '{email}')");
    let (her, his) = (id_of(DEVELOPER), id_of(otto));
    for (change, back) in [
        (
            // She joins another account; she is let in no more, in neither session.
            format!(
                "INSERT INTO memberships (account_id, user_id, roles, joined_at)
                 SELECT id, {her}, 2, 0 FROM accounts WHERE owner_id = {his};"
            ),
            format!(
                "DELETE FROM memberships WHERE user_id = {her}
                 AND account_id IN (SELECT id FROM accounts WHERE owner_id = {his});"
            ),
        ),
        (
            // The account is somebody else's.
            format!("UPDATE accounts SET owner_id = {her} WHERE owner_id <> {his}"),
            format!(
                "UPDATE accounts SET owner_id = {} WHERE owner_id = {her}",
                id_of(OWNER)
            ),
        ),
    ] {
        let call = proven(&dora, None);
        team.owner.call(ALLOW, call).await.expect(200);
        let (mut taken, entry) = next_browser(&app, DEVELOPER).await;
        assert_eq!(entry["entry"], "let_in");
        app.sql(&change).await;
        let begun = taken.begin("enable", None).await;
        begun.refused(422, "mailbox_code_needed");
        app.sql("UPDATE first_factor_allowances SET session_id = NULL")
            .await;
        let (_, entry) = next_browser(&app, DEVELOPER).await;
        assert_eq!(entry["entry"], "code_due", "{change}");
        app.sql(&back).await;
    }
    // The owner's password was stolen, and set anew by mail: what was done with it ends.
    let call = proven(&dora, None);
    team.owner.call(ALLOW, call).await.expect(200);
    let forgot = json!({ "email": OWNER });
    let mut browser = app.browser();
    browser.call("password/forgot", forgot).await.expect(200);
    let token = app.links("/reset-password").await.pop().unwrap();
    let reset = json!({ "token": token, "password": "violet-sofa-7-drum" });
    browser.call("password/reset", reset).await.expect(200);
    assert_eq!(app.count("first_factor_allowances").await, 0);
    // The operator's is not the owner's to end.
    allow_by_operator(&app.services, DEVELOPER).await.unwrap();
    let (_, entry) = next_browser(&app, DEVELOPER).await;
    assert_eq!(entry["by"], "operator");
}

/// A set-up that has begun by it is not finished without it.
#[tokio::test]
async fn a_set_up_that_has_begun_ends_with_it() {
    let otto = "otto@example.org";
    let her = format!("(SELECT id FROM users WHERE email = '{DEVELOPER}')");
    let his = format!("(SELECT id FROM users WHERE email = '{otto}')");
    for (what, minutes, gone) in [
        ("it stands", 0, "SELECT 1".to_owned()),
        (
            "she joins another account",
            0,
            format!(
                "INSERT INTO memberships (account_id, user_id, roles, joined_at)
                 SELECT id, {her}, 2, 0 FROM accounts WHERE owner_id = {his}"
            ),
        ),
        (
            "the account is somebody else's",
            0,
            format!("UPDATE accounts SET owner_id = {her} WHERE owner_id <> {his}"),
        ),
        (
            "it is taken back",
            0,
            "DELETE FROM first_factor_allowances".to_owned(),
        ),
        ("the half hour is over", 5, "SELECT 1".to_owned()),
    ] {
        let (app, mut team, dora) = two().await;
        app.create_user(otto).await;
        let call = proven(&dora, None);
        team.owner.call(ALLOW, call).await.expect(200);
        let (mut browser, entry) = next_browser(&app, DEVELOPER).await;
        assert_eq!(entry["entry"], "let_in", "{what}");
        if minutes > 0 {
            app.clock.advance(27 * 60);
        }
        let begun = browser.begin("enable", None).await.expect(200).json();
        app.clock.advance(minutes * 60);
        app.sql(&gone).await;
        let code = Authenticator::new(begun["key"].as_str().unwrap()).code(app.clock.now());
        let reply = browser.confirm(&begun["id"], &code).await;
        if what == "it stands" {
            reply.expect(200);
        } else {
            assert_eq!(reply.code(), "enrolment_over", "{what}");
            assert_eq!(app.count("second_factors").await, 0, "{what}");
        }
    }
}

#[tokio::test]
async fn who_is_removed_is_let_in_no_more() {
    let (app, mut team, dora) = two().await;
    let call = proven(&dora, None);
    team.owner.call(ALLOW, call).await.expect(200);
    team.owner.call("team/remove", on(&dora)).await.expect(200);
    assert_eq!(app.count("first_factor_allowances").await, 0);
}

/// Who is let in by an owner sets up a factor, and gives themselves no other mailbox.
#[tokio::test]
async fn it_opens_no_change_of_address() {
    let (app, mut team, dora) = two().await;
    let call = proven(&dora, None);
    team.owner.call(ALLOW, call).await.expect(200);
    let (mut browser, _) = next_browser(&app, DEVELOPER).await;
    let step_up = json!({ "password": crate::support::PASSWORD, "code": null });
    let change = json!({ "email": "new@example.org", "step_up": step_up });
    let reply = browser.call("profile/change-email", change).await;
    reply.refused(422, "mailbox_code_needed");
    browser.enable_two_factor_as_it_is(&app).await;
}
