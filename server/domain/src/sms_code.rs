//! Codes sent by SMS: how one is made, and for how long it is good.

use app::types::one_time_code::OneTimeCode;

/// Seconds that a code is good (NIST SP 800-63B-4 §3.1.3.2 allows ten minutes).
pub const SMS_CODE_LIFE: i64 = 10 * 60;
const CODES: u64 = 1_000_000;

/// A code of random bytes. 2^64 is no multiple of a million, which favours no code by more than one in 10^13.
pub fn make(random: [u8; 8]) -> OneTimeCode {
    let digits = format!("{:06}", u64::from_be_bytes(random) % CODES);
    OneTimeCode::parse(&digits).expect("six digits are a code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_six_digits() {
        for (bytes, digits) in [
            ([0; 8], "000000"),
            (7_u64.to_be_bytes(), "000007"),
            (1_000_000_u64.to_be_bytes(), "000000"),
            (u64::MAX.to_be_bytes(), "551615"),
        ] {
            assert_eq!(make(bytes).digits(), digits);
        }
    }
}
