//! The sign-in machine: what follows what, as one table.
//!
//! Values in, values out; who counts and who spends is the service's business.

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
pub enum Factor {
    /// Two-factor authentication is off.
    Off,
    /// A second factor is due.
    On,
    /// A second factor is due, but its secret cannot be read.
    Unreadable,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nobody is let in.
    Refused,
    /// The operator has to mend the keys first; the password alone never suffices.
    Unreadable,
    /// A pending sign-in.
    SecondFactorDue,
    /// A session.
    SignedIn,
}

/// What follows the password.
pub const fn after_password(password: Password, factor: Factor) -> Next {
    match (password, factor) {
        (Password::Wrong, Factor::Off | Factor::On | Factor::Unreadable) => Next::Refused,
        (Password::Right, Factor::Off) => Next::SignedIn,
        (Password::Right, Factor::On) => Next::SecondFactorDue,
        (Password::Right, Factor::Unreadable) => Next::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_password_and_factor_has_its_one_outcome() {
        let table = [
            (Password::Wrong, Factor::Off, Next::Refused),
            (Password::Wrong, Factor::On, Next::Refused),
            (Password::Wrong, Factor::Unreadable, Next::Refused),
            (Password::Right, Factor::Off, Next::SignedIn),
            (Password::Right, Factor::On, Next::SecondFactorDue),
            (Password::Right, Factor::Unreadable, Next::Unreadable),
        ];
        for (password, factor, next) in table {
            assert_eq!(
                after_password(password, factor),
                next,
                "{password:?}, {factor:?}"
            );
        }
    }
}
