//! The last line of a backup: when it was made, of which schema, which keys it needs, and a tag under its current key
//! over all of it. A file that was cut off has no such line; one that was changed has another tag.

use std::fmt::Write as _;

use app::types::timestamp::Timestamp;
use constant_time_eq::constant_time_eq;

use crypto::seal::{KeyId, KeyRing};

/// How the line begins. SQLite does not look beyond the pages that its header counts.
const BEGIN: &str = "\ntwofold backup ";
/// The only format so far.
const FORMAT: &str = "1";
/// The line is looked for in so many bytes at the end: room for more keys than anybody has.
pub(super) const LONGEST: u64 = 16 * 1024;
const PURPOSE: &str = "backup";

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// When it was made.
    pub made_at: Timestamp,
    /// The last step of its schema.
    pub schema: String,
    /// The keys it needs, the current one first.
    pub keys: Vec<KeyId>,
}

/// A manifest as read, not yet proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    /// What it says.
    pub(super) manifest: Manifest,
    /// The tag, in hexadecimal.
    tag: String,
    /// How long the line is, with the line break before it.
    pub(super) length: usize,
}

/// What stands at the end of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A manifest.
    Claimed(Claimed),
    /// One of a later format.
    Newer,
    /// None.
    Nothing,
}

impl Manifest {
    fn words(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(KeyId::to_string).collect();
        let (seconds, schema, keys) = (self.made_at.seconds(), &self.schema, keys.join(","));
        format!("{BEGIN}{FORMAT} made={seconds} schema={schema} keys={keys}")
    }

    fn tag(&self, keys: &KeyRing, content: &[u8; 32]) -> String {
        let words = self.words();
        let parts: [&[u8]; 2] = [content, words.as_bytes()];
        data_encoding::HEXLOWER.encode(&keys.tag(PURPOSE, &parts))
    }

    /// The line, for a file whose bytes before it have this hash.
    pub(super) fn seal(&self, keys: &KeyRing, content: &[u8; 32]) -> String {
        let keys = self.tagging(keys).unwrap_or_else(|| keys.clone());
        let mut line = self.words();
        let _ = writeln!(line, " tag={}", self.tag(&keys, content));
        line
    }

    /// The keys, of which the first of ours tags.
    fn tagging(&self, keys: &KeyRing) -> Option<KeyRing> {
        keys.sealing_with(*self.keys.first()?)
    }
}

impl Claimed {
    /// Whether the line was written for these bytes by who had the key.
    pub(super) fn is_true(&self, keys: &KeyRing, content: &[u8; 32]) -> bool {
        let Some(keys) = self.manifest.tagging(keys) else {
            return false;
        };
        let tag = self.manifest.tag(&keys, content);
        constant_time_eq(tag.as_bytes(), self.tag.as_bytes())
    }
}

/// Reads the line from the last bytes of a file.
pub(super) fn read_ending(bytes: &[u8]) -> Ending {
    let at = bytes
        .windows(BEGIN.len())
        .rposition(|window| window == BEGIN.as_bytes());
    let Some(line) = at.and_then(|at| bytes.get(at..)) else {
        return Ending::Nothing;
    };
    let Ok(text) = std::str::from_utf8(line) else {
        return Ending::Nothing;
    };
    let Some(rest) = text.strip_prefix(BEGIN) else {
        return Ending::Nothing;
    };
    match rest.split_once(' ') {
        Some((FORMAT, rest)) => read_words(rest, line.len()),
        Some((format, _)) if format.parse::<u32>().is_ok() => Ending::Newer,
        Some(_) | None => Ending::Nothing,
    }
}

fn read_words(rest: &str, length: usize) -> Ending {
    let read = || -> Option<Claimed> {
        let mut words = rest.strip_suffix('\n')?.split(' ');
        let made_at = words.next()?.strip_prefix("made=")?.parse().ok()?;
        let schema = words.next()?.strip_prefix("schema=")?.to_owned();
        let keys = words.next()?.strip_prefix("keys=")?.split(',');
        let keys = keys.map(|id| id.parse().ok()).collect::<Option<_>>()?;
        let tag = words.next()?.strip_prefix("tag=")?.to_owned();
        words.next().is_none().then_some(Claimed {
            manifest: Manifest {
                made_at: Timestamp(made_at),
                schema,
                keys,
            },
            tag,
            length,
        })
    };
    read().map_or(Ending::Nothing, Ending::Claimed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    fn manifest(keys: &KeyRing) -> Manifest {
        Manifest {
            made_at: Timestamp(1_800_000_000),
            schema: "m0006_sms".to_owned(),
            keys: keys.ids(),
        }
    }

    #[test]
    fn the_line_reads_back_and_is_true_of_its_own_bytes_alone() {
        let (keys, _) = KeyRing::generate(&SeededRandom::new(1));
        let manifest = manifest(&keys);
        let line = manifest.seal(&keys, &[7; 32]);
        let file = [b"pages \ntwofold backup x pages", line.as_bytes()].concat();
        let Ending::Claimed(claimed) = read_ending(&file) else {
            panic!("{line}");
        };
        assert_eq!((&claimed.manifest, claimed.length), (&manifest, line.len()));
        assert!(claimed.is_true(&keys, &[7; 32]));
        assert!(!claimed.is_true(&keys, &[8; 32]));
        let (others, _) = KeyRing::generate(&SeededRandom::new(2));
        assert!(!claimed.is_true(&others, &[7; 32]));
        let later = line.replace("made=1800000000", "made=1800000001");
        let Ending::Claimed(claimed) = read_ending(later.as_bytes()) else {
            panic!("{later}");
        };
        assert!(!claimed.is_true(&keys, &[7; 32]));
    }

    #[test]
    fn a_line_that_was_cut_or_is_none_is_nothing_and_a_later_one_is_said() {
        let (keys, _) = KeyRing::generate(&SeededRandom::new(1));
        let line = manifest(&keys).seal(&keys, &[7; 32]);
        for length in 0..line.len() {
            assert_eq!(read_ending(&line.as_bytes()[..length]), Ending::Nothing);
        }
        for other in ["", "SQLite format 3\0", "\ntwofold backup x made=1\n"] {
            assert_eq!(read_ending(other.as_bytes()), Ending::Nothing, "{other}");
        }
        assert_eq!(read_ending(b"\ntwofold backup 2 more\n"), Ending::Newer);
    }
}
