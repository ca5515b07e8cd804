//! The subject of a mail, whose words are as they are read: what people have typed stands in it, and may look like an encoded
//! word (RFC 2047), which mail programs decode.

use data_encoding::BASE64;
use lettre::message::header::{Header, HeaderName, HeaderValue, Subject};

/// How an encoded word begins.
const BEGINNING: &str = "=?";
/// Bytes of the text in one encoded word: with them, it ends before the 76th character of its line (section 2), the name of
/// the header before it included.
const IN_A_WORD: usize = 39;

/// A subject that is decoded to these words, whatever they look like.
#[derive(Clone)]
pub(super) struct PlainSubject(pub(super) String);

impl Header for PlainSubject {
    fn name() -> HeaderName {
        Subject::name()
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        let Self(text) = self;
        if text.contains(BEGINNING) {
            // The library encodes what is not ASCII, and lets this through.
            let encoded = encoded(text);
            HeaderValue::dangerous_new_pre_encoded(Self::name(), text.clone(), encoded)
        } else {
            HeaderValue::new(Self::name(), text.clone())
        }
    }
}

/// A text as encoded words, each of whole characters and on a line of its own.
fn encoded(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > IN_A_WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words = words.iter().map(|word| {
        let encoded = BASE64.encode(word.as_bytes());
        format!("=?utf-8?b?{encoded}?=")
    });
    words.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use lettre::message::Mailbox;
    use lettre::message::header::Headers;

    use super::*;

    /// What a program reads that follows the standard: the space between two encoded words is none.
    fn read(words: &str) -> String {
        let bytes = words.split("\r\n ").flat_map(|word| {
            let word = word.strip_prefix("=?utf-8?b?").unwrap();
            BASE64
                .decode(word.strip_suffix("?=").unwrap().as_bytes())
                .unwrap()
        });
        String::from_utf8(bytes.collect()).unwrap()
    }

    #[test]
    fn a_subject_reads_as_it_was_written_whatever_it_looks_like() {
        for text in [
            "=?utf-8?q?Your_password_is_over?=",
            "Engines =?utf-8?B?RW5naW5lcw==?= and =?",
            "A=?=B",
            "Über =?iso-8859-1?q?=DCber?= Über",
            "=?utf-8?q?a?= =?utf-8?q?b?=",
            &format!("=?{}", "\u{1f469}\u{200d}\u{1f4bb}".repeat(40)),
            &format!("=?{}", "a".repeat(200)),
            "=?x\r\nBcc: eve@example.org",
        ] {
            let mut header = Headers::new();
            header.set(PlainSubject(text.to_owned()));
            let header = header.to_string();
            let value = header.strip_prefix("Subject: ").unwrap();
            let value = value.strip_suffix("\r\n").unwrap();
            assert_eq!(read(value), text);
            for line in header.lines() {
                assert!(line.len() <= 76, "{line}");
                assert!(
                    line.is_ascii() && (line.starts_with("Subject: ") || line.starts_with(' '))
                );
            }
        }
    }

    /// The library writes a name with such characters as encoded words: nothing of it is left to be decoded a second time.
    #[test]
    fn a_sender_reads_as_it_was_written() {
        let sender = "\"=?utf-8?q?Bank?= =?x\" <twofold@example.org>";
        let sender: Mailbox = sender.parse().unwrap();
        let message = lettre::Message::builder()
            .from(sender.clone())
            .to("ada@example.org".parse().unwrap())
            .body(String::new())
            .unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let line = text.lines().find(|line| line.starts_with("From: "));
        let word = line.unwrap().strip_prefix("From: ").unwrap();
        let (word, address) = word.split_once(' ').unwrap();
        assert_eq!(read(word), "=?utf-8?q?Bank?= =?x");
        assert_eq!(address, "<twofold@example.org>");
    }
}
