//! The state machine of signing in, as one table.
//!
//! Values in, values out; the service counts failures and consumes codes.

/// By what right somebody signs in by an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// They have it.
    Holder,
    /// They have lost it, not long ago.
    Loser,
}

/// Whose password is looked at first, where an address is two users'. In a browser that is known to one alone it is that
/// one's, so that their right password takes no try at the other's. Else it is that of who has the address: the other's
/// right password then costs a try at theirs, which it was compared with.
pub const fn looked_at(is_known_to_holder: bool, is_known_to_loser: bool) -> [Claim; 2] {
    match (is_known_to_holder, is_known_to_loser) {
        (false, true) => [Claim::Loser, Claim::Holder],
        _ => [Claim::Holder, Claim::Loser],
    }
}

/// What checking the password gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// Right, and the user may sign in.
    Right,
    /// Wrong, or no such user, or a disabled one: nothing tells them apart.
    Wrong,
}

/// The second factor of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorState {
    /// Two-factor authentication is off.
    Off,
    /// A second factor is due.
    On,
    /// A second factor is due, but its secret cannot be read.
    Unreadable,
}

/// The browser that the password came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The second factor is asked.
    None,
    /// It was trusted with this password and this factor, not long ago, and no account forbids it.
    Good,
}

/// Whether a mailed link is due, since the second factor was reset and none is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailedLink {
    /// It is not.
    NotDue,
    /// It is.
    Due,
    /// It is, and somebody has let the user in for this sign-in without.
    Waived,
}

/// The next step after the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterPassword {
    /// Nobody is let in.
    Refused,
    /// The keys do not open the factor. The operator must fix that; the password alone never suffices.
    Unreadable,
    /// A pending sign-in.
    SecondFactorDue,
    /// A pending sign-in that waits for the mailed link.
    LinkDue,
    /// A session.
    SignedIn,
    /// A session whose second factor is not proven: acts that need one ask for it.
    SignedInByTrust,
}

/// What follows the password. A factor that is on is proof enough: then no link is asked for.
pub const fn after_password(
    password: Password,
    factor: FactorState,
    trust: Trust,
    link: MailedLink,
) -> AfterPassword {
    match (password, factor, trust, link) {
        (Password::Wrong, _, _, _) => AfterPassword::Refused,
        (Password::Right, FactorState::Off, _, MailedLink::NotDue | MailedLink::Waived) => {
            AfterPassword::SignedIn
        }
        (Password::Right, FactorState::Off, _, MailedLink::Due) => AfterPassword::LinkDue,
        (Password::Right, FactorState::On, Trust::None, _) => AfterPassword::SecondFactorDue,
        (Password::Right, FactorState::On, Trust::Good, _) => AfterPassword::SignedInByTrust,
        (Password::Right, FactorState::Unreadable, _, _) => AfterPassword::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_alone_knows_the_browser_is_looked_at_first_and_else_who_has_the_address() {
        use Claim::{Holder, Loser};
        for (to_holder, to_loser, order) in [
            (false, false, [Holder, Loser]),
            (true, false, [Holder, Loser]),
            (true, true, [Holder, Loser]),
            (false, true, [Loser, Holder]),
        ] {
            assert_eq!(looked_at(to_holder, to_loser), order);
        }
    }

    #[test]
    fn every_password_factor_browser_and_link_has_its_one_outcome() {
        let (none, good) = (Trust::None, Trust::Good);
        let (not_due, due) = (MailedLink::NotDue, MailedLink::Due);
        let waived = MailedLink::Waived;
        let right = [
            (FactorState::Off, none, not_due, AfterPassword::SignedIn),
            (FactorState::Off, good, not_due, AfterPassword::SignedIn),
            (FactorState::Off, none, due, AfterPassword::LinkDue),
            (FactorState::Off, good, due, AfterPassword::LinkDue),
            (FactorState::Off, none, waived, AfterPassword::SignedIn),
            (FactorState::Off, good, waived, AfterPassword::SignedIn),
            (
                FactorState::On,
                none,
                waived,
                AfterPassword::SecondFactorDue,
            ),
            (
                FactorState::On,
                good,
                waived,
                AfterPassword::SignedInByTrust,
            ),
            (
                FactorState::Unreadable,
                none,
                waived,
                AfterPassword::Unreadable,
            ),
            (
                FactorState::Unreadable,
                good,
                waived,
                AfterPassword::Unreadable,
            ),
            (
                FactorState::On,
                none,
                not_due,
                AfterPassword::SecondFactorDue,
            ),
            (FactorState::On, none, due, AfterPassword::SecondFactorDue),
            (
                FactorState::On,
                good,
                not_due,
                AfterPassword::SignedInByTrust,
            ),
            (FactorState::On, good, due, AfterPassword::SignedInByTrust),
            (
                FactorState::Unreadable,
                none,
                not_due,
                AfterPassword::Unreadable,
            ),
            (
                FactorState::Unreadable,
                none,
                due,
                AfterPassword::Unreadable,
            ),
            (
                FactorState::Unreadable,
                good,
                not_due,
                AfterPassword::Unreadable,
            ),
            (
                FactorState::Unreadable,
                good,
                due,
                AfterPassword::Unreadable,
            ),
        ];
        for (factor, trust, link, next) in right {
            let case = format!("{factor:?}, {trust:?}, {link:?}");
            let after = |password| after_password(password, factor, trust, link);
            assert_eq!(after(Password::Right), next, "{case}");
            assert_eq!(after(Password::Wrong), AfterPassword::Refused, "{case}");
        }
    }
}
