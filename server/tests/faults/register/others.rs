//! Faults of other systems of this kind that were made public, by their public numbers.

pub(crate) mod codes;
pub(crate) mod users;
pub(crate) mod web;
