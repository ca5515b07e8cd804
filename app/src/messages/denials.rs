//! Why an action is denied, and who can do it.

use leptos::prelude::*;

use crate::components::linked::linked;
use crate::text::{Linked, t};
use crate::types::role::Denial;

/// The sentence beside a disabled control.
pub(crate) fn denial(denial: Denial) -> AnyView {
    linked(&said(denial))
}

/// The same for a refusal.
pub(crate) fn said(denial: Denial) -> Linked {
    match denial {
        Denial::OwnerOnly => t().denial_owner_only().into(),
        Denial::AdminsOnly => t().denial_admins_only().into(),
        Denial::NotBelow => t().denial_not_below().into(),
        Denial::Yourself => t().denial_yourself().into(),
        Denial::OwnerStays => t().denial_owner_stays(),
        Denial::WithoutTwoFactor => t().denial_without_two_factor(),
        Denial::OtherWithoutTwoFactor => t().denial_other_without_two_factor().into(),
        Denial::OtherFactorRefused => t().denial_other_factor_refused().into(),
        Denial::TwoFactorOff => t().denial_two_factor_off().into(),
        Denial::MailNotSet => t().denial_mail_not_set().into(),
        Denial::MailRefused => t().denial_mail_refused().into(),
        Denial::AddressNotProven => t().denial_address_not_proven().into(),
        Denial::UserDisabled => t().denial_user_disabled().into(),
        Denial::TransferPending => t().denial_transfer_pending(),
        Denial::OpenAlready => t().denial_open_already().into(),
        Denial::OwnOffer => t().denial_own_offer().into(),
        Denial::TwoFactorOn => t().denial_two_factor_on().into(),
        Denial::MailReaches => t().denial_mail_reaches().into(),
        Denial::OperatorLetsIn => t().denial_operator_lets_in().into(),
        Denial::OperatorRestores => t().denial_operator_restores().into(),
    }
}
