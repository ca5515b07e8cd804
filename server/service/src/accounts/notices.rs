//! Tells all users of an account of its life, in small batches in the background, as announcements are written.

use app::types::ids::AccountId;

use crate::change::Change;
use crate::letters::{Addressed, Letter};
use crate::{Outcome, Services};
use storage::account_notices::{
    AccountNotice, NoticeKind, NoticeReader, advance_notice, delete_notice, has_notice,
    lock_notice, next_readers, replace_notice,
};
use storage::accounts::find_account;
use storage::deleted_accounts::find_deleted;

/// Mails queued in one transaction; it bounds how long other writers wait.
const BATCH: u64 = 50;

/// Has all users of an account told, in the transaction of what they are told.
pub(super) async fn tell_everybody(
    change: &Change<'_>,
    account: AccountId,
    kind: NoticeKind,
    by: Option<&str>,
) -> Outcome<()> {
    let now = change.services.now();
    replace_notice(change.db(), account, kind, by, now).await?;
    change.note_announcement();
    Ok(())
}

/// Writes one batch of mails; true when there may be more.
///
/// # Errors
/// Faults of the database; what was not written is found again.
pub(super) async fn write_batch(services: &Services) -> Outcome<bool> {
    if !has_notice(services.database.read()).await? {
        return Ok(false);
    }
    let change = Change::by_server(services).await?;
    let Some(notice) = lock_notice(change.db()).await? else {
        return Ok(false);
    };
    let readers = next_readers(change.db(), &notice, BATCH).await?;
    mail(&change, &notice, &readers).await?;
    match readers.last() {
        Some(last) if readers.len() as u64 == BATCH => {
            advance_notice(change.db(), notice.account, last.id).await?;
        }
        Some(_) | None => delete_notice(change.db(), notice.account).await?,
    }
    change.commit().await?;
    Ok(true)
}

async fn mail(
    change: &Change<'_>,
    notice: &AccountNotice,
    readers: &[NoticeReader],
) -> Outcome<()> {
    let by = notice.by.as_deref();
    let (name, until) = match notice.kind {
        NoticeKind::Deleted => match find_deleted(change.db(), notice.account).await? {
            Some(account) => (account.name, Some(account.erased_at)),
            None => return Ok(()),
        },
        NoticeKind::Restored => match find_account(change.db(), notice.account).await? {
            Some(account) => (account.name, None),
            None => return Ok(()),
        },
    };
    let account = name.as_str();
    let letter = match until {
        Some(until) => Letter::AccountDeleted { account, by, until },
        None => Letter::AccountRestored { account, by },
    };
    for reader in readers {
        let to = Addressed {
            name: Some(&reader.name),
            email: reader.email.in_use(),
            user: Some(reader.id),
            reader: reader.reader,
        };
        change.queue(to, &letter).await?;
    }
    Ok(())
}
