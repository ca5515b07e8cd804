//! Who may be made the owner of an account, whoever makes them: the owner before, by an offer, or the operator. An account has
//! one owner, and one who cannot enter it would be none.

/// Somebody who is to own an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerToBe {
    /// Whether an operator has disabled them.
    pub is_disabled: bool,
    /// Whether their second factors are refused: they were edited past the program, or cannot be read.
    pub is_refused: bool,
    /// Whether they have a second factor that counts in the account.
    pub is_covered: bool,
}

/// Why somebody is not made the owner of an account, for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotToOwn {
    /// They cannot sign in.
    #[error("that user is disabled and could not sign in; `twofold user enable` comes first")]
    Disabled,
    /// They cannot sign in before a reset.
    #[error(
        "the second factors of that user cannot be read or were edited in the database, so that they are refused at each sign-in; \
         `twofold user reset-two-factor` comes first"
    )]
    Refused,
    /// They would be shut out.
    #[error("the account requires two-factor authentication, and that user has none")]
    WithoutTwoFactor,
}

/// Why somebody cannot be made the owner, if so.
///
/// # Errors
/// The first reason, of which each has to be mended before the next is of use.
pub const fn may_own(is_required: bool, to_be: OwnerToBe) -> Result<(), NotToOwn> {
    match to_be {
        OwnerToBe {
            is_disabled: true, ..
        } => Err(NotToOwn::Disabled),
        OwnerToBe {
            is_refused: true, ..
        } => Err(NotToOwn::Refused),
        OwnerToBe {
            is_covered: false, ..
        } if is_required => Err(NotToOwn::WithoutTwoFactor),
        OwnerToBe { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_somebody_who_can_enter_the_account() {
        use NotToOwn::{Disabled, Refused, WithoutTwoFactor};
        for (is_required, is_disabled, is_refused, is_covered, expected) in [
            (false, false, false, false, Ok(())),
            (false, false, false, true, Ok(())),
            (true, false, false, true, Ok(())),
            (true, false, false, false, Err(WithoutTwoFactor)),
            (false, true, false, true, Err(Disabled)),
            (true, true, true, false, Err(Disabled)),
            (false, false, true, false, Err(Refused)),
            (false, false, true, true, Err(Refused)),
            (true, false, true, false, Err(Refused)),
        ] {
            let to_be = OwnerToBe {
                is_disabled,
                is_refused,
                is_covered,
            };
            assert_eq!(
                may_own(is_required, to_be),
                expected,
                "{is_required} {to_be:?}"
            );
        }
    }
}
