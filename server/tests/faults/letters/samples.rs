//! One letter of each kind, written with given words in every place.

use app::types::account::AccountRules;
use app::types::email::EmailAddress;
use app::types::ids::{AccountId, UserId};
use app::types::one_time_code::OneTimeCode;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;
use crypto::random::{SeededRandom, bytes};
use crypto::token::Token;
use domain::announcements::AnnouncementKind;
use domain::days::{Deadline, Zone};
use domain::enforcement::{self, Requirement};
use domain::mailbox_code::MailboxCode;
use domain::roles::{Role, Roles};
use service::Visitor;
use service::letters::Letter;
use service::letters::table::LetterKind;
use storage::transfer_offers::TransferOffer;
use uuid::Uuid;

/// What each attacker wants read.
pub(super) const TRAP: &str = "evil.example";
pub(super) const ACCOUNT: &str =
    "Payroll: your salary is on hold, see https://evil.example/pay and ask there";
pub(super) const PERSON: &str = "customer. Your parcel is held: https://evil.example/parcel,";

/// The name of an account that the reader of a letter has nothing to do with.
const STRANGERS: &str = "Lottery\r\n\u{202e}: you have won, see https://evil.example/strangers and so much more that nobody reads it all";

/// What letters are made of here.
pub(super) struct Words {
    account: &'static str,
    person: &'static str,
    /// The name of an account that the reader has nothing to do with.
    strangers: &'static str,
    token: Token,
    pub(super) from: Visitor,
    pub(super) email: EmailAddress,
    invited: Vec<String>,
    pub(super) code: OneTimeCode,
    pub(super) mailbox_code: MailboxCode,
}

impl Words {
    /// What attackers would like to have read.
    pub(super) fn hostile() -> Self {
        let browser = "your account is blocked. Unblock it at https://evil.example/unblock";
        Self::new([ACCOUNT, PERSON, STRANGERS], browser)
    }

    /// What people are called who make a layout or an encoding break.
    pub(super) fn telling() -> Self {
        let browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        let account = "شركة المحركات 🦀 <script>alert(1)</script> & \"Söhne\"";
        let person = "Wolfeschlegelsteinhausenbergerdorff-Ὑπατία 'Ὑ' O’Neil-李雷 👩\u{200d}🚀";
        Self::new([account, person, "Difference & Sons <b>"], browser)
    }

    fn new(names: [&'static str; 3], browser: &str) -> Self {
        let [account, person, strangers] = names;
        Self {
            account,
            person,
            strangers,
            token: Token::new(&SeededRandom::new(1)),
            from: Visitor {
                address: "192.0.2.9".to_owned(),
                browser: browser.to_owned(),
            },
            email: EmailAddress::parse("new@example.org").unwrap(),
            invited: ["zoe@example.org", "bob@example.org", "zoe@example.org"]
                .map(str::to_owned)
                .to_vec(),
            code: OneTimeCode::parse("123456").unwrap(),
            mailbox_code: MailboxCode::new(bytes(&SeededRandom::new(2))),
        }
    }

    /// A letter of each kind: one that is added to the table is added here, or this does not compile.
    #[expect(clippy::too_many_lines, reason = "one sample of each letter")]
    pub(super) fn letter(&self, kind: LetterKind) -> Letter<'_> {
        let (from, token, to) = (&self.from, &self.token, &self.email);
        let (account, by) = (self.account, self.person);
        let roles: Roles = [Role::Admin].into_iter().collect();
        let until = Timestamp(1_800_000_000);
        match kind {
            LetterKind::TwoFactorEnabled => Letter::TwoFactorEnabled { from },
            LetterKind::SmsEnabled => Letter::SmsEnabled { from },
            LetterKind::TwoFactorEnabledByKey => Letter::TwoFactorEnabledByKey {
                is_passkey: true,
                maker: Some("YubiKey 5"),
                from,
            },
            LetterKind::KeyAdded => Letter::KeyAdded {
                is_passkey: false,
                maker: None,
                gives_way: true,
                from,
            },
            LetterKind::KeyRemoved => Letter::KeyRemoved {
                is_passkey: true,
                from,
            },
            LetterKind::KeyCopied => Letter::KeyCopied {
                is_passkey: false,
                from,
            },
            LetterKind::AppRemoved => Letter::AppRemoved { from },
            LetterKind::AppReplaced => Letter::AppReplaced { from },
            LetterKind::TwoFactorDisabled => Letter::TwoFactorDisabled { from },
            LetterKind::RecoveryCodesReplaced => Letter::RecoveryCodesReplaced { from },
            LetterKind::RecoveryCodeUsed => Letter::RecoveryCodeUsed { left: 3, from },
            LetterKind::StepUpFailed => Letter::StepUpFailed { from },
            LetterKind::TwoFactorImported => Letter::TwoFactorImported,
            LetterKind::TwoFactorResetByOperator => {
                Letter::TwoFactorResetByOperator { takes_link: true }
            }
            LetterKind::TwoFactorResetOffered => Letter::TwoFactorResetOffered {
                account,
                by,
                until,
                token,
            },
            LetterKind::TwoFactorResetConfirmed => {
                Letter::TwoFactorResetConfirmed { account, from }
            }
            LetterKind::TwoFactorResetOfMember => Letter::TwoFactorResetOfMember {
                account,
                name: by,
                email: to.as_str(),
                offered_by: self.strangers,
                opens_at: Some(until),
            },
            LetterKind::LetIn => Letter::LetIn { account, by },
            LetterKind::LetInOfMember => Letter::LetInOfMember {
                account,
                by,
                name: by,
                email: to.as_str(),
                from,
            },
            LetterKind::MailboxCode => Letter::MailboxCode {
                act: MailboxAct::ChangeAddress,
                code: &self.mailbox_code,
                tag: &[7; 32],
                from,
            },
            LetterKind::FirstFactorAllowed => Letter::FirstFactorAllowed,
            LetterKind::FirstFactorAllowedByOwner => Letter::FirstFactorAllowedByOwner,
            LetterKind::FirstFactorAllowedToMember => Letter::FirstFactorAllowedToMember {
                account,
                name: by,
                email: to.as_str(),
                from,
            },
            LetterKind::FactorDeclined => Letter::FactorDeclined { from },
            LetterKind::TransferOfferSent => Letter::TransferOfferSent {
                account,
                to: by,
                until,
                from,
            },
            LetterKind::TransferOffered => Letter::TransferOffered {
                account,
                by,
                of: AccountId::new(Uuid::nil()),
                offer: TransferOffer {
                    from: UserId::new(Uuid::nil()),
                    to: UserId::new(Uuid::nil()),
                    expires_at: until,
                },
            },
            LetterKind::TransferTakenBack => Letter::TransferTakenBack { account, by },
            LetterKind::TransferDeclined => Letter::TransferDeclined { account, by },
            LetterKind::Restored => Letter::Restored { made_at: until },
            LetterKind::SignUpLink => Letter::SignUpLink { token },
            LetterKind::SignUpHeld => Letter::SignUpHeld { token },
            LetterKind::AddressWon => Letter::AddressWon,
            LetterKind::AddressOfMemberWon => Letter::AddressOfMemberWon {
                account,
                name: by,
                email: to.as_str(),
                until,
            },
            LetterKind::SignUpForExisting => Letter::SignUpForExisting { from },
            LetterKind::PasswordResetLink => Letter::PasswordResetLink { token, from },
            LetterKind::PasswordResetHeld => Letter::PasswordResetHeld,
            LetterKind::PasswordReset => Letter::PasswordReset { from },
            LetterKind::PasswordChanged => Letter::PasswordChanged { from },
            LetterKind::PasswordGuessed => Letter::PasswordGuessed,
            LetterKind::SignInLink => Letter::SignInLink { token, from },
            LetterKind::NewBrowser => Letter::NewBrowser { from },
            LetterKind::BrowserTrusted => Letter::BrowserTrusted { from },
            LetterKind::WrongSecondFactor => Letter::WrongSecondFactor { from },
            LetterKind::FactorClosed => Letter::FactorClosed { from },
            LetterKind::UserDeleted => Letter::UserDeleted { from },
            LetterKind::UserDisabled => Letter::UserDisabled,
            LetterKind::UserEnabled => Letter::UserEnabled,
            LetterKind::UserUnlocked => Letter::UserUnlocked,
            LetterKind::AddressLink => Letter::AddressLink { token },
            LetterKind::AddressTaken => Letter::AddressTaken { from },
            LetterKind::AddressChangeAsked => Letter::AddressChangeAsked { to, from },
            LetterKind::AddressChanged => Letter::AddressChanged { to, from },
            LetterKind::AddressLost => Letter::AddressLost { to, from },
            LetterKind::AddressSetByOperator => Letter::AddressSetByOperator { to },
            LetterKind::AddressConfirmedByOperator => Letter::AddressConfirmedByOperator,
            LetterKind::Invitation => Letter::Invitation {
                account,
                by,
                roles,
                until,
                token,
            },
            LetterKind::InvitationsEnded => Letter::InvitationsEnded {
                count: 3,
                invited: &self.invited,
            },
            LetterKind::RolesChanged => Letter::RolesChanged { account, by, roles },
            LetterKind::RemovedFromAccount => Letter::RemovedFromAccount { account, by },
            LetterKind::LeftAccount => Letter::LeftAccount { account, from },
            LetterKind::OwnershipGiven => Letter::OwnershipGiven {
                account,
                to: by,
                from,
            },
            LetterKind::OwnershipReceived => Letter::OwnershipReceived { account, by, from },
            LetterKind::OwnershipTakenByOperator => {
                Letter::OwnershipTakenByOperator { account, to: by }
            }
            LetterKind::OwnershipGivenByOperator => Letter::OwnershipGivenByOperator { account },
            LetterKind::AccountDeleted => Letter::AccountDeleted {
                account,
                by: Some(by),
                until,
            },
            LetterKind::AccountRestored => Letter::AccountRestored {
                account,
                by: Some(by),
                required_from: Some(Deadline::at(until, Zone::UTC)),
            },
            LetterKind::AccountRestoredToAnother => Letter::AccountRestoredToAnother {
                account,
                to: by,
                required_from: Some(Deadline::at(until, Zone::UTC)),
            },
            LetterKind::RequirementAnnounced => Letter::RequirementAnnounced {
                account,
                kind: AnnouncementKind::Set,
                holds_from: Deadline::at(until, Zone::UTC),
            },
            LetterKind::RankOffered => Letter::RankOffered {
                account,
                by,
                whom: to.as_str(),
                roles,
                from,
            },
            LetterKind::RankGiven => Letter::RankGiven {
                account,
                by,
                name: by,
                email: to.as_str(),
                roles,
                from,
            },
            LetterKind::RankJoined => Letter::RankJoined {
                account,
                by,
                name: by,
                email: to.as_str(),
                roles,
            },
            LetterKind::SettingsWeakened => Letter::SettingsWeakened {
                account,
                by,
                change: weakened(),
                from,
            },
            LetterKind::SettingsWeakenedByOperator => Letter::SettingsWeakenedByOperator {
                account,
                change: weakened(),
            },
            LetterKind::SmsCode => Letter::SmsCode { code: &self.code },
        }
    }
}

/// Settings before and after, everything less strict than before.
fn weakened() -> (enforcement::AccountSettings, enforcement::AccountSettings) {
    let settings = |requirement, is_allowed| enforcement::AccountSettings {
        requirement,
        rules: AccountRules {
            trusted_browsers_allowed: is_allowed,
            sms_counts: is_allowed,
        },
    };
    let on = Requirement::From(Deadline::at(Timestamp(1_700_000_000), Zone::UTC));
    (settings(on, false), settings(Requirement::Off, true))
}
