//! Values of every type that travels, for the tests that `derive(Answer)` makes.

use std::fmt::Debug;

use serde::Serialize;

use super::{Answer, Value};
use crate::types::secret_text::SecretText;
use crate::types::timestamp::Timestamp;

/// A type with values to try: each variant once at least, each option with something and with nothing.
pub(crate) trait Sample: Clone {
    /// One or more of them.
    fn samples() -> Vec<Self>;
}

/// Holds serde's writing and our reading together.
pub(crate) fn assert_read_as_written<T: Sample + Answer + Serialize + PartialEq + Debug>() {
    let samples = T::samples();
    assert!(!samples.is_empty(), "nothing to try");
    for sample in samples {
        let value = serde_json::to_value(&sample).expect("answers are JSON");
        assert_eq!(T::read(&Value::new(value)), Some(sample));
    }
}

impl Sample for bool {
    fn samples() -> Vec<Self> {
        vec![true, false]
    }
}

impl Sample for u32 {
    fn samples() -> Vec<Self> {
        vec![7, 0, Self::MAX]
    }
}

impl Sample for i64 {
    fn samples() -> Vec<Self> {
        vec![-90, 0, 1_800_000_000]
    }
}

impl Sample for String {
    fn samples() -> Vec<Self> {
        vec!["Ada".to_owned(), String::new()]
    }
}

impl Sample for SecretText {
    fn samples() -> Vec<Self> {
        String::samples().into_iter().map(Self::new).collect()
    }
}

impl Sample for Timestamp {
    fn samples() -> Vec<Self> {
        i64::samples().into_iter().map(Self).collect()
    }
}

impl<T: Sample> Sample for Option<T> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(Some).chain([None]).collect()
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn samples() -> Vec<Self> {
        vec![T::samples(), Self::new()]
    }
}
