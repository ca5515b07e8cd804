//! Offers: a change that one person proposes and another confirms, namely a reset of their two-factor authentication or the
//! ownership of an account. How long offers last, how many there may be, and when an account opens again to a user whose
//! factor was reset by the offer of another account.

use app::types::timestamp::Timestamp;

const DAY: i64 = 24 * 60 * 60;
/// Seconds for which the mailed link of an offered reset is good.
pub const RESET_LIFE: i64 = DAY;
/// Seconds for which an account that is offered can be accepted.
pub const TRANSFER_LIFE: i64 = 7 * DAY;
/// Seconds after a confirmed reset until the accounts that require two-factor authentication open to the new factor,
/// the account that offered it aside: their owners read the letter first.
pub const OPENS_AFTER: i64 = DAY;
/// Resets that one account may offer to one user in a day.
pub const RESETS_OF_ACCOUNT: u32 = 3;
/// Resets that all accounts together may offer to one user in a day.
pub const RESETS_OF_ALL: u32 = 6;

/// What is left of a user's day for offers of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffersLeft {
    /// Whether this account has made none today.
    pub is_first_of_account: bool,
    /// Whether this account may make another.
    pub of_account: bool,
    /// Whether all accounts together may make another.
    pub of_all: bool,
}

/// Whether an account may offer a reset. Its first of the day is never refused: otherwise accounts of strangers, to
/// which the user belongs besides, could use up what the user's own team needs.
pub const fn may_offer_reset(left: OffersLeft) -> bool {
    left.is_first_of_account || (left.of_account && left.of_all)
}

/// Whether an account is open again to a user after a reset that another account had offered.
pub fn is_open(opens_at: Option<Timestamp>, now: Timestamp) -> bool {
    opens_at.is_none_or(|opens_at| opens_at <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_always_has_its_first_offer_and_then_what_both_budgets_allow() {
        let table = [
            (true, true, true, true),
            (true, true, false, true),
            (true, false, true, true),
            (true, false, false, true),
            (false, true, true, true),
            (false, true, false, false),
            (false, false, true, false),
            (false, false, false, false),
        ];
        for (is_first_of_account, of_account, of_all, expected) in table {
            let left = OffersLeft {
                is_first_of_account,
                of_account,
                of_all,
            };
            assert_eq!(may_offer_reset(left), expected, "{left:?}");
        }
    }

    #[test]
    fn an_account_opens_with_the_second_that_was_set() {
        let now = Timestamp(1_700_000_000);
        let table = [(None, true), (Some(now), true), (Some(now - 1), true)];
        for (opens_at, expected) in table.into_iter().chain([(Some(now + 1), false)]) {
            assert_eq!(is_open(opens_at, now), expected, "{opens_at:?}");
        }
    }
}
