//! The one layout of a mail in HTML, for mail programs: tables, and style on each element. What only newer ones know, the
//! dark scheme and narrow screens, stands in the head; where it is left out the mail is as readable.
//!
//! Nothing is loaded from anywhere: no image, font or script, and no address in it leads elsewhere than the text does. The
//! colours are those of `style/tokens.css`, which a test compares.

use std::fmt::Write as _;

use super::{Block, Fact, Link};

/// Colours of the dark scheme, by what an element is. Mail programs leave `light-dark()` out.
const STYLE: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){.inside{padding:24px 20px 8px!important}}
@media (prefers-color-scheme:dark){
.ground{background-color:#0e1416!important}
.card{background-color:#161e21!important;border-color:#2c383c!important}
.text{color:#e9eff0!important}
.quiet{color:#a3b1b5!important}
.box{background-color:#1f292d!important;border-color:#2c383c!important}
.button{background-color:#6fc9c4!important}
.on{color:#06282a!important}
}";

const SANS: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif";
const MONO: &str =
    "font-family:ui-monospace,'SF Mono',SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";
/// Long names and addresses break where they have to.
const BREAKS: &str = "overflow-wrap:anywhere;word-break:break-word";
const TEXT: &str = "color:#152125;font-size:16px;line-height:1.5";
const QUIET: &str = "color:#526065;font-size:14px;line-height:1.5";
/// A table that only places what is in it.
const TABLE: &str = "role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"";

/// The page of a mail. Its blocks stand in reading order: the product above the card, the reason and the sender below.
pub(super) fn page(title: &str, blocks: &[Block<'_>]) -> String {
    let (mut above, mut card, mut below) = (String::new(), String::new(), String::new());
    for block in blocks {
        match *block {
            Block::Product(name) => product(&mut above, name),
            Block::Heading(words) => heading(&mut card, words),
            Block::Text(words) => paragraph(&mut card, words),
            Block::Code(code) => code_box(&mut card, code),
            Block::Facts(facts) => fact_table(&mut card, facts),
            Block::Button(link) => button(&mut card, link),
            Block::Advice(words) => advice(&mut card, words),
            Block::Why(words) | Block::Sender(words) => foot(&mut below, words),
        }
    }
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n\
         <body class=\"ground\" style=\"margin:0;padding:0;background-color:#f4f6f7\">\n\
         <div role=\"article\" aria-label=\"{title}\" lang=\"en\">\n\
         <table {TABLE} width=\"100%\" class=\"ground\" style=\"background-color:#f4f6f7\">\n\
         <tr><td align=\"center\" style=\"padding:24px 12px 40px\">\n\
         <table {TABLE} width=\"100%\" style=\"max-width:560px;table-layout:fixed;text-align:left;{SANS};{BREAKS}\">\n\
         {above}\
         <tr><td class=\"card inside\" style=\"padding:32px 32px 16px;background-color:#ffffff;border:1px solid #dbe2e4;border-radius:8px\">\n\
         {card}</td></tr>\n\
         <tr><td style=\"padding:16px 4px 0\">\n{below}</td></tr>\n\
         </table>\n</td></tr>\n</table>\n</div>\n</body>\n</html>\n",
        title = escape(title)
    )
}

fn product(html: &mut String, name: &str) {
    let name = escape(name);
    let _ = writeln!(
        html,
        "<tr><td class=\"text\" style=\"padding:0 4px 16px;color:#152125;font-size:18px;font-weight:600;line-height:1.25\">{name}</td></tr>"
    );
}

fn heading(html: &mut String, words: &str) {
    let words = escape(words);
    let _ = writeln!(
        html,
        "<h1 class=\"text\" style=\"margin:0 0 16px;color:#152125;font-size:22px;font-weight:600;line-height:1.25\">{words}</h1>"
    );
}

fn paragraph(html: &mut String, words: &str) {
    let words = escape(words);
    let _ = writeln!(
        html,
        "<p class=\"text\" style=\"margin:0 0 16px;{TEXT}\">{words}</p>"
    );
}

fn code_box(html: &mut String, code: &str) {
    let code = escape(code);
    let _ = writeln!(
        html,
        "<p class=\"text box\" style=\"margin:0 0 16px;padding:16px;background-color:#eef2f3;border-radius:8px;color:#152125;\
         {MONO};font-size:28px;line-height:1.25;letter-spacing:2px;text-align:center\">{code}</p>"
    );
}

fn fact_table(html: &mut String, facts: &[Fact]) {
    let _ = writeln!(
        html,
        "<table class=\"box\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\" style=\"margin:0 0 16px;background-color:#eef2f3;border-radius:8px\">"
    );
    for (at, fact) in facts.iter().enumerate() {
        let above = if at == 0 { 12 } else { 4 };
        let below = if at + 1 == facts.len() { 12 } else { 4 };
        let (label, value) = (escape(&fact.label), escape(&fact.value));
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\" align=\"left\" valign=\"top\" class=\"quiet\" width=\"96\" style=\"padding:{above}px 0 {below}px 16px;font-weight:400;{QUIET}\">{label}</th>\
             <td valign=\"top\" class=\"text\" style=\"padding:{above}px 16px {below}px 8px;color:#152125;font-size:14px;line-height:1.5\">{value}</td></tr>"
        );
    }
    html.push_str("</table>\n");
}

/// The address stands below as text, so that one can look where it leads, and copy it where buttons do not work.
fn button(html: &mut String, link: &Link) {
    let (url, words) = (escape(&link.url), escape(&link.words));
    let _ = writeln!(
        html,
        "<table {TABLE} style=\"margin:8px 0 12px\"><tr><td class=\"button\" bgcolor=\"#0b5c63\" style=\"background-color:#0b5c63;border-radius:8px\">\
         <a class=\"on\" href=\"{url}\" style=\"display:inline-block;padding:12px 20px;color:#ffffff;font-size:16px;font-weight:600;line-height:1.25;text-decoration:none\">{words}</a>\
         </td></tr></table>\n\
         <p class=\"quiet\" style=\"margin:0 0 16px;word-break:break-all;{QUIET}\">{url}</p>"
    );
}

fn advice(html: &mut String, words: &str) {
    let words = escape(words);
    let _ = writeln!(
        html,
        "<p class=\"text card\" style=\"margin:0 0 16px;padding:16px 0 0;border-top:1px solid #dbe2e4;{TEXT}\">{words}</p>"
    );
}

fn foot(html: &mut String, words: &str) {
    let words = escape(words);
    let _ = writeln!(
        html,
        "<p class=\"quiet\" style=\"margin:0 0 4px;{QUIET}\">{words}</p>"
    );
}

/// Text as it stands in HTML, in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
