//! Each letter at the address of a user that nobody has proven: whoever reads it may be somebody else. It gives no right over
//! the user, holds nobody's words, and is counted as what strangers send.

use app::types::email::EmailAddress;
use app::types::timestamp::Timestamp;
use domain::user_address::{AtUnproven, MailReader};
use service::change::Change;
use service::letters::table::{LetterKind, Recipient, SubjectWords};
use service::letters::text::{Desk, text, text_message};
use service::letters::{Addressed, Letter};
use service::limits::LETTERS_TO_UNPROVEN;
use service::mail_text::MailText;
use settings::Settings;

use super::samples::{ACCOUNT, PERSON, TRAP, Words};
use crate::support::{Team, TestApp};

const GRACE: &str = "grace@example.org";
/// Letters after which nobody signs in by the address that they go to.
const OVER: [LetterKind; 4] = [
    LetterKind::UserDeleted,
    LetterKind::UserDisabled,
    LetterKind::AddressLost,
    LetterKind::AddressSetByOperator,
];
/// A day's letters of strangers to a mailbox.
const OF_STRANGERS: usize = 20;

/// Whether a letter carries what a door takes: the token of a link, or a code.
fn has_secret(mail: &MailText, words: &Words) -> bool {
    let has_token = mail
        .link
        .as_ref()
        .is_some_and(|link| link.url.contains('#'));
    let text = mail.text();
    let code = words.mailbox_code.shown();
    has_token || text.contains(code.expose()) || text.contains(words.code.digits())
}

/// A letter that carries a link or a code says what it does at an unproven address, and one that carries none only tells.
#[test]
fn each_letter_with_a_link_or_a_code_says_what_it_does_there() {
    let (words, settings) = (Words::hostile(), Settings::default());
    let desk = Desk::new(&settings, Timestamp(1_700_000_000));
    let to = Addressed::stranger(&words.email);
    for kind in LetterKind::ALL {
        let (letter, rule) = (words.letter(*kind), kind.rule());
        if rule.to == Recipient::Phone {
            let message = text_message(&letter, desk);
            assert!(message.contains(words.code.digits()), "{kind:?}");
            assert_eq!(rule.at_unproven, AtUnproven::NoMail, "{kind:?}");
            continue;
        }
        let only_tells = rule.at_unproven == AtUnproven::Tells;
        let carries = has_secret(&text(&letter, to, desk), &words);
        assert_eq!(only_tells, !carries, "{kind:?}");
        // Nor is it sent once what it carries is worth nothing.
        assert!(!carries || rule.stands_by.is_some(), "{kind:?}");
        // What proves a mailbox is for whoever reads it, not for the user who has the address.
        if rule.at_unproven == AtUnproven::ProvesMailbox {
            assert_eq!(rule.to, Recipient::TypedAddress, "{kind:?}");
        }
    }
}

#[test]
fn no_letter_there_holds_words_of_others_or_greets_by_name() {
    let (words, settings) = (Words::hostile(), Settings::default());
    let desk = Desk::new(&settings, Timestamp(1_700_000_000));
    for kind in LetterKind::ALL {
        let rule = kind.rule();
        if rule.to == Recipient::Phone {
            continue;
        }
        let to = Addressed {
            name: Some(PERSON),
            email: Some(GRACE),
            user: None,
            reader: MailReader::Anybody,
        };
        let mail = text(&words.letter(*kind), to, desk);
        let body = mail.text() + &mail.html();
        let mut foreign = vec![TRAP, PERSON, ACCOUNT, "\u{202e}", "nobody reads", "Unblock"];
        foreign.push(words.email.as_str());
        for word in foreign {
            assert!(!body.contains(word), "{kind:?}: {body}");
            assert!(!mail.subject.contains(word), "{kind:?}: {}", mail.subject);
        }
        for word in ["Payroll", "customer", "Lottery"] {
            assert!(!mail.subject.contains(word), "{kind:?}: {}", mail.subject);
        }
        assert!(body.contains("Hello,"), "{kind:?}: {body}");
        // Why it came, and what to do, for the user and for whoever else reads it.
        let tells_why = body.contains("has never shown that they read its mail");
        assert!(tells_why || !rule.to.is_user(), "{kind:?}: {body}");
        // Nothing that is refused there, and nothing to do where nobody uses the address any more, or may not sign in.
        let leads_on = body.contains("/forgot-password") || body.contains("with the link below");
        assert!(
            !leads_on || rule.at_unproven == AtUnproven::NotSent,
            "{kind:?}: {body}"
        );
        if OVER.contains(kind) {
            assert!(!body.contains("Profile page"), "{kind:?}: {body}");
        }
        let is_general = mail.subject == "About your user here";
        assert_eq!(
            is_general,
            rule.subject == SubjectWords::Account,
            "{kind:?}"
        );
    }
}

/// What is queued there, of each kind by itself: what gives a right over the user never is, whatever its door asks.
#[tokio::test]
async fn what_gives_a_right_over_the_user_is_not_sent_there() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, GRACE, &["developer"]).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    let grace = app.user(GRACE).await;
    let words = Words::hostile();
    for kind in LetterKind::ALL {
        let rule = kind.rule();
        if rule.to == Recipient::Phone {
            continue;
        }
        app.sql("DELETE FROM tries").await;
        let sent = send(&app, (&grace).into(), &words.letter(*kind)).await;
        let expected = usize::from(rule.at_unproven != AtUnproven::NotSent);
        assert_eq!(sent, expected, "{kind:?}");
    }
}

/// How many mails arrive.
async fn send(app: &TestApp, to: Addressed<'_>, letter: &Letter<'_>) -> usize {
    app.mails_gone().await;
    let before = app.mails().await.len();
    let change = Change::by_server(&app.services).await.unwrap();
    change.queue(to, letter).await.unwrap();
    change.commit().await.unwrap();
    app.mails_gone().await;
    app.mails().await.len() - before
}

/// All kinds that tell a user something: of those of an account no more than strangers may send to the mailbox in a day,
/// and invitations among it; of those about the own user as many again, which no stranger takes.
#[tokio::test]
async fn letters_to_a_user_there_are_counted() {
    let app = TestApp::start().await;
    let mut team = Team::found(&app).await;
    team.add(&app, GRACE, &["developer"]).await;
    app.sql("DELETE FROM tries").await;
    let words = Words::hostile();
    let told = LetterKind::ALL.iter().filter(|kind| {
        let rule = kind.rule();
        rule.to.is_user()
            && rule.at_unproven == AtUnproven::Tells
            && !is_counted_at_its_door(**kind)
    });
    let told: Vec<_> = told.collect();
    let of_account = told
        .iter()
        .filter(|kind| kind.rule().to != Recipient::Themselves)
        .count();
    let most = OF_STRANGERS + LETTERS_TO_UNPROVEN as usize;
    assert!(of_account > OF_STRANGERS && told.len() - of_account > most - OF_STRANGERS);
    // At a proven address none is left out.
    let proven = app.user(GRACE).await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'grace@example.org'")
        .await;
    let unproven = app.user(GRACE).await;
    let (mut of_proven, mut of_unproven) = (0, 0);
    for kind in &told {
        of_proven += send(&app, (&proven).into(), &words.letter(**kind)).await;
    }
    for kind in &told {
        of_unproven += send(&app, (&unproven).into(), &words.letter(**kind)).await;
    }
    assert_eq!((of_proven, of_unproven), (told.len(), most));
    // An invitation to the mailbox waits for the next day, as when strangers have sent as many.
    let change = Change::by_server(&app.services).await.unwrap();
    let email = EmailAddress::parse(GRACE).unwrap();
    let invitation = words.letter(LetterKind::Invitation);
    let waits = change
        .queue(Addressed::stranger(&email), &invitation)
        .await
        .unwrap();
    assert!(waits.is_some());
}

/// Letters whose door takes a try of a limit for the address, or of this one.
fn is_counted_at_its_door(kind: LetterKind) -> bool {
    matches!(
        kind,
        LetterKind::SignUpForExisting | LetterKind::AddressTaken
    )
}
