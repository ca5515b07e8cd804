//! Answers as the browser reads them: a list of fields for each type, by the browser's own JSON parser.
//!
//! Read by serde's derived code, answers would be a quarter of the download (docs/performance.md). They are written
//! by it all the same, and the tests hold the two together: there the value is serde's.

use crate::types::ids::NotAnId;
use crate::types::secret_text::SecretText;
use crate::types::timestamp::Timestamp;

/// What the server answers with, and the browser reads.
pub trait Answer: Sized {
    /// Reads it; nothing where it is not of this build.
    fn read(value: &Value) -> Option<Self>;
}

/// A value of JSON.
#[cfg(target_arch = "wasm32")]
pub struct Value(wasm_bindgen::JsValue);

#[cfg(target_arch = "wasm32")]
impl Value {
    /// Wraps what the browser has parsed.
    pub const fn new(value: wasm_bindgen::JsValue) -> Self {
        Self(value)
    }

    fn member(&self, name: &str) -> Self {
        let name = wasm_bindgen::JsValue::from_str(name);
        Self(js_sys::Reflect::get(&self.0, &name).unwrap_or_default())
    }

    fn is_nothing(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "moments and counts are whole and far below 2^53"
        )]
        self.0.as_f64().map(|number| number as i64)
    }

    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        js_sys::Array::is_array(&self.0)
            .then(|| js_sys::Array::from(&self.0).iter().map(Self).collect())
    }
}

/// A value of JSON.
#[cfg(not(target_arch = "wasm32"))]
pub struct Value(serde_json::Value);

#[cfg(not(target_arch = "wasm32"))]
impl Value {
    /// Wraps what serde has parsed.
    pub const fn new(value: serde_json::Value) -> Self {
        Self(value)
    }

    fn member(&self, name: &str) -> Self {
        Self(self.0.get(name).cloned().unwrap_or_default())
    }

    fn is_nothing(&self) -> bool {
        self.0.is_null()
    }

    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<i64> {
        self.0.as_i64()
    }

    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        let items = self.0.as_array()?;
        Some(items.iter().cloned().map(Self).collect())
    }
}

impl Value {
    /// A field of an object.
    pub fn field<T: Answer>(&self, name: &str) -> Option<T> {
        T::read(&self.member(name))
    }

    /// The word that says which of several it is.
    pub fn word(&self, name: &str) -> String {
        self.member(name).text().unwrap_or_default()
    }

    /// Text that is an identifier.
    pub(crate) fn id(&self) -> Result<uuid::Uuid, NotAnId> {
        self.text().unwrap_or_default().parse().map_err(|_| NotAnId)
    }
}

impl Answer for () {
    fn read(_: &Value) -> Option<Self> {
        Some(())
    }
}

impl Answer for bool {
    fn read(value: &Value) -> Option<Self> {
        value.truth()
    }
}

impl Answer for i64 {
    fn read(value: &Value) -> Option<Self> {
        value.number()
    }
}

impl Answer for u32 {
    fn read(value: &Value) -> Option<Self> {
        value.number()?.try_into().ok()
    }
}

impl Answer for String {
    fn read(value: &Value) -> Option<Self> {
        value.text()
    }
}

impl Answer for SecretText {
    fn read(value: &Value) -> Option<Self> {
        value.text().map(Self::new)
    }
}

impl Answer for Timestamp {
    fn read(value: &Value) -> Option<Self> {
        value.number().map(Self)
    }
}

impl<T: Answer> Answer for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        if value.is_nothing() {
            Some(None)
        } else {
            T::read(value).map(Some)
        }
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        value.items()?.iter().map(T::read).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::ApiError;
    use crate::types::activity::ActivityPage;
    use crate::types::role::Role;

    fn read<T: Answer>(value: serde_json::Value) -> Option<T> {
        T::read(&Value::new(value))
    }

    #[test]
    fn what_is_of_another_build_is_not_read() {
        for value in [
            json!({}),
            json!([]),
            json!({ "events": 1, "has_more": true }),
            json!(null),
        ] {
            assert_eq!(read::<ActivityPage>(value), None);
        }
        for value in [
            json!({ "code": "new" }),
            json!({ "code": "paused" }),
            json!({}),
            json!(null),
            json!({ "code": "clock_off" }),
        ] {
            assert_eq!(read::<ApiError>(value), None);
        }
        assert_eq!(read::<Role>(json!("root")), None);
        assert_eq!(read::<u32>(json!(-1)), None);
        assert_eq!(read::<Option<u32>>(json!(null)), Some(None));
    }
}
