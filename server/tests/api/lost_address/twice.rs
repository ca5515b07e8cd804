//! An address that changes hands again while somebody signs in by it who has lost it: at most one user does.

use domain::user_address::SIGNS_IN_FOR;
use serde_json::json;
use service::users::named::{Behind, behind};

use super::{
    GRACE, NEW, NEWCOMERS, grace_now, newcomer, open_app, sign_up_link, state, with_grace,
};
use crate::support::{Browser, PASSWORD, TestApp};

const THIRD: &str = "amber-cloud-5-violin";

/// Signs up with Grace's address as a third user.
async fn third(app: &TestApp) -> Browser {
    app.clock.advance(1);
    let form = json!({ "user": {
        "name": "Trudy", "email": GRACE, "account_name": "Third", "password": THIRD,
    }});
    let asked = app.browser().call("sign-up/request", form).await;
    asked.expect(200);
    let link = app.links("/verify-email").await.pop().unwrap();
    let mut browser = app.browser();
    let finish = json!({ "token": link, "password": THIRD });
    browser.call("sign-up/finish", finish).await.expect(200);
    browser
}

async fn name_by(app: &TestApp, email: &str, password: &str) -> Option<String> {
    let mut browser = app.browser();
    let reply = browser.sign_in_with(email, password).await;
    if reply.status != 200 {
        reply.refused(401, "wrong_credentials");
        return None;
    }
    let name = state(&mut browser).await["name"].clone();
    name.as_str().map(str::to_owned)
}

/// Who has won an address has proven it, and loses it to nobody.
#[tokio::test]
async fn who_has_won_an_address_keeps_it() {
    let app = open_app().await;
    with_grace(&app).await;
    let another = sign_up_link(&app).await;
    newcomer(&app).await;
    let finish = json!({ "token": another, "password": NEWCOMERS });
    let late = app.browser().call("sign-up/finish", finish).await;
    late.refused(409, "link_over");
    let form = json!({ "user": {
        "name": "Trudy", "email": GRACE, "account_name": "Third", "password": THIRD,
    }});
    app.clock.advance(1);
    let links = app.links("/verify-email").await.len();
    let asked = app.browser().call("sign-up/request", form).await;
    asked.expect(200);
    assert_eq!(app.links("/verify-email").await.len(), links);
    assert_eq!(app.count("lost_addresses").await, 1);
    let name = name_by(&app, GRACE, NEWCOMERS).await;
    assert_eq!(name.as_deref(), Some("Mallory"));
}

/// The second holder leaves the address by their own choice and a third signs up with it: the first signs in by it for as
/// long as before, and the second by their own alone.
#[tokio::test]
async fn the_first_who_lost_it_signs_in_by_it_whoever_has_it_now() {
    let app = open_app().await;
    with_grace(&app).await;
    let mut second = newcomer(&app).await;
    let step_up = json!({ "password": NEWCOMERS, "code": null });
    let change = json!({ "email": NEW, "step_up": step_up });
    let asked = second.call("profile/change-email", change).await;
    asked.expect(200);
    let link = app.links("/confirm-email").await.pop().unwrap();
    let confirm = json!({ "token": link });
    let confirmed = second.call("profile/confirm-email", confirm).await;
    confirmed.expect(200);
    third(&app).await;
    assert_eq!(app.count("lost_addresses").await, 1);
    for (email, password, expected) in [
        (GRACE, PASSWORD, Some("Grace")),
        (GRACE, NEWCOMERS, None),
        (GRACE, THIRD, Some("Trudy")),
        (NEW, NEWCOMERS, Some("Mallory")),
        (NEW, PASSWORD, None),
    ] {
        let name = name_by(&app, email, password).await;
        assert_eq!(name.as_deref(), expected, "{email} {password}");
    }
    app.clock.advance(SIGNS_IN_FOR);
    let after = [
        name_by(&app, GRACE, PASSWORD).await,
        name_by(&app, GRACE, THIRD).await,
    ];
    assert_eq!(after, [None, Some("Trudy".to_owned())]);
}

/// A command that takes the address reaches who has it now, and says that another signs in by it.
#[tokio::test]
async fn the_operator_hears_that_another_signs_in_by_an_address() {
    let app = open_app().await;
    let (_, _) = with_grace(&app).await;
    let of = async |who: &str| behind(&app.services, who).await.unwrap();
    let before = of(GRACE).await;
    assert_eq!((before.is_unproven, before.also), (true, None));
    newcomer(&app).await;
    let grace = grace_now(&app).await.id;
    let now = of(GRACE).await;
    assert_eq!((now.is_unproven, now.also), (false, Some(grace)));
    assert_eq!(of(&grace.to_string()).await, Behind::default());
    app.clock.advance(SIGNS_IN_FOR);
    assert_eq!(of(GRACE).await.also, None);
}
