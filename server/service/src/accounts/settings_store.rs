//! Stores the authentication settings of an account: the audit rows, the announcement and the mail are written in the
//! transaction of the change, whether the owner or the operator makes it.

use app::events::EventKind;
use app::types::ids::AccountId;
use app::types::timestamp::Timestamp;

use crate::Outcome;
use crate::audit::{About, Actor, Event};
use crate::change::Change;
use crate::letters::Letter;
use crate::refusal::Refusal;
use domain::announcements::{AnnouncementKind, schedule};
use domain::days::Deadline;
use domain::enforcement::{AccountSettings, Requirement, is_stricter, is_weaker};
use domain::time::rfc_3339;
use storage::account_settings::{NewSettings, update_settings};
use storage::accounts::Account;
use storage::announcements::{delete_announcements_of, insert_announcement};
use storage::users::find_user;

/// The settings of an account as the rules know them.
pub(super) fn settings_of(account: &Account) -> AccountSettings {
    AccountSettings {
        requirement: Requirement::from(account.required_from),
        rules: account.rules,
    }
}

/// Stores settings that were made from `account`. What it costs does not depend on how many users there are: their
/// mails are written afterwards, from the announcement.
///
/// # Errors
/// Refuses as stale when somebody else has saved meanwhile.
pub(super) async fn store(
    change: &Change<'_>,
    account: &Account,
    after: AccountSettings,
) -> Outcome<()> {
    let (before, actor) = (settings_of(account), change.actor()?);
    let by = match actor {
        Actor::User { id, .. } => Some(id),
        Actor::Operator => None,
    };
    let settings = NewSettings {
        required_from: deadline(after.requirement),
        rules: after.rules,
        at: change.services.now(),
        by,
    };
    if !update_settings(change.db(), account, &settings).await? {
        return Err(Refusal::Stale.into());
    }
    let about = About::account(account.id);
    for event in events(before, after) {
        change.record(&event, about).await?;
    }
    announce(change, account, (before, after)).await?;
    if is_weaker(before, after)
        && let Some(owner) = find_user(change.db(), account.owner).await?
    {
        let account = account.name.as_str();
        let letter = match actor {
            Actor::User { name, visitor, .. } => Letter::SettingsWeakened {
                account,
                by: name,
                change: (before, after),
                from: visitor,
            },
            Actor::Operator => Letter::SettingsWeakenedByOperator {
                account,
                change: (before, after),
            },
        };
        // The owner is always told, even where it was done in their own session: that may be a stolen one.
        change.queue(&owner, &letter).await?;
    }
    let from = settings.required_from;
    let (day, at) = (
        from.map(Deadline::in_words),
        from.map(|from| rfc_3339(from.at)),
    );
    tracing::info!(account.id = %account.id, required_from = day, required_at = at, "settings were saved");
    Ok(())
}

const fn deadline(requirement: Requirement) -> Option<Deadline> {
    match requirement {
        Requirement::Off => None,
        Requirement::From(from) => Some(from),
    }
}

/// The kinds of [`events`].
pub(super) const KINDS: [EventKind; 6] = [
    EventKind::RequirementSet,
    EventKind::RequirementLifted,
    EventKind::TrustedBrowsersAllowed,
    EventKind::TrustedBrowsersForbidden,
    EventKind::SmsAllowed,
    EventKind::SmsForbidden,
];

fn events(before: AccountSettings, after: AccountSettings) -> Vec<Event> {
    let mut events = Vec::new();
    if before.requirement != after.requirement {
        events.push(match after.requirement {
            Requirement::Off => Event::RequirementLifted,
            Requirement::From(from) => Event::RequirementSet { from: from.into() },
        });
    }
    let (old, new) = (before.rules, after.rules);
    if old.trusted_browsers_allowed != new.trusted_browsers_allowed {
        events.push(if new.trusted_browsers_allowed {
            Event::TrustedBrowsersAllowed
        } else {
            Event::TrustedBrowsersForbidden
        });
    }
    if old.sms_counts != new.sms_counts {
        events.push(if new.sms_counts {
            Event::SmsAllowed
        } else {
            Event::SmsForbidden
        });
    }
    events
}

/// Replaces the scheduled announcements when the requirement changed.
async fn announce(
    change: &Change<'_>,
    account: &Account,
    (before, after): (AccountSettings, AccountSettings),
) -> Outcome<()> {
    if before.requirement != after.requirement {
        delete_announcements_of(change.db(), account.id).await?;
    }
    let now = change.services.now();
    if let (true, Requirement::From(from)) = (is_stricter(before, after), after.requirement) {
        delete_announcements_of(change.db(), account.id).await?;
        put_on_their_way(change, account.id, schedule(from.at, now)).await?;
    }
    Ok(())
}

/// Stores announcements.
pub(super) async fn put_on_their_way(
    change: &Change<'_>,
    account: AccountId,
    announcements: impl IntoIterator<Item = (AnnouncementKind, Timestamp)>,
) -> Outcome<()> {
    for (kind, due_at) in announcements {
        let id = change.services.new_uuid();
        insert_announcement(change.db(), id, account, kind, due_at).await?;
        change.note_announcement();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use app::types::account::AccountRules;
    use app::types::timestamp::Timestamp;
    use domain::days::Zone;

    use super::*;

    #[test]
    fn every_event_of_settings_is_among_the_kinds_that_are_shown() {
        let settings = |requirement, allowed| AccountSettings {
            requirement,
            rules: AccountRules {
                trusted_browsers_allowed: allowed,
                sms_counts: allowed,
            },
        };
        let strict = settings(
            Requirement::From(Deadline::at(Timestamp(1), Zone::UTC)),
            false,
        );
        let open = settings(Requirement::Off, true);
        let all = [events(strict, open), events(open, strict)].concat();
        let mut kinds: Vec<_> = all.iter().map(Event::kind).collect();
        kinds.sort_unstable();
        let mut shown = KINDS;
        shown.sort_unstable();
        assert_eq!(kinds, shown);
    }
}
