//! What pages say of each kind of second factor, and ask for: the one place of the pages that tells the kinds apart.

use leptos::prelude::*;

use crate::error::Field;
use crate::text::named::DateNumber;
use crate::text::t;
use crate::types::factors::{CodeFactorKind, FactorKind, FactorShown, Way};
use crate::types::timestamp::Timestamp;
use crate::ui::{PLACE, date_time, sentence};

/// That a factor is on, and since when.
pub(crate) fn state_words(factor: &FactorShown, since: Timestamp) -> AnyView {
    let words = match factor {
        FactorShown::App => t().security_on(&PLACE),
        FactorShown::Sms { masked } => t().sms_on(DateNumber {
            date: &PLACE,
            number: masked,
        }),
    };
    sentence(&words, date_time(since.seconds()))
}

/// What the card says of a factor that is on.
pub(crate) struct OnCard {
    /// What it does for the user.
    pub why: &'static str,
    /// Why to move away from it.
    pub warning: Option<&'static str>,
    /// Whether another may take its place.
    pub can_be_replaced: bool,
}

/// What the card says of a kind.
pub(crate) fn on_card(kind: CodeFactorKind) -> OnCard {
    match kind {
        CodeFactorKind::App => OnCard {
            why: t().security_on_why(),
            warning: None,
            can_be_replaced: true,
        },
        CodeFactorKind::Sms => OnCard {
            why: t().sms_on_why(),
            warning: Some(t().sms_retired()),
            can_be_replaced: false,
        },
    }
}

/// What the list of users says of a kind; the day is at the place.
pub(crate) fn in_list(kind: FactorKind) -> String {
    match kind {
        FactorKind::Passkey => t().team_passkey_since(&PLACE),
        FactorKind::SecurityKey => t().team_security_key_since(&PLACE),
        FactorKind::App => t().team_app_since(&PLACE),
        FactorKind::Sms => t().team_sms_since(&PLACE),
    }
}

/// A kind, where a list is narrowed to it.
pub(crate) fn kind_name(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Passkey => t().team_only_passkey(),
        FactorKind::SecurityKey => t().team_only_security_key(),
        FactorKind::App => t().team_only_app(),
        FactorKind::Sms => t().team_only_sms(),
    }
}

/// How a step-up asks for a code.
pub(crate) struct StepUpCodeWords {
    /// The field's name.
    pub label: &'static str,
    /// Where what is wrong with it is said.
    pub field: Field,
    /// Whether a code has to be asked for first.
    pub is_sent: bool,
}

/// How a step-up asks those who have a kind for a code.
pub(crate) fn step_up_code(kind: CodeFactorKind) -> StepUpCodeWords {
    match kind {
        CodeFactorKind::App => StepUpCodeWords {
            label: t().step_up_code(),
            field: Field::Code,
            is_sent: false,
        },
        CodeFactorKind::Sms => StepUpCodeWords {
            label: t().sms_step_up_code(),
            field: Field::SmsCode,
            is_sent: true,
        },
    }
}

/// A form that asks for one code.
#[derive(Clone, Copy)]
pub(crate) struct CodeWords {
    /// What stands above the field.
    pub intro: &'static str,
    /// The field.
    pub field: Field,
    /// What stands below it.
    pub hint: &'static str,
    /// The button that leads here from another way.
    pub instead: &'static str,
}

/// How signing in asks for the proof of a way.
pub(crate) fn code_words(way: &Way) -> CodeWords {
    match way {
        Way::App => CodeWords {
            intro: t().sign_in_code_intro(),
            field: Field::Code,
            hint: t().common_code_hint(),
            instead: t().sign_in_use_app(),
        },
        Way::Sms { .. } => CodeWords {
            intro: t().sms_code_intro(),
            field: Field::SmsCode,
            hint: t().sms_code_hint(),
            instead: t().sms_use_code(),
        },
        Way::RecoveryCode => CodeWords {
            intro: t().sign_in_recovery_intro(),
            field: Field::RecoveryCode,
            hint: t().sign_in_recovery_hint(),
            instead: t().sign_in_use_recovery(),
        },
    }
}
