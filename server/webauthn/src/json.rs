//! JSON (RFC 8259), strictly: each member once, whole characters, no NUL, a bounded depth. What reads a member says its type;
//! members that nobody asks for are passed over, since browsers add some (WebAuthn 3 §5.8.1).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::refusal::Malformed;

/// How deep objects and lists may lie in each other; the results of extensions need four.
const MOST_DEPTH: usize = 8;

/// A value. Of numbers nothing is needed.
#[derive(Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

/// The members of an object.
#[derive(Debug)]
pub(crate) struct Members(BTreeMap<String, Json>);

/// A text that is one object.
pub(crate) fn object(text: &str) -> Result<Members, Malformed> {
    let why = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let level = JsonLevel {
        left: MOST_DEPTH,
        why: &why,
    };
    let read = level
        .deserialize(&mut reader)
        .and_then(|json| reader.end().map(|()| json));
    match read {
        Ok(Json::Object(members)) => Ok(members),
        Ok(_) => Err(Malformed::MemberType),
        Err(_) => Err(why.get().unwrap_or_else(|| unreadable(text))),
    }
}

/// Why the text is no JSON.
fn unreadable(text: &str) -> Malformed {
    if text.contains('\0') {
        Malformed::Nul
    } else if has_lone_surrogate(text) {
        Malformed::LoneSurrogate
    } else {
        Malformed::NotJson
    }
}

/// Whether an escape is a half of a pair of surrogates without the other (RFC 8259 §7 and §8.2).
fn has_lone_surrogate(text: &str) -> bool {
    let escape = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        at += match escape(at) {
            Some(0xd800..=0xdbff) if matches!(escape(at + 6), Some(0xdc00..=0xdfff)) => 12,
            Some(0xd800..=0xdfff) => return true,
            Some(_) => 6,
            None => 2,
        };
    }
    false
}

impl Members {
    /// A member; none where it is missing or null.
    fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|json| !matches!(json, Json::Null))
    }

    /// Whether there is a member of this name, null or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text, where there is one.
    pub(crate) fn text_if_any(&self, name: &str) -> Result<Option<&str>, Malformed> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(_) => Err(Malformed::MemberType),
        }
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Malformed> {
        self.text_if_any(name)?.ok_or(Malformed::MissingMember)
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Result<&Members, Malformed> {
        match self.get(name) {
            None => Err(Malformed::MissingMember),
            Some(Json::Object(members)) => Ok(members),
            Some(_) => Err(Malformed::MemberType),
        }
    }

    /// A truth value, false where the member is missing. Null is neither: what is not said plainly is not taken for "no".
    pub(crate) fn is_true(&self, name: &str) -> Result<bool, Malformed> {
        match self.0.get(name) {
            None => Ok(false),
            Some(Json::Bool(value)) => Ok(*value),
            Some(_) => Err(Malformed::MemberType),
        }
    }

    /// A list of texts, empty where the member is missing.
    pub(crate) fn texts<'a>(&'a self, name: &str) -> Result<Vec<&'a str>, Malformed> {
        let list = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Json::List(list)) => list,
            Some(_) => return Err(Malformed::MemberType),
        };
        let text = |json: &'a Json| match json {
            Json::Text(text) => Ok(text.as_str()),
            _ => Err(Malformed::MemberType),
        };
        list.iter().map(text).collect()
    }
}

/// Reads one value, and keeps why it is refused.
#[derive(Clone, Copy)]
struct JsonLevel<'a> {
    left: usize,
    why: &'a Cell<Option<Malformed>>,
}

impl JsonLevel<'_> {
    fn refuse<T, E: Error>(self, why: Malformed) -> Result<T, E> {
        self.why.set(Some(why));
        Err(E::custom(why))
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => self.refuse(Malformed::JsonTooDeep),
        }
    }

    fn whole<E: Error>(self, text: String) -> Result<String, E> {
        if text.contains('\0') {
            return self.refuse(Malformed::Nul);
        }
        Ok(text)
    }
}

impl<'de> DeserializeSeed<'de> for JsonLevel<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonLevel<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        self.whole(text.to_owned()).map(Json::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut members = BTreeMap::new();
        while let Some(name) = entries.next_key::<String>()? {
            let name = self.whole(name)?;
            let value = entries.next_value_seed(inner)?;
            if members.insert(name, value).is_some() {
                return self.refuse(Malformed::DuplicateMember);
            }
        }
        Ok(Json::Object(Members(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_strict_json_is_refused_with_its_reason() {
        let deep =
            |levels: usize| format!("{}{}", "{\"a\":".repeat(levels), "1") + &"}".repeat(levels);
        for (text, expected) in [
            ("", Malformed::NotJson),
            ("{", Malformed::NotJson),
            ("{} {}", Malformed::NotJson),
            ("{'a':1}", Malformed::NotJson),
            ("{\"a\":01}", Malformed::NotJson),
            ("{\"a\":\"\n\"}", Malformed::NotJson),
            ("{\"a\":\"\\x\"}", Malformed::NotJson),
            ("[]", Malformed::MemberType),
            ("\"text\"", Malformed::MemberType),
            ("null", Malformed::MemberType),
            (r#"{"a":1,"a":1}"#, Malformed::DuplicateMember),
            (r#"{"a":1,"\u0061":2}"#, Malformed::DuplicateMember),
            (r#"{"x":{"a":1,"a":2}}"#, Malformed::DuplicateMember),
            (r#"{"a":"\ud800"}"#, Malformed::LoneSurrogate),
            (r#"{"a":"\udc00x"}"#, Malformed::LoneSurrogate),
            (r#"{"a":"\ud83d\u0041"}"#, Malformed::LoneSurrogate),
            (r#"{"\ud800":1}"#, Malformed::LoneSurrogate),
            ("{\"a\":\"\\u0000\"}", Malformed::Nul),
            ("{\"a\\u0000\":1}", Malformed::Nul),
            ("{\"a\":\"\0\"}", Malformed::Nul),
            ("{\"a\":1}\0", Malformed::Nul),
            (&deep(9), Malformed::JsonTooDeep),
            (&deep(200), Malformed::JsonTooDeep),
        ] {
            assert_eq!(object(text).unwrap_err(), expected, "{text:?}");
        }
        assert!(object(&deep(8)).is_ok());
    }

    #[test]
    fn members_are_read_by_their_type_and_others_are_passed_over() {
        let text = r#" {"t":"x\ud83d\ude00","yes":true,"no":false,"n":1.5e9,"nil":null,"l":["a","b"],"o":{"t":"y"},"new":[{}]} "#;
        let members = object(text).unwrap();
        assert_eq!(members.text("t"), Ok("x\u{1f600}"));
        assert_eq!(members.text("missing"), Err(Malformed::MissingMember));
        assert_eq!(members.text("nil"), Err(Malformed::MissingMember));
        assert_eq!(members.text("n"), Err(Malformed::MemberType));
        assert_eq!(members.text_if_any("missing"), Ok(None));
        assert_eq!(members.is_true("yes"), Ok(true));
        assert_eq!(members.is_true("no"), Ok(false));
        assert_eq!(members.is_true("missing"), Ok(false));
        assert_eq!(members.is_true("nil"), Err(Malformed::MemberType));
        assert_eq!(members.is_true("t"), Err(Malformed::MemberType));
        assert_eq!(members.texts("l"), Ok(vec!["a", "b"]));
        assert_eq!(members.texts("missing"), Ok(vec![]));
        assert_eq!(members.texts("new"), Err(Malformed::MemberType));
        assert_eq!(members.object("o").unwrap().text("t"), Ok("y"));
        assert_eq!(members.object("t").unwrap_err(), Malformed::MemberType);
        assert_eq!(
            members.object("missing").unwrap_err(),
            Malformed::MissingMember
        );
        assert!(members.has("nil") && !members.has("missing"));
    }
}
