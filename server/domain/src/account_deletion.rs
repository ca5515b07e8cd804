//! Deleting an account: it is shut at once and erased a week later, and until then it can be brought back.

use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use crate::ownership::{NotToOwn, OwnerToBe, may_own};
use crate::roles::{Action, Denial, Roles, denial};

/// Seconds from the deletion of an account until it is erased.
pub const KEPT_FOR: i64 = 7 * 24 * 60 * 60;

/// When an account is erased that is deleted now.
pub fn erased_at(deleted_at: Timestamp) -> Timestamp {
    deleted_at + KEPT_FOR
}

/// Whether a deleted account can still be brought back. Its last second belongs to the erasing.
pub fn may_come_back(erased_at: Timestamp, now: Timestamp) -> bool {
    now < erased_at
}

/// Why somebody who belonged to a deleted account cannot bring it back. What the operator has deleted is theirs to bring back:
/// otherwise its owner would undo it in the next minute.
pub fn restoring_denial(roles: Roles, is_by_operator: bool) -> Option<Denial> {
    denial(roles, Action::Delete).or_else(|| is_by_operator.then_some(Denial::OperatorRestores))
}

/// Who owns an account that the operator brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextOwner {
    /// Who owned it when it was deleted.
    AsBefore,
    /// This one of its users.
    Now(UserId),
}

/// Why an account cannot be brought back as the operator said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBroughtBack {
    /// Its owner has deleted themselves, and nobody else is named.
    #[error(
        "the owner of that account is gone; name one of its users with --owner, or any user where nobody is left of them"
    )]
    OwnerGone,
    /// Somebody else is named, and its owner is there: an account changes its owner by transfer.
    #[error("that account has its owner still; bring it back without --owner, then transfer it")]
    OwnerThere,
    /// The new owner could not enter it.
    #[error(transparent)]
    Owner(#[from] NotToOwn),
}

/// One of the users of a deleted account, named to own it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub user: UserId,
    /// What says whether they can own it.
    pub to_be: OwnerToBe,
}

/// Who owns an account that the operator brings back, of whether its owner is still one of its users, whether it requires
/// two-factor authentication, and who is named. An owner who has turned theirs off meanwhile is asked to set it up, as
/// everybody in it.
///
/// # Errors
/// Where nobody, or the wrong one, would own it.
pub fn next_owner(
    owner_is_there: bool,
    is_required: bool,
    named: Option<Named>,
) -> Result<NextOwner, NotBroughtBack> {
    match (owner_is_there, named) {
        (true, None) => Ok(NextOwner::AsBefore),
        (true, Some(_)) => Err(NotBroughtBack::OwnerThere),
        (false, None) => Err(NotBroughtBack::OwnerGone),
        (false, Some(named)) => {
            may_own(is_required, named.to_be)?;
            Ok(NextOwner::Now(named.user))
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::roles::Role;

    #[test]
    fn an_account_comes_back_until_its_seven_days_are_over() {
        let deleted_at = Timestamp(1_000);
        let end = erased_at(deleted_at);
        assert_eq!(end, Timestamp(1_000 + 604_800));
        for (now, may) in [
            (deleted_at, true),
            (end - 1, true),
            (end, false),
            (end + 1, false),
            // A clock that was set back.
            (deleted_at - 1, true),
        ] {
            assert_eq!(may_come_back(end, now), may, "{now:?}");
        }
    }

    #[test]
    fn the_owner_brings_back_what_the_operator_has_not_deleted() {
        let of = |role| [role].into_iter().collect::<Roles>();
        for (roles, is_by_operator, expected) in [
            (of(Role::Owner), false, None),
            (of(Role::Owner), true, Some(Denial::OperatorRestores)),
            (of(Role::Admin), false, Some(Denial::OwnerOnly)),
            (of(Role::Admin), true, Some(Denial::OwnerOnly)),
            (of(Role::Developer), true, Some(Denial::OwnerOnly)),
        ] {
            assert_eq!(
                restoring_denial(roles, is_by_operator),
                expected,
                "{roles:?}"
            );
        }
    }

    #[test]
    fn an_account_that_comes_back_has_an_owner_who_can_enter_it() {
        use NotBroughtBack::{Owner, OwnerGone, OwnerThere};
        let user = UserId::new(Uuid::from_u128(7));
        let named = |is_disabled, is_refused, is_covered| {
            let to_be = OwnerToBe {
                is_disabled,
                is_refused,
                is_covered,
            };
            Some(Named { user, to_be })
        };
        let covered = named(false, false, true);
        let bare = named(false, false, false);
        let (disabled, refused) = (named(true, false, true), named(false, true, true));
        let as_before = Ok(NextOwner::AsBefore);
        let now = Ok(NextOwner::Now(user));
        for (owner_is_there, is_required, named, next) in [
            (true, false, None, as_before),
            (true, true, None, as_before),
            (true, false, covered, Err(OwnerThere)),
            (true, true, bare, Err(OwnerThere)),
            (false, false, None, Err(OwnerGone)),
            (false, true, None, Err(OwnerGone)),
            (false, false, bare, now),
            (false, false, covered, now),
            (false, true, covered, now),
            (false, true, bare, Err(Owner(NotToOwn::WithoutTwoFactor))),
            (false, false, disabled, Err(Owner(NotToOwn::Disabled))),
            (false, false, refused, Err(Owner(NotToOwn::Refused))),
            (true, false, refused, Err(OwnerThere)),
        ] {
            let found = next_owner(owner_is_there, is_required, named);
            assert_eq!(found, next, "{owner_is_there} {is_required} {named:?}");
        }
    }
}
