//! Every sentence for people, from the catalogue in `locales/`: one method per text, made by `build.rs`. One with
//! several placeholders takes them by name, in a struct of `named`.
//!
//! `t()` is the language of this process: in the browser the reader's, set once before the first page; on the server, which
//! writes only mails, English.

mod linked;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::OnceLock;

use serde::Deserialize;

pub use linked::{Linked, Part};

/// The texts of one language.
#[derive(Debug, Default)]
pub struct Texts {
    /// None for English, whose texts are compiled in.
    loaded: Option<Vec<Entry>>,
    language: &'static str,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Whole(String),
    Forms(BTreeMap<String, String>),
}

static ENGLISH: Texts = Texts {
    loaded: None,
    language: "en",
};
static CURRENT: OnceLock<Texts> = OnceLock::new();

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The texts of this process's language. Not inlined: pages ask for texts at some 800 places.
#[inline(never)]
pub fn t() -> &'static Texts {
    CURRENT.get().unwrap_or(&ENGLISH)
}

/// Sets the language of this process, from a catalogue as the server hands it out; once, before the first page.
///
/// # Errors
/// Refuses what is not a catalogue of this build, and a second call.
pub fn set_language(language: &'static str, catalogue: &str) -> Result<(), NotACatalogue> {
    CURRENT
        .set(Texts::load(language, catalogue)?)
        .map_err(|_| NotACatalogue)
}

/// The text is not a catalogue of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a catalogue of this build")]
pub struct NotACatalogue;

impl Texts {
    /// English, which is always there.
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// The language as a BCP 47 tag.
    pub fn language(&self) -> &'static str {
        self.language
    }

    fn load(language: &'static str, catalogue: &str) -> Result<Self, NotACatalogue> {
        let entries = serde_json::from_str(catalogue).map_err(|_| NotACatalogue)?;
        Ok(Self {
            loaded: Some(entries),
            language,
        })
    }

    /// A text that has one form.
    #[inline(never)]
    fn whole(&'static self, index: usize, english: &'static str) -> &'static str {
        self.pick(index, None, english)
    }

    /// Texts live as long as the process: the reader's language is set once.
    fn pick(
        &'static self,
        index: usize,
        count: Option<u32>,
        english: &'static str,
    ) -> &'static str {
        match self.loaded.as_ref().and_then(|entries| entries.get(index)) {
            None => english,
            Some(Entry::Whole(text)) => text,
            Some(Entry::Forms(forms)) => {
                let category = plural_category(self.language, count.unwrap_or_default());
                forms
                    .get(category)
                    .or_else(|| forms.get("other"))
                    .map_or(english, String::as_str)
            }
        }
    }
}

/// The plural category of a count (CLDR), by the browser's own rules.
#[cfg(target_arch = "wasm32")]
fn plural_category(language: &str, count: u32) -> &'static str {
    let rules = js_sys::Intl::PluralRules::new(
        &js_sys::Array::of1(&language.into()),
        &js_sys::Object::new(),
    );
    let category: String = rules.select(f64::from(count)).into();
    ["zero", "one", "two", "few", "many"]
        .into_iter()
        .find(|name| *name == category)
        .unwrap_or("other")
}

/// On the server, where only mails speak: the rule of most European languages.
#[cfg(not(target_arch = "wasm32"))]
const fn plural_category(_language: &str, count: u32) -> &'static str {
    if count == 1 { "one" } else { "other" }
}

fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
        filled.push_str(before);
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            let value = value.to_string();
            filled.extend(value.chars().filter(|c| !linked::is_mark(*c)));
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled_again() {
        assert_eq!(
            fill("{a} and {b}", &[("a", &"{b}"), ("b", &1)]),
            "{b} and 1"
        );
    }

    #[test]
    fn each_value_stands_where_its_name_does() {
        let texts = Texts::english();
        let footer = texts.mail_footer(named::AddressProduct {
            address: &"https://a.example",
            product: &"Twofold",
        });
        assert!(
            footer.starts_with("Twofold at https://a.example."),
            "{footer}"
        );
        let asked = |count| {
            texts.settings_asked(named::CountNames {
                count,
                names: &"Ada",
            })
        };
        assert_eq!(asked(1), "1 user will be asked to set it up: Ada.");
        assert_eq!(asked(2), "2 users will be asked to set it up: Ada.");
    }

    #[test]
    fn a_loaded_language_takes_the_place_of_english() {
        let texts = Box::leak(Box::new(
            Texts::load(
                "xx",
                r#"["eins",{"one":"{count} Kode","other":"{count} Kodes"}]"#,
            )
            .unwrap(),
        ));
        assert_eq!(texts.pick(0, None, "one"), "eins");
        assert_eq!(texts.pick(1, Some(1), "?"), "{count} Kode");
        assert_eq!(texts.pick(1, Some(2), "?"), "{count} Kodes");
        assert_eq!(texts.pick(9, None, "English"), "English");
    }
}
