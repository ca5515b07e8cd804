//! Texts that send their reader to another page, with the links to it.

use std::borrow::Cow;

use crate::types::account::AccountRef;
use crate::types::page::{AccountPage, Page};

/// What begins, parts and ends a link in a text, as `build.rs` writes it: place, words.
const BEGIN: char = '\u{2}';
const PART: char = '\u{1f}';
const END: char = '\u{3}';

/// A text with links in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked(Cow<'static, str>);

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Words(&'a str),
    /// Words that lead to a page.
    Link(Page, &'a str),
}

/// Whether a character is one of those that mark links, which no value of a placeholder may bring along.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, BEGIN | PART | END)
}

/// The page of a name in the catalogue; `build.rs` knows the same names, and a test compares them. Pages of accounts are of
/// any account: `Page::seen_from` says of which.
fn page_named(name: &str) -> Option<Page> {
    let of_account = |page| Page::Account(AccountRef::Any, page);
    Some(match name {
        "users" => of_account(AccountPage::Users),
        "overview" => of_account(AccountPage::Overview),
        "general" => of_account(AccountPage::General),
        "security" => Page::Security,
        "profile" => Page::Profile,
        "sign-in" => Page::SignIn,
        "sign-up" => Page::SignUp,
        _ => return None,
    })
}

impl Linked {
    /// Words and links, in their order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut rest: &str = &self.0;
        while let Some((before, link, after)) = next_link(rest) {
            parts.push(Part::Words(before));
            parts.push(link);
            rest = after;
        }
        parts.push(Part::Words(rest));
        parts.retain(|part| *part != Part::Words(""));
        parts
    }

    /// The text without its links, for where none can stand.
    pub fn words(&self) -> String {
        let words = self.parts().into_iter().map(|part| match part {
            Part::Words(words) | Part::Link(_, words) => words,
        });
        words.collect()
    }

    /// The text with another behind it.
    #[must_use]
    pub fn then(self, text: &str) -> Self {
        Self(Cow::Owned(self.0.into_owned() + text))
    }
}

fn next_link(text: &str) -> Option<(&str, Part<'_>, &str)> {
    let (before, tail) = text.split_once(BEGIN)?;
    let (place, tail) = tail.split_once(PART)?;
    let (words, after) = tail.split_once(END)?;
    Some((before, Part::Link(page_named(place)?, words), after))
}

impl From<&'static str> for Linked {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Linked {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{PLACES, Texts, fill};

    #[test]
    fn every_place_that_the_catalogue_may_name_is_a_page() {
        for place in PLACES {
            assert!(page_named(place).is_some(), "{place}");
        }
    }

    #[test]
    fn a_text_of_the_catalogue_carries_its_link() {
        let text = Texts::english().profile_link_over();
        let link = Part::Link(Page::Profile, "Profile page");
        assert!(text.parts().contains(&link), "{text:?}");
        assert!(text.words().contains("on your Profile page."), "{text:?}");
        assert!(!text.words().contains(is_mark));
    }

    #[test]
    fn a_text_without_links_is_its_words() {
        let text = Linked::from("Plain.");
        assert_eq!(text.parts(), [Part::Words("Plain.")]);
        assert_eq!(text.then(" More.").words(), "Plain. More.");
    }

    #[test]
    fn no_value_makes_a_link() {
        let text = fill("Hello {name}", &[("name", &"\u{2}users\u{1f}here\u{3}")]);
        assert_eq!(text, "Hello usershere");
    }
}
