//! The authentication settings of an account, as its owner saves them.

use app::events::EventKind;
use app::types::account::{AccountRef, AnnouncedToday, Coverage, SettingsChange, Unreachable};
use app::types::activity::ActivityEvent;
use app::types::ids::AccountId;
use app::types::rolling_out::Uncovered;
use app::types::two_factor::StepUp;

use super::entering::coverage;
use super::settings_store::{KINDS, settings_of, store};
use super::{Member, admit, admit_within};
use crate::audit::shown;
use crate::change::Change;
use crate::principal::Principal;
use crate::refusal::{Refusal, Wrong};
use crate::sessions::{self, SignedIn};
use crate::step_up::prove_where_due;
use crate::{Outcome, Services};
use domain::days::Deadline;
use domain::ends::Occasion;
use domain::enforcement::{AccountSettings, Requirement, is_weaker, require, shuts_owner_out};
use domain::roles::{Action, Denial, denial};
use storage::ConnectionTrait;
use storage::account_log::find_log_lines_at;
use storage::accounts::{Account, lock_account};
use storage::announced::find_last_announced;
use storage::coverage::{count_covered, count_uncovered_refused, count_uncovered_unproven};
use storage::ephemeral::Of;
use storage::factors::find_factors;
use storage::users::find_user;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The settings of an account, and what saving them would do to whom.
pub struct SettingsStanding {
    /// The account, with its settings.
    pub account: Account,
    /// How many users are covered, and who is not.
    pub coverage: Coverage,
    /// How many are not, under either rule on SMS.
    pub uncovered: Uncovered,
    /// How many of those who are not covered no mail reaches.
    pub unreachable: Unreachable,
    /// What those who are not covered were mailed within a day, if anything.
    pub announced: Option<AnnouncedToday>,
    /// Who saved last, by name, where somebody has.
    pub changed_by: Option<String>,
    /// What that changed, as the log has it.
    pub changes: Vec<ActivityEvent>,
    /// Why the reader cannot change them; nothing where they can.
    pub change: Option<Denial>,
}

/// Reads the settings of an account.
///
/// # Errors
/// As [`admit`]; forbidden to those who do not look after users.
pub async fn settings(
    services: &Services,
    caller: &Principal,
    account: AccountRef,
) -> Outcome<SettingsStanding> {
    let db = services.database.read();
    let member = admit(services, caller, account).await?;
    member.may(Action::ReadAuthenticationSettings)?;
    let account = member.account;
    let changed_by = match account.settings_changed_by {
        Some(user) => find_user(db, user).await?.map(|user| user.name),
        None => None,
    };
    let changes = match account.settings_changed_at {
        Some(at) => find_log_lines_at(db, account.id, at, &KINDS.map(EventKind::word)).await?,
        None => Vec::new(),
    };
    let changes = changes.into_iter().map(shown).collect();
    let factors = find_factors(db, caller.user.id).await?;
    let has_two_factor = factors.cover(account.rules);
    let without =
        (account.required_from.is_none() && !has_two_factor).then_some(Denial::WithoutTwoFactor);
    Ok(SettingsStanding {
        coverage: coverage(services, db, &account).await?,
        uncovered: uncovered(db, account.id).await?,
        unreachable: unreachable(services, db, &account).await?,
        announced: announced(services, db, &account).await?,
        changed_by,
        changes,
        change: denial(member.roles, Action::ChangeAuthenticationSettings).or(without),
        account,
    })
}

/// How many are not covered, under either rule on SMS: a save may change it together with the requirement.
async fn uncovered(db: &impl ConnectionTrait, account: AccountId) -> Outcome<Uncovered> {
    let of = async |sms_counts| {
        let counted = count_covered(db, account, sms_counts).await?;
        let uncovered = counted.users.saturating_sub(counted.covered);
        Outcome::Ok(u32::try_from(uncovered).unwrap_or(u32::MAX))
    };
    Ok(Uncovered {
        with_sms: of(true).await?,
        without_sms: of(false).await?,
    })
}

/// How many of those whom the requirement shuts out no mail reaches.
async fn unreachable(
    services: &Services,
    db: &impl ConnectionTrait,
    account: &Account,
) -> Outcome<Unreachable> {
    let sms_counts = account.rules.sms_counts;
    let no_mail_server = services.settings.mail.smtp_url.is_none();
    let unproven = count_uncovered_unproven(db, account.id, sms_counts).await?;
    let refused = count_uncovered_refused(db, account.id, sms_counts).await?;
    Ok(Unreachable {
        no_mail_server,
        unproven: u32::try_from(unproven).unwrap_or(u32::MAX),
        refused: u32::try_from(refused).unwrap_or(u32::MAX),
    })
}

/// What those concerned were mailed within a day, which may put off what a save would mail them.
async fn announced(
    services: &Services,
    db: &impl ConnectionTrait,
    account: &Account,
) -> Outcome<Option<AnnouncedToday>> {
    let since = services.now() - DAY;
    let last = find_last_announced(db, account.id, since).await?;
    Ok(last.map(|last| AnnouncedToday {
        required_from: account
            .required_from
            .filter(|now| now.at == last.required_from)
            .unwrap_or_else(|| Deadline::at(last.required_from, account.zone))
            .into(),
        until: last.until(),
        is_full: last.is_full(),
    }))
}

/// What a save would do, by what the database holds at that moment.
struct Plan {
    member: Member,
    before: AccountSettings,
    after: AccountSettings,
}

impl Plan {
    fn weakens(&self) -> bool {
        is_weaker(self.before, self.after)
    }
}

/// Saves the settings.
///
/// # Errors
/// In this order: not found or shut, forbidden, a version that others have saved over, a day that cannot be, an owner
/// who would shut themselves out, and a step-up that is missing or fails where the settings are not at least as strict as
/// before for everybody.
pub async fn save(
    services: &Services,
    caller: &SignedIn,
    account: AccountRef,
    wanted: &SettingsChange,
    step_up: Option<&StepUp>,
) -> Outcome<SettingsStanding> {
    // Once before the transaction, since a password is hashed outside of it, and once inside.
    let member = admit(services, caller, account).await?;
    let plan = plan(services, services.database.read(), (member, caller), wanted).await?;
    let proven = prove_where_due(services, caller, plan.weakens(), step_up).await?;
    let id = plan.member.account.id;
    let account = AccountRef::Id(id);
    let change = Change::where_due(services, caller, proven).await?;
    // The account before the user, as everybody who locks both.
    lock_account(change.db(), id).await?;
    // Who saves cannot lose their factor in the same moment.
    sessions::still(&change, caller).await?;
    let member = admit_within(&change, caller, account).await?;
    let plan = self::plan(services, change.db(), (member, caller), wanted).await?;
    change.require_step_up(plan.weakens())?;
    if plan.before != plan.after {
        let account = &plan.member.account;
        store(&change, account, plan.after).await?;
    }
    let (before, after) = (plan.before.rules, plan.after.rules);
    if before.trusted_browsers_allowed && !after.trusted_browsers_allowed {
        change
            .end_by(caller, Occasion::TrustForbidden, Of::UsersOf(id))
            .await?;
    }
    change.commit().await?;
    settings(services, caller, account).await
}

async fn plan(
    services: &Services,
    db: &impl ConnectionTrait,
    (member, caller): (Member, &Principal),
    change: &SettingsChange,
) -> Outcome<Plan> {
    member.may(Action::ChangeAuthenticationSettings)?;
    let before = settings_of(&member.account);
    let zone = member.account.zone;
    // Before the day: what is wrong with it may be what this page has not seen, and what it means depends on the zone.
    if change.version != member.account.settings_version {
        return Err(Refusal::Stale.into());
    }
    let requirement = if change.required {
        let (day, now) = (change.required_from, services.now());
        require(before.requirement, day, zone, now).map_err(Wrong::StartDate)?
    } else {
        Requirement::Off
    };
    let after = AccountSettings {
        requirement,
        rules: change.rules,
    };
    let factors = find_factors(db, caller.user.id).await?;
    if shuts_owner_out(before, after, factors.kinds()) {
        return Err(Denial::WithoutTwoFactor.into());
    }
    Ok(Plan {
        member,
        before,
        after,
    })
}
