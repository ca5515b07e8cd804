//! The labels of metrics, from fixed sets of values.

use app::types::factors::FactorKind;
use prometheus_client::encoding::EncodeLabelSet;

/// The factor of a first step that led no further.
pub const PASSWORD: &str = "password";

/// A code that was refused: of the app or by SMS.
pub const CODE: &str = "code";

/// What a step of a sign-in that was refused can end in.
const REFUSALS: [&str; 10] = [
    "busy",
    "factor_closed",
    "factor_unreadable",
    "internal",
    "link_of_another_sign_in",
    "link_over",
    "paused",
    "sign_in_over",
    "wrong_code",
    "wrong_credentials",
];

/// Every outcome of a step of a sign-in with the factor that it is counted under.
pub(super) fn sign_ins() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tried = [PASSWORD, CODE, "recovery_code", "link"];
    let refused = tried
        .into_iter()
        .flat_map(|factor| REFUSALS.map(|outcome| (outcome, factor)));
    let due = ["second_factor_due", "link_due"].map(|outcome| (outcome, PASSWORD));
    let finished = Proof::all().map(|proof| ("signed_in", proof.word()));
    refused.chain(due).chain(finished)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SignIn {
    pub(super) outcome: &'static str,
    pub(super) factor: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SpentLimit {
    pub(super) limit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ResponseLabels {
    pub(super) function: &'static str,
    pub(super) status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Function {
    pub(super) function: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Mails {
    pub(super) fate: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Build {
    pub(super) version: &'static str,
    pub(super) database: &'static str,
}

/// What a finished sign-in was proven by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password alone.
    Password,
    /// The password and a second factor.
    Factor(FactorKind),
    /// A recovery code.
    RecoveryCode,
    /// A mailed link.
    Link,
    /// A trusted browser.
    TrustedBrowser,
}

impl Proof {
    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::Password,
            Self::RecoveryCode,
            Self::Link,
            Self::TrustedBrowser,
        ];
        let factors = FactorKind::ALL.into_iter().map(Self::Factor);
        others.into_iter().chain(factors)
    }

    /// As a label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => PASSWORD,
            Self::Factor(kind) => kind.word(),
            Self::RecoveryCode => "recovery_code",
            Self::Link => "link",
            Self::TrustedBrowser => "trusted_browser",
        }
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFate {
    /// The mail server has it.
    Sent,
    /// It waits for its next try.
    Delayed,
    /// It was given up.
    GivenUp,
    /// Its row in the database cannot be read, and is tried no more.
    SetAside,
}

impl MailFate {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Sent, Self::Delayed, Self::GivenUp, Self::SetAside];

    /// As a label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::GivenUp => "given_up",
            Self::SetAside => "set_aside",
        }
    }
}

/// The class of a status.
pub(super) const fn class_of(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
