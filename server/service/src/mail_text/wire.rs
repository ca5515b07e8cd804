//! How a mail lies in the queue. While servers are exchanged, those of the version before read it too: they know paragraphs,
//! a link and a footer, so every part is a paragraph, and what kind of part it is stands beside it.

use app::types::ids::UserId;
use serde::{Deserialize, Serialize};

use super::{Fact, Link, MailGround, MailText, Part, in_lines};

/// Bytes of a queued mail, or a multiple: how long one is must not tell what it says, or that nobody gets it.
const QUEUED_LENGTH: usize = 4 * 1024;

/// A mail as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct QueuedText {
    to: String,
    #[serde(default)]
    user: Option<UserId>,
    #[serde(default)]
    product: String,
    subject: String,
    paragraphs: Vec<String>,
    /// Of each paragraph; none in a mail that a server of the version before has queued.
    #[serde(default)]
    kinds: Vec<PartKind>,
    link: Option<Link>,
    #[serde(default)]
    why: String,
    footer: String,
    #[serde(default)]
    is_all_ours: bool,
    /// None in a mail that a server of the version before has queued.
    #[serde(default)]
    stands_by: Option<MailGround>,
    /// Empty in a mail that a server of the version before has queued.
    #[serde(default)]
    nobody_at: String,
    /// Makes all queued mails equally long.
    #[serde(default)]
    padding: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum PartKind {
    Text,
    Code,
    Facts,
    Advice,
}

impl QueuedText {
    pub(super) fn into_padded(mut self) -> Result<Vec<u8>, serde_json::Error> {
        let length = serde_json::to_vec(&self)?.len();
        self.padding = " ".repeat(length.next_multiple_of(QUEUED_LENGTH) - length);
        serde_json::to_vec(&self)
    }
}

impl From<MailText> for QueuedText {
    fn from(mail: MailText) -> Self {
        let parts = mail.parts.into_iter().map(|part| match part {
            Part::Text(words) => (words, PartKind::Text),
            Part::Code(code) => (code, PartKind::Code),
            Part::Facts(facts) => (in_lines(&facts), PartKind::Facts),
            Part::Advice(words) => (words, PartKind::Advice),
        });
        let (paragraphs, kinds) = parts.unzip();
        Self {
            to: mail.to,
            user: mail.user,
            product: mail.product,
            subject: mail.subject,
            paragraphs,
            kinds,
            link: mail.link,
            why: mail.why,
            footer: mail.footer,
            is_all_ours: mail.is_all_ours,
            stands_by: mail.stands_by,
            nobody_at: mail.nobody_at,
            padding: String::new(),
        }
    }
}

impl From<QueuedText> for MailText {
    fn from(queued: QueuedText) -> Self {
        let kinds = queued.kinds.into_iter().map(Some);
        let kinds = kinds.chain(std::iter::repeat(None));
        let parts = queued.paragraphs.into_iter().zip(kinds);
        let parts = parts.map(|(words, kind)| match kind {
            Some(PartKind::Text) | None => Part::Text(words),
            Some(PartKind::Code) => Part::Code(words),
            Some(PartKind::Facts) => Part::Facts(words.lines().map(fact).collect()),
            Some(PartKind::Advice) => Part::Advice(words),
        });
        Self {
            to: queued.to,
            user: queued.user,
            product: queued.product,
            subject: queued.subject,
            parts: parts.collect(),
            link: queued.link,
            why: queued.why,
            footer: queued.footer,
            is_all_ours: queued.is_all_ours,
            stands_by: queued.stands_by,
            nobody_at: queued.nobody_at,
        }
    }
}

/// A line that `in_lines` has written. The names are ours and hold no colon.
fn fact(line: &str) -> Fact {
    let (label, value) = line.split_once(": ").unwrap_or(("", line));
    Fact::new(label, value)
}
