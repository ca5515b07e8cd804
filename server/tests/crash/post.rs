//! The mails that people were sent or will be: files of the outbox and the queue, each once by its id.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crypto::seal::KeyRing;
use service::letters::queue::PURPOSE;
use service::mail_text::MailText;

use crate::invariants::Truth;
use crate::person::Person;

/// What is mailed of each kind of change.
const MAILED: [(&str, &str); 4] = [
    ("two_factor_enabled", "Two-factor authentication is on"),
    ("two_factor_disabled", "Two-factor authentication is off"),
    (
        "recovery_codes_replaced",
        "Your recovery codes were replaced",
    ),
    ("signed_in_with_recovery_code", "A recovery code was used"),
];

/// Address and subject of every mail, by its id.
async fn mails(folder: &Path, truth: &Truth) -> BTreeMap<String, (String, String)> {
    let keys = fs::read_to_string(folder.join("keys")).unwrap();
    let keys = KeyRing::parse(&keys).unwrap();
    let mut found = BTreeMap::new();
    // The queue first: a mail that leaves it meanwhile is in the outbox by then.
    for (id, sealed) in truth.queued_mails().await {
        let plain = keys.open(PURPOSE, &id, &sealed).unwrap();
        let letter: MailText = serde_json::from_slice(&plain).unwrap();
        found.insert(id, (letter.to, letter.subject));
    }
    for entry in fs::read_dir(folder.join("outbox")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "eml") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let line = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name));
            found.unwrap_or_default().trim().to_owned()
        };
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        found.insert(id, (line("To:"), line("Subject:")));
    }
    found
}

/// Every change that is to be mailed was mailed, or will be, once.
pub(crate) async fn check(folder: &Path, truth: &Truth, people: &[&Person]) {
    let mails = mails(folder, truth).await;
    for person in people {
        for (kind, subject) in MAILED {
            let is_it = |mail: &&(String, String)| mail.0 == person.email && mail.1 == subject;
            let written = mails.values().filter(is_it).count();
            let done = person.book.get(kind).copied().unwrap_or_default();
            assert_eq!(
                i64::try_from(written).unwrap(),
                done,
                "{kind} of {}",
                person.email
            );
        }
    }
}

/// The code that was mailed last to an address, with the name of the file that has it.
pub(crate) fn last_code(folder: &Path, email: &str) -> Option<(String, String)> {
    let to = format!("To: {email}");
    let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
    let mut found = None;
    for entry in fs::read_dir(folder.join("outbox")).ok()? {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let is_mail = path.extension().is_some_and(|ending| ending == "eml");
        if !is_mail || found.as_ref().is_some_and(|(newest, _)| *newest > name) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        if let Some(code) = text.lines().map(str::trim).find(is_code)
            && text.lines().any(|line| line.trim() == to)
        {
            found = Some((name, code.to_owned()));
        }
    }
    found
}
