//! Tells all users of an account of its life, in small batches in the background, as announcements are written.

use app::types::ids::AccountId;

use super::batch::{BATCH, goes_on_after};
use crate::change::Change;
use crate::letters::Letter;
use crate::{Failure, Outcome, Services};
use storage::account_notices::{
    AccountNotice, NoticeKind, advance_notice, delete_notice, has_notice, lock_notice,
    next_readers, put_off_first_notice, put_off_notice, replace_notice,
};
use storage::accounts::{Account, find_account};
use storage::deleted_accounts::{DeletedAccount, find_deleted};
use storage::mailed_users::MailedUser;
use storage::users::{User, find_user};

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

/// Writes one batch of mails; true when there may be more. A notice that rests on a row that cannot be read is put off.
///
/// # Errors
/// Faults of the database; what was not written is found again.
pub(super) async fn write_batch(services: &Services) -> Outcome<bool> {
    let now = services.now();
    if !has_notice(services.database.read(), now).await? {
        return Ok(false);
    }
    let change = Change::by_server(services).await?;
    let notice = match lock_notice(change.db(), now).await {
        Ok(Some(notice)) => notice,
        Ok(None) => return Ok(false),
        Err(error) if error.is_unreadable() => {
            say_put_off(&error.into());
            put_off_first_notice(change.db(), now).await?;
            change.commit().await?;
            return Ok(true);
        }
        Err(error) => return Err(error.into()),
    };
    match write(change, &notice).await {
        Err(failure) if failure.is_unreadable() => {
            say_put_off(&failure);
            let change = Change::by_server(services).await?;
            put_off_notice(change.db(), notice.account, now).await?;
            change.commit().await?;
        }
        done => done?,
    }
    Ok(true)
}

fn say_put_off(failure: &Failure) {
    tracing::error!(
        ?failure,
        "the users of an account cannot be told of its life for now"
    );
}

async fn write(change: Change<'_>, notice: &AccountNotice) -> Outcome<()> {
    let readers = next_readers(change.db(), notice, BATCH).await?;
    mail(&change, notice, &readers).await?;
    match goes_on_after(&readers) {
        Some(last) => advance_notice(change.db(), notice.account, last).await?,
        None => delete_notice(change.db(), notice.account).await?,
    }
    change.commit().await?;
    Ok(())
}

/// What a notice is about, as it is now.
enum Told {
    Deleted(DeletedAccount),
    Restored(Account),
    RestoredToAnother(Account, User),
}

async fn look_up(change: &Change<'_>, notice: &AccountNotice) -> Outcome<Option<Told>> {
    let (db, id) = (change.db(), notice.account);
    Ok(match notice.kind {
        NoticeKind::Deleted => find_deleted(db, id).await?.map(Told::Deleted),
        NoticeKind::Restored => find_account(db, id).await?.map(Told::Restored),
        NoticeKind::RestoredToAnother => match find_account(db, id).await? {
            Some(account) => find_user(db, account.owner)
                .await?
                .map(|owner| Told::RestoredToAnother(account, owner)),
            None => None,
        },
    })
}

async fn mail(change: &Change<'_>, notice: &AccountNotice, readers: &[MailedUser]) -> Outcome<()> {
    let Some(told) = look_up(change, notice).await? else {
        return Ok(());
    };
    let by = notice.by.as_deref();
    let letter = match &told {
        Told::Deleted(account) => Letter::AccountDeleted {
            account: &account.name,
            by,
            until: account.erased_at,
        },
        Told::Restored(account) => Letter::AccountRestored {
            account: &account.name,
            by,
            required_from: account.required_from,
        },
        Told::RestoredToAnother(account, owner) => Letter::AccountRestoredToAnother {
            account: &account.name,
            to: &owner.name,
            required_from: account.required_from,
        },
    };
    for reader in readers {
        change.queue(reader, &letter).await?;
    }
    Ok(())
}
