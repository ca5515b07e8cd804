//! Who is at the browser, and signing out.

use super::functions;
use crate::types::session::{SessionLeft, SessionState};

functions! {
    /// Who is at the browser, and signing out.
    trait SessionBackend;

    /// What the server knows of the browser that asks.
    #[at("session/state" as SessionStateArguments, Anyone, Reads)]
    fn session_state() -> SessionState;

    /// How long the session lasts. To ask is no use of it.
    #[at("session/left" as SessionLeftArguments, WatchedSession, Reads)]
    fn session_left() -> SessionLeft;

    /// Ends the session, or the pending sign-in, at the server.
    #[at("session/sign-out", Anyone, Acts)]
    fn sign_out() -> ();
}
