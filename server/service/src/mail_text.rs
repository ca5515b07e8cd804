//! The content of a mail: what its reader sees, in reading order, as data. Plain text and HTML are both written from these
//! blocks and from nothing else, so that they say the same.

mod html;
#[cfg(test)]
mod tests;
mod wire;

use app::types::ids::UserId;
use serde::{Deserialize, Serialize};

pub use self::html::escape;
use self::wire::QueuedText;

/// A mail before it is sealed into the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "QueuedText", into = "QueuedText")]
pub struct MailText {
    /// The address it goes to.
    pub to: String,
    /// The user whom it is for, if any.
    pub user: Option<UserId>,
    /// The name of the product, above everything else. Empty in a mail that a server of the version before has queued.
    pub product: String,
    /// The subject; one line. It is the heading too.
    pub subject: String,
    /// What it says.
    pub parts: Vec<Part>,
    /// The one button: after what happened, before the advice.
    pub link: Option<Link>,
    /// Why its reader gets it. Empty in a mail that a server of the version before has queued.
    pub why: String,
    /// The last line: which product sent it, and from where.
    pub footer: String,
    /// Whether nothing in it but addresses and browsers' names is of other people. False in a mail that a server of the version
    /// before has queued.
    pub is_all_ours: bool,
    /// Without which row it is not sent once it has waited, if any.
    pub stands_by: Option<MailGround>,
    /// The domain at which it would go to somebody, where it goes to nobody. Empty in a mail that a server of the version before
    /// has queued.
    pub nobody_at: String,
}

/// The row that a mail stands by (`letters::ground`). It is sealed with the mail, so that whoever reads the queue cannot tell
/// a mail from one that nobody gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailGround {
    /// Its table.
    pub table: String,
    /// What it is found by there.
    pub key: String,
}

/// A part of what a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// A code to be typed somewhere.
    Code(String),
    /// Where and when it was done.
    Facts(Vec<Fact>),
    /// What to do if it was not the reader, or if they cannot do what the mail asks for.
    Advice(String),
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    label: String,
    value: String,
}

/// A link in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it does.
    pub words: String,
    /// Where it leads; begins with the public URL.
    pub url: String,
}

/// What a reader meets, from top to bottom.
#[derive(Clone, Copy)]
enum Block<'a> {
    Product(&'a str),
    Heading(&'a str),
    Text(&'a str),
    Code(&'a str),
    Facts(&'a [Fact]),
    Button(&'a Link),
    Advice(&'a str),
    Why(&'a str),
    Sender(&'a str),
}

impl Fact {
    /// A value with its name: one line.
    pub fn new(label: &str, value: &str) -> Self {
        let one_line = |text: &str| text.replace(char::is_control, " ");
        Self {
            label: one_line(label),
            value: one_line(value),
        }
    }

    fn line(&self) -> String {
        format!("{}: {}", self.label, self.value)
    }
}

impl MailText {
    /// Whether nobody gets it: it stands for a mail to somebody, so that one cannot tell whether there was one. A
    /// server of the version before finds no address, and does not send it either.
    pub fn is_for_nobody(&self) -> bool {
        self.to.is_empty()
    }

    /// The domain that it goes to, or would go to if it went to somebody, in lower case.
    pub fn domain(&self) -> String {
        let at = self.to.rsplit_once('@').map(|(_, domain)| domain);
        at.unwrap_or(&self.nobody_at).to_ascii_lowercase()
    }

    /// The mail as it is sealed: always of the same length, as far as it fits.
    ///
    /// # Errors
    /// None that a mail of ours can cause.
    pub fn to_bytes(self) -> Result<Vec<u8>, serde_json::Error> {
        QueuedText::from(self).into_padded()
    }

    /// The mail as plain text.
    pub fn text(&self) -> String {
        let (mut body, mut foot) = (Vec::new(), Vec::new());
        for block in self.blocks() {
            match block {
                Block::Product(words)
                | Block::Heading(words)
                | Block::Text(words)
                | Block::Code(words)
                | Block::Advice(words) => body.push(words.to_owned()),
                Block::Facts(facts) => body.push(in_lines(facts)),
                Block::Button(link) => body.push(format!("{}:\n{}", link.words, link.url)),
                Block::Why(words) | Block::Sender(words) => foot.push(words),
            }
        }
        format!("{}\n\n-- \n{}\n", body.join("\n\n"), foot.join("\n"))
    }

    /// The mail as HTML, everything escaped.
    pub fn html(&self) -> String {
        html::page(&self.subject, &self.blocks())
    }

    fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = vec![Block::Product(&self.product), Block::Heading(&self.subject)];
        let is_advice = |part: &Part| matches!(part, Part::Advice(_));
        let advice_at = self.parts.iter().position(is_advice);
        let (says, advises) = self.parts.split_at(advice_at.unwrap_or(self.parts.len()));
        blocks.extend(says.iter().map(Block::from));
        blocks.extend(self.link.as_ref().map(Block::Button));
        blocks.extend(advises.iter().map(Block::from));
        blocks.extend([Block::Why(&self.why), Block::Sender(&self.footer)]);
        blocks.retain(|block| !block.is_empty());
        blocks
    }
}

impl Block<'_> {
    /// What a mail of the version before does not have.
    const fn is_empty(self) -> bool {
        match self {
            Self::Product(words) | Self::Why(words) => words.is_empty(),
            Self::Heading(_)
            | Self::Text(_)
            | Self::Code(_)
            | Self::Facts(_)
            | Self::Button(_)
            | Self::Advice(_)
            | Self::Sender(_) => false,
        }
    }
}

impl<'a> From<&'a Part> for Block<'a> {
    fn from(part: &'a Part) -> Self {
        match part {
            Part::Text(words) => Self::Text(words),
            Part::Code(code) => Self::Code(code),
            Part::Facts(facts) => Self::Facts(facts),
            Part::Advice(words) => Self::Advice(words),
        }
    }
}

/// `When: 28 November 2026, 09:14 UTC`, a line each.
fn in_lines(facts: &[Fact]) -> String {
    let lines: Vec<_> = facts.iter().map(Fact::line).collect();
    lines.join("\n")
}
