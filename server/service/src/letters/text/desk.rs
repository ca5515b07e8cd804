//! What texts of letters are written with: names as their reader may see them, links, and paragraphs.

use std::borrow::Cow;

use app::text::{Texts, named};
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use crate::Visitor;
use crate::letters::LetterHelp;
use crate::letters::words::where_and_when;
use crate::mail_text::{Link, Part};
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
    /// Who can help its reader.
    pub(super) help: LetterHelp,
}

impl<'a> Desk<'a> {
    /// Where letters of that moment are written.
    pub const fn new(settings: &'a Settings, now: Timestamp) -> Self {
        Self {
            settings,
            now,
            is_anybodys: false,
            help: LetterHelp::Operator,
        }
    }

    /// The same, for a reader whom others can help.
    #[must_use]
    pub const fn helped_by(self, help: LetterHelp) -> Self {
        Self { help, ..self }
    }
}

/// What a letter says after the greeting.
pub(super) struct Says {
    pub(super) subject: String,
    pub(super) parts: Vec<Part>,
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
        let advice = format!(
            "{} {}",
            Texts::english().mail_not_you(),
            self.where_shut_out()
        );
        Says::plain(subject, what)
            .done(from, self.now)
            .advise(&advice)
            .with(self.security_link())
    }

    /// The same to the owner, of what somebody else may have done in the account.
    pub(super) fn told_owner(self, subject: &str, what: &str, from: &Visitor) -> Says {
        Says::plain(subject, what)
            .done(from, self.now)
            .advise(Texts::english().mail_not_wanted())
            .with(self.accounts_link())
    }

    /// What to do where one cannot sign in. No link that sets a password is mailed to an address that nobody has proven.
    pub(super) fn where_shut_out(self) -> String {
        let t = Texts::english();
        let help = self.help.in_words();
        if self.is_anybodys {
            t.mail_shut_out_unproven(&help)
        } else {
            t.mail_shut_out(named::AddressHelp {
                address: &self.address(Page::ForgotPassword),
                help: &help,
            })
        }
    }
}

impl Says {
    /// One paragraph without a link.
    pub(super) fn plain(subject: &str, what: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            parts: vec![Part::Text(what.to_owned())],
            link: None,
        }
    }

    /// One more paragraph.
    pub(super) fn and(self, paragraph: &str) -> Self {
        self.then(Part::Text(paragraph.to_owned()))
    }

    /// In which browser it was done, and when.
    pub(super) fn done(self, from: &Visitor, now: Timestamp) -> Self {
        self.then(Part::Facts(where_and_when(from, now)))
    }

    /// A code to be typed somewhere.
    pub(super) fn code(self, code: &str) -> Self {
        self.then(Part::Code(code.to_owned()))
    }

    /// What to do about it, after the link.
    pub(super) fn advise(self, advice: &str) -> Self {
        self.then(Part::Advice(advice.to_owned()))
    }

    pub(super) fn with(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }

    fn then(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}
