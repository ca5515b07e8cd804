//! Limits of mail: to one mailbox from all senders, and caused by one user.

use crypto::clock::Clock as _;
use serde_json::json;

use crate::support::{Browser, TestApp, invitation, last_mail_to};

const DAY: i64 = 24 * 60 * 60;
const VICTIM: &str = "victim@example.org";

fn proxied() -> impl Fn(&mut settings::Settings) + Send + Sync + 'static {
    |settings| {
        settings.trusted_proxies = serde_json::from_str("[\"127.0.0.1\"]").unwrap();
        settings.limits.mails_per_address_an_hour = 2;
    }
}

async fn create_account(browser: &mut Browser, name: &str) -> String {
    let reply = browser
        .call("accounts/create", json!({ "name": name }))
        .await;
    reply.expect(200).json().as_str().unwrap().to_owned()
}

/// Accounts are free: the bound is of the mailbox and of who invites. What it stops waits, and its sender reads so.
#[tokio::test]
async fn invitations_to_one_mailbox_are_bounded_over_all_accounts_and_wait() {
    let app = TestApp::start().await;
    let mut mallory = app.member("mallory@example.org").await;
    let mut waiting = Vec::new();
    for name in ["One", "Two", "Three", "Four"] {
        let account = create_account(&mut mallory, name).await;
        let reply = mallory
            .call("team/invite", invitation(&account, VICTIM, &["billing"]))
            .await;
        // One waits; whoever asks for more reads until when there is no room.
        waiting.push((reply.status == 200).then(|| !reply.json()["waits_until"].is_null()));
    }
    assert_eq!(waiting, [Some(false), Some(false), Some(true), None]);
    let links = app.links("/invitation").await.len();
    assert_eq!(links, 2);
    let mut late = Vec::new();
    for n in 0..4 {
        let mut other = app.member(&format!("other{n}@example.org")).await;
        let account = create_account(&mut other, "Own").await;
        let reply = other
            .call("team/invite", invitation(&account, VICTIM, &["billing"]))
            .await
            .expect(200);
        late.push(!reply.json()["waits_until"].is_null());
    }
    assert_eq!(late, [false, false, false, true]);
    assert_eq!(app.links("/invitation").await.len(), 5);
    app.clock.advance(DAY);
    assert_eq!(app.links("/invitation").await.len(), 7);
}

/// What stands after a plus makes no other mailbox, for any budget of letters; a user keeps what is theirs.
#[tokio::test]
async fn an_address_with_a_tag_is_the_same_mailbox_and_another_user() {
    let app = TestApp::start_with(|settings| settings.sign_up = true).await;
    let mut mallory = app.member("mallory@example.org").await;
    let mut sent = Vec::new();
    for address in [
        "victim@example.org",
        "victim+1@example.org",
        "Victim+2@example.org",
        "victim+3@example.org",
    ] {
        let call = invitation("any", address, &["billing"]);
        let reply = mallory.call("team/invite", call).await;
        sent.push((reply.status == 200).then(|| !reply.json()["waits_until"].is_null()));
    }
    assert_eq!(sent, [Some(false), Some(false), Some(true), None]);
    // Nothing stands before the plus: not all mailboxes of the domain.
    for address in ["+1@example.org", "+2@example.org", "v.ictim@example.org"] {
        let call = invitation("any", address, &["billing"]);
        let reply = mallory.call("team/invite", call).await.expect(200);
        assert!(reply.json()["waits_until"].is_null(), "{address}");
    }
    // Links that anybody asks for: three of one network.
    for ask in ["password/forgot", "sign-up/request"] {
        let mut statuses = Vec::new();
        for n in 0..6 {
            let email = format!("other+{n}@example.org");
            let arguments = if ask == "password/forgot" {
                json!({ "email": email })
            } else {
                json!({ "user": { "name": "Eve", "email": email, "account_name": "Eve", "password": "violet-sofa-7-drum" } })
            };
            statuses.push(app.browser().call(ask, arguments).await.status);
        }
        assert_eq!(statuses.last(), Some(&429), "{ask}: {statuses:?}");
        assert_eq!(statuses.first(), Some(&200), "{ask}: {statuses:?}");
    }
    // Wrong passwords are of the user at whom they are guessed.
    app.create_user("ada@example.org").await;
    app.create_user("ada+1@example.org").await;
    for _ in 0..10 {
        app.browser()
            .sign_in_with("ada+1@example.org", "wrong wrong wrong")
            .await;
    }
    let guessed = app.browser().sign_in("ada+1@example.org").await;
    assert_ne!(guessed.status, 200, "the count is of that user");
    app.browser().sign_in("ada@example.org").await.expect(200);
}

#[tokio::test]
async fn a_user_creates_ten_accounts_a_day() {
    let app = TestApp::start().await;
    let mut ada = app.member("ada@example.org").await;
    for n in 0..10 {
        create_account(&mut ada, &format!("Account {n}")).await;
    }
    let name = json!({ "name": "One more" });
    let reply = ada.call("accounts/create", name).await;
    reply.paused("accounts");
}

/// Whatever others have asked for, a network that has not asked today gets its mail.
#[tokio::test]
async fn a_network_that_has_not_asked_today_always_gets_a_mail() {
    let app = TestApp::start_with(proxied()).await;
    app.create_user("ada@example.org").await;
    let forget = async |address: &str| {
        let mut browser = app.browser();
        browser.forwarded_for = Some(address.to_owned());
        let arguments = json!({ "email": "ada@example.org" });
        browser.call("password/forgot", arguments).await.status
    };
    for network in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        assert_eq!(forget(network).await, 200, "{network}");
    }
    assert_eq!(forget("192.0.2.3").await, 429);
    app.clock.advance(60 * 60);
    assert_eq!(forget("192.0.2.3").await, 200);
}

/// A site of IPv6 has 65,536 networks: it gets no mail for each.
#[tokio::test]
async fn a_site_of_ipv6_is_one_network_that_has_not_asked() {
    let app = TestApp::start_with(proxied()).await;
    app.create_user("ada@example.org").await;
    let mut sent = 0;
    for network in 0..20 {
        let mut browser = app.browser();
        browser.forwarded_for = Some(format!("2001:db8:1:{network:x}::1"));
        let arguments = json!({ "email": "ada@example.org" });
        let reply = browser.call("password/forgot", arguments).await;
        sent += usize::from(reply.status == 200);
    }
    // The first of the site, and what all networks have in an hour.
    assert_eq!(sent, 2);
    assert_eq!(app.links("/reset-password").await.len(), 2);
    let mut other = app.browser();
    other.forwarded_for = Some("2001:db8:2::1".to_owned());
    let arguments = json!({ "email": "ada@example.org" });
    other.call("password/forgot", arguments).await.expect(200);
}

/// Strangers who give somebody's mailbox as theirs, all day long, do not keep its owner from giving it.
#[tokio::test]
async fn a_mailbox_that_strangers_have_given_can_be_given_by_its_owner() {
    let app = TestApp::start_with(proxied()).await;
    let give = async |browser: &mut Browser, network: &str| {
        browser.forwarded_for = Some(network.to_owned());
        let step_up = json!({ "password": crate::support::PASSWORD, "code": null });
        let arguments = json!({ "email": VICTIM, "step_up": step_up });
        browser.call("profile/change-email", arguments).await.status
    };
    let mut given = 0;
    for n in 0..6 {
        let mut stranger = app.member(&format!("stranger{n}@example.org")).await;
        for _ in 0..5 {
            given += usize::from(give(&mut stranger, "192.0.2.66").await == 200);
        }
    }
    assert_eq!(given, 20);
    let mut ada = app.member("ada@example.org").await;
    assert_eq!(give(&mut ada, "192.0.2.1").await, 200);
    assert_eq!(app.links("/confirm-email").await.len(), 21);
}

/// Three users with accounts of their own do not fill all the days in which an invitation could wait.
#[tokio::test]
async fn nobody_fills_the_days_ahead_of_a_mailbox() {
    let app = TestApp::start().await;
    for n in 0..3 {
        let mut stranger = app.member(&format!("stranger{n}@example.org")).await;
        let mut sent = 0;
        for name in 0..8 {
            let account = create_account(&mut stranger, &format!("Account {name}")).await;
            let arguments = invitation(&account, VICTIM, &["billing"]);
            let reply = stranger.call("team/invite", arguments).await;
            sent += usize::from(reply.status == 200);
        }
        // Two a day, and one that waits.
        assert!(sent <= 3, "{sent}");
    }
    let mut ada = app.member("ada@example.org").await;
    let account = create_account(&mut ada, "Own").await;
    let arguments = invitation(&account, VICTIM, &["billing"]);
    let reply = ada.call("team/invite", arguments).await.expect(200);
    let waits_until = reply.json()["waits_until"].as_i64().unwrap();
    let tomorrow = (app.clock.now().seconds() / DAY + 1) * DAY;
    assert_eq!(waits_until, tomorrow);
}

/// The mail that invites holds no words of a stranger as they were typed, and greets nobody by one.
#[tokio::test]
async fn an_invitation_quotes_names_and_leaves_addresses_out() {
    let app = TestApp::start().await;
    let mut mallory = app.member("mallory@example.org").await;
    let account = create_account(&mut mallory, "Payroll: see https://evil.example/pay3").await;
    let arguments = invitation(&account, VICTIM, &["billing"]);
    mallory.call("team/invite", arguments).await.expect(200);
    let mail = last_mail_to(&app, VICTIM).await;
    assert!(
        mail.contains("Subject: You are invited to an account\r\n"),
        "{mail}"
    );
    assert!(!mail.contains("evil") && mail.contains("Hello,"), "{mail}");
}
