//! Deleting an account: what is shut, who is told, who brings it back, and when it is gone for good.

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;
use crypto::clock::Clock as _;
use serde_json::{Value, json};
use service::accounts::announcements::write_due;
use service::accounts::deletion::erase_due;
use service::accounts::operator::{self, NotDone, OperatorDeletion};
use service::upkeep::remove_expired;
use storage::memberships::delay_opening;

use super::{ADMIN, BILLING, DEVELOPER, Five, SECOND, five, proven};
use crate::support::{Browser, OWNER, PASSWORD, TestApp, in_days, last_mail_to, unfolded};

const NAME: &str = "Analytical Engines";
const WEEK: i64 = 7 * 24 * 60 * 60;

fn step_up() -> Value {
    json!({ "password": PASSWORD, "code": null })
}

fn deletion(account: &str, name: &str) -> Value {
    json!({ "account": account, "name": name, "step_up": step_up() })
}

async fn delete(owner: &mut Browser, account: &str) {
    let call = deletion(account, NAME);
    owner.call("account/delete", call).await.expect(200);
}

async fn restore(browser: &mut Browser, account: &str) -> crate::support::Reply {
    let call = json!({ "account": account, "step_up": step_up() });
    browser.call("accounts/restore", call).await
}

async fn list(browser: &mut Browser) -> Value {
    let reply = browser.call("accounts/list", json!({})).await;
    reply.expect(200).json()
}

async fn memberships(app: &TestApp) -> Vec<String> {
    let text =
        "CAST(user_id AS TEXT) || ' ' || roles || ' ' || joined_at || ' ' || COALESCE(opens_at, 0)";
    let hex = app.either(
        "hex(user_id) || ' ' || roles || ' ' || joined_at || ' ' || COALESCE(opens_at, 0)",
        text,
    );
    app.texts(&format!("SELECT {hex} FROM memberships ORDER BY 1"))
        .await
}

async fn account_row(app: &TestApp) -> Vec<String> {
    app.texts(
        "SELECT name || ' ' || created_at || ' ' || COALESCE(required_from, 0) || ' ' || settings_version
         FROM accounts ORDER BY 1",
    )
    .await
}

#[tokio::test]
async fn only_the_owner_deletes_the_account_by_its_name_and_the_password() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let before = app.count("accounts").await;
    for browser in [&mut five.admin, &mut five.developer, &mut five.billing] {
        browser
            .call("account/delete", deletion("any", NAME))
            .await
            .refused(403, "forbidden");
    }
    let mut stranger = app.member("eve@example.org").await;
    let id = five.team.owner.own_account().await;
    stranger
        .call("account/delete", deletion(&id, NAME))
        .await
        .refused(404, "not_found");
    let owner = &mut five.team.owner;
    for name in [
        "",
        "Analytical",
        "analytical engines",
        "Analytical  Engines",
    ] {
        let reply = owner.call("account/delete", deletion(&id, name)).await;
        let reply = reply.refused(422, "invalid_fields").json();
        assert_eq!(reply["fields"][0]["field"], "account_name");
        assert_eq!(reply["fields"][0]["problem"]["problem"], "not_the_name");
    }
    let mut wrong = deletion(&id, NAME);
    wrong["step_up"]["password"] = "wrong".into();
    let reply = owner.call("account/delete", wrong).await;
    reply.refused(422, "wrong_password");
    assert_eq!(app.count("accounts").await, before + 1, "Eve's is new");
    // As it stands above the field, whatever stands around it.
    let call = deletion(&id, &format!(" {NAME} "));
    owner.call("account/delete", call).await.expect(200);
    assert_eq!(app.count("accounts").await, before);
}

#[tokio::test]
async fn a_deleted_account_is_shut_at_once_and_its_members_read_by_whom_and_until_when() {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    five.team
        .invite(&app, "pia@example.org", &["billing"])
        .await;
    let owner = &mut five.team.owner;
    owner.enable_two_factor(&app).await;
    let dora = owner.id_of(DEVELOPER).await;
    let offered = proven(&dora, None);
    owner.call("team/offer-transfer", offered).await.expect(200);
    let id = owner.own_account().await;
    owner.require(&id, None).await.expect(200);
    write_due(&app.services).await.unwrap();
    // Shut to who has no second factor.
    five.billing
        .overview_of(&id)
        .await
        .refused(403, "two_factor_required");
    let now = app.clock.now().seconds();
    delete(&mut five.team.owner, &id).await;
    let Five {
        team,
        admin,
        second,
        developer,
        billing,
    } = &mut five;
    let all = [&mut team.owner, admin, second, developer, billing];
    for (place, browser) in all.into_iter().enumerate() {
        for function in ["enter", "overview", "settings"] {
            for account in [id.as_str(), "any"] {
                let reply = browser.of_account(function, account).await;
                reply.refused(404, "not_found");
            }
        }
        let log = format!("/api/accounts/{id}/activity.csv");
        browser.download(&log).await.refused(404, "not_found");
        let listed = list(browser).await;
        assert_eq!(listed["accounts"], json!([]));
        let restore = if place == 0 {
            Value::Null
        } else {
            json!("owner_only")
        };
        let entry = json!({
            "id": id, "name": NAME, "at": now, "by": "Ada", "erased_at": now + WEEK, "restore": restore,
        });
        assert_eq!(listed["deleted"], json!([entry]));
    }
    for table in [
        "memberships",
        "invitations",
        "transfer_offers",
        "announcements",
        "announced",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    write_due(&app.services).await.unwrap();
    assert_eq!(app.count("account_notices").await, 0);
    app.mails_gone().await;
    let told = app.mails_with("Subject: The account Analytical Engines was deleted");
    assert_eq!(told.await, 5);
    let line = format!("account_deleted {NAME}");
    assert!(app.events().await.contains(&line));
}

#[tokio::test]
async fn a_restored_account_has_its_users_roles_and_requirement_as_they_were() {
    let (app, _) = TestApp::start_with_mail(|_| {}).await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    owner.enable_two_factor(&app).await;
    five.developer.enable_two_factor(&app).await;
    let id = owner.own_account().await;
    owner.require(&id, None).await.expect(200);
    let mut stranger = app.member("eve@example.org").await;
    let (before, row) = (memberships(&app).await, account_row(&app).await);
    delete(&mut five.team.owner, &id).await;
    // Nothing requires it any more: who wants none has none.
    five.developer
        .call("two-factor/disable", json!({ "step_up": step_up() }))
        .await
        .expect(200);
    for browser in [&mut five.admin, &mut five.developer] {
        let reply = restore(browser, &id).await;
        reply.refused(403, "forbidden");
    }
    restore(&mut stranger, &id).await.refused(404, "not_found");
    let owner = &mut five.team.owner;
    restore(owner, &id).await.expect(200);
    assert_eq!(memberships(&app).await, before);
    assert_eq!(account_row(&app).await, row);
    assert_eq!(app.stale_memberships().await, 0);
    assert_eq!(app.count("deleted_accounts").await, 0);
    assert_eq!(app.count("deleted_memberships").await, 0);
    // Once.
    restore(owner, &id).await.refused(404, "not_found");
    // What it requires holds again, and says so as it always does.
    let mut dora = app.browser();
    dora.sign_in(DEVELOPER).await.expect(200);
    dora.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
    write_due(&app.services).await.unwrap();
    app.mails_gone().await;
    let told = app.mails_with("Subject: The account Analytical Engines is back");
    assert_eq!(told.await, 5);
    assert!(
        app.events()
            .await
            .contains(&format!("account_restored {NAME}"))
    );
}

/// What reminds of a day that lies ahead was ended with the account, and comes back with it, whoever brings it back.
#[tokio::test]
async fn a_restored_account_reminds_of_its_day_and_its_letter_names_it() {
    const REMINDERS: &str = "SELECT CAST(due_at AS TEXT) FROM announcements ORDER BY due_at";
    for by in ["the owner", "the operator", "the operator, to another"] {
        let app = TestApp::start().await;
        let mut five = five(&app).await;
        five.admin.enable_two_factor(&app).await;
        let owner = &mut five.team.owner;
        owner.enable_two_factor(&app).await;
        let id = owner.own_account().await;
        let day = in_days(20);
        owner.require(&id, Some(day.0)).await.expect(200);
        app.next_mails_are_last().await;
        let before = app.texts(REMINDERS).await;
        assert_eq!(before.len(), 2);
        delete(owner, &id).await;
        assert_eq!(app.count("announcements").await, 0);
        write_due(&app.services).await.unwrap();
        app.next_mails_are_last().await;
        match by {
            "the owner" => {
                restore(owner, &id).await.expect(200);
            }
            "the operator" => operator::restore(&app.services, &id, None).await.unwrap(),
            _ => {
                let gone = json!({ "step_up": step_up() });
                owner.call("profile/delete", gone).await.expect(200);
                operator::restore(&app.services, &id, Some(ADMIN))
                    .await
                    .unwrap();
            }
        }
        assert_eq!(app.texts(REMINDERS).await, before, "{by}");
        write_due(&app.services).await.unwrap();
        let told = unfolded(&last_mail_to(&app, DEVELOPER).await);
        let words = format!("is required in {NAME} from");
        assert!(told.contains(&words), "{by}: {told}");
        assert!(told.contains("Invitations and offers"), "{by}: {told}");
        for (at, reminded) in [(day - 7 * 86_400, 1), (day - 86_400, 2)] {
            app.clock.set(at);
            let mails = app.mails().await;
            let to = format!("To: {DEVELOPER}");
            let of_developer = mails.iter().filter(|mail| mail.contains(&to));
            let left = of_developer.filter(|mail| mail.contains("left to set up"));
            assert_eq!(left.count(), reminded, "{by}");
        }
    }
}

#[tokio::test]
async fn whose_day_has_come_meanwhile_are_told_that_they_are_shut_out() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    owner.enable_two_factor(&app).await;
    let id = owner.own_account().await;
    let day = in_days(3);
    owner.require(&id, Some(day.0)).await.expect(200);
    delete(owner, &id).await;
    app.clock.set(day + 1);
    write_due(&app.services).await.unwrap();
    app.next_mails_are_last().await;
    operator::restore(&app.services, &id, None).await.unwrap();
    write_due(&app.services).await.unwrap();
    let told = unfolded(&last_mail_to(&app, DEVELOPER).await);
    let words = "is shut out of the account from now on";
    assert!(told.contains(words), "{told}");
    assert_eq!(app.count("announcements").await, 0);
    let mut dora = app.browser();
    dora.sign_in(DEVELOPER).await.expect(200);
    dora.overview_of(&id)
        .await
        .refused(403, "two_factor_required");
}

#[tokio::test]
async fn who_is_gone_meanwhile_does_not_come_back_with_the_account() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let id = five.team.owner.own_account().await;
    delete(&mut five.team.owner, &id).await;
    let gone = json!({ "step_up": step_up() });
    five.billing.call("profile/delete", gone).await.expect(200);
    app.sql(&format!(
        "UPDATE users SET disabled_at = 1 WHERE email = '{SECOND}'"
    ))
    .await;
    restore(&mut five.team.owner, &id).await.expect(200);
    let query = json!({ "search": "", "two_factor": null, "after": null });
    let users = five.team.owner.users(query).await;
    let emails: Vec<_> = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["email"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(emails.len(), 4, "{emails:?}");
    assert!(!emails.contains(&BILLING.to_owned()));
    assert!(emails.contains(&SECOND.to_owned()), "as disabled as before");
}

#[tokio::test]
async fn an_account_is_erased_when_its_week_is_over_and_its_log_stays() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let id = five.team.owner.own_account().await;
    delete(&mut five.team.owner, &id).await;
    app.clock.advance(WEEK - 1);
    assert_eq!(erase_due(&app.services).await.unwrap(), 0);
    app.clock.advance(1);
    // From its last second on it counts as gone, whether upkeep has been there or not.
    let mut owner = app.browser();
    owner.sign_in(OWNER).await.expect(200);
    assert_eq!(list(&mut owner).await["deleted"], json!([]));
    restore(&mut owner, &id).await.refused(404, "not_found");
    let refused = operator::restore(&app.services, NAME, None).await;
    assert!(matches!(refused, Err(NotDone::NoSuchDeleted)));
    let lines = app.count("audit_events").await;
    assert_eq!(erase_due(&app.services).await.unwrap(), 1);
    assert_eq!(erase_due(&app.services).await.unwrap(), 0);
    for table in ["deleted_accounts", "deleted_memberships", "account_notices"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("audit_events").await, lines + 1);
    assert!(
        app.events()
            .await
            .contains(&format!("account_erased {NAME}"))
    );
    let of_account = app.either("hex(account_id)", "account_id::text");
    let named = app
        .texts(&format!(
            "SELECT {of_account} FROM audit_events WHERE kind IN ('account_deleted', 'account_erased')"
        ))
        .await;
    assert_eq!(named.len(), 2);
    assert_eq!(named[0], named[1]);
}

#[tokio::test]
async fn a_clock_that_was_wrong_neither_keeps_an_account_nor_erases_it_early() {
    let app = TestApp::start().await;
    let mut owner = app.member(OWNER).await;
    let id = owner.own_account().await;
    let now = app.clock.now();
    app.clock.set(now + 365 * 86_400);
    let mut browser = app.browser();
    browser.sign_in(OWNER).await.expect(200);
    delete(&mut browser, &id).await;
    app.clock.set(now);
    remove_expired(&app.services).await.unwrap();
    assert_eq!(erase_due(&app.services).await.unwrap(), 0);
    let end = "SELECT expires_at FROM deleted_accounts";
    assert_eq!(app.number(end).await, now.seconds() + WEEK);
    // A step back of an hour gives nobody more time.
    app.clock.advance(-3_600);
    remove_expired(&app.services).await.unwrap();
    assert_eq!(app.number(end).await, now.seconds() + WEEK);
}

#[tokio::test]
async fn an_account_is_not_deleted_and_restored_without_end() {
    let app = TestApp::start().await;
    let mut owner = app.member(OWNER).await;
    let id = owner.own_account().await;
    for _ in 0..3 {
        delete(&mut owner, &id).await;
        restore(&mut owner, &id).await.expect(200);
    }
    owner
        .call("account/delete", deletion(&id, NAME))
        .await
        .refused(429, "paused");
    assert_eq!(app.count("accounts").await, 1);
    // The operator is not bound by it.
    app.next_mails_are_last().await;
    operator::delete(&app.services, &id).await.unwrap();
    assert_eq!(app.count("accounts").await, 0);
    // Nor undone by its owner, who is told by whom it was and who can.
    restore(&mut owner, &id)
        .await
        .refused(409, "operator_restores");
    let listed = list(&mut owner).await;
    assert_eq!(listed["deleted"][0]["restore"], "operator_restores");
    assert_eq!(listed["deleted"][0]["by"], Value::Null);
    let told = unfolded(&last_mail_to(&app, OWNER).await);
    assert!(
        told.contains("operator of this server can restore it"),
        "{told}"
    );
    operator::restore(&app.services, &id, None).await.unwrap();
    assert_eq!(app.count("accounts").await, 1);
}

#[tokio::test]
async fn what_its_owner_has_deleted_is_the_operators_to_restore_once_they_delete_it_too() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let id = owner.own_account().await;
    delete(owner, &id).await;
    write_due(&app.services).await.unwrap();
    let end = app.clock.now() + WEEK;
    app.clock.advance(60);
    // Its week is the one that it had.
    let taken = operator::delete(&app.services, NAME).await.unwrap();
    assert_eq!(taken, OperatorDeletion::TakenOver(end));
    restore(owner, &id).await.refused(409, "operator_restores");
    let listed = list(owner).await["deleted"][0].clone();
    assert_eq!(
        (&listed["restore"], &listed["by"], &listed["erased_at"]),
        (&json!("operator_restores"), &Value::Null, &json!(end.0))
    );
    let again = operator::delete(&app.services, &id).await;
    assert!(matches!(again, Err(NotDone::DeletedAlready)));
    let nobodys = operator::delete(&app.services, "Nowhere").await;
    assert!(matches!(nobodys, Err(NotDone::NoSuchAccount)));
    let line = format!("account_deleted {NAME}");
    let lines = app.events().await;
    assert_eq!(lines.iter().filter(|it| **it == line).count(), 2);
    write_due(&app.services).await.unwrap();
    app.mails_gone().await;
    let told = unfolded(&last_mail_to(&app, DEVELOPER).await);
    let words = "The operator of this server deleted the account";
    assert!(told.contains(words), "{told}");
    app.clock.set(end);
    let late = operator::delete(&app.services, &id).await;
    assert!(matches!(late, Err(NotDone::NoSuchAccount)));
}

/// Of an owner who restores and an operator who deletes in the same moment one comes first, and the account is the operator's
/// in the end, whichever it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_who_deletes_while_the_owner_restores_has_the_account_deleted() {
    let app = TestApp::start().await;
    let mut owner = app.member(OWNER).await;
    let id = owner.own_account().await;
    for _ in 0..3 {
        delete(&mut owner, &id).await;
        let restoring = {
            let (mut owner, id) = (owner.clone(), id.clone());
            tokio::spawn(async move { restore(&mut owner, &id).await.status })
        };
        operator::delete(&app.services, &id).await.unwrap();
        let status = restoring.await.unwrap();
        assert!([200, 404, 409].contains(&status), "{status}");
        let theirs = "SELECT COUNT(*) FROM deleted_accounts WHERE deleted_by IS NULL";
        assert_eq!(app.number(theirs).await, 1);
        assert_eq!(app.count("accounts").await, 0);
        operator::restore(&app.services, &id, None).await.unwrap();
    }
}

#[tokio::test]
async fn whose_owner_is_gone_comes_back_by_the_operator_with_another_owner() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let id = five.team.owner.own_account().await;
    app.sql("UPDATE accounts SET required_from = 1").await;
    // A second factor that counts: the requirement does not shut the owner out.
    five.team.owner.enable_two_factor(&app).await;
    delete(&mut five.team.owner, &id).await;
    let there = operator::restore(&app.services, &id, Some(ADMIN)).await;
    assert!(
        there
            .unwrap_err()
            .to_string()
            .contains("has its owner still")
    );
    let gone = json!({ "step_up": step_up() });
    five.team
        .owner
        .call("profile/delete", gone)
        .await
        .expect(200);
    app.member("eve@example.org").await;
    for (owner, said) in [
        (None, "name one of its users with --owner"),
        (Some("eve@example.org"), "no user with that address"),
        (Some("nobody@example.org"), "no user with that address"),
        (Some(ADMIN), "and that user has none"),
    ] {
        let refused = operator::restore(&app.services, NAME, owner).await;
        let words = refused.unwrap_err().to_string();
        assert!(words.contains(said), "{owner:?}: {words}");
    }
    five.admin.enable_two_factor(&app).await;
    app.next_mails_are_last().await;
    operator::restore(&app.services, NAME, Some(ADMIN))
        .await
        .unwrap();
    // The new owner hears of it, as at a transfer, and so does the log.
    let letter = unfolded(&last_mail_to(&app, ADMIN).await);
    assert!(letter.contains("owner"), "{letter}");
    // Everybody reads who owns it, and what became of the owner before.
    write_due(&app.services).await.unwrap();
    app.mails_gone().await;
    let letter = unfolded(&last_mail_to(&app, DEVELOPER).await);
    let words = "Grace owns it now, because its owner before has no user here any more.";
    assert!(letter.contains(words), "{letter}");
    assert!(!letter.contains("Its users, their roles"), "{letter}");
    let transferred = "SELECT COUNT(*) FROM audit_events WHERE kind = 'account_transferred'";
    assert_eq!(app.number(transferred).await, 1);
    let entered = five.admin.of_account("enter", &id).await.expect(200).json();
    assert_eq!(entered["roles"], json!(["owner", "admin"]));
    assert_eq!(entered["delete"], Value::Null);
}

#[tokio::test]
async fn a_reset_confirmed_meanwhile_keeps_the_account_shut_as_if_it_had_been_there() {
    let app = TestApp::start().await;
    let mut owner = app.member(OWNER).await;
    let id = owner.own_account().await;
    app.sql("UPDATE accounts SET required_from = 2000000000")
        .await;
    delete(&mut owner, &id).await;
    let user: UserId = app.user(OWNER).await.id;
    let other = AccountId::new(uuid::Uuid::from_u128(7));
    let transaction = app.services.database.begin_write().await.unwrap();
    delay_opening(&transaction, user, other, Timestamp(1_900_000_000))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    restore(&mut owner, &id).await.expect(200);
    let opens = "SELECT opens_at FROM memberships";
    assert_eq!(app.number(opens).await, 1_900_000_000);
}

#[tokio::test]
async fn trust_that_the_account_forbids_ends_when_it_comes_back() {
    let app = TestApp::start().await;
    let (mut owner, authenticator) = app.member_with_two_factor(OWNER).await;
    let id = owner.own_account().await;
    app.sql("UPDATE accounts SET trusted_browsers_allowed = false")
        .await;
    delete(&mut owner, &id).await;
    let mut trusted = app.browser();
    trusted.sign_in(OWNER).await.expect(200);
    let code = authenticator.code(app.clock.now() + 30);
    trusted.give_code_and_trust(&code).await.expect(200);
    assert_eq!(app.count("trusted_browsers").await, 1);
    restore(&mut owner, &id).await.expect(200);
    assert_eq!(app.count("trusted_browsers").await, 0);
}

/// Who is not there when an account comes back has a line in its log, however they ceased to belong to it.
#[tokio::test]
async fn who_deletes_their_profile_in_the_week_of_a_deleted_account_has_left_it_by_its_log() {
    let app = TestApp::start().await;
    let mut five = five(&app).await;
    let id = five.team.owner.own_account().await;
    let before = memberships(&app).await;
    delete(&mut five.team.owner, &id).await;
    app.clock.advance(60);
    five.developer
        .call("profile/delete", json!({ "step_up": step_up() }))
        .await
        .expect(200);
    app.clock.advance(60);
    restore(&mut five.team.owner, &id).await.expect(200);
    let after = memberships(&app).await;
    assert_eq!(after.len(), before.len() - 1);
    let query = json!({ "account": id, "query": { "filter": { "about": "people" } } });
    let lines = five.team.owner.call("account/activity", query).await;
    let lines = lines.expect(200).json();
    assert_eq!(lines["events"][0]["kind"], "user_left", "{lines}");
    assert_eq!(lines["events"][0]["at"], app.clock.now().seconds() - 60);
}
