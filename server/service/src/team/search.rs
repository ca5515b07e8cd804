//! What somebody types to find people by.

use unicode_normalization::UnicodeNormalization as _;

use domain::folded::folded;
use storage::team::Searched;

/// The longest address there is, in characters; no address and no name holds a longer part.
const LONGEST_SEARCH: usize = 254;

/// Whom a search is for.
pub enum Sought {
    /// Everybody.
    All,
    /// Those who have this in their name or address.
    Some(Searched),
    /// Nobody can have it.
    Nobody,
}

/// Reads what was typed.
pub fn sought(search: &str) -> Sought {
    let text: String = search.trim().nfc().collect();
    if text.chars().nth(LONGEST_SEARCH).is_some() || text.chars().any(char::is_control) {
        return Sought::Nobody;
    }
    if text.is_empty() {
        return Sought::All;
    }
    let (folded, lower) = (folded(&text), text.to_lowercase());
    // Of accents alone nothing is left, which everybody would match.
    let folded = if folded.is_empty() {
        lower.clone()
    } else {
        folded
    };
    Sought::Some(Searched { folded, lower })
}
