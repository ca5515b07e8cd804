//! Why an action is denied, and who can do it.

use crate::text::t;
use crate::types::role::Denial;

/// The sentence beside a disabled control.
pub(crate) fn denial(denial: Denial) -> &'static str {
    match denial {
        Denial::OwnerOnly => t().denial_owner_only(),
        Denial::AdminsOnly => t().denial_admins_only(),
        Denial::NotBelow => t().denial_not_below(),
        Denial::Yourself => t().denial_yourself(),
        Denial::OwnerStays => t().denial_owner_stays(),
        Denial::WithoutTwoFactor => t().denial_without_two_factor(),
        Denial::OtherWithoutTwoFactor => t().denial_other_without_two_factor(),
        Denial::TwoFactorOff => t().denial_two_factor_off(),
        Denial::MailNotSet => t().denial_mail_not_set(),
        Denial::MailRefused => t().denial_mail_refused(),
        Denial::UserDisabled => t().denial_user_disabled(),
        Denial::TransferPending => t().denial_transfer_pending(),
        Denial::OpenAlready => t().denial_open_already(),
        Denial::TwoFactorOn => t().denial_two_factor_on(),
        Denial::MailReaches => t().denial_mail_reaches(),
        Denial::OperatorLetsIn => t().denial_operator_lets_in(),
    }
}
