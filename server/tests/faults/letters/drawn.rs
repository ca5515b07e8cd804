//! Each letter as its reader sees it, with names that make a layout or an encoding break: the plain text is a snapshot, to
//! be read as a whole, and the HTML says the same words. It is left in `target/tmp/letters` for `end2end/tests/letters.spec.ts`,
//! which looks at it in a browser.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use app::types::timestamp::Timestamp;
use domain::user_address::MailReader;
use service::letters::table::{LetterKind, Recipient};
use service::letters::text::{Desk, test_letter, text};
use service::letters::{Addressed, LetterHelp};
use service::mail_text::MailText;
use settings::Settings;

use super::samples::Words;

/// What only one of the two forms has: the colon before a line of its own, and the dashes above the footer.
const OF_TEXT_ALONE: [&str; 2] = [":", "--"];

/// Every letter, by a name for a file; those to an address that nobody has proven say other things.
fn letters() -> Vec<(String, MailText)> {
    let words = Words::telling();
    let settings = Settings {
        public_url: Some("https://security.example.org".to_owned()),
        ..Settings::default()
    };
    let desk = Desk::new(&settings, Timestamp(1_795_857_240)).helped_by(LetterHelp::Owner);
    let mut letters = vec![("Test".to_owned(), test_letter(&words.email, &settings))];
    for kind in LetterKind::ALL {
        if kind.rule().to == Recipient::Phone {
            continue;
        }
        for reader in [MailReader::ItsUser, MailReader::Anybody] {
            let is_proven = reader == MailReader::ItsUser;
            // To an address that was typed there is one letter.
            if is_proven && kind.rule().to == Recipient::TypedAddress {
                continue;
            }
            let to = Addressed {
                name: Some("Ada \"Countess\" Lovelace <ada@example.org>"),
                email: Some("ada@example.org"),
                user: None,
                reader,
            };
            let is_typed = kind.rule().to == Recipient::TypedAddress;
            let suffix = if is_proven || is_typed {
                ""
            } else {
                "Unproven"
            };
            let mail = text(&words.letter(*kind), to, desk);
            letters.push((format!("{kind:?}{suffix}"), mail));
        }
    }
    letters
}

/// The words that are read, without markup and spaces.
fn words_of_html(html: &str) -> String {
    let (_, body) = html.split_once("<body").unwrap();
    let mut words = String::new();
    for piece in body.split('<').skip(1) {
        let (_, shown) = piece.split_once('>').unwrap();
        words.push_str(shown);
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let words = entities
        .into_iter()
        .fold(words, |words, (entity, c)| words.replace(entity, c));
    without_layout(&words)
}

fn without_layout(words: &str) -> String {
    let kept = words.chars().filter(|c| !c.is_whitespace());
    let kept: String = kept.collect();
    OF_TEXT_ALONE
        .into_iter()
        .fold(kept, |kept, mark| kept.replace(mark, ""))
}

#[test]
fn every_letter_says_the_same_in_both_forms() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("letters");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut read = String::new();
    for (name, mail) in letters() {
        let (text, html) = (mail.text(), mail.html());
        assert_eq!(words_of_html(&html), without_layout(&text), "{name}");
        assert!(!html.contains("<script"), "{name}: {html}");
        // Mail programs cut off what is longer than about 100 KB.
        assert!(html.len() < 16 * 1024, "{name}: {}", html.len());
        let raw = ["Mozilla", "AppleWebKit", "{", "\u{202e}"];
        for word in raw {
            assert!(!text.contains(word), "{name}: {text}");
        }
        // Those to an address that nobody has proven end in sentences that are read once.
        if !name.ends_with("Unproven") || name == "UserDisabledUnproven" {
            let _ = writeln!(read, "=== {name}\n{text}");
        }
        fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    insta::assert_snapshot!("every_letter", read);
}
