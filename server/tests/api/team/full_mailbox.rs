//! A mailbox that has had its letters for a week. Whoever fills it, the person themselves among them, must not keep anything
//! from being done to them.

use serde_json::json;

use super::{DEVELOPER, five, on, proven, roles};
use crate::support::{TestApp, subject};

const DAY: i64 = 24 * 60 * 60;
/// Letters that wait: one a day for a week.
const WAITING: usize = 7;

#[tokio::test]
async fn a_mailbox_that_is_full_keeps_nobody_from_being_demoted_or_removed() {
    let app = TestApp::start_with(|settings| settings.limits.mails_per_mailbox_a_day = 1).await;
    let mut five = five(&app).await;
    let owner = &mut five.team.owner;
    let dora = owner.id_of(DEVELOPER).await;
    for n in 0..WAITING {
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
        "roles_changed Developer",
        "user_removed",
    ] {
        assert!(
            events.iter().any(|event| event == line),
            "{line}: {events:?}"
        );
    }
    // The bound holds all the same: what has no room in a week is in the log alone.
    let to_dora = async || {
        let mails = app.mails().await;
        let theirs = mails.iter().filter(|mail| mail.contains(DEVELOPER));
        let team = theirs.filter(|mail| !subject(mail).contains("offered"));
        team.filter(|mail| subject(mail).contains("Analytical Engines"))
            .count()
    };
    assert_eq!(to_dora().await, 1);
    app.clock.advance(8 * DAY);
    assert_eq!(to_dora().await, WAITING);
}
