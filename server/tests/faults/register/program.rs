//! The functions of the program, from its own lists. A function that is added to one of them is included at once.

use app::api::{self, Level, all_functions};
use std::collections::BTreeSet;
use std::process::Command;

use domain::ends::{Ephemeral, Occasion, ends_on};
use serde_json::Value;
use server::console::gate::EXPORTS;
use service::letters::table::{LetterKind, Recipient};

use crate::calls::{Ids, NEW_PASSWORD, body};
use crate::doors;

/// A list of doors, or a part of one. Names of different lists never meet: but for functions and files, they begin with what
/// they are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    /// Every function of the gate.
    Functions,
    /// Every file of the gate.
    Files,
    /// The functions of one area: `two-factor` for `two-factor/begin`.
    Area(&'static str),
    /// The functions whose call has a field of one of these names; `new password` is a password that is set.
    Taking(&'static [&'static str]),
    /// The functions that take a session.
    OfSession,
    /// The functions and files of an account.
    OfAccount,
    /// The functions that always take a step-up.
    StepUp,
    /// The functions at which `doors.rs` has a code asked for.
    AskForCode,
    /// The letters.
    Letters,
    /// The letters to an address that somebody typed.
    LettersToTyped,
    /// The kinds of rows that do not last.
    ShortLived,
    /// The occasions on which they end.
    Occasions,
    /// Those on which sessions end.
    EndingSessions,
    /// Those on which known browsers are forgotten.
    ForgettingBrowsers,
    /// The operator's commands, by the program's own help.
    Commands,
}

/// A function, and what its call has.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) level: Level,
    /// The types of its arguments.
    pub(crate) takes: Vec<&'static str>,
    pub(crate) fields: BTreeSet<String>,
}

/// All lists, read once.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) functions: Vec<Function>,
    pub(crate) files: Vec<String>,
    /// With whether anybody may have typed the address that it goes to.
    pub(crate) letters: Vec<(String, bool)>,
    pub(crate) short_lived: Vec<String>,
    pub(crate) occasions: Vec<String>,
    pub(crate) commands: Vec<String>,
    ask_for_code: BTreeSet<String>,
}

impl Program {
    /// The program as it is.
    pub(crate) fn read() -> Self {
        let letters = LetterKind::ALL.iter().map(|kind| {
            let is_typed = kind.rule().to == Recipient::TypedAddress;
            (format!("letter {kind:?}"), is_typed)
        });
        let rows = Ephemeral::ALL.iter().map(|kind| format!("row {kind:?}"));
        let occasions = Occasion::ALL
            .iter()
            .map(|occasion| format!("occasion {occasion:?}"));
        Self {
            functions: all_functions().map(function).collect(),
            files: EXPORTS.iter().map(|(path, _)| short(path)).collect(),
            letters: letters.collect(),
            short_lived: rows.collect(),
            occasions: occasions.collect(),
            commands: commands(&[]),
            ask_for_code: doors::doors().into_iter().map(short).collect(),
        }
    }

    /// The doors of a list.
    pub(crate) fn doors(&self, list: List) -> BTreeSet<String> {
        let functions = |is_in: &dyn Fn(&Function) -> bool| {
            let found = self.functions.iter().filter(|one| is_in(one));
            found.map(|one| one.name.clone()).collect::<BTreeSet<_>>()
        };
        match list {
            List::Functions => functions(&|_| true),
            List::Files => self.files.iter().cloned().collect(),
            List::Area(area) => {
                functions(&|one| one.name.split('/').next().is_some_and(|name| name == area))
            }
            List::Taking(fields) => {
                functions(&|one| fields.iter().any(|field| one.fields.contains(*field)))
            }
            List::OfSession => {
                functions(&|one| !matches!(one.level, Level::Anyone | Level::PendingSignIn))
            }
            List::OfAccount => {
                let mut found = functions(&|one| one.takes.contains(&"AccountRef"));
                found.extend(self.files.iter().cloned());
                found
            }
            List::StepUp => functions(&|one| one.takes.contains(&"StepUp")),
            List::AskForCode => self.ask_for_code.clone(),
            List::Letters => self.letters.iter().map(|(name, _)| name.clone()).collect(),
            List::LettersToTyped => {
                let typed = self.letters.iter().filter(|(_, is_typed)| *is_typed);
                typed.map(|(name, _)| name.clone()).collect()
            }
            List::ShortLived => self.short_lived.iter().cloned().collect(),
            List::Occasions => self.occasions.iter().cloned().collect(),
            List::EndingSessions => ending(Ephemeral::Sessions),
            List::ForgettingBrowsers => ending(Ephemeral::KnownBrowsers),
            List::Commands => self.commands.iter().cloned().collect(),
        }
    }

    /// Whether there is a door of this name in any list.
    pub(crate) fn has(&self, door: &str) -> bool {
        let lists = [
            List::Functions,
            List::Files,
            List::Letters,
            List::ShortLived,
            List::Occasions,
            List::Commands,
        ];
        lists.iter().any(|list| self.doors(*list).contains(door))
    }
}

impl List {
    /// What a test names that walks the list, one of these.
    pub(crate) const fn walked_as(self) -> &'static [&'static str] {
        match self {
            Self::Functions
            | Self::Area(_)
            | Self::Taking(_)
            | Self::OfSession
            | Self::OfAccount
            | Self::StepUp => &["all_functions()", "World::addresses()"],
            Self::Files => &["EXPORTS", "World::addresses()"],
            Self::AskForCode => &["doors()"],
            Self::Letters | Self::LettersToTyped => &["LetterKind::ALL"],
            Self::ShortLived => &["Ephemeral::ALL"],
            Self::Occasions | Self::EndingSessions | Self::ForgettingBrowsers => &["Occasion::ALL"],
            Self::Commands => &["commands("],
        }
    }
}

/// The occasions that end rows of a kind.
fn ending(kind: Ephemeral) -> BTreeSet<String> {
    let ends = |occasion: &Occasion| ends_on(*occasion).iter().any(|(what, _)| *what == kind);
    let found = Occasion::ALL.into_iter().filter(ends);
    found
        .map(|occasion| format!("occasion {occasion:?}"))
        .collect()
}

fn short(path: &str) -> String {
    path.trim_start_matches("/api/").to_owned()
}

fn function(declared: &api::ServerFunction) -> Function {
    let id = || "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
    let ids = Ids {
        account: id(),
        deleted: id(),
        user: id(),
        newcomer: id(),
        invitation: id(),
        session: id(),
        browser: id(),
        known: id(),
        enrolment: id(),
        event: id(),
    };
    let call = body(declared.path, &ids);
    let mut fields = BTreeSet::new();
    collect_fields(&call, &mut fields);
    if call.to_string().contains(NEW_PASSWORD) {
        fields.insert("new password".to_owned());
    }
    Function {
        name: short(declared.path),
        level: declared.level,
        takes: declared.arguments.to_vec(),
        fields,
    }
}

fn collect_fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.insert(key.clone());
                collect_fields(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_fields(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The commands under these words that have none under them.
fn commands(of: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_twofold"))
        .args(of)
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let Some(listed) = help.split("Commands:\n").nth(1) else {
        return vec![format!("command {}", of.join(" "))];
    };
    let listed = listed.split("\n\n").next().unwrap_or_default();
    let names = listed.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then_some(name)
    });
    names
        .flat_map(|name| commands(&[of, &[name]].concat()))
        .collect()
}
