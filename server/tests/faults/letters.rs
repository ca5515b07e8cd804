//! Walks the table of letters: each is written with text of an attacker in every place, and checked.

mod drawn;
mod lost;
mod samples;
mod unproven;

use std::fmt::Write as _;

use app::types::page::Page;
use app::types::timestamp::Timestamp;
use service::letters::table::{
    Bound, Cause, ForeignWords, LetterKind, Recipient, SendOrder, SubjectWords, Unknown,
};
use service::letters::text::{Desk, text, text_message};
use service::letters::{Addressed, LetterHelp};
use service::mail_text::MailText;
use settings::Settings;
use storage::ephemeral::place;

use self::samples::{ACCOUNT, TRAP, Words};

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
        ("sign in and change your password", Page::Security),
        ("Forgot your password", Page::ForgotPassword),
        ("set a new password (", Page::ForgotPassword),
        ("set a new one (", Page::ForgotPassword),
    ];
    let body = mail.text();
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
            // What has a row in the table says which row it is, and the other way round.
            let table = mail.stands_by.as_ref().map(|ground| ground.table.as_str());
            let stated = rule.stands_by.map(|what| place(what).table);
            assert_eq!(table, stated, "{kind:?}");
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
        let names_browser = body.contains("Unknown browser");
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
                LetterKind::PasswordReset
                    | LetterKind::InvitationsEnded
                    | LetterKind::AddressWon
                    | LetterKind::AddressOfMemberWon
            );
            assert!(has_read, "{kind:?}");
        }
        let (cause, recipient) = (rule.cause, rule.to);
        let _ = writeln!(
            table,
            "{kind:?}: by {cause:?}, to {recipient:?}, words {:?}, in the subject {:?}, bound {:?}, unknown {:?}, unproven {:?}, stands by {:?}, goes {:?}\n    {subject}",
            rule.words,
            rule.subject,
            rule.bound,
            rule.unknown,
            rule.at_unproven,
            rule.stands_by,
            rule.order
        );
    }
    insta::assert_snapshot!("letters", table);
}

/// What each door sends to the address that it is asked for, whoever has it.
const BY_ONE_DOOR: &[&[LetterKind]] = &[
    &[
        LetterKind::SignUpLink,
        LetterKind::SignUpHeld,
        LetterKind::SignUpForExisting,
    ],
    &[LetterKind::PasswordResetLink, LetterKind::PasswordResetHeld],
    &[LetterKind::AddressLink, LetterKind::AddressTaken],
    &[LetterKind::Invitation],
    &[LetterKind::PasswordGuessed],
];

/// Whoever asks for somebody's address and then for their own would see by the order of the two who has a user.
#[test]
fn what_one_door_sends_for_an_address_goes_in_one_order() {
    let of_doors: Vec<_> = BY_ONE_DOOR.iter().copied().flatten().collect();
    for kind in LetterKind::ALL {
        let rule = kind.rule();
        let doors = of_doors.iter().filter(|one| **one == kind).count();
        let depends_on_address = rule.unknown != Unknown::Nothing;
        assert_eq!(doors, usize::from(depends_on_address), "{kind:?}");
        // What is over soon waits for nothing that only tells.
        if rule.stands_by.is_some() {
            assert_eq!(rule.order, SendOrder::First, "{kind:?}");
        }
    }
    for door in BY_ONE_DOOR {
        let orders: Vec<_> = door.iter().map(|kind| kind.rule().order).collect();
        assert!(orders.iter().all(|one| *one == orders[0]), "{door:?}");
        // Another letter is another one than that of the same door.
        let says_else = |kind: &LetterKind| kind.rule().unknown == Unknown::AnotherLetter;
        assert!(!door.iter().any(says_else) || door.len() > 1, "{door:?}");
    }
}

/// Who can help depends on who reads it, and a letter says so only where nobody can tell by it that there is such a user.
#[test]
fn a_letter_names_who_can_help_as_its_line_allows() {
    let (words, settings) = (Words::hostile(), Settings::default());
    let desk = Desk::new(&settings, Timestamp(1_700_000_000));
    let to = Addressed::stranger(&words.email).moved_to(&words.email);
    let mut naming = 0;
    for kind in LetterKind::ALL {
        if kind.rule().to == Recipient::Phone {
            continue;
        }
        let letter = words.letter(*kind);
        let helped_by = |help| text(&letter, to, desk.helped_by(help)).text();
        let [owner, another, operator] = [
            LetterHelp::Owner,
            LetterHelp::AnotherOwner,
            LetterHelp::Operator,
        ]
        .map(helped_by);
        let sends_to_owner = "ask the owner of";
        assert!(!operator.contains(sends_to_owner), "{kind:?}: {operator}");
        assert!(!another.contains("the owner of your account"), "{kind:?}");
        let names_help = owner != operator;
        assert_eq!(owner.contains(sends_to_owner), names_help, "{kind:?}");
        assert!(!names_help || kind.rule().may_name_help(), "{kind:?}");
        naming += usize::from(names_help);
    }
    assert!(naming > 15, "{naming}");
}
