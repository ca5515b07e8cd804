//! Phone numbers that a code can be sent to, in the one spelling of E.164.
//!
//! The numbering plans are those of the `phonenumber` crate. What costs the operator more than a text message, and
//! what takes none, is refused here: a gateway would bill it all the same.

use std::fmt;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longer input is no number; E.164 has 15 digits at most, and people write blanks and dashes between.
const LONGEST_INPUT: usize = 40;
/// Digits that a masked number still shows.
const SHOWN: usize = 2;

/// A mobile number in E.164 (ITU-T E.164 §6.1).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PhoneNumber(String);

/// Why a text is no number to send a code to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPhoneNumber {
    /// There is no such country.
    #[error("no such country")]
    Country,
    /// No number of any plan.
    #[error("not a phone number")]
    Number,
    /// A fixed line, a premium rate, a service: it takes no message, or at a price.
    #[error("not a mobile number")]
    NotMobile,
}

impl PhoneNumber {
    /// Parses what a person typed; a number that begins with `+` brings its own country.
    ///
    /// # Errors
    /// Says whether country, number or kind of number is wrong.
    pub fn parse(country: &str, text: &str) -> Result<Self, NotAPhoneNumber> {
        let country: Id = country.parse().map_err(|_| NotAPhoneNumber::Country)?;
        let text = text.trim();
        if text.len() > LONGEST_INPUT || !text.chars().all(is_of_a_number) {
            return Err(NotAPhoneNumber::Number);
        }
        // With a country of its own it is read without ours, whose trunk prefix would be taken off it.
        let country = (!text.starts_with('+')).then_some(country);
        let number = phonenumber::parse(country, text).map_err(|_| NotAPhoneNumber::Number)?;
        if number.extension().is_some() {
            return Err(NotAPhoneNumber::Number);
        }
        match number.number_type(&DATABASE) {
            Type::Mobile | Type::FixedLineOrMobile if number.is_valid() => {
                Ok(Self(number.format().mode(Mode::E164).to_string()))
            }
            Type::Unknown => Err(NotAPhoneNumber::Number),
            _ => Err(NotAPhoneNumber::NotMobile),
        }
    }

    /// The number as it was sealed; what [`Self::e164`] gave.
    pub fn from_e164(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let is_one =
            (4..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_one.then(|| Self(text.to_owned()))
    }

    /// The number with its `+` and nothing but digits.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// What may be shown of it: enough to know which phone, too little to learn a number.
    pub fn masked(&self) -> String {
        let tail = self.0.len().saturating_sub(SHOWN);
        format!("•••• {}", self.0.get(tail..).unwrap_or_default())
    }
}

/// Digits and what people put between them; letters would be read as keys of a telephone.
const fn is_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}')
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_in_every_spelling_is_the_same_number() {
        for (country, text, e164) in [
            ("GB", "07400 123456", "+447400123456"),
            ("GB", "+44 7400 123456", "+447400123456"),
            ("GB", "(07400) 123-456", "+447400123456"),
            ("DE", "+44 7400 123456", "+447400123456"),
            ("DE", "0151 23456789", "+4915123456789"),
            ("US", "201 555 0123", "+12015550123"),
            ("IT", "312 345 6789", "+393123456789"),
            // Its zero is a part of it, and Austria's is none.
            ("GA", "06 03 12 34", "+24106031234"),
            ("AT", "+241 06 03 12 34", "+24106031234"),
        ] {
            let number = PhoneNumber::parse(country, text).unwrap();
            assert_eq!(number.e164(), e164, "{country} {text}");
            assert_eq!(PhoneNumber::from_e164(e164), Some(number));
        }
    }

    #[test]
    fn what_takes_no_message_or_costs_more_is_refused() {
        use NotAPhoneNumber::{Country, NotMobile, Number};
        for (country, text, problem) in [
            ("XX", "07400 123456", Country),
            ("gb", "07400 123456", Country),
            ("GB", "", Number),
            ("GB", "12", Number),
            ("GB", "07400 12345", Number),
            ("GB", "0900 GO HOME", Number),
            ("GB", "07400123456 ext 5", Number),
            ("GB", "074001234560740012345607400123456074001234", Number),
            ("GB", "+999 123456", Number),
            // Premium, shared cost, freephone, fixed line.
            ("GB", "09012 345678", NotMobile),
            ("GB", "0843 123 4567", NotMobile),
            ("GB", "0800 123 4567", NotMobile),
            ("GB", "0121 234 5678", NotMobile),
            ("DE", "0900 1 234567", NotMobile),
            ("US", "900 234 5678", NotMobile),
            ("US", "+1 800 234 5678", NotMobile),
        ] {
            assert_eq!(
                PhoneNumber::parse(country, text),
                Err(problem),
                "{country} {text}"
            );
        }
    }

    #[test]
    fn a_number_shows_its_last_two_digits_and_nothing_in_debug_output() {
        let number = PhoneNumber::parse("GB", "07400 123456").unwrap();
        assert_eq!(number.masked(), "•••• 56");
        assert_eq!(format!("{number:?}"), "PhoneNumber(…)");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(country in "[A-Z]{2}", text in "\\PC{0,50}|[0-9+ ()-]{0,40}") {
            if let Ok(number) = PhoneNumber::parse(&country, &text) {
                prop_assert!(PhoneNumber::from_e164(number.e164()).is_some());
            }
        }
    }
}
