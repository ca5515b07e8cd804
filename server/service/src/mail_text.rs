//! The content of a mail: plain text, and HTML made from the same sentences.

use app::types::ids::UserId;
use serde::{Deserialize, Serialize};

/// A mail before it is sealed into the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailText {
    /// The address it goes to.
    pub to: String,
    /// The user whom it is for, if any. A server of the version before leaves it out.
    #[serde(default)]
    pub user: Option<UserId>,
    /// The subject; one line.
    pub subject: String,
    /// Sentences, a paragraph each.
    pub paragraphs: Vec<String>,
    /// A link with its words, shown after the paragraphs.
    pub link: Option<Link>,
    /// The last line: what mail this is and from where.
    pub footer: String,
    /// Makes all queued mails equally long. A server of the version before leaves it out.
    #[serde(default)]
    pub padding: String,
}

/// Bytes of a queued mail, or a multiple: how long one is must not tell what it says, or that nobody gets it.
const QUEUED_LENGTH: usize = 4 * 1024;

/// A link in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it does.
    pub words: String,
    /// Where it leads; begins with the public URL.
    pub url: String,
}

impl MailText {
    /// Whether nobody gets it: it stands for a mail to somebody, so that one cannot tell whether there was one. A
    /// server of the version before finds no address, and does not send it either.
    pub fn is_for_nobody(&self) -> bool {
        self.to.is_empty()
    }

    /// The mail as it is sealed: always of the same length, as far as it fits.
    ///
    /// # Errors
    /// None that a mail of ours can cause.
    pub fn to_bytes(mut self) -> Result<Vec<u8>, serde_json::Error> {
        let length = serde_json::to_vec(&self)?.len();
        self.padding = " ".repeat(length.next_multiple_of(QUEUED_LENGTH) - length);
        serde_json::to_vec(&self)
    }

    /// The mail as plain text.
    pub fn text(&self) -> String {
        let mut text = self.paragraphs.join("\n\n");
        if let Some(link) = &self.link {
            text = format!("{text}\n\n{}:\n{}", link.words, link.url);
        }
        format!("{text}\n\n-- \n{}\n", self.footer)
    }

    /// The mail as HTML, every name escaped.
    pub fn html(&self) -> String {
        let mut body = String::new();
        for paragraph in &self.paragraphs {
            body.push_str("<p>");
            body.push_str(&escape(paragraph));
            body.push_str("</p>\n");
        }
        if let Some(link) = &self.link {
            let (url, words) = (escape(&link.url), escape(&link.words));
            body.push_str("<p><a href=\"");
            body.push_str(&url);
            body.push_str("\">");
            body.push_str(&words);
            body.push_str("</a></p>\n");
        }
        let (subject, footer) = (escape(&self.subject), escape(&self.footer));
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\n\
             <body style=\"font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:36rem\">\n\
             {body}<p style=\"color:#5b6670;font-size:14px\">{footer}</p>\n</body></html>\n"
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_markup_stays_text() {
        let mail = MailText {
            to: "a@x.org".into(),
            user: None,
            subject: "Hello".into(),
            paragraphs: vec!["Hello \"><svg onload=alert(1)>".into()],
            link: Some(Link {
                words: "Open".into(),
                url: "https://x.org/a#b\"c".into(),
            }),
            footer: "<Twofold>".into(),
            padding: String::new(),
        };
        let html = mail.html();
        assert!(
            !html.contains("<svg") && !html.contains("b\"c") && !html.contains("<Twofold>"),
            "{html}"
        );
        assert!(mail.text().contains("\"><svg onload=alert(1)>"));
    }
}
