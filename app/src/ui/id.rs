//! Identifiers that tie labels, hints and errors to their controls.

use std::cell::Cell;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// An identifier that nothing else on the page has.
pub(crate) fn unique_id(name: &str) -> String {
    let number = NEXT.get();
    NEXT.set(number + 1);
    name.to_owned() + "-" + &number.to_string()
}
