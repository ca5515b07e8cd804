//! Walks the table of letters: each is written with text of an attacker in every place, and checked.

mod lost;
mod unproven;

use std::fmt::Write as _;

use app::types::account::AccountRules;
use app::types::email::EmailAddress;
use app::types::one_time_code::OneTimeCode;
use app::types::page::Page;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;
use crypto::random::{SeededRandom, bytes};
use crypto::token::Token;
use domain::announcements::AnnouncementKind;
use domain::enforcement::{self, Requirement};
use domain::mailbox_code::MailboxCode;
use domain::roles::{Role, Roles};
use service::Visitor;
use service::letters::table::{
    Bound, Cause, ForeignWords, LetterKind, Recipient, SubjectWords, Unknown,
};
use service::letters::text::{Desk, text, text_message};
use service::letters::{Addressed, Letter};
use service::mail_text::MailText;
use settings::Settings;

/// What each attacker wants read.
const TRAP: &str = "evil.example";
const ACCOUNT: &str = "Payroll: your salary is on hold, see https://evil.example/pay and ask there";
const PERSON: &str = "customer. Your parcel is held: https://evil.example/parcel,";

/// The name of an account that the reader of a letter has nothing to do with.
const STRANGERS: &str = "Lottery\r\n\u{202e}: you have won, see https://evil.example/strangers and so much more that nobody reads it all";

/// What letters are made of here.
struct Words {
    token: Token,
    from: Visitor,
    email: EmailAddress,
    code: OneTimeCode,
    mailbox_code: MailboxCode,
}

impl Words {
    fn hostile() -> Self {
        Self {
            token: Token::new(&SeededRandom::new(1)),
            from: Visitor {
                address: "192.0.2.9".to_owned(),
                browser: "your account is blocked. Unblock it at https://evil.example/unblock"
                    .to_owned(),
            },
            email: EmailAddress::parse("new@example.org").unwrap(),
            code: OneTimeCode::parse("123456").unwrap(),
            mailbox_code: MailboxCode::new(bytes(&SeededRandom::new(2))),
        }
    }

    /// A letter of each kind: one that is added to the table is added here, or this does not compile.
    #[expect(clippy::too_many_lines, reason = "one sample of each letter")]
    fn letter(&self, kind: LetterKind) -> Letter<'_> {
        let (from, token, to) = (&self.from, &self.token, &self.email);
        let (account, by) = (ACCOUNT, PERSON);
        let roles: Roles = [Role::Admin].into_iter().collect();
        let until = Timestamp(1_800_000_000);
        match kind {
            LetterKind::TwoFactorEnabled => Letter::TwoFactorEnabled { from },
            LetterKind::SmsEnabled => Letter::SmsEnabled { from },
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
                name: PERSON,
                email: to.as_str(),
                offered_by: STRANGERS,
                opens_at: Some(until),
            },
            LetterKind::LetIn => Letter::LetIn { account, by },
            LetterKind::MailboxCode => Letter::MailboxCode {
                act: MailboxAct::ChangeAddress,
                code: &self.mailbox_code,
                from,
            },
            LetterKind::FirstFactorAllowed => Letter::FirstFactorAllowed,
            LetterKind::FirstFactorAllowedByOwner => Letter::FirstFactorAllowedByOwner,
            LetterKind::FirstFactorAllowedToMember => Letter::FirstFactorAllowedToMember {
                account,
                name: PERSON,
                email: to.as_str(),
                from,
            },
            LetterKind::FactorDeclined => Letter::FactorDeclined { from },
            LetterKind::TransferOfferSent => Letter::TransferOfferSent {
                account,
                to: PERSON,
                until,
                from,
            },
            LetterKind::TransferOffered => Letter::TransferOffered { account, by, until },
            LetterKind::TransferTakenBack => Letter::TransferTakenBack { account, by },
            LetterKind::TransferDeclined => Letter::TransferDeclined { account, by },
            LetterKind::Restored => Letter::Restored { made_at: until },
            LetterKind::SignUpLink => Letter::SignUpLink { token },
            LetterKind::SignUpHeld => Letter::SignUpHeld { token },
            LetterKind::AddressWon => Letter::AddressWon,
            LetterKind::AddressOfMemberWon => Letter::AddressOfMemberWon {
                account,
                name: PERSON,
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
            LetterKind::RolesChanged => Letter::RolesChanged { account, by, roles },
            LetterKind::RemovedFromAccount => Letter::RemovedFromAccount { account, by },
            LetterKind::LeftAccount => Letter::LeftAccount { account, from },
            LetterKind::OwnershipGiven => Letter::OwnershipGiven {
                account,
                to: PERSON,
                from,
            },
            LetterKind::OwnershipReceived => Letter::OwnershipReceived { account, by, from },
            LetterKind::OwnershipTakenByOperator => Letter::OwnershipTakenByOperator {
                account,
                to: PERSON,
            },
            LetterKind::OwnershipGivenByOperator => Letter::OwnershipGivenByOperator { account },
            LetterKind::AccountDeleted => Letter::AccountDeleted {
                account,
                by: Some(by),
                until,
            },
            LetterKind::AccountRestored => Letter::AccountRestored {
                account,
                by: Some(by),
            },
            LetterKind::RequirementAnnounced => Letter::RequirementAnnounced {
                account,
                kind: AnnouncementKind::Set,
                holds_from: until,
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
                name: PERSON,
                email: to.as_str(),
                roles,
                from,
            },
            LetterKind::RankJoined => Letter::RankJoined {
                account,
                by,
                name: PERSON,
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
    let on = Requirement::From(Timestamp(1_700_000_000));
    (settings(on, false), settings(Requirement::Off, true))
}

/// A letter that sends its reader to a page has the link to it.
fn assert_leads_to_what_it_names(mail: &MailText, desk: Desk<'_>) {
    // (words that name a page, the page)
    let pages = [
        ("Security page", Page::Security),
        ("Profile page", Page::Profile),
        ("page Users", Page::Start),
        ("Users page", Page::Start),
        ("overview", Page::Start),
        ("with the link below", Page::ForgotPassword),
        ("Forgot your password", Page::ForgotPassword),
        ("set a new password (", Page::ForgotPassword),
        ("set a new one (", Page::ForgotPassword),
    ];
    let body = mail.paragraphs.join(" ");
    for (words, page) in pages {
        let url = desk.settings.link(page, None);
        let leads_there = mail.link.as_ref().is_some_and(|link| link.url == url);
        assert!(
            !body.contains(words) || leads_there || body.contains(&format!("({url})")),
            "no link to {page:?}: {body}"
        );
    }
}

/// A subject has no words of others but those that its line allows: the name of an account, whole, to who belongs to it.
fn assert_subject_keeps_its_line(kind: LetterKind, subject: &str) {
    let rule = kind.rule();
    let is_of_members = rule.to == Recipient::Member && is_of_names_whole(rule.words);
    let may_name_account = rule.subject == SubjectWords::Account;
    assert!(!may_name_account || is_of_members, "{kind:?}: {subject}");
    assert_eq!(
        subject.contains(ACCOUNT),
        may_name_account,
        "{kind:?}: {subject}"
    );
    let rest = subject.replace(ACCOUNT, "");
    let words = [
        "Payroll",
        "salary",
        "evil",
        "customer",
        "parcel",
        "Lottery",
        "blocked",
        "Unblock",
        "192.0.2.9",
        "@",
    ];
    for word in words {
        assert!(!rest.contains(word), "{kind:?}: {subject}");
    }
    // Nor is anybody outside the account sent its names whole.
    let is_outside = matches!(rule.to, Recipient::TypedAddress | Recipient::FormerMember);
    assert!(!is_outside || !is_of_names_whole(rule.words), "{kind:?}");
}

fn is_of_names_whole(words: ForeignWords) -> bool {
    matches!(
        words,
        ForeignWords::NamesOfTheAccount | ForeignWords::NamesAndBrowser
    )
}

/// Who can cause which letter, to whom, with which foreign words, within which bound, and what an unknown address gets.
#[test]
fn every_letter_keeps_what_its_line_says() {
    let (words, settings) = (Words::hostile(), Settings::default());
    let desk = Desk::new(&settings, Timestamp(1_700_000_000));
    let mut table = String::new();
    for kind in LetterKind::ALL {
        let letter = words.letter(*kind);
        assert_eq!(letter.kind(), *kind);
        let rule = kind.rule();
        let to = Addressed::stranger(&words.email).moved_to(&words.email);
        let (subject, body) = if rule.to == Recipient::Phone {
            (String::new(), text_message(&letter, desk))
        } else {
            let mail = text(&letter, to, desk);
            assert_leads_to_what_it_names(&mail, desk);
            (mail.subject.clone(), mail.text() + &mail.html())
        };
        let holds_names = is_of_names_whole(rule.words);
        assert!(
            !body.contains(&words.from.browser),
            "{kind:?} has the agent"
        );
        assert!(!body.contains("Unblock"), "{kind:?} has the agent");
        let has_strangers = body.contains("strangers") || subject.contains("Lottery");
        assert!(
            !has_strangers,
            "{kind:?} has an account of strangers: {body}"
        );
        // What an account is called of which the reader is no user is short, and turns no text around.
        for trap in ["\u{202e}", "nobody reads"] {
            assert!(!body.contains(trap), "{kind:?}: {body}");
        }
        assert_eq!(body.contains(TRAP), holds_names, "{kind:?}: {body}");
        let names_browser = body.contains("a browser we do not know");
        let may_name_browser = matches!(
            rule.words,
            ForeignWords::Browser
                | ForeignWords::NamesAndBrowser
                | ForeignWords::QuotedNamesAndBrowser
                | ForeignWords::NewAddress
        );
        assert_eq!(names_browser, may_name_browser, "{kind:?}");
        assert_subject_keeps_its_line(*kind, &subject);
        if rule.to == Recipient::TypedAddress {
            assert_ne!(rule.bound, Bound::Nothing, "{kind:?}");
            // Of the letters to mailboxes that have proven nothing, two are about the user who has the address.
            let unknown = match kind {
                LetterKind::SignUpHeld => Unknown::AnotherLetter,
                LetterKind::PasswordResetHeld => Unknown::ThrownAway,
                _ => Unknown::TheLetter,
            };
            assert_eq!(rule.unknown, unknown, "{kind:?}");
            assert!(!holds_names, "{kind:?}");
        }
        if rule.cause == Cause::Anyone && rule.unknown == Unknown::Nothing {
            // Who sets a password, or finishes a sign-up, by link has read the mailbox.
            let has_read = matches!(
                kind,
                LetterKind::PasswordReset | LetterKind::AddressWon | LetterKind::AddressOfMemberWon
            );
            assert!(has_read, "{kind:?}");
        }
        let (cause, recipient) = (rule.cause, rule.to);
        let _ = writeln!(
            table,
            "{kind:?}: by {cause:?}, to {recipient:?}, words {:?}, in the subject {:?}, bound {:?}, unknown {:?}, unproven {:?}\n    {subject}",
            rule.words, rule.subject, rule.bound, rule.unknown, rule.at_unproven
        );
    }
    insta::assert_snapshot!("letters", table);
}
