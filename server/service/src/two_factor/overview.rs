//! What the Security page shows of two-factor authentication.

use app::types::account::RequiringAccount;
use app::types::ids::UserId;
use app::types::two_factor::{FirstFactorEntry, SecurityOverview, SignInLinkDuty, TwoFactorState};

use crate::first_factor::entry::entry;
use crate::second_factor::open_number;
use crate::sessions::SignedIn;
use crate::sms::is_offered;
use crate::step_up::needs_code;
use crate::{Outcome, Services};
use domain::factors::{FactorKind, FactorKinds};
use storage::accounts::{AccountOfUser, accounts_of};
use storage::recovery_codes::count_recovery_codes;
use storage::second_factors::find_second_factor;

/// What is shown of a number that cannot be read.
const UNREADABLE: &str = "••••";

/// What the Security page shows.
pub async fn overview(services: &Services, caller: &SignedIn) -> Outcome<SecurityOverview> {
    let db = services.database.read();
    let user = caller.user.id;
    let factor = find_second_factor(db, user).await?;
    let kinds: FactorKinds = factor.iter().map(|factor| factor.kind).collect();
    let two_factor = match factor {
        None => TwoFactorState::Off,
        Some(factor) => {
            let since = factor.enabled_at;
            let recovery_codes_left = count_recovery_codes(db, user).await?;
            match factor.kind {
                FactorKind::App => TwoFactorState::On {
                    since,
                    recovery_codes_left,
                },
                FactorKind::Sms => TwoFactorState::Sms {
                    since,
                    masked: masked(services, user, &factor.sealed_secret),
                    recovery_codes_left,
                },
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
                    from,
                    in_force: from <= now,
                    has_two_factor: kinds.satisfy(account.rules),
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

/// What may be shown of a sealed number. Where it cannot be read, the page still opens: a recovery code disables it.
pub fn masked(services: &Services, user: UserId, sealed: &[u8]) -> String {
    open_number(services, user, sealed)
        .map_or_else(|_| UNREADABLE.to_owned(), |number| number.masked())
}
