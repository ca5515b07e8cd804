//! What the Security page shows of two-factor authentication.

use app::types::account::RequiringAccount;
use app::types::two_factor::{FirstFactorEntry, SecurityOverview, SignInLinkDuty, TwoFactorState};

use crate::first_factor::entry::entry;
use crate::second_factor::shown;
use crate::sessions::SignedIn;
use crate::sms::is_offered;
use crate::step_up::needs_code;
use crate::{Outcome, Services};
use storage::accounts::{AccountOfUser, accounts_of};
use storage::factors::find_factors;
use storage::recovery_codes::count_recovery_codes;

/// What the Security page shows.
pub async fn overview(services: &Services, caller: &SignedIn) -> Outcome<SecurityOverview> {
    let db = services.database.read();
    let user = caller.user.id;
    let factors = find_factors(db, user).await?;
    let two_factor = match factors.since() {
        None => TwoFactorState::Off,
        Some(since) => {
            let offered = factors.offered();
            let shown = offered.map(|factor| shown(services, user, factor));
            TwoFactorState::On {
                since,
                factors: shown.collect(),
                recovery_codes_left: count_recovery_codes(db, user).await?,
            }
        }
    };
    let now = services.now();
    let accounts = accounts_of(db, user).await?;
    let required_by = accounts
        .into_iter()
        .filter_map(
            |AccountOfUser {
                 account, opens_at, ..
             }| {
                let from = account.required_from?;
                Some(RequiringAccount {
                    id: account.id,
                    name: account.name,
                    from: from.into(),
                    in_force: from.at <= now,
                    has_two_factor: factors.cover(account.rules),
                    opens_at: opens_at.filter(|at| *at > now),
                })
            },
        )
        .collect();
    let entry = if two_factor == TwoFactorState::Off {
        entry(services, db, caller).await?
    } else {
        FirstFactorEntry::Open
    };
    Ok(SecurityOverview {
        email: caller.user.email.shown().to_owned(),
        email_verified: caller.user.is_email_verified,
        two_factor,
        required_by,
        step_up_needs_code: needs_code(services, db, caller).await?,
        sms_offered: is_offered(services),
        entry,
        sign_in_link: if caller.user.is_sign_in_link_due {
            SignInLinkDuty::Due
        } else {
            SignInLinkDuty::NotDue
        },
    })
}
