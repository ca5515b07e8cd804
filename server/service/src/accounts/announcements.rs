//! Turns announcements into mails, in small batches in the background. Each batch stores its mails and its position in one
//! transaction, so that a crash neither loses a mail nor queues one twice.

use std::sync::Arc;
use std::time::Duration;

use app::types::timestamp::Timestamp;

use super::batch::{BATCH, goes_on_after};
use super::notices;
use crate::change::Change;
use crate::letters::Letter;
use crate::{Failure, Outcome, Services};
use domain::announcements::{AnnouncementKind, Mailing, is_stale, mailing};
use domain::enforcement::Requirement;
use storage::accounts::{Account, find_account};
use storage::announced::{find_announced, note_announced};
use storage::announcements::{
    Announcement, advance_announcement, count_due_announcements, delete_announcement,
    lock_due_announcement, put_off_announcement, put_off_first_announcement,
    put_off_one_announcement,
};
use storage::coverage::next_uncovered;
use storage::mailed_users::MailedUser;

/// Polling interval when nothing wakes the worker: for reminders, and for what a command announced.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Seconds for which an announcement is put off that cannot be written.
const PUT_OFF: i64 = 60 * 60;

/// Writes mails until the server leaves.
pub async fn run(services: Arc<Services>) {
    loop {
        if let Err(failure) = write_due(&services).await {
            tracing::error!(?failure, "announcements could not be written");
        }
        let woken = services.announced.notified();
        if !services.rest(woken, LOOK_EVERY).await {
            return;
        }
    }
}

/// Writes the mails of everything that is due now.
///
/// # Errors
/// Faults of the database; what was not written is found again.
pub async fn write_due(services: &Services) -> Outcome<()> {
    while !services.leaving.is_cancelled() && write_batch(services).await? {}
    while !services.leaving.is_cancelled() && notices::write_batch(services).await? {}
    Ok(())
}

/// One batch; true when there may be more. An announcement that rests on a row that cannot be read is put off.
async fn write_batch(services: &Services) -> Outcome<bool> {
    let now = services.now();
    if count_due_announcements(services.database.read(), now).await? == 0 {
        return Ok(false);
    }
    let change = Change::by_server(services).await?;
    let announcement = match lock_due_announcement(change.db(), now).await {
        Ok(Some(announcement)) => announcement,
        Ok(None) => return Ok(false),
        Err(error) if error.is_unreadable() => {
            say_put_off(&error.into());
            put_off_first_announcement(change.db(), now, now + PUT_OFF).await?;
            change.commit().await?;
            return Ok(true);
        }
        Err(error) => return Err(error.into()),
    };
    match write(change, &announcement, now).await {
        Err(failure) if failure.is_unreadable() => {
            say_put_off(&failure);
            let change = Change::by_server(services).await?;
            put_off_one_announcement(change.db(), announcement.id, now + PUT_OFF).await?;
            change.commit().await?;
        }
        done => done?,
    }
    Ok(true)
}

fn say_put_off(failure: &Failure) {
    tracing::error!(?failure, "an announcement cannot be written for now");
}

async fn write(change: Change<'_>, announcement: &Announcement, now: Timestamp) -> Outcome<()> {
    let account = find_account(change.db(), announcement.account).await?;
    let account = account.filter(|account| {
        let requirement = Requirement::from(account.required_from);
        !is_stale(announcement.kind, requirement, now)
    });
    let users = match &account {
        None => Vec::new(),
        Some(account) => {
            let sms_counts = account.rules.sms_counts;
            next_uncovered(
                change.db(),
                account.id,
                sms_counts,
                announcement.after,
                BATCH,
            )
            .await?
        }
    };
    if let Some(account) = &account {
        mail(&change, account, announcement.kind, &users).await?;
    }
    match goes_on_after(&users) {
        Some(last) => advance_announcement(change.db(), announcement.id, last).await?,
        None => delete_announcement(change.db(), announcement.id).await?,
    }
    change.commit().await?;
    Ok(())
}

/// Mails those of the users who are to be mailed now. The others of them are mailed when their day is over, with what is
/// true then.
async fn mail(
    change: &Change<'_>,
    account: &Account,
    kind: AnnouncementKind,
    users: &[MailedUser],
) -> Outcome<()> {
    let (now, from) = (change.services.now(), account.required_from);
    let Some(from) = from else { return Ok(()) };
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let before = find_announced(change.db(), account.id, &ids).await?;
    let (mut noted, mut put_off) = (Vec::new(), None);
    for user in users {
        let last = before.iter().find(|(id, _)| *id == user.id);
        match mailing(last.map(|(_, last)| *last), kind, from.at, now) {
            Mailing::Now(announced) => {
                let letter = Letter::RequirementAnnounced {
                    account: &account.name,
                    kind,
                    holds_from: from,
                };
                change.queue(user, &letter).await?;
                noted.push((user.id, announced));
            }
            Mailing::NotBefore(then) => put_off = put_off.max(Some(then)),
            Mailing::Never => {}
        }
    }
    note_announced(change.db(), account.id, &noted).await?;
    if let Some(then) = put_off {
        let id = change.services.new_uuid();
        put_off_announcement(change.db(), id, account.id, (now, then)).await?;
    }
    Ok(())
}
