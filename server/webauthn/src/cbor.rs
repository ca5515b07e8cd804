//! CBOR (RFC 8949), strictly, over the reader of `cbor4ii`: what is left for us is to refuse what WebAuthn 3 §6 forbids by
//! naming the CTAP2 canonical form. Lengths are definite and in their shortest form, keys are there once, nothing is nested
//! deeper than [`MOST_CBOR_DEPTH`], and nothing is allocated for what is only announced.
//!
//! The order of keys is not asked for: it changes no value, and software authenticators differ in it.

use cbor4ii::core::dec::{Decode, Read, Reference, if_major};
use cbor4ii::core::types::{Array, Bytes, Map, Negative, UncheckedStr};
use cbor4ii::core::utils::SliceReader;
use cbor4ii::core::{major, marker};

use crate::refusal::Malformed;

/// How deep maps and lists may lie in each other: an attestation object, its statement, a list of certificates, and one more.
pub const MOST_CBOR_DEPTH: usize = 4;

/// The most entries of a map. An attestation statement has seven.
const MOST_ENTRIES: usize = 32;

/// An item that was read. Of lists only the place is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    List,
    /// The bytes of the map, which [`entries`] reads.
    Map(&'a [u8]),
    /// True, false or null.
    Simple,
}

/// The entries of a map that is all there is.
pub(crate) fn map(bytes: &[u8]) -> Result<Entries<'_>, Malformed> {
    let (entries, rest) = leading_map(bytes)?;
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(Malformed::CborTrailing)
    }
}

/// The entries of a map, and what follows it.
pub(crate) fn leading_map(bytes: &[u8]) -> Result<(Entries<'_>, &[u8]), Malformed> {
    let mut cbor = StrictCbor::new(bytes);
    let entries = cbor.entries(MOST_CBOR_DEPTH)?;
    Ok((entries, cbor.rest()))
}

/// The entries of a map.
pub(crate) type Entries<'a> = Vec<(Item<'a>, Item<'a>)>;

/// A reader that knows how far it has come.
struct StrictCbor<'a> {
    all: &'a [u8],
    reader: SliceReader<'a>,
}

impl<'a> StrictCbor<'a> {
    fn new(all: &'a [u8]) -> Self {
        Self {
            all,
            reader: SliceReader::new(all),
        }
    }

    /// What is left.
    fn rest(&mut self) -> &'a [u8] {
        match self.reader.fill(usize::MAX) {
            Ok(Reference::Long(rest)) => rest,
            // A slice is always lent whole and never fails; nothing is left of what cannot be.
            Ok(Reference::Short(_)) | Err(_) => &[],
        }
    }

    fn at(&mut self) -> usize {
        self.all.len() - self.rest().len()
    }

    /// The first byte of the next item, whose length is definite and in its shortest form (RFC 8949 §3 and §4.2.1).
    fn peek(&mut self) -> Result<u8, Malformed> {
        let rest = self.rest();
        let first = *rest.first().ok_or(Malformed::CborCutOff)?;
        if matches!(if_major(first), major::SIMPLE) {
            return Ok(first);
        }
        let width = match first & marker::START {
            0..=0x17 => return Ok(first),
            0x18 => 1,
            0x19 => 2,
            0x1a => 4,
            0x1b => 8,
            0x1f if matches!(
                if_major(first),
                major::BYTES | major::STRING | major::ARRAY | major::MAP
            ) =>
            {
                return Err(Malformed::CborIndefinite);
            }
            _ => return Err(Malformed::CborNotWellFormed),
        };
        let argument = rest.get(1..=width).ok_or(Malformed::CborCutOff)?;
        let value = argument
            .iter()
            .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let least = match width {
            1 => 0x18,
            2 => 1 << 8,
            4 => 1 << 16,
            _ => 1 << 32,
        };
        if value < least {
            return Err(Malformed::CborNotShortest);
        }
        Ok(first)
    }

    /// Decodes by `cbor4ii` what [`Self::peek`] has found to be in form: what can still be wrong is that it is cut off.
    fn decode<T: Decode<'a>>(&mut self) -> Result<T, Malformed> {
        T::decode(&mut self.reader).map_err(|_| Malformed::CborCutOff)
    }

    /// The number of items that a list or map announces, of which each takes at least `bytes_each`.
    fn announced(&mut self, count: Option<usize>, bytes_each: usize) -> Result<usize, Malformed> {
        let count = count.ok_or(Malformed::CborIndefinite)?;
        if count > self.rest().len() / bytes_each {
            return Err(Malformed::CborCutOff);
        }
        Ok(count)
    }

    /// One item, with `depth` levels left.
    fn item(&mut self, depth: usize) -> Result<Item<'a>, Malformed> {
        let first = self.peek()?;
        match if_major(first) {
            major::UNSIGNED => {
                let value = self.decode::<u64>()?;
                i64::try_from(value)
                    .map(Item::Integer)
                    .map_err(|_| Malformed::CborUnsupported)
            }
            major::NEGATIVE => {
                let Negative(value) = self.decode::<Negative<u64>>()?;
                let value = i64::try_from(value).map_err(|_| Malformed::CborUnsupported)?;
                Ok(Item::Integer(-1 - value))
            }
            major::BYTES => self
                .decode::<Bytes<&[u8]>>()
                .map(|bytes| Item::Bytes(bytes.0)),
            major::STRING => self.text().map(Item::Text),
            major::ARRAY => self.list(depth).map(|()| Item::List),
            major::MAP => {
                let from = self.at();
                self.entries(depth)?;
                let to = self.at();
                Ok(Item::Map(&self.all[from..to]))
            }
            major::SIMPLE if matches!(first, marker::FALSE | marker::TRUE | marker::NULL) => {
                self.reader.advance(1);
                Ok(Item::Simple)
            }
            // RFC 8949 §3: reserved values, and a break where nothing can end.
            major::SIMPLE if matches!(first & marker::START, 0x1c..) => {
                Err(Malformed::CborNotWellFormed)
            }
            _ => Err(Malformed::CborUnsupported),
        }
    }

    /// RFC 8949 §3.1: text is UTF-8.
    fn text(&mut self) -> Result<&'a str, Malformed> {
        let UncheckedStr(bytes) = self.decode::<UncheckedStr<&[u8]>>()?;
        str::from_utf8(bytes).map_err(|_| Malformed::CborNotWellFormed)
    }

    fn list(&mut self, depth: usize) -> Result<(), Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::CborTooDeep)?;
        let count = Array::<()>::len(&mut self.reader).map_err(|_| Malformed::CborCutOff)?;
        for _ in 0..self.announced(count, 1)? {
            self.item(depth)?;
        }
        Ok(())
    }

    /// The entries of a map, each key once.
    fn entries(&mut self, depth: usize) -> Result<Entries<'a>, Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::CborTooDeep)?;
        if if_major(self.peek()?) != major::MAP {
            return Err(Malformed::CborType);
        }
        let count = Map::<()>::len(&mut self.reader).map_err(|_| Malformed::CborCutOff)?;
        let count = self.announced(count, 2)?;
        if count > MOST_ENTRIES {
            return Err(Malformed::CborTooLarge);
        }
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let key = self.item(depth)?;
            if !matches!(key, Item::Integer(_) | Item::Text(_)) {
                return Err(Malformed::CborType);
            }
            if entries.iter().any(|(before, _)| *before == key) {
                return Err(Malformed::CborDuplicateKey);
            }
            entries.push((key, self.item(depth)?));
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests;
