//! Whom saving the Authentication Settings shuts out, and whether Save asks before it does.

use serde::{Deserialize, Serialize};

use super::account::AccountRules;
use crate::wire::Answer;

/// From so many people on, Save asks.
const MANY: u32 = 10;
/// In an account of so many users or more, Save asks from half of them on.
const NOT_SMALL: u32 = 5;

/// How many users of an account have no second factor that counts, under either rule on SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Answer)]
pub struct Uncovered {
    /// Where SMS counts.
    pub with_sms: u32,
    /// Where it does not.
    pub without_sms: u32,
}

impl Uncovered {
    /// How many these rules leave uncovered.
    pub const fn under(self, rules: AccountRules) -> u32 {
        if rules.sms_counts {
            self.with_sms
        } else {
            self.without_sms
        }
    }

    /// How many more are shut out in the moment of a save, given the rules under which the account is shut before and after
    /// it; nothing where it stands open.
    pub const fn newly_shut_out(
        self,
        before: Option<AccountRules>,
        after: Option<AccountRules>,
    ) -> u32 {
        let Some(after) = after else {
            return 0;
        };
        let already = match before {
            Some(before) => self.under(before),
            None => 0,
        };
        self.under(after).saturating_sub(already)
    }
}

/// Whether Save asks before it shuts so many of the users of an account out.
pub const fn asks_before(shut_out: u32, users: u32) -> bool {
    shut_out >= MANY || (users >= NOT_SMALL && shut_out.saturating_mul(2) >= users)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn save_asks_from_ten_people_and_from_half_of_an_account_of_five() {
        for (shut_out, users, asks) in [
            (0, 0, false),
            (0, 1, false),
            (0, 5, false),
            (0, 1_000, false),
            (3, 4, false),
            (4, 4, false),
            (2, 5, false),
            (3, 5, true),
            (2, 6, false),
            (3, 6, true),
            (9, 19, false),
            (9, 18, true),
            (9, 1_000, false),
            (10, 11, true),
            (10, 1_000, true),
            (149, 300, true),
            (u32::MAX, u32::MAX, true),
        ] {
            assert_eq!(asks_before(shut_out, users), asks, "{shut_out} of {users}");
        }
    }

    #[test]
    fn those_are_shut_out_newly_who_were_let_in_before_the_save() {
        const OPEN: Option<AccountRules> = None;
        let shut = |sms_counts| {
            Some(AccountRules {
                trusted_browsers_allowed: true,
                sms_counts,
            })
        };
        let uncovered = Uncovered {
            with_sms: 7,
            without_sms: 12,
        };
        for (before, after, people) in [
            (OPEN, OPEN, 0),
            (OPEN, shut(true), 7),
            (OPEN, shut(false), 12),
            (shut(true), shut(true), 0),
            (shut(false), shut(false), 0),
            (shut(true), shut(false), 5),
            (shut(false), shut(true), 0),
            (shut(true), OPEN, 0),
            (shut(false), OPEN, 0),
        ] {
            let found = uncovered.newly_shut_out(before, after);
            assert_eq!(found, people, "{before:?} -> {after:?}");
        }
    }
}
