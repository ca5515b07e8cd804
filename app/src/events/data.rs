//! Values of events, as they stand in the log's rows.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::types::activity::Detail;
use crate::types::day::FromDay;
use crate::types::role::Role;
use crate::types::timestamp::Timestamp;

/// A type of values that events have.
pub trait EventValue: Serialize + DeserializeOwned {
    /// For the page, which says it in the reader's words.
    fn detail(self) -> Detail;

    /// A value to try.
    #[cfg(test)]
    fn example() -> Self;
}

impl EventValue for u32 {
    fn detail(self) -> Detail {
        Detail::Count { count: self }
    }

    #[cfg(test)]
    fn example() -> Self {
        Self::MAX
    }
}

impl EventValue for String {
    fn detail(self) -> Detail {
        Detail::Text { text: self }
    }

    #[cfg(test)]
    fn example() -> Self {
        "\"Ada\" {0}\n".to_owned()
    }
}

impl EventValue for Timestamp {
    fn detail(self) -> Detail {
        Detail::Moment { at: self }
    }

    #[cfg(test)]
    fn example() -> Self {
        Self(i64::MIN)
    }
}

impl EventValue for FromDay {
    fn detail(self) -> Detail {
        let Self { day, zone, .. } = self;
        Detail::Day { day, zone }
    }

    #[cfg(test)]
    fn example() -> Self {
        Self {
            day: "2026-12-10".parse().unwrap(),
            zone: "Europe/Berlin".to_owned(),
            at: Timestamp(i64::MIN),
        }
    }
}

impl EventValue for Vec<Role> {
    fn detail(self) -> Detail {
        Detail::Roles { roles: self }
    }

    #[cfg(test)]
    fn example() -> Self {
        vec![Role::Owner, Role::Billing]
    }
}

/// An object with this one member.
pub fn write(name: &str, value: &impl Serialize) -> String {
    json!({ name: value }).to_string()
}

/// The value of this member; none where the text is no object with it, or it is of another type.
pub fn read<T: EventValue>(name: &str, data: &str) -> Option<Detail> {
    let mut members: Map<String, Value> = serde_json::from_str(data).ok()?;
    let value = serde_json::from_value::<T>(members.remove(name)?).ok()?;
    Some(value.detail())
}
