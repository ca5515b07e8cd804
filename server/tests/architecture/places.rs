//! A text that names another page carries the link to it: `[Users page](users)`.

use std::collections::BTreeSet;
use std::fs;

use crate::{assert_none, root, toml};

/// How texts name pages.
const NAMES: [&str; 9] = [
    "Users page",
    "page Users",
    "Security page",
    "Profile page",
    "sign-in page",
    "Sign-in page",
    "the overview",
    "account's overview",
    "Forgot your password",
];

/// Texts that name a page without a link, and why.
const WITHOUT: [(&str, &str); 6] = [
    ("denial_mail_reaches", "the page of somebody else"),
    (
        "mailbox_ask_owner",
        "a page of the owner, who reads another text",
    ),
    (
        "mailbox_corrected_ask_owner",
        "a page of the owner, who reads another text",
    ),
    (
        "required_after_reset",
        "a page of those who let the reader in",
    ),
    ("sign_in_forgot", "it is the label of the link"),
    ("reset_offer_forgotten", "it is the label of the link"),
];

/// Letters have one link each, which `faults/letters` compares with what they name.
const LETTERS: [&str; 2] = ["mail", "requirement_mail"];

/// A text without the links in it.
fn without_links(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('[') {
        left.push_str(before);
        rest = tail.split_once(')').map_or("", |(_, after)| after);
    }
    left + rest
}

/// Every form of every text of the pages, by its key.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(root().join("app/locales/en")).expect("app/locales/en is there") {
        let path = entry.expect("app/locales/en can be read").path();
        let section = path.file_stem().expect("a file has a name");
        let section = section.to_string_lossy().into_owned();
        if LETTERS.contains(&section.as_str()) {
            continue;
        }
        for (key, value) in toml(&path) {
            let forms = match value {
                toml::Value::Table(forms) => forms.into_iter().map(|(_, text)| text).collect(),
                whole => vec![whole],
            };
            let key = format!("{section}_{key}");
            let forms = forms.iter().filter_map(toml::Value::as_str);
            texts.extend(forms.map(|text| (key.clone(), text.to_owned())));
        }
    }
    assert!(texts.len() > 300, "the catalogue is where it was");
    texts
}

#[test]
fn a_text_that_names_another_page_carries_the_link_to_it() {
    let mut breaches = Vec::new();
    let mut excepted = BTreeSet::new();
    for (key, text) in texts() {
        let plain = without_links(&text);
        let Some(name) = NAMES.iter().find(|name| plain.contains(**name)) else {
            continue;
        };
        if WITHOUT.iter().any(|(known, _)| *known == key) {
            excepted.insert(key);
        } else {
            breaches.push(format!("{key} names `{name}` without a link: {text}"));
        }
    }
    assert_none(
        "a text that sends its reader to a page links to it",
        &breaches,
    );
    let left_over: Vec<_> = WITHOUT
        .iter()
        .filter(|(key, _)| !excepted.contains(*key))
        .map(|(key, why)| format!("{key} ({why}) names no page any more"))
        .collect();
    assert_none("exceptions that are none", &left_over);
}
