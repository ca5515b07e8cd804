//! Settings that are not at least as strict as before for everybody: a stolen session cannot save them.

use serde_json::{Value, json};

use crate::support::{AdaAndBob, Browser, PASSWORD, START, ada_and_bob, last_mail_to, unfolded};

const ADA: &str = "ada@example.org";
const DAY: i64 = 86_400;
const SUBJECT: &str = "the Authentication Settings are less strict";

fn password() -> Value {
    json!({ "password": PASSWORD, "code": null })
}

fn rules(trusted_browsers_allowed: bool, sms_counts: bool) -> Value {
    json!({ "trusted_browsers_allowed": trusted_browsers_allowed, "sms_counts": sms_counts })
}

/// A change of requirement and rules at once, on top of what the account has now.
async fn change(ada: &mut Browser, id: &str, from: Option<i64>, rules: Value) -> Value {
    let mut change = ada.change(id, from.is_some(), from).await;
    change["rules"] = rules;
    change
}

#[tokio::test]
async fn a_stolen_session_makes_nothing_weaker_and_the_owner_is_mailed_whoever_does() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let strict = rules(false, false);
    let day = START.0 + 2 * DAY;
    let first = change(&mut ada, &id, Some(day), strict.clone()).await;
    ada.save(&id, &first, Value::Null).await.expect(200);
    let mut thief = ada.clone();
    let weaker = [
        (
            Some(START.0 + 90 * DAY),
            strict.clone(),
            "is required from 15 April 2027 (UTC) on, and no longer from 17 January 2027 (UTC) on",
        ),
        (Some(day + DAY), strict.clone(), "and no longer from"),
        (Some(day), rules(true, false), "Users may trust a browser"),
        (Some(day), rules(false, true), "SMS counts as two-factor"),
        // Stricter in one part makes up for nothing.
        (
            Some(day - DAY),
            rules(false, true),
            "SMS counts as two-factor",
        ),
        (
            Some(day - DAY),
            rules(true, false),
            "Users may trust a browser",
        ),
        (None, strict.clone(), "is no longer required"),
    ];
    for (from, rules, _) in &weaker {
        let change = change(&mut thief, &id, *from, rules.clone()).await;
        let before = app.events().await;
        thief
            .save(&id, &change, Value::Null)
            .await
            .refused(422, "step_up_needed");
        let wrong = json!({ "password": "a wrong password", "code": null });
        thief
            .save(&id, &change, wrong)
            .await
            .refused(422, "wrong_password");
        assert_eq!(app.events().await, before);
    }
    assert_eq!(app.mails_with(SUBJECT).await, 0);
    for (from, rules, sentence) in weaker {
        app.next_mails_are_last().await;
        let weaker = change(&mut ada, &id, from, rules).await;
        ada.save(&id, &weaker, password()).await.expect(200);
        let mail = unfolded(&last_mail_to(&app, ADA).await);
        assert!(mail.contains(sentence), "{sentence}: {mail}");
        assert!(mail.contains("Ada changed the Authentication Settings"));
        assert!(mail.contains("IP address: 127.0.0.1"), "{mail}");
        // Back to where it was, which is stricter in every part that was weaker.
        let back = change(&mut ada, &id, Some(day), strict.clone()).await;
        ada.save(&id, &back, password()).await.expect(200);
    }
}

#[tokio::test]
async fn what_is_as_strict_or_stricter_takes_no_proof_and_mails_no_owner() {
    let AdaAndBob {
        app, mut ada, id, ..
    } = ada_and_bob(2).await;
    let day = START.0 + 9 * DAY;
    for (from, rules) in [
        (Some(day), rules(true, false)),
        (Some(day), rules(false, false)),
        (Some(day - DAY), rules(false, false)),
        (Some(START.0), rules(false, false)),
    ] {
        let change = change(&mut ada, &id, from, rules).await;
        ada.save(&id, &change, Value::Null).await.expect(200);
    }
    assert_eq!(app.mails_with(SUBJECT).await, 0);
    assert_eq!(ada.settings(&id).await["in_force"], true);
}

#[tokio::test]
async fn a_requirement_that_holds_is_put_off_by_no_save() {
    let AdaAndBob {
        app: _app,
        mut ada,
        id,
        ..
    } = ada_and_bob(2).await;
    ada.require(&id, None).await.expect(200);
    let later = ada.change(&id, true, Some(START.0 + 30 * DAY)).await;
    for proof in [Value::Null, password()] {
        let reply = ada.save(&id, &later, proof).await;
        reply.refused(422, "invalid_fields");
    }
    assert_eq!(ada.settings(&id).await["required_from"]["at"], START.0);
}
