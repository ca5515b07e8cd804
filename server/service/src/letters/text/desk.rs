//! What texts of letters are written with: names as their reader may see them, links, and paragraphs.

use std::borrow::Cow;

use app::text::Texts;
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use crate::Visitor;
use crate::letters::words::from_where;
use crate::mail_text::Link;
use crypto::token::Token;
use domain::foreign_words::quoted;
use settings::Settings;

/// What a letter is written with, besides its own data.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The operator's settings: names and addresses.
    pub settings: &'a Settings,
    /// The time of the letter.
    pub now: Timestamp,
    /// Whether anybody at all may read it: then the words of others in it are as to strangers. As the letter is addressed.
    pub(super) is_anybodys: bool,
}

impl<'a> Desk<'a> {
    /// Where letters of that moment are written.
    pub const fn new(settings: &'a Settings, now: Timestamp) -> Self {
        Self {
            settings,
            now,
            is_anybodys: false,
        }
    }
}

/// What a letter says after the greeting.
pub(super) struct Says {
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) link: Option<Link>,
}

impl Desk<'_> {
    pub(super) fn link(self, words: &str, page: Page, token: Option<&Token>) -> Link {
        Link {
            words: words.to_owned(),
            url: self.settings.link(page, token),
        }
    }

    /// The address of a page, for a text whose letter has another link already.
    pub(super) fn address(self, page: Page) -> String {
        self.settings.link(page, None)
    }

    /// The name of a person or an account that the reader knows; as to strangers where anybody may read it.
    pub(super) fn named(self, name: &str) -> Cow<'_, str> {
        if self.is_anybodys {
            Cow::Owned(quoted(name))
        } else {
            Cow::Borrowed(name)
        }
    }

    /// An address that somebody typed; words in its place where anybody may read it, as mail programs make links of one.
    pub(super) fn addressed(self, email: &str) -> &str {
        if self.is_anybodys {
            Texts::english().mail_another_address()
        } else {
            email
        }
    }

    pub(super) fn security_link(self) -> Link {
        let words = Texts::english().mail_security_link();
        self.link(words, Page::Security, None)
    }

    /// Not to one account by its id: where the reader is shut out of it, the start page still leads on.
    pub(super) fn accounts_link(self) -> Link {
        self.link(Texts::english().mail_open_link(), Page::Start, None)
    }

    pub(super) fn profile_link(self) -> Link {
        self.link(Texts::english().mail_profile_link(), Page::Profile, None)
    }

    /// What was done in a browser, with what to do about it.
    pub(super) fn told(self, subject: &str, what: &str, from: &Visitor) -> Says {
        Says::plain(subject, what)
            .and(&from_where(from, self.now))
            .and(Texts::english().mail_not_you())
            .with(self.security_link())
    }
}

impl Says {
    /// One paragraph without a link.
    pub(super) fn plain(subject: &str, what: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            paragraphs: vec![what.to_owned()],
            link: None,
        }
    }

    /// One more paragraph.
    pub(super) fn and(mut self, paragraph: &str) -> Self {
        self.paragraphs.push(paragraph.to_owned());
        self
    }

    pub(super) fn with(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}
