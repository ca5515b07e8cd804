//! Upkeep: what has run out is removed in the background.

use app::types::session::SessionEnd;
use app::types::timestamp::Timestamp;

use super::accounts::deletion::erase_due;
use super::browsers::{KNOWN_LIFE, TRUST_LIFE};
use super::ends::end_late;
use super::factor_set::bind_everyone;
use super::invitations::LINK_LIFE as INVITATION_LIFE;
use super::letters::queue::LONGEST_WAIT;
use super::retention::remove_old_lines;
use super::{Outcome, Services, presence};
use domain::account_deletion::KEPT_FOR;
use domain::ends::{Ephemeral, hangs_on_session};
use domain::offers::{OPENS_AFTER, TRANSFER_LIFE};
use domain::user_address::SIGNS_IN_FOR;
use storage::WriteTransaction;
use storage::ended_sessions::{END_KNOWN, EndNote};
use storage::ephemeral::{Moment, ROWS_IN_A_STEP, delete_some, place};
use storage::folded_names::{fold, unfolded_names};
use storage::leases::take_lease;
use storage::memberships::open_late;
use storage::session_rows::delete_with_sessions;
use storage::tries::forget_future_tries;
use webauthn::challenge::REMEMBERED_SECONDS;

/// What the lease is of, and for how many seconds: a little less than the minute between two turns.
/// Servers before the factors of users were bound have a lease of another name, by which they are known to be alive.
pub const JOB: &str = "upkeep 2";
const LEASE: i64 = 55;
/// The longest that anything unfinished lasts, and how far a clock may be set back before it is a matter of upkeep.
const DAY: i64 = 24 * 60 * 60;
/// Seconds for which it is known what a user was mailed of a requirement: the day of the count, and one more for the mail
/// that was put off to its end.
const ANNOUNCED_LIFE: i64 = 2 * DAY;
/// Seconds for which an invitation that ran out is still shown, so that it can be sent again.
const INVITATION_SHOWN: i64 = 30 * 24 * 60 * 60;
/// Names that are folded in one transaction: each is a statement of its own, and others wait for the writer.
const NAMES_IN_A_STEP: u64 = 50;
/// Seconds for which a mailbox counts as refused: after that, the next letter may find out again.
const REFUSAL_KEPT: i64 = 30 * 24 * 60 * 60;

/// Removes what has run out, unless another server on the same database has done so within the minute.
pub async fn in_turn(services: &Services) -> Outcome<Option<u64>> {
    let transaction = services.database.begin_write().await?;
    let now = services.now();
    let is_ours = take_lease(&transaction, JOB, now, now + LEASE).await?;
    transaction.commit().await?;
    if !is_ours {
        return Ok(None);
    }
    services.presence.has_upkeep(now + LEASE).await;
    bind_everyone(services).await?;
    fold_names(services).await?;
    erase_due(services).await?;
    let removed = remove_expired(services).await?;
    Ok(Some(removed + remove_old_lines(services).await?))
}

/// Folds the names of users from before names were folded, or of a server of the version before.
///
/// # Errors
/// Faults of the database; the next turn goes on where this one ended.
pub async fn fold_names(services: &Services) -> Outcome<()> {
    loop {
        // Read beside the writer: nearly always there is nothing to do.
        let users = unfolded_names(services.database.read(), NAMES_IN_A_STEP).await?;
        if users.is_empty() {
            return Ok(());
        }
        let transaction = services.database.begin_write().await?;
        for (id, name) in &users {
            fold(&transaction, *id, name).await?;
        }
        transaction.commit().await?;
    }
}

/// Removes everything whose time has passed. Nothing relies on it: what has run out counts as gone
/// from its last second on.
pub async fn remove_expired(services: &Services) -> Outcome<u64> {
    let mut removed = 0;
    for what in Ephemeral::ALL {
        for moment in place(what).moments {
            removed += remove_before(services, what, *moment).await?;
        }
    }
    let transaction = services.database.begin_write().await?;
    removed += remove_future(&transaction, services.now()).await?;
    transaction.commit().await?;
    Ok(removed + presence::remove_gone(services).await?)
}

/// There can be many, after an attack or a long sleep: each step is a transaction of its own, and others write in between.
async fn remove_before(
    services: &Services,
    what: Ephemeral,
    (column, moment): (&str, Moment),
) -> Outcome<u64> {
    let Some(before) = first_moment_kept(services, what, moment) else {
        return Ok(0);
    };
    let said = match moment {
        Moment::LastUse => SessionEnd::Unused,
        Moment::End | Moment::Beginning | Moment::Due => SessionEnd::TooOld,
    };
    let now = services.now();
    let note = (what == Ephemeral::Sessions).then_some(EndNote { said, now });
    let mut removed = 0;
    loop {
        let transaction = services.database.begin_write().await?;
        let some = delete_some(&transaction, what, column, before, note).await?;
        if !some.sessions.is_empty() {
            for hung in Ephemeral::ALL
                .into_iter()
                .filter(|it| hangs_on_session(*it))
            {
                delete_with_sessions(&transaction, hung, &some.sessions).await?;
            }
        }
        transaction.commit().await?;
        removed += some.rows;
        if some.rows < ROWS_IN_A_STEP {
            return Ok(removed);
        }
    }
}

/// The first moment whose rows are kept; none where something else than time ends them.
fn first_moment_kept(services: &Services, what: Ephemeral, moment: Moment) -> Option<Timestamp> {
    let now = services.now();
    let limits = &services.settings.session;
    match what {
        Ephemeral::EndedSessions
        | Ephemeral::Enrolments
        | Ephemeral::SmsCodes
        | Ephemeral::MailboxCodes
        | Ephemeral::FirstFactorAllowances
        | Ephemeral::PendingSignIns
        | Ephemeral::SignUps
        | Ephemeral::PasswordResets
            | Ephemeral::PasswordResetsBefore
        | Ephemeral::EmailChanges
        | Ephemeral::LostAddresses
        | Ephemeral::ResetOffers
        | Ephemeral::TransferOffers
        | Ephemeral::TrustedBrowsers
        | Ephemeral::Tries
        | Ephemeral::SpentChallenges => Some(now + 1),
        Ephemeral::Announced => Some(now - ANNOUNCED_LIFE),
        Ephemeral::Invitations => Some(now - INVITATION_SHOWN),
        Ephemeral::RefusedMailboxes => Some(now - REFUSAL_KEPT),
        Ephemeral::KnownBrowsers => Some(now - KNOWN_LIFE),
        Ephemeral::Sessions if moment == Moment::LastUse => Some(now - limits.idle_seconds()),
        // No session lasts longer than that after it has come into an account.
        Ephemeral::Sessions | Ephemeral::AccountEntries => Some(now - limits.absolute_seconds()),
        // The first user ends it.
        Ephemeral::SetupLink
        // One row for each job; `presence` removes those of servers, which are by the clock of the database.
        | Ephemeral::Leases
        // The same rows as those of whom they are for.
        | Ephemeral::FirstFactorAllowancesMade
        | Ephemeral::ResetOffersMade
        | Ephemeral::TransferOffersMade
        // Their workers remove what is done or given up.
        | Ephemeral::Mails
        | Ephemeral::Announcements
        | Ephemeral::AccountNotices
        // Erasing an account is a line of its log.
        | Ephemeral::DeletedAccounts
        | Ephemeral::DeletedMemberships => None,
    }
}

/// What was made while a clock was ahead ends when it should have, give or take a day; smaller steps need nothing.
async fn remove_future(transaction: &WriteTransaction, now: Timestamp) -> Outcome<u64> {
    let latest = |what| {
        let life = match what {
            Ephemeral::Invitations => INVITATION_LIFE,
            Ephemeral::TrustedBrowsers => TRUST_LIFE,
            Ephemeral::TransferOffers => TRANSFER_LIFE,
            Ephemeral::LostAddresses => SIGNS_IN_FOR,
            Ephemeral::EndedSessions => END_KNOWN,
            Ephemeral::DeletedAccounts => KEPT_FOR,
            // By when they began, and by when they are due.
            Ephemeral::Sessions | Ephemeral::AccountEntries | Ephemeral::Announced => 0,
            // Remembered for a day beyond its life.
            Ephemeral::SpentChallenges => REMEMBERED_SECONDS,
            // A letter may wait for room in its mailbox.
            Ephemeral::Mails => LONGEST_WAIT,
            Ephemeral::Enrolments
            | Ephemeral::SmsCodes
            | Ephemeral::MailboxCodes
            | Ephemeral::FirstFactorAllowances
            | Ephemeral::PendingSignIns
            | Ephemeral::SignUps
            | Ephemeral::PasswordResets
            | Ephemeral::PasswordResetsBefore
            | Ephemeral::EmailChanges
            | Ephemeral::ResetOffers
            // A step back ends none of these.
            | Ephemeral::KnownBrowsers
            | Ephemeral::FirstFactorAllowancesMade
            | Ephemeral::ResetOffersMade
            | Ephemeral::TransferOffersMade
            | Ephemeral::RefusedMailboxes
            | Ephemeral::SetupLink
            | Ephemeral::Announcements
            | Ephemeral::Tries
            | Ephemeral::DeletedMemberships
            | Ephemeral::AccountNotices
            | Ephemeral::Leases => DAY,
        };
        now + life + DAY
    };
    open_late(transaction, now + OPENS_AFTER + DAY).await?;
    forget_future_tries(transaction, now + DAY).await?;
    Ok(end_late(transaction, latest, now).await?)
}
