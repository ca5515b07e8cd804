//! The encoding of arguments: JSON that refuses what it does not know.

use std::fmt;

use bytes::Bytes;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// JSON that refuses unknown fields at every depth when it is read.
pub struct StrictJsonEncoding;

/// The body is not what the function takes.
#[derive(Debug)]
pub struct NotOurJson;

impl fmt::Display for NotOurJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the JSON that this function takes")
    }
}

impl ContentType for StrictJsonEncoding {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for StrictJsonEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for StrictJsonEncoding {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for StrictJsonEncoding {
    type Error = NotOurJson;

    fn decode(bytes: Bytes) -> Result<T, NotOurJson> {
        decode(&bytes)
    }
}

#[cfg(feature = "ssr")]
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, NotOurJson> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut unknown = false;
    let value =
        serde_ignored::deserialize(&mut reader, |_| unknown = true).map_err(|_| NotOurJson)?;
    reader.end().map_err(|_| NotOurJson)?;
    if unknown { Err(NotOurJson) } else { Ok(value) }
}

/// The browser only reads answers, and those come by the standard codec.
#[cfg(not(feature = "ssr"))]
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, NotOurJson> {
    serde_json::from_slice(bytes).map_err(|_| NotOurJson)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        inner: Inner,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        n: u8,
    }

    #[test]
    fn unknown_fields_are_refused_at_every_depth() {
        assert_eq!(
            decode::<Outer>(br#"{"inner":{"n":1}}"#).unwrap(),
            Outer {
                inner: Inner { n: 1 }
            }
        );
        for text in [
            &br#"{"inner":{"n":1},"x":1}"#[..],
            br#"{"inner":{"n":1,"x":1}}"#,
            br#"{"inner":{"n":1}} {}"#,
            br#"{"inner":{"n":300}}"#,
            br#"{"inner":{"n":1,"n":2}}"#,
            b"{}",
            b"",
            b"null",
            b"\xff\xfe",
        ] {
            assert!(
                decode::<Outer>(text).is_err(),
                "{}",
                String::from_utf8_lossy(text)
            );
        }
    }
}
