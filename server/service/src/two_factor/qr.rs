//! The QR code that an app scans.

use app::types::secret_text::SecretText;
use app::types::two_factor::QrCode;
use qrcode::{Color, EcLevel};

use crate::{Failure, Fault, Outcome};

/// Light modules around a QR code (ISO/IEC 18004 §9.1).
const QUIET_ZONE: usize = 4;

/// Draws a text as a QR code: one path of unit squares, a run of dark modules in a row as one bar.
pub(super) fn draw(text: &SecretText) -> Outcome<QrCode> {
    use std::fmt::Write as _;

    let code = qrcode::QrCode::with_error_correction_level(text.expose(), EcLevel::M)
        .map_err(|_| Failure::Fault(Fault::Broken("the otpauth URI does not fit a QR code")))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Four pixels a module and a quiet zone of eight modules are 260 pixels, which a dialog has at 320.
    #[test]
    fn the_longest_address_of_a_key_is_version_10() {
        let longest = SecretText::new("a".repeat(213));
        assert_eq!(draw(&longest).map(|it| it.size).ok(), Some(57 + 8));
        let one_more = SecretText::new("a".repeat(214));
        assert_eq!(draw(&one_more).map(|it| it.size).ok(), Some(61 + 8));
    }
}
