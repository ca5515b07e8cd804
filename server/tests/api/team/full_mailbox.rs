//! A mailbox that has had its letters for a week. Whoever fills it, the person themselves among them, must not keep anything
//! from being done to them.

use serde_json::json;

use super::{DEVELOPER, five, on, proven, roles};
use crate::support::{OWNER, START, Team, TestApp, invitation, subject};

/// Changes before the acts that count: more than a mailbox gets of strangers in a week here.
const CHANGES: usize = 7;

#[tokio::test]
async fn a_mailbox_that_is_full_keeps_nobody_from_being_demoted_or_removed() {
    let app = TestApp::start_with(|settings| settings.limits.mails_per_mailbox_a_day = 1).await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let dora = owner.id_of(DEVELOPER).await;
    for n in 0..CHANGES {
        let to_be = ["billing", "developer"][n % 2];
        let change = roles(&dora, &[to_be]);
        five.admin
            .call("team/change-roles", change)
            .await
            .expect(200);
    }
    // An offer that only a letter could have told of being taken back.
    owner
        .call("team/offer-transfer", proven(&dora, None))
        .await
        .expect(200);
    app.mails_gone().await;
    let any = json!({ "account": "any" });
    let taken_back = owner.call("team/take-back-transfer", any).await;
    let demoted = owner
        .call("team/change-roles", roles(&dora, &["developer"]))
        .await;
    let removed = owner.call("team/remove", on(&dora)).await;
    let statuses = [&taken_back, &demoted, &removed].map(|reply| reply.status);
    assert_eq!(statuses, [200, 200, 200], "{}", removed.text);
    let events = app.events().await;
    for line in [
        "transfer_taken_back",
        r#"roles_changed ["developer"]"#,
        "user_removed",
    ] {
        assert!(
            events.iter().any(|event| event == line),
            "{line}: {events:?}"
        );
    }
    // Each was told: what strangers may send to a mailbox has nothing to do with it.
    let mails = app.mails().await;
    let theirs = mails.iter().filter(|mail| mail.contains(DEVELOPER));
    let team = theirs.filter(|mail| !subject(mail).contains("offered"));
    let told = team.filter(|mail| {
        let subject = subject(mail);
        subject.contains("Analytical Engines") || subject == "You were removed from an account"
    });
    assert_eq!(told.count(), CHANGES + 3);
}

/// An invitation is nothing without its letter: it is refused, and the code that was given for it is good for nobody.
#[tokio::test]
async fn a_code_stays_spent_though_the_mailbox_has_no_room_for_an_invitation() {
    let app = TestApp::start_with(|settings| {
        settings.limits.invitations_per_mailbox_a_day = 1;
        settings.limits.invitations_per_mailbox_and_user = 1;
    })
    .await;
    let mut team = Team::found(&app).await;
    let authenticator = team.owner.enable_two_factor(&app).await;
    let invited = "pia@example.org";
    // One goes out today, and one waits.
    for _ in 0..2 {
        let call = invitation("any", invited, &["admin"]);
        team.owner.call("team/invite", call).await.expect(200);
    }
    let list = json!({ "account": "any" });
    let pending = team.owner.call("team/invitations", list.clone()).await;
    let pending = pending.json()["invitations"].clone();
    let mut sent_again = json!({ "account": "any", "invitation": pending[0]["id"] });
    let calls = [
        ("team/invite", invitation("any", invited, &["admin"])),
        ("team/resend-invitation", {
            sent_again["step_up"] = invitation("any", invited, &["admin"])["step_up"].clone();
            sent_again
        }),
    ];
    for (n, (endpoint, mut call)) in calls.into_iter().enumerate() {
        let now = START + 1_800 * (1 + i64::try_from(n).unwrap());
        app.clock.set(now);
        let code = authenticator.code(now);
        call["step_up"]["code"] = json!(code);
        team.owner
            .call(endpoint, call)
            .await
            .paused("invitation_mails");
        let mut other = app.browser();
        other.sign_in(OWNER).await.expect(200);
        other.give_code(&code).await.refused(422, "wrong_code");
        let now = team.owner.call("team/invitations", list.clone()).await;
        assert_eq!(now.json()["invitations"], pending, "{endpoint}");
    }
}
