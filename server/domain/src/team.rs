//! What one member of an account may do to another, with the reason for each denial: the table of rights, and conditions
//! besides the roles. The list shows the reason beside each control; the use case refuses by the same rule.

use app::types::team::NotSetUp;

use super::first_factor::Address;
use super::ownership::{NotToOwn, OwnerToBe, may_own};
use super::roles::{Action, Denial, Role, Roles, denial, may};

/// The roles that can be given, the highest first.
const GIVEN: [Role; 3] = [Role::Admin, Role::Developer, Role::Billing];

/// The member that an action targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts about a person that rules look at one by one, in any combination"
)]
pub struct Other {
    /// Their roles in the account.
    pub roles: Roles,
    /// Whether they are the acting user.
    pub is_actor: bool,
    /// Whether they have two-factor authentication of any kind.
    pub has_two_factor: bool,
    /// Whether their second factors are refused: they were edited past the program, or cannot be read. They cannot sign in until a
    /// reset, whatever their rows say.
    pub is_refused: bool,
    /// Whether they would keep access if the account's requirement were in force.
    pub is_covered: bool,
    /// Whether an operator has disabled them.
    pub is_disabled: bool,
    /// Whether the account is shut to them for a day after a reset that another account offered.
    pub is_kept_out: bool,
    /// Whether letters reach them.
    pub mailbox: MailReach,
    /// What is known of their address.
    pub address: Address,
    /// Whether they are this account's alone and never had a second factor: then no other account and no factor of before
    /// rests on what this account does.
    pub is_new_here_alone: bool,
}

/// Whether letters reach somebody, as far as this server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailReach {
    /// A mail server is set, and it took the last letter.
    Reachable,
    /// No mail server is set: letters stay in a folder of the operator's.
    NoMailServer,
    /// The last letter was refused for good.
    Refused,
}

/// The roles that someone may give to others, each by itself.
pub fn may_give(actor: Roles) -> Vec<Role> {
    GIVEN
        .into_iter()
        .filter(|role| {
            let to_be = Roles::NONE.with(*role);
            denial(actor, Action::Invite { to_be }).is_none()
        })
        .collect()
}

/// Whether an invitation is still valid: its sender must be able to give these roles now. A sender who left the account,
/// was removed, disabled or deleted has no roles.
pub fn still_offers(sender: Roles, offered: Roles) -> bool {
    may(sender, Action::Invite { to_be: offered })
}

/// Why the roles of the other cannot become these.
pub fn change_roles(actor: Roles, other: Other, to_be: Roles) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::ChangeRoles { of, to_be }), other)
}

/// Why the roles of the other cannot be changed at all.
pub fn change_any_role(actor: Roles, other: Other) -> Option<Denial> {
    change_roles(actor, other, Roles::NONE.with(Role::Developer))
}

/// Why the other cannot be removed.
pub fn remove(actor: Roles, other: Other) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::RemoveUser { of }), other)
}

/// Why a reset of the other's two-factor authentication cannot be offered: it takes a letter that reaches them, and
/// nobody else. What is refused is no less to be reset than what is lost, though its rows be gone.
pub fn reset_two_factor(actor: Roles, other: Other) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::ResetTwoFactor { of }), other)
        .or_else(|| is_off(other).then_some(Denial::TwoFactorOff))
        .or_else(|| other.is_disabled.then_some(Denial::UserDisabled))
        .or(match other.mailbox {
            MailReach::Reachable => None,
            MailReach::NoMailServer => Some(Denial::MailNotSet),
            MailReach::Refused => Some(Denial::MailRefused),
        })
        .or(match other.address {
            Address::Proven | Address::Corrected => None,
            Address::NotProven => Some(Denial::AddressNotProven),
        })
}

/// Why the account cannot be opened to the other before the day after their reset is over.
pub fn let_in(actor: Roles, other: Other) -> Option<Denial> {
    let of = other.roles;
    not_to_oneself(denial(actor, Action::LetIn { of }), other)
        .or_else(|| (!other.is_kept_out).then_some(Denial::OpenAlready))
}

/// Why the other cannot be let set up a first factor without a code from their mailbox. Where a code reaches them and their
/// address is proven, it is the better proof. Whether they belong to other accounts, or had a factor before, is not the
/// owner's to know: one reason for both.
pub fn allow_first_factor(actor: Roles, other: Other) -> Option<Denial> {
    not_to_oneself(denial(actor, Action::AllowFirstFactor), other)
        .or_else(|| other.is_refused.then_some(Denial::OtherFactorRefused))
        .or_else(|| other.has_two_factor.then_some(Denial::TwoFactorOn))
        .or_else(|| other.is_disabled.then_some(Denial::UserDisabled))
        .or_else(|| is_reached(other).then_some(Denial::MailReaches))
        .or_else(|| (!other.is_new_here_alone).then_some(Denial::OperatorLetsIn))
}

/// Whether there is nothing to reset.
const fn is_off(other: Other) -> bool {
    !other.has_two_factor && !other.is_refused
}

/// Whether a code that is mailed reaches the other and proves something.
fn is_reached(other: Other) -> bool {
    match (other.mailbox, other.address) {
        (MailReach::Reachable, Address::Proven) => true,
        (MailReach::NoMailServer | MailReach::Refused, _)
        | (MailReach::Reachable, Address::NotProven | Address::Corrected) => false,
    }
}

/// What the list shows for a member whom the requirement concerns and who is not covered. Whose factors are refused sets up nothing
/// before a reset, which the list says by itself.
pub fn not_set_up(is_required: bool, other: Other) -> Option<NotSetUp> {
    let is_due = is_required && !other.is_covered && !other.is_refused;
    is_due.then_some(match (other.address, other.mailbox) {
        (Address::NotProven, _) => NotSetUp::AddressNotProven,
        (Address::Corrected, _) => NotSetUp::AddressCorrected,
        (Address::Proven, MailReach::NoMailServer | MailReach::Refused) => NotSetUp::NoMail,
        (Address::Proven, MailReach::Reachable) => NotSetUp::NotYet,
    })
}

/// What stands in the way of a transfer, besides who offers it to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transferable {
    /// Whether the account requires two-factor authentication, from whatever day on.
    pub is_required: bool,
    /// Whether it is offered to somebody already.
    pub is_offered: bool,
}

/// Why the account cannot be offered to the other. A requirement counts before its day: the new owner would be the first
/// to be shut out. One offer at a time: two who both accept cannot both own it.
pub fn transfer(actor: Roles, other: Other, account: Transferable) -> Option<Denial> {
    not_to_oneself(denial(actor, Action::Transfer), other)
        .or_else(|| account.is_offered.then_some(Denial::TransferPending))
        .or_else(|| {
            let to_be = OwnerToBe {
                is_disabled: other.is_disabled,
                is_refused: other.is_refused,
                is_covered: other.is_covered,
            };
            Some(match may_own(account.is_required, to_be).err()? {
                NotToOwn::Disabled => Denial::UserDisabled,
                NotToOwn::Refused => Denial::OtherFactorRefused,
                NotToOwn::WithoutTwoFactor => Denial::OtherWithoutTwoFactor,
            })
        })
}

/// Why the account that is offered to a user cannot be theirs yet.
pub fn accept_transfer(is_covered: bool, account: Transferable) -> Option<Denial> {
    (account.is_required && !is_covered).then_some(Denial::WithoutTwoFactor)
}

/// Acts upon others are not acts upon oneself; what holds for everybody of the actor's roles is said first.
fn not_to_oneself(denial: Option<Denial>, other: Other) -> Option<Denial> {
    let is_general = match denial {
        Some(Denial::OwnerOnly | Denial::AdminsOnly | Denial::OwnerStays) => true,
        None
        | Some(
            Denial::NotBelow
            | Denial::Yourself
            | Denial::WithoutTwoFactor
            | Denial::OtherWithoutTwoFactor
            | Denial::OtherFactorRefused
            | Denial::TwoFactorOff
            | Denial::MailNotSet
            | Denial::MailRefused
            | Denial::AddressNotProven
            | Denial::TwoFactorOn
            | Denial::MailReaches
            | Denial::OperatorLetsIn
            | Denial::OperatorRestores
            | Denial::UserDisabled
            | Denial::TransferPending
            | Denial::OpenAlready
            | Denial::OwnOffer,
        ) => false,
    };
    if other.is_actor && !is_general {
        Some(Denial::Yourself)
    } else {
        denial
    }
}

#[cfg(test)]
mod tests;
