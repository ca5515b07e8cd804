//! Two judges that are not ours. A software authenticator (passkey-rs) reads our options and has its answers taken; and each
//! verdict about changed registrations and answers is compared with that of `webauthn-rs-core`.
//!
//! `oracle CASES SEED`: the cases are the same for the same seed. Prints how many cases there were, how many agreed, by which
//! known reasons the two differed, and each other difference, which fails.

mod changes;
#[path = "../../../server/webauthn/src/device.rs"]
#[expect(dead_code, reason = "the tests of the crate use more of it")]
mod device;
mod known;
mod ours;
mod software;
mod theirs;

/// What `device` calls by this name.
mod cose {
    pub(crate) use webauthn::Algorithm;
}

use std::collections::BTreeMap;
use std::process::ExitCode;

use changes::{Ceremony, Chances};

/// How many differences of one sort are shown whole.
const SHOWN: usize = 3;

fn argument(at: usize, default: u64) -> u64 {
    let given = std::env::args().nth(at);
    given.and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> ExitCode {
    let (cases, seed) = (argument(1, 100_000), argument(2, 1));
    let enrolled = software::agree();
    println!("passkey-rs: {enrolled} keys added, and their answers taken by both");

    let mut chances = Chances::new(seed);
    let theirs = theirs::Judge::new();
    let mut agreed = [0_u64; 2];
    let mut differed = BTreeMap::<&str, u64>::new();
    let mut unknown = BTreeMap::<String, (u64, Vec<String>)>::new();
    for _ in 0..cases {
        let case = changes::case(&mut chances);
        let (our, their) = match case.ceremony {
            Ceremony::Registration => (ours::register(&case.text), theirs.register(&case.text)),
            Ceremony::Assertion => (ours::answer(&case), theirs.answer(&case)),
        };
        if our.is_ok() == their.is_ok() {
            agreed[usize::from(our.is_ok())] += 1;
        } else if let Some(reason) = known::reason(&our, &their) {
            *differed.entry(reason).or_default() += 1;
        } else {
            let kind = format!("{:?}: ours {our:?}, theirs {their:?}", case.ceremony);
            let (count, texts) = unknown.entry(kind).or_default();
            *count += 1;
            if texts.len() < SHOWN {
                texts.push(format!("{} {}", case.changes.join(", "), case.text));
            }
        }
    }
    let differences: u64 = differed.values().sum();
    let unexplained: u64 = unknown.values().map(|(count, _)| count).sum();
    println!(
        "webauthn-rs-core: {cases} cases (seed {seed}), {} taken by both, {} refused by both, {differences} known differences, {unexplained} others",
        agreed[1], agreed[0]
    );
    for (reason, count) in &differed {
        println!("  {count:>8}  {reason}");
    }
    for (kind, (count, texts)) in &unknown {
        println!("DIFFERENCE, {count} times, {kind}");
        for text in texts {
            println!("    {text}");
        }
    }
    // Cases that all are refused would agree in everything and show nothing.
    let is_telling = agreed[1] * 20 > cases && agreed[0] * 20 > cases;
    if !is_telling {
        println!("Too few cases are taken, or refused, by both.");
    }
    if unknown.is_empty() && is_telling {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
