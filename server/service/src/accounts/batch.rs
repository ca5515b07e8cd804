//! Letters to many users of an account are written in batches: how many at once, and whether there are more.

use app::types::ids::UserId;
use storage::mailed_users::MailedUser;

/// Mails queued in one transaction; it bounds how long other writers wait.
pub(super) const BATCH: u64 = 50;

/// The user after whom the next batch begins; none where this was the last.
pub(super) fn goes_on_after(batch: &[MailedUser]) -> Option<UserId> {
    let is_full = batch.len() as u64 == BATCH;
    batch.last().filter(|_| is_full).map(|last| last.id)
}
