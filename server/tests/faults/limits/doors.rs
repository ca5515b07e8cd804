//! The doors at which the limits are played: each a try that differs from the one before in everything that the limit is
//! not counted for.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::stage::{ADA, BOB, Stage, Whose};
use crate::support::{Browser, PASSWORD, Reply, TestApp, invitation};

const WRONG: &str = "a wrong password of somebody";

async fn guess(mut browser: Browser, email: &str) -> Reply {
    browser.sign_in_with(email, WRONG).await
}

/// At users nobody has, from one client address.
pub(super) async fn guess_anything(stage: &mut Stage, whose: Whose) -> Reply {
    let email = format!("nobody{}@example.org", stage.tries);
    guess(stage.stranger(whose.of(1, 2)), &email).await
}

/// At one user, from many client addresses; when it is one too many the right password reads as wrong, too.
pub(super) async fn guess_at_user(stage: &mut Stage, whose: Whose) -> Reply {
    let email = whose.of(ADA, BOB);
    let before = stage.spent("passwords of strangers");
    let reply = guess(stage.stranger(stage.tries), email).await;
    if stage.spent("passwords of strangers") > before {
        let mut stranger = stage.stranger(100 + stage.tries);
        let right = stranger.sign_in(email).await;
        assert_eq!(right.text, reply.text);
    }
    reply
}

pub(super) async fn guess_in_own_browser(stage: &mut Stage, whose: Whose) -> Reply {
    let browser = whose.of(&stage.ada, &stage.adas_other).clone();
    guess(browser, ADA).await
}

pub(super) async fn rename(stage: &mut Stage, whose: Whose) -> Reply {
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    browser
        .call("profile/rename", json!({ "name": "Ada" }))
        .await
}

/// By the right password, in one browser.
pub(super) async fn sign_in_again(stage: &mut Stage, whose: Whose) -> Reply {
    let browser = whose.of(&mut stage.ada, &mut stage.adas_other);
    browser.sign_in(ADA).await
}

/// By the right password, in a new browser each time, at one client address or another.
pub(super) async fn sign_in_at_one_address(stage: &mut Stage, whose: Whose) -> Reply {
    stage.stranger(whose.of(1, 2)).sign_in(ADA).await
}

/// By the right password of one user or another, in a new browser each time, from anywhere.
pub(super) async fn sign_in_anywhere(stage: &mut Stage, whose: Whose) -> Reply {
    let mut stranger = stage.stranger(stage.tries);
    stranger.sign_in(whose.of(ADA, BOB)).await
}

pub(super) async fn sign_up(stage: &mut Stage, whose: Whose) -> Reply {
    let user = json!({
        "name": "Grace",
        "email": format!("grace{}@example.org", stage.tries),
        "account_name": "Compilers",
        "password": PASSWORD,
    });
    let mut stranger = stage.stranger(whose.of(1, 2));
    stranger
        .call("sign-up/request", json!({ "user": user }))
        .await
}

async fn forget(mut browser: Browser, email: &str) -> Reply {
    browser
        .call("password/forgot", json!({ "email": email }))
        .await
}

/// For many addresses, from one client.
pub(super) async fn forget_anybodys_password(stage: &mut Stage, whose: Whose) -> Reply {
    let email = format!("nobody{}@example.org", stage.tries);
    forget(stage.stranger(whose.of(1, 2)), &email).await
}

/// For one address, from one network or another.
pub(super) async fn forget_from_one_network(stage: &mut Stage, whose: Whose) -> Reply {
    forget(stage.stranger(whose.of(1, 2)), ADA).await
}

/// For one address or another, from one network, which has asked today.
pub(super) async fn forget_one_address(stage: &mut Stage, whose: Whose) -> Reply {
    forget(stage.stranger(1), whose.of(ADA, BOB)).await
}

pub(super) async fn open_invitation(stage: &mut Stage, whose: Whose) -> Reply {
    let mut stranger = stage.stranger(whose.of(1, 2));
    let token = "A".repeat(43);
    stranger
        .call("invitation/open", json!({ "token": token }))
        .await
}

/// As a user for whose sign-ins a link is due, from one network or another.
pub(super) async fn sign_in_by_link(stage: &mut Stage, whose: Whose) -> Reply {
    stage
        .app
        .sql("UPDATE users SET sign_in_link_due = true")
        .await;
    stage.stranger(whose.of(1, 2)).sign_in(ADA).await
}

async fn ask_for(browser: &mut Browser, email: &str) -> Reply {
    let step_up = json!({ "password": PASSWORD, "code": null });
    let arguments = json!({ "email": email, "step_up": step_up });
    browser.call("profile/change-email", arguments).await
}

/// Somebody's mailbox as the new address of one user after the other.
pub(super) async fn ask_for_mailbox(stage: &mut Stage, whose: Whose) -> Reply {
    let email = whose.of("victim@example.org", "another@example.org");
    ask_for(&mut stage.newcomer().await, email).await
}

pub(super) async fn change_address(stage: &mut Stage, whose: Whose) -> Reply {
    let email = format!("new{}@example.org", stage.tries);
    ask_for(whose.of(&mut stage.ada, &mut stage.bob), &email).await
}

async fn invite(browser: &mut Browser, email: &str) -> Reply {
    let invited: Value = invitation("any", email, &["developer"]);
    browser.call("team/invite", invited).await
}

/// One mailbox, from users who have nothing to do with each other.
pub(super) async fn invite_from_anywhere(stage: &mut Stage, whose: Whose) -> Reply {
    let email = whose.of("victim@example.org", "another@example.org");
    invite(&mut stage.newcomer().await, email).await
}

/// One mailbox, from one user or another.
pub(super) async fn invite_again(stage: &mut Stage, whose: Whose) -> Reply {
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    invite(browser, "victim@example.org").await
}

pub(super) async fn invite_anybody(stage: &mut Stage, whose: Whose) -> Reply {
    let email = format!("guest{}@example.org", stage.tries);
    invite(whose.of(&mut stage.ada, &mut stage.bob), &email).await
}

pub(super) async fn create_account(stage: &mut Stage, whose: Whose) -> Reply {
    let name = format!("Account {}", stage.tries);
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    browser
        .call("accounts/create", json!({ "name": name }))
        .await
}

async fn send_code(browser: &mut Browser, address: String, number: u32) -> Reply {
    browser.forwarded_for = Some(address);
    browser.begin_sms("GB", &format!("07400 {number:06}")).await
}

/// Of one user, from anywhere, to any number.
pub(super) async fn codes_to_user(stage: &mut Stage, whose: Whose) -> Reply {
    let (n, address) = (stage.tries, stage.address_of(stage.tries));
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    send_code(browser, address, 100_000 + n).await
}

/// To one number, of anybody, from anywhere.
pub(super) async fn codes_to_number(stage: &mut Stage, whose: Whose) -> Reply {
    let number = whose.of(123_456, 654_321);
    let address = stage.address_of(stage.tries);
    send_code(&mut stage.newcomer().await, address, number).await
}

/// From one client address, of anybody, to any number.
pub(super) async fn codes_of_client(stage: &mut Stage, whose: Whose) -> Reply {
    let number = 100_000 + stage.tries;
    let address = stage.address_of(whose.of(1, 2));
    send_code(&mut stage.newcomer().await, address, number).await
}

/// The messages that were written, one file each.
fn messages(app: &TestApp) -> BTreeSet<PathBuf> {
    let Ok(folder) = std::fs::read_dir(app.folder().join("outbox")) else {
        return BTreeSet::new();
    };
    let files = folder.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect()
}

/// Sets SMS up for one of the two at their first try, which counts elsewhere.
async fn set_up_sms(stage: &mut Stage, whose: Whose) {
    let email = whose.of(ADA, BOB);
    let factors = format!(
        "SELECT COUNT(*) FROM second_factors WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"
    );
    if stage.app.number(&factors).await > 0 {
        return;
    }
    let before = messages(&stage.app);
    let (client, number) = whose.of((1, 111_111), (2, 222_222));
    let address = stage.address_of(client);
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    let enrolment = send_code(browser, address, number).await.expect(200).json();
    let after = messages(&stage.app);
    let written = after.difference(&before).next().unwrap();
    let text = std::fs::read_to_string(written).unwrap();
    let (_, code) = text.trim_end().rsplit_once('#').unwrap();
    browser.confirm(&enrolment["id"], code).await.expect(200);
}

/// Of one user, who signs in with a browser that has given the factor.
pub(super) async fn codes_to_known_browser(stage: &mut Stage, whose: Whose) -> Reply {
    set_up_sms(stage, whose).await;
    let browser = whose.of(&mut stage.ada, &mut stage.bob);
    browser.sign_in(whose.of(ADA, BOB)).await.expect(200);
    browser.send_sign_in_code().await
}

/// Of one user, in a session.
pub(super) async fn codes_to_signed_in(stage: &mut Stage, whose: Whose) -> Reply {
    set_up_sms(stage, whose).await;
    whose.of(&mut stage.ada, &mut stage.bob).send_code().await
}
