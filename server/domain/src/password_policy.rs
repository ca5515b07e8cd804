//! What a password has to be: long enough to type, short enough to hash, and not among the first guesses.
//!
//! No rules of composition (NIST SP 800-63B-4 §3.1.1.2): any characters, any mix of them.

use app::types::password::Guessable;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::matching::Match;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Score, zxcvbn};

/// The fewest characters, after NFC.
pub const SHORTEST_PASSWORD: u32 = 8;
/// The most characters, after NFC.
pub const LONGEST_PASSWORD: u32 = 128;

/// The product's own name is the first thing that a guesser of our passwords would try.
const OURS: &str = "twofold";
/// Parts of names and addresses below this are found in every password.
const SHORTEST_PART: usize = 3;
/// A name of a hundred initials must not make a check expensive.
const MOST_PARTS: usize = 24;
/// How much of a password is estimated. What begins strong is strong, so the beginning suffices; and the estimate grows with
/// the square of the length times the ways to read digits and signs as letters: 100 characters with all of them take
/// 1.3 s, 24 take 30 ms. From 28 characters on, zxcvbn's count of keyboard paths also leaves 64 bits.
const ESTIMATED: usize = 24;
/// A password has to have so many characters besides what is known of the user.
const FEWEST_OF_ITS_OWN: usize = 4;

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Nothing was given.
    Missing,
    /// Characters that nobody types.
    NotText,
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    TooShort,
    /// More than [`LONGEST_PASSWORD`] characters.
    TooLong,
    /// It is among the first to be guessed.
    Guessable(Guessable),
}

/// Checks what a new password is made of. It costs next to nothing.
///
/// # Errors
/// Tells what is wrong with it, the plainest reason first.
pub fn check_shape(password: &str) -> Result<(), PasswordProblem> {
    if password.is_empty() {
        return Err(PasswordProblem::Missing);
    }
    if password.chars().any(char::is_control) {
        return Err(PasswordProblem::NotText);
    }
    let most = LONGEST_PASSWORD as usize;
    let length = password.nfc().take(most + 1).count();
    if length < SHORTEST_PASSWORD as usize {
        return Err(PasswordProblem::TooShort);
    }
    if length > most {
        return Err(PasswordProblem::TooLong);
    }
    Ok(())
}

/// Estimates how easily a new password of a user about whom `known` is known is guessed: name, e-mail address,
/// account's name. It takes up to tens of milliseconds, so it runs where passwords are hashed.
///
/// # Errors
/// Tells why it is guessed too easily.
pub fn estimate(password: &str, known: &[impl AsRef<str>]) -> Result<(), PasswordProblem> {
    let password: Zeroizing<String> = Zeroizing::new(password.nfc().collect());
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let parts = parts(&known);
    if is_made_of(&password, &parts) {
        return Err(PasswordProblem::Guessable(Guessable::Personal));
    }
    let guesses: Vec<&str> = parts.iter().map(String::as_str).collect();
    let beginning: Zeroizing<String> = Zeroizing::new(password.chars().take(ESTIMATED).collect());
    let estimate = zxcvbn(&beginning, &guesses);
    if estimate.score() >= Score::Three {
        Ok(())
    } else {
        Err(PasswordProblem::Guessable(reason(
            estimate.sequence(),
            &parts,
        )))
    }
}

/// What is known, whole and in its words, lower case; the product's name among it.
fn parts(known: &[&str]) -> Vec<String> {
    let mut parts = vec![OURS.to_owned()];
    let whole = known.iter().copied();
    let words = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    for part in whole.chain(words) {
        let part: String = part.nfc().flat_map(char::to_lowercase).collect();
        if part.chars().count() >= SHORTEST_PART
            && !parts.contains(&part)
            && parts.len() < MOST_PARTS
        {
            parts.push(part);
        }
    }
    parts
}

/// Whether hardly anything is left of a password without what is known: zxcvbn sees only the beginning,
/// and an address may be longer.
fn is_made_of(password: &str, parts: &[String]) -> bool {
    let mut rest: Zeroizing<String> = Zeroizing::new(password.to_lowercase());
    for part in parts {
        *rest = rest.replace(part.as_str(), "");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count() < FEWEST_OF_ITS_OWN
        && rest.chars().count() < password.chars().count()
}

/// The reason that the longest guessable stretch gives.
fn reason(sequence: &[Match], parts: &[String]) -> Guessable {
    let longest = sequence
        .iter()
        .max_by_key(|part| part.token.chars().count());
    match longest.map(|part| &part.pattern) {
        Some(MatchPattern::Dictionary(word)) if parts.contains(&word.matched_word) => {
            Guessable::Personal
        }
        Some(MatchPattern::Dictionary(_)) => Guessable::Common,
        Some(
            MatchPattern::Spatial(_)
            | MatchPattern::Repeat(_)
            | MatchPattern::Sequence(_)
            | MatchPattern::Regex(_)
            | MatchPattern::Date(_),
        ) => Guessable::Pattern,
        Some(MatchPattern::BruteForce) | None => Guessable::Simple,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    const KNOWN: [&str; 3] = [
        "Ada Lovelace",
        "ada.lovelace@analytical-engine.org",
        "Difference & Sons",
    ];

    fn check(password: &str, known: &[&str]) -> Result<(), PasswordProblem> {
        check_shape(password)?;
        estimate(password, known)
    }

    fn guessable(because: Guessable) -> Result<(), PasswordProblem> {
        Err(PasswordProblem::Guessable(because))
    }

    #[test]
    fn any_characters_are_taken_that_are_not_the_first_guesses() {
        for password in [
            "violet-sofa-7-drum",
            "tr0ub4dour&3xyzzy",
            "Qm7!vK2pX",
            "correct horse battery staple",
            "мой дядя самых честных правил",
            "李白乘舟将欲行忽闻岸上",
            "🦀🎻🌋🧂🪁🛶🧿🥁🪗🧶",
            "ends with a space and begins ",
            &format!("x7#Kq!violet{}", "ß".repeat(116)),
        ] {
            assert_eq!(check(password, &KNOWN), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_password_has_8_to_128_characters_however_they_are_composed() {
        assert_eq!(check("", &KNOWN), Err(PasswordProblem::Missing));
        assert_eq!(check("Qm7!vK2", &KNOWN), Err(PasswordProblem::TooShort));
        // Seven characters, spelt with eight code points.
        assert_eq!(
            check("Qm7!vKe\u{301}", &KNOWN),
            Err(PasswordProblem::TooShort)
        );
        let decomposed = format!("violet-sofa-7-drum{}", "e\u{301}".repeat(110));
        assert_eq!(check(&decomposed, &KNOWN), Ok(()));
        assert_eq!(
            check(&format!("{decomposed}x"), &KNOWN),
            Err(PasswordProblem::TooLong)
        );
        assert_eq!(
            check(&"🦀".repeat(129), &KNOWN),
            Err(PasswordProblem::TooLong)
        );
        assert_eq!(
            check(&"x".repeat(1 << 20), &KNOWN),
            Err(PasswordProblem::TooLong)
        );
    }

    #[test]
    fn control_characters_are_not_text() {
        for password in [
            "violet\0sofa-7-drum",
            "violet-sofa\n7-drum",
            "\u{7f}violet-sofa-7",
            "\u{85}iolet-sofa",
        ] {
            assert_eq!(
                check(password, &KNOWN),
                Err(PasswordProblem::NotText),
                "{password:?}"
            );
        }
    }

    #[test]
    fn a_guessable_password_is_refused_with_the_reason() {
        let table = [
            ("password", Guessable::Common),
            ("P@ssw0rd", Guessable::Common),
            ("iloveyou", Guessable::Common),
            ("qwertyuiop[]", Guessable::Pattern),
            ("aaaaaaaaaaaa", Guessable::Pattern),
            ("abcdefghijkl", Guessable::Pattern),
            ("1212121212121212121212121212121212", Guessable::Pattern),
            ("19911225", Guessable::Pattern),
            ("lovelace1", Guessable::Personal),
            ("Ada Lovelace", Guessable::Personal),
            ("Lov3lac3Ada", Guessable::Personal),
            ("ada.lovelace@analytical-engine.org", Guessable::Personal),
            ("ANALYTICAL-ENGINE", Guessable::Personal),
            ("difference-99", Guessable::Personal),
            ("twofold1", Guessable::Personal),
            ("TwofoldTwofold", Guessable::Personal),
            ("gx4kzq2w", Guessable::Simple),
        ];
        for (password, because) in table {
            assert_eq!(check(password, &KNOWN), guessable(because), "{password}");
        }
    }

    #[test]
    fn what_is_known_of_one_user_is_no_guess_at_another() {
        assert_eq!(
            check("analytical-engine", &KNOWN),
            guessable(Guessable::Personal)
        );
        assert_eq!(
            check("analytical-engine", &["Bob", "bob@example.org"]),
            Ok(())
        );
        assert_eq!(
            check("violet-sofa-7-drum", &["", "a", "b c d e f", "@"]),
            Ok(())
        );
    }

    #[test]
    fn the_costliest_passwords_are_answered_quickly() {
        let signs = "4@8({[<369&#!1/|0$5+7%2".repeat(5);
        let names = "ab cd ef gh ij kl ".repeat(200);
        let costly = [
            &signs,
            "a4@b8c({[<e3g69i1!|l1|7o0s$5t+7x%z2",
            &"1".repeat(128),
            &"ab1".repeat(42),
        ];
        // Reads the dictionaries, once in a process.
        let _ = check("violet-sofa-7-drum", &[]);
        let most = Duration::from_millis(500);
        #[expect(
            clippy::disallowed_methods,
            reason = "a span of real time is what is measured"
        )]
        for password in costly {
            let start = std::time::Instant::now();
            let _ = check(password, &[&names, &signs]);
            let elapsed = start.elapsed();
            assert!(elapsed < most, "{password}: {elapsed:?}");
        }
    }

    proptest! {
        #[test]
        fn checking_never_panics(password in "\\PC{0,140}|[0-9a-c!@ ]{8,130}|(12|qw|a i ){4,60}", name in "\\PC{0,60}") {
            let _ = check(&password, &[&name, &name]);
        }

        #[test]
        fn a_name_is_no_password(name in "[a-z]{4,12}( [a-z]{4,12}){1,3}") {
            prop_assert_eq!(check(&name, &[&name]), guessable(Guessable::Personal));
            let address = format!("{}@example.org", name.replace(' ', "."));
            prop_assert_eq!(check(&address, &[&address]), guessable(Guessable::Personal));
        }
    }
}
