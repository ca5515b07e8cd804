//! The file of keys: lines of `<key id> <base64 of 32 bytes>`, the newest last, `#` for remarks. Which of them seals is
//! in the database (docs/decisions/0015-keys-and-backup.md).
//!
//! Problems name the line and the id, never what stands where a key should.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KEY_BYTES, KeyId, KeyRing, SealingKey};
use crate::random::Random;

/// What `decode_slice` wants to have room for: whole groups of four characters.
const DECODING_ROOM: usize = 33;
const REMARK: &str = "# Twofold's keys. Without them no second factor can be checked: keep a copy apart from the database.\n\
                      # `twofold keys` adds, rotates and drops; a key that is missing here cannot be had back.\n";

/// Why a file of keys cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileProblem {
    /// There is no key in it.
    #[error("there is no key in it")]
    NoKey,
    /// One line cannot be used.
    #[error("line {line}: {problem}")]
    Line {
        /// Which line, counted from one.
        line: usize,
        /// What is wrong with it.
        problem: KeyLineProblem,
    },
}

/// What is wrong with a line of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyLineProblem {
    /// Not two words.
    #[error("not of the form `<key id> <key>`")]
    NotTwoWords,
    /// The first word is no key id.
    #[error("the key id is not eight characters of 0 to 9 and a to f")]
    NotAKeyId,
    /// The second word is no key.
    #[error("the key is not 32 bytes in base64")]
    NotAKey,
    /// The key is another one than the id says.
    #[error("the key is not the one named {named}: its id is {actual}")]
    OtherKey {
        /// The id in the file.
        named: KeyId,
        /// The id of the key in the file.
        actual: KeyId,
    },
    /// The key stands in an earlier line too.
    #[error("key {0} is given twice")]
    Twice(KeyId),
}

impl KeyRing {
    /// Reads the text of a key file.
    ///
    /// # Errors
    /// See [`KeyFileProblem`].
    pub fn parse(text: &str) -> Result<Self, KeyFileProblem> {
        let mut keys: Vec<SealingKey> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = |problem| KeyFileProblem::Line {
                line: index + 1,
                problem,
            };
            let key = parse_line(line).map_err(at)?;
            if keys.iter().any(|earlier| earlier.id == key.id) {
                return Err(at(KeyLineProblem::Twice(key.id)));
            }
            keys.push(key);
        }
        Self::of(keys).ok_or(KeyFileProblem::NoKey)
    }

    /// The text of the key file, which [`Self::parse`] reads. It is as secret as the keys.
    pub fn file_text(&self) -> String {
        let mut text = REMARK.to_owned();
        for key in self.keys.iter() {
            text.push_str(&key.line());
        }
        text
    }
}

/// A file's text with a new key at its end, and the id of that key.
pub fn with_new_key(text: &str, random: &dyn Random) -> (Zeroizing<String>, KeyId) {
    let key = SealingKey::generate(random);
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let text = [text, gap, &key.line()].concat();
    (Zeroizing::new(text), key.id)
}

/// A file's text without the line of a key.
pub fn without_key(text: &str, id: KeyId) -> Zeroizing<String> {
    let is_other = |line: &&str| {
        let first = line.split_whitespace().next();
        first.and_then(|word| word.parse().ok()) != Some(id)
    };
    Zeroizing::new(text.split_inclusive('\n').filter(is_other).collect())
}

impl SealingKey {
    fn line(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(STANDARD.encode(self.key.as_slice()));
        Zeroizing::new([&*self.id.to_string(), " ", &key, "\n"].concat())
    }
}

fn parse_line(line: &str) -> Result<SealingKey, KeyLineProblem> {
    let mut words = line.split_whitespace();
    let (Some(id), Some(key), None) = (words.next(), words.next(), words.next()) else {
        return Err(KeyLineProblem::NotTwoWords);
    };
    let named: KeyId = id.parse().map_err(|_| KeyLineProblem::NotAKeyId)?;
    let mut room = Zeroizing::new([0; DECODING_ROOM]);
    let length = STANDARD
        .decode_slice(key, room.as_mut_slice())
        .map_err(|_| KeyLineProblem::NotAKey)?;
    let bytes: [u8; KEY_BYTES] = room
        .get(..length)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(KeyLineProblem::NotAKey)?;
    let key = SealingKey::new(Zeroizing::new(bytes));
    if key.id == named {
        Ok(key)
    } else {
        Err(KeyLineProblem::OtherKey {
            named,
            actual: key.id,
        })
    }
}
