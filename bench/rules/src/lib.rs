//! Only a place for `benches/rules.rs`.
