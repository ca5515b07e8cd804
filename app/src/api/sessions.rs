//! The user's sessions, trusted browsers and own activity.

use super::functions;
use crate::types::activity::ActivityPage;
use crate::types::ids::{AuditEventId, KnownBrowserId, SessionId, TrustedBrowserId};
use crate::types::sessions::SessionList;
use crate::types::two_factor::StepUp;

functions! {
    /// The user's sessions, trusted browsers and own activity.
    trait SessionsBackend;

    /// Where the user is signed in.
    #[at("sessions/list" as SessionListArguments, Session, Reads)]
    fn session_list() -> SessionList;

    /// Ends one session of the user.
    #[at("sessions/end", Session, Acts)]
    fn end_session(session: SessionId) -> ();

    /// Ends every session of the user but this one.
    #[at("sessions/end-others", Session, Acts)]
    fn end_other_sessions() -> ();

    /// Makes a browser ask for the second factor again.
    #[at("sessions/remove-trusted-browser", Session, Acts)]
    fn remove_trusted_browser(browser: TrustedBrowserId) -> ();

    /// Forgets a browser that the user has signed in with. Its count of wrong codes goes with it, so that strangers can pause
    /// it: a stolen session alone does not do that.
    #[at("sessions/forget-browser", Session, Acts)]
    fn forget_browser(browser: KnownBrowserId, step_up: StepUp) -> ();

    /// What happened around the user in the last 90 days.
    #[at("sessions/activity" as OwnActivityArguments, Session, Reads)]
    fn own_activity(before: Option<AuditEventId>) -> ActivityPage;
}
