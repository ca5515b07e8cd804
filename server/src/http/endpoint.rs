//! What the addresses of the main listener lead to. axum's router says it once for each request; how the request is
//! counted, guarded and answered follows from it.

use app::api::{Effect, Level, Pace, ServerFunction};

use super::exports::FileFormat;

/// What an address leads to.
#[derive(Clone, Copy)]
pub enum Endpoint {
    /// A server function.
    Function(&'static ServerFunction),
    /// The log of an account as a file, at the level that the gate states for it.
    Export(Level, FileFormat),
    /// Whether the process answers.
    Health,
    /// Nothing: whoever looks here should see that it is no page either.
    Nothing,
    /// The front end.
    Page,
}

impl Endpoint {
    /// The word that its requests are counted under: one of a fixed set, whatever paths clients send.
    pub fn label(self) -> &'static str {
        match self {
            Self::Function(function) => label_of(function),
            Self::Export(..) => "export",
            Self::Health => "probe",
            Self::Nothing => "unknown",
            Self::Page => "page",
        }
    }

    /// Whether a request may change something; what only reads leaves nothing half-done, and nobody waits for it.
    pub const fn may_write(self) -> bool {
        match self {
            Self::Function(function) => matches!(function.effect, Effect::Acts),
            Self::Export(..) | Self::Health | Self::Nothing | Self::Page => false,
        }
    }

    /// When it is answered. Nothing but a function takes an address.
    pub const fn pace(self) -> Pace {
        match self {
            Self::Function(function) => function.pace,
            Self::Export(..) | Self::Health | Self::Nothing | Self::Page => Pace::AtOnce,
        }
    }
}

/// Every label that requests are counted under.
pub fn labels() -> impl Iterator<Item = &'static str> {
    let functions = app::api::all_functions().map(label_of);
    functions.chain(["page", "probe", "export", "unknown"])
}

/// The path of a function without what all have in common.
fn label_of(function: &ServerFunction) -> &'static str {
    function.path.strip_prefix("/api/").unwrap_or(function.path)
}
