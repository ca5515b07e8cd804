//! Turns the catalogue under `locales/` into one method per text.
//!
//! A text with one placeholder takes its value as an argument, one with several a struct with a field for each
//! (`text::named`), so that values cannot change places. `[Users page](users)` in a text is a link to a place of
//! `PLACES`; such a text is a `Linked`, so that it is not shown without its links. Keys, placeholders and links are
//! checked here: a text that is missing, left over, differently parameterised or linked to other places in one
//! language fails the build, and a key that nothing defines is a method that does not exist. English is compiled
//! into the methods, so that a text that nothing calls is not in the download; every other language is one JSON
//! array in the order of the keys, loaded on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A text, or its forms by plural category (CLDR).
type Catalogue = BTreeMap<String, BTreeMap<String, String>>;

const WHOLE: &str = "";
/// Places that texts may link to; `text::linked` makes pages of them.
const PLACES: [&str; 7] = [
    "users", "overview", "general", "security", "profile", "sign-in", "sign-up",
];
/// Begin, part and end a link in a text. No value can hold them: they are control characters, which `fill` leaves out.
const LINK: [char; 3] = ['\u{2}', '\u{1f}', '\u{3}'];
const FALLBACK: &str = "other";
/// The placeholder that chooses the plural form; a number, where the others are anything that can be written.
const COUNT: &str = "count";

fn main() {
    let root =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("locales");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed={}", root.display());
    let english = read(&root.join("en"));
    let mut others = Vec::new();
    for folder in folders(&root) {
        let language = folder
            .file_name()
            .expect("a folder has a name")
            .to_string_lossy()
            .into_owned();
        if language != "en" {
            let catalogue = read(&folder);
            check(&language, &english, &catalogue);
            fs::write(
                out.join(format!("{language}.json")),
                as_array(&english, &catalogue),
            )
            .expect("OUT_DIR is writable");
            others.push(language);
        }
    }
    fs::write(
        out.join("texts.rs"),
        methods(&english) + &languages(&others),
    )
    .expect("OUT_DIR is writable");
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(root)
        .expect("app/locales exists")
        .map(|entry| entry.expect("app/locales is readable").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn read(folder: &Path) -> Catalogue {
    let mut catalogue = Catalogue::new();
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a language has a folder")
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    for file in files {
        let section = file
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&file).expect("readable");
        let table: toml::Table = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (key, value) in table {
            let forms = match value {
                toml::Value::String(text) => BTreeMap::from([(WHOLE.to_owned(), marked(&text))]),
                toml::Value::Table(forms) => forms
                    .into_iter()
                    .map(|(form, text)| {
                        (form, marked(text.as_str().expect("a plural form is text")))
                    })
                    .collect(),
                _ => panic!("{}: {key} is neither text nor plural forms", file.display()),
            };
            assert!(
                forms.contains_key(WHOLE) || forms.contains_key(FALLBACK),
                "{}: {key} needs `other`",
                file.display()
            );
            catalogue.insert(format!("{section}_{key}"), forms);
        }
    }
    catalogue
}

/// A text with its links as `LINK` marks them: `[words](place)` becomes place, words.
fn marked(text: &str) -> String {
    let [begin, part, end] = LINK;
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('[') {
        let link = tail.split_once("](").and_then(|(words, tail)| {
            let (place, tail) = tail.split_once(')')?;
            Some((words, place, tail))
        });
        let (words, place, tail) = link.unwrap_or_else(|| panic!("no link: {text:?}"));
        assert!(PLACES.contains(&place), "no place of ours: {text:?}");
        let _ = write!(made, "{before}{begin}{place}{part}{words}{end}");
        rest = tail;
    }
    made + rest
}

fn check(language: &str, english: &Catalogue, other: &Catalogue) {
    for key in english.keys().chain(other.keys()) {
        let (Some(ours), Some(theirs)) = (english.get(key), other.get(key)) else {
            panic!("{language}: {key} is missing or left over");
        };
        assert_eq!(
            ours.contains_key(WHOLE),
            theirs.contains_key(WHOLE),
            "{language}: {key} is plural on one side only"
        );
        assert_eq!(
            placeholders(ours),
            placeholders(theirs),
            "{language}: {key} has other placeholders"
        );
        assert_eq!(
            places(ours),
            places(theirs),
            "{language}: {key} links to other places"
        );
    }
}

/// Where the links of a text lead.
fn places(forms: &BTreeMap<String, String>) -> BTreeSet<&str> {
    let links = forms.values().flat_map(|text| text.split(LINK[0]).skip(1));
    links
        .filter_map(|link| link.split_once(LINK[1]))
        .map(|(place, _)| place)
        .collect()
}

fn placeholders(forms: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if !forms.contains_key(WHOLE) {
        names.insert(COUNT.to_owned());
    }
    for text in forms.values() {
        let mut rest = text.as_str();
        while let Some((_, tail)) = rest.split_once('{') {
            let (name, tail) = tail
                .split_once('}')
                .unwrap_or_else(|| panic!("unclosed placeholder in {text:?}"));
            names.insert(name.to_owned());
            rest = tail;
        }
    }
    names
}

/// The methods of `Texts`, and the types of their arguments.
fn methods(english: &Catalogue) -> String {
    let mut code = format!(
        "/// What texts may link to.\n#[cfg(test)]\nconst PLACES: [&str; {}] = {PLACES:?};\n\nimpl Texts {{\n",
        PLACES.len()
    );
    let mut sets = BTreeSet::new();
    for (index, (key, forms)) in english.iter().enumerate() {
        let names = placeholders(forms);
        code += &method(index, key, forms, &names);
        if names.len() > 1 {
            sets.insert(names);
        }
    }
    let types: String = sets.iter().map(arguments).collect();
    format!(
        "{code}}}\n\n/// What texts with several placeholders are filled with, a type for each set of names.\n\
         pub mod named {{\n    use std::fmt::Display;\n{types}}}\n"
    )
}

fn method(
    index: usize,
    key: &str,
    forms: &BTreeMap<String, String>,
    names: &BTreeSet<String>,
) -> String {
    let shown = forms
        .get(WHOLE)
        .or_else(|| forms.get(FALLBACK))
        .expect("checked when read");
    let shown_doc = shown.replace('\n', " ").replace(['<', '>', '[', ']'], "'");
    let shown_doc = shown_doc.replace(LINK, "'");
    let is_linked = forms.values().any(|text| text.contains(LINK[0]));
    let prefix = if names.len() > 1 { "with." } else { "" };
    let picked = if forms.contains_key(WHOLE) {
        format!("self.whole({index}, {shown:?})")
    } else {
        let one = forms.get("one").unwrap_or(shown);
        let english = format!("if {prefix}{COUNT} == 1 {{ {one:?} }} else {{ {shown:?} }}");
        format!("self.pick({index}, Some({prefix}{COUNT}), {english})")
    };
    let parameter = match (names.first(), names.len()) {
        (None, _) => {
            let (kind, made) = if is_linked {
                ("Linked", format!("Linked::from({picked})"))
            } else {
                ("&'static str", picked)
            };
            return format!(
                "    /// {shown_doc}\n    pub fn {key}(&'static self) -> {kind} {{ {made} }}\n"
            );
        }
        (Some(name), 1) if forms.contains_key(WHOLE) => format!("{name}: &dyn std::fmt::Display"),
        (Some(name), 1) => format!("{name}: u32"),
        (Some(_), _) => format!("with: named::{}<'_>", type_name(names)),
    };
    let values: Vec<_> = names
        .iter()
        .map(|name| {
            let is_number = name == COUNT && (names.len() > 1 || !forms.contains_key(WHOLE));
            let borrow = if is_number { "&" } else { "" };
            format!("({name:?}, {borrow}{prefix}{name})")
        })
        .collect();
    let (kind, open, close) = if is_linked {
        ("Linked", "Linked::from(", ")")
    } else {
        ("String", "", "")
    };
    format!(
        "    /// {shown_doc}\n    pub fn {key}(&'static self, {parameter}) -> {kind} {{ {open}fill({picked}, &[{}]){close} }}\n",
        values.join(", ")
    )
}

/// The arguments of texts with these placeholders, by name: `AccountDate { account, date }`. Arguments by position
/// change places without a word from the compiler when a placeholder is renamed.
fn arguments(names: &BTreeSet<String>) -> String {
    let mut fields = String::new();
    for name in names {
        let of = if name == COUNT {
            "u32"
        } else {
            "&'a dyn Display"
        };
        let _ = writeln!(
            fields,
            "        /// Stands for `{{{name}}}`.\n        pub {name}: {of},"
        );
    }
    format!(
        "\n    /// The values of the placeholders {}.\n    #[derive(Clone, Copy)]\n    pub struct {}<'a> {{\n{fields}    }}\n",
        names
            .iter()
            .map(|name| format!("`{{{name}}}`"))
            .collect::<Vec<_>>()
            .join(", "),
        type_name(names)
    )
}

/// The names in their order, each with a capital: `AccountDate`.
fn type_name(names: &BTreeSet<String>) -> String {
    let words = names.iter().flat_map(|name| name.split('_'));
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

fn languages(others: &[String]) -> String {
    let tags = others
        .iter()
        .map(|tag| format!("{tag:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    let files = others
        .iter()
        .map(|tag| format!("({tag:?}, include_str!(concat!(env!(\"OUT_DIR\"), \"/{tag}.json\")))"))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "/// Languages besides English, as BCP 47 tags.\npub const OTHER_LANGUAGES: &[&str] = &[{tags}];\n\n\
         /// Their catalogues, for the server to hand out.\n#[cfg(feature = \"ssr\")]\n\
         pub const CATALOGUES: &[(&str, &str)] = &[{files}];\n"
    )
}

/// The texts in the order of the English keys; plural forms as an object by category.
fn as_array(english: &Catalogue, other: &Catalogue) -> String {
    let texts: Vec<_> = english
        .keys()
        .map(|key| {
            let forms = &other[key];
            forms.get(WHOLE).map_or_else(
                || {
                    let forms: Vec<_> = forms
                        .iter()
                        .map(|(form, text)| format!("{}:{}", json(form), json(text)))
                        .collect();
                    format!("{{{}}}", forms.join(","))
                },
                |text| json(text),
            )
        })
        .collect();
    format!("[{}]", texts.join(","))
}

fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
