//! At the same moment: two sign-ups, and a sign-up while its user proves or changes the address.

use serde_json::json;
use tokio::task::JoinSet;

use super::{GRACE, NEW, NEWCOMERS, grace_now, open_app, sign_up_link, with_grace};
use crate::support::{Browser, PASSWORD, Reply, TestApp};

async fn finish(mut browser: Browser, link: String) -> Reply {
    let finish = json!({ "token": link, "password": NEWCOMERS });
    browser.call("sign-up/finish", finish).await
}

/// The link by which Grace takes an address into use.
async fn confirm_link(app: &TestApp, grace: &mut Browser, email: &str) -> String {
    app.clock.advance(1);
    let change = json!({ "email": email, "step_up": { "password": PASSWORD, "code": null }, "mailbox_code": null });
    grace.call("profile/change-email", change).await.expect(200);
    app.links("/confirm-email").await.pop().unwrap()
}

#[tokio::test]
async fn of_two_sign_ups_one_wins_the_address() {
    let app = open_app().await;
    with_grace(&app).await;
    let links = [sign_up_link(&app).await, sign_up_link(&app).await];
    let all = links.iter().flat_map(|link| vec![link.clone(); 5]);
    let mut running = JoinSet::new();
    for link in all {
        running.spawn(finish(app.browser(), link));
    }
    let mut statuses = running
        .join_all()
        .await
        .into_iter()
        .map(|reply| reply.status)
        .collect::<Vec<_>>();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(
        statuses[1..].iter().all(|status| *status == 409),
        "{statuses:?}"
    );
    assert_eq!(app.count("lost_addresses").await, 1);
    assert_eq!(app.count("users").await, 3);
}

#[tokio::test]
async fn who_proves_an_address_keeps_it_or_has_lost_it() {
    for round in 0..6 {
        let app = open_app().await;
        let (_, mut grace) = with_grace(&app).await;
        let proof = confirm_link(&app, &mut grace, GRACE).await;
        let link = sign_up_link(&app).await;
        let confirm = grace.call("profile/confirm-email", json!({ "token": proof }));
        let (confirmed, finished) = if round % 2 == 0 {
            tokio::join!(confirm, finish(app.browser(), link))
        } else {
            let (finished, confirmed) = tokio::join!(finish(app.browser(), link), confirm);
            (confirmed, finished)
        };
        let outcome = (confirmed.status, finished.status);
        let user = grace_now(&app).await;
        match outcome {
            (200, 409) => assert!(user.is_email_verified && user.email.in_use() == Some(GRACE)),
            (409, 200) => assert!(!user.is_email_verified && user.email.in_use().is_none()),
            other => panic!("{other:?}: {confirmed:?} {finished:?}"),
        }
        let lost = i64::from(finished.status == 200);
        assert_eq!(app.count("lost_addresses").await, lost);
    }
}

#[tokio::test]
async fn who_changes_an_address_in_that_moment_has_the_other_one() {
    for _ in 0..6 {
        let app = open_app().await;
        let (_, mut grace) = with_grace(&app).await;
        let change = confirm_link(&app, &mut grace, NEW).await;
        let link = sign_up_link(&app).await;
        let confirm = grace.call("profile/confirm-email", json!({ "token": change }));
        let (confirmed, finished) = tokio::join!(confirm, finish(app.browser(), link));
        confirmed.expect(200);
        finished.expect(200);
        assert_eq!(grace_now(&app).await.email.in_use(), Some(NEW));
        app.browser()
            .sign_in(GRACE)
            .await
            .refused(401, "wrong_credentials");
        app.browser().sign_in(NEW).await.expect(200);
    }
}
