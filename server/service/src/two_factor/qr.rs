//! The QR code that an app scans.

use app::types::secret_text::SecretText;
use app::types::two_factor::QrCode;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode as Modules, Version};

use crate::{Failure, Fault, Outcome};

/// Light modules around a QR code (ISO/IEC 18004 §9.1).
const QUIET_ZONE: usize = 4;

/// Draws a text as a QR code: one path of unit squares, a run of dark modules in a row as one bar.
pub(super) fn draw(text: &SecretText) -> Outcome<QrCode> {
    use std::fmt::Write as _;

    let does_not_fit = Failure::Fault(Fault::Broken("the otpauth URI does not fit a QR code"));
    let code = smallest(text.expose().as_bytes()).ok_or(does_not_fit)?;
    let width = code.width();
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let start = x;
            while x < width && code[(x, y)] == Color::Dark {
                x += 1;
            }
            if x > start {
                let (left, top, run) = (start + QUIET_ZONE, y + QUIET_ZONE, x - start);
                // Writing to a String does not fail.
                let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
            } else {
                x += 1;
            }
        }
    }
    let size = u32::try_from(width + 2 * QUIET_ZONE).unwrap_or(u32::MAX);
    Ok(QrCode {
        size,
        path: SecretText::new(path),
    })
}

/// The smallest code of a text. The library's mixture of modes is shorter than bytes where much is digits and capitals, and
/// longer for some keys, whose runs of them are short.
fn smallest(text: &[u8]) -> Option<Modules> {
    let mixed = Modules::with_error_correction_level(text, EcLevel::M).ok();
    let plain = (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        Modules::with_bits(bits, EcLevel::M).ok()
    });
    mixed.into_iter().chain(plain).min_by_key(Modules::width)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four pixels a module and a quiet zone of eight modules are 260 pixels, which a dialog has at 320.
    #[test]
    fn the_longest_address_of_a_key_is_version_10() {
        let longest = SecretText::new("a".repeat(213));
        assert_eq!(draw(&longest).map(|it| it.size).ok(), Some(57 + 8));
        // Whatever the key: capitals and digits in runs of every length.
        for run in 1..=32 {
            let key = ["A2", &"b".repeat(run)].concat().repeat(213);
            let mixed = SecretText::new(&key[..213]);
            assert_eq!(draw(&mixed).map(|it| it.size).ok(), Some(57 + 8), "{run}");
        }
        let one_more = SecretText::new("a".repeat(214));
        assert_eq!(draw(&one_more).map(|it| it.size).ok(), Some(61 + 8));
    }
}
