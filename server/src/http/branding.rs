//! What the operator puts of their own into the pages: the name of the product, whom to ask for help, an icon. It is written
//! into each document once, when the server starts.

use std::path::Path;

use bytes::Bytes;
use url::Url;

use app::types::email::EmailAddress;
use files::trusted_files::reading::{ContentSource, read};
use service::mail_text;
use settings::Settings;

/// Where the operator's icon is.
pub(super) const ICON: &str = "/icon.png";
/// The icon that a build has, as the documents name it for phones.
const TOUCH_ICON: &str = "/touch-icon.png";

/// How a PNG begins: its signature, and the head of its first chunk, which is 13 bytes long (PNG, third edition, §5.2 and
/// §11.2.1).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
const SIDES: std::ops::RangeInclusive<u32> = 64..=1024;
const MOST_BYTES: usize = 256 << 10;

/// What stands in the pages.
pub struct Branding {
    product: String,
    support: Option<String>,
    icon: Option<Bytes>,
}

/// The icon cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IconProblem {
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(std::io::Error),
    /// It is something else.
    #[error("it is no PNG")]
    NoPng,
    /// Its sides do not fit.
    #[error("it is {0} by {1} pixels; it takes a square of 64 to 1024")]
    Sides(u32, u32),
    /// It is too large for every page.
    #[error("it has {0} bytes; it takes at most 256 KiB")]
    Large(usize),
}

impl Branding {
    /// Reads it.
    ///
    /// # Errors
    /// Says what is wrong with the icon.
    pub fn of(settings: &Settings) -> Result<Self, IconProblem> {
        Ok(Self {
            product: settings.product_name.clone(),
            support: settings.support.clone().filter(|it| !it.is_empty()),
            icon: settings.icon_file.as_deref().map(read_icon).transpose()?,
        })
    }

    /// The operator's icon, where there is one.
    pub(super) const fn icon(&self) -> Option<&Bytes> {
        self.icon.as_ref()
    }

    /// A document of the build with what the operator has set.
    pub(super) fn written_into(&self, document: &str) -> String {
        let mut written = document
            .replace("{product}", &escape(&self.product))
            .replace("{help}", &self.help());
        if self.icon.is_some() {
            written = with_icon(&written);
        }
        written
    }

    /// The line at the foot of every page; the style leaves out one that is empty.
    fn help(&self) -> String {
        let Some(support) = &self.support else {
            return String::new();
        };
        let shown = escape(support);
        let link = if EmailAddress::parse(support).is_ok() {
            Some(format!("mailto:{shown}"))
        } else {
            Url::parse(support)
                .ok()
                .filter(|url| url.scheme() == "https")
                .map(|_| shown.clone())
        };
        let shown = link.map_or(shown.clone(), |link| {
            format!("<a href=\"{link}\" rel=\"help\">{shown}</a>")
        });
        format!("<p>Need help? {shown}</p>")
    }
}

/// The operator's icon in place of those that the build names.
fn with_icon(document: &str) -> String {
    let own = format!("<link rel=\"icon\" type=\"image/png\" href=\"{ICON}\">");
    let written = document
        .replace(TOUCH_ICON, ICON)
        .replacen("<html", "<html data-icon", 1);
    // The build's tool writes attributes with or without quotation marks.
    let named = ["rel=\"icon\"", "rel=icon"];
    let Some(at) = named.iter().find_map(|name| written.find(name)) else {
        return written;
    };
    let begin = written[..at].rfind('<').unwrap_or(at);
    let end = written[at..].find('>').map_or(at, |end| at + end + 1);
    format!("{}{own}{}", &written[..begin], &written[end..])
}

fn read_icon(file: &Path) -> Result<Bytes, IconProblem> {
    let content = read(file, ContentSource::File).map_err(IconProblem::Unreadable)?;
    if content.len() > MOST_BYTES {
        return Err(IconProblem::Large(content.len()));
    }
    let head = content.strip_prefix(PNG).ok_or(IconProblem::NoPng)?;
    let side = |at: usize| -> Option<u32> {
        let bytes = head.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let (Some(width), Some(height)) = (side(0), side(4)) else {
        return Err(IconProblem::NoPng);
    };
    if width != height || !SIDES.contains(&width) {
        return Err(IconProblem::Sides(width, height));
    }
    Ok(Bytes::copy_from_slice(&content))
}

/// Text of the operator's, in which nothing reads as a mark: whoever names a product `{help}` gets that name.
fn escape(text: &str) -> String {
    mail_text::escape(text).replace('{', "&#123;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branded(product: &str, support: Option<&str>) -> String {
        let branding = Branding {
            product: product.to_owned(),
            support: support.map(str::to_owned),
            icon: None,
        };
        branding.written_into("<title>{product}</title><footer>{help}</footer>")
    }

    #[test]
    fn what_the_operator_sets_is_text_in_the_document_and_a_link_where_it_is_an_address() {
        assert_eq!(
            branded("A&B <i>\"'{help}", None),
            "<title>A&amp;B &lt;i&gt;&quot;&#39;&#123;help}</title><footer></footer>"
        );
        for (support, footer) in [
            (
                "help@acme.example",
                "<a href=\"mailto:help@acme.example\" rel=\"help\">help@acme.example</a>",
            ),
            (
                "https://acme.example/help?a=1&b=2",
                "<a href=\"https://acme.example/help?a=1&amp;b=2\" rel=\"help\">https://acme.example/help?a=1&amp;b=2</a>",
            ),
            ("IT desk, extension 4711", "IT desk, extension 4711"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("http://acme.example", "http://acme.example"),
            ("https://", "https://"),
            (
                "https://x/\"onclick=\"a",
                "<a href=\"https://x/&quot;onclick=&quot;a\" rel=\"help\">https://x/&quot;onclick=&quot;a</a>",
            ),
        ] {
            let expected = format!("<title>A</title><footer><p>Need help? {footer}</p></footer>");
            assert_eq!(branded("A", Some(support)), expected);
        }
    }

    #[test]
    fn an_icon_takes_the_place_of_those_of_the_build() {
        let changed = "<html data-icon lang=en><link rel=\"icon\" type=\"image/png\" href=\"/icon.png\">\
                       <link href=/icon.png rel=apple-touch-icon></html>";
        for of_build in [
            "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon-1.svg\"/>",
            "<link href=/favicon-1.svg rel=icon>",
        ] {
            let document = format!(
                "<html lang=en>{of_build}<link href=/touch-icon.png rel=apple-touch-icon></html>"
            );
            assert_eq!(with_icon(&document), changed);
        }
    }

    #[test]
    fn an_icon_is_a_square_png_of_a_size_that_pages_can_have() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("icon.png");
        let png = |width: u32, height: u32, length: usize| {
            let mut bytes = PNG.to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
            bytes.resize(length, 0);
            bytes
        };
        let answer = |content: &[u8]| {
            std::fs::write(&file, content).unwrap();
            read_icon(&file)
                .map(|it| it.len())
                .map_err(|it| it.to_string())
        };
        assert_eq!(answer(&png(64, 64, 100)), Ok(100));
        assert_eq!(answer(&png(1024, 1024, MOST_BYTES)), Ok(MOST_BYTES));
        let refused = [
            (
                png(64, 64, MOST_BYTES + 1),
                "it has 262145 bytes; it takes at most 256 KiB",
            ),
            (
                png(63, 63, 100),
                "it is 63 by 63 pixels; it takes a square of 64 to 1024",
            ),
            (
                png(1025, 1025, 100),
                "it is 1025 by 1025 pixels; it takes a square of 64 to 1024",
            ),
            (
                png(64, 65, 100),
                "it is 64 by 65 pixels; it takes a square of 64 to 1024",
            ),
            (png(64, 64, 20), "it is no PNG"),
            (b"<svg/>".to_vec(), "it is no PNG"),
            (Vec::new(), "it is no PNG"),
        ];
        for (content, why) in refused {
            assert_eq!(answer(&content), Err(why.to_owned()));
        }
        assert!(matches!(
            read_icon(folder.path()),
            Err(IconProblem::Unreadable(_))
        ));
    }
}
