//! The session context: who is signed in, by the last answer of the server. One for the whole page.

use leptos::prelude::*;

use crate::api::session::{session_state, sign_out};
use crate::browser::{self, TabItem, ToldByTab, tell_tabs};
use crate::client::{is_renewed, signed_in_as};
use crate::error::ApiError;
use crate::text::t;
use crate::types::ids::UserId;
use crate::types::page::Page;
use crate::types::session::{PendingSignIn, SessionEnd, SessionState, SignInStep, SignedInUser};

/// What a page may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// The server has not answered yet.
    Loading,
    /// The server could not say.
    Failed(ApiError),
    /// Nobody is signed in.
    SignedOut,
    /// The password was right, the code is due.
    SecondFactorDue,
    /// The password was right, the mailed link is due.
    LinkDue,
    /// A session.
    SignedIn,
}

/// The session context.
#[derive(Clone, Copy)]
pub(crate) struct SessionContext {
    state: RwSignal<Option<Result<SessionState, ApiError>>>,
    /// A step of signing in has just succeeded; who it is has not been asked.
    has_signed_in: RwSignal<bool>,
    recovery_codes_left: RwSignal<Option<u32>>,
    said_at_sign_in: RwSignal<Option<String>>,
    /// Whether the end is said over the page, which waits for its user.
    stays: bool,
    over: RwSignal<bool>,
}

impl SessionContext {
    /// Puts it in the context of everything below. Where the page `stays` when the session ends, its user signs in again over it.
    pub(crate) fn provide(stays: bool) -> Self {
        let session = Self {
            stays,
            over: RwSignal::new(false),
            state: RwSignal::new(None),
            has_signed_in: RwSignal::new(false),
            recovery_codes_left: RwSignal::new(
                TabItem::RecoveryCodesLeft
                    .kept()
                    .and_then(|left| left.parse().ok()),
            ),
            said_at_sign_in: RwSignal::new(TabItem::SaidAtSignIn.kept()),
        };
        provide_context(session);
        session
    }

    /// The one that `provide` put into the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Asks the server again. While it cannot be reached, what it said before stays.
    pub(crate) async fn refresh(self) {
        let mut answer = session_state().await;
        let is_out = matches!(answer, Ok(SessionState::SignedOut { .. }));
        if is_out && self.is_signed_in() && is_renewed().await {
            answer = session_state().await;
        }
        let is_over = matches!(&answer, Ok(state) if !matches!(state, SessionState::SignedIn(_)));
        if is_over && self.end() {
            return;
        }
        let keeps = answer == Err(ApiError::Unreachable)
            && self.state.with_untracked(|it| matches!(it, Some(Ok(_))));
        if !keeps {
            if let Ok(state) = &answer
                && !self.is_within()
            {
                signed_in_as(match state {
                    SessionState::SignedIn(user) => Some(user.user_id),
                    SessionState::SignedOut { .. }
                    | SessionState::SecondFactorDue(_)
                    | SessionState::LinkDue => None,
                });
            }
            self.state.set(Some(answer));
            self.has_signed_in.set(false);
        }
    }

    /// The user has ended it: no answer that says so is waited for.
    pub(crate) fn ended(self) {
        signed_in_as(None);
        self.state.set(None);
    }

    /// The session is over as far as this page knows: true when the page stays, and its user is asked to sign in again.
    pub(crate) fn end(self) -> bool {
        let ends = self.stays && self.is_signed_in();
        if ends && !self.over.get_untracked() {
            self.over.set(true);
        }
        ends
    }

    /// Whether the session is over, and the page waits for its user.
    pub(crate) fn is_over(self) -> bool {
        self.over.get()
    }

    /// The same, for what does not follow it.
    pub(crate) fn is_over_untracked(self) -> bool {
        self.over.get_untracked()
    }

    /// The context of signing in again over the page, for what is drawn there: what is known of the page's user is not told.
    pub(crate) fn provide_within(self) -> Self {
        let within = Self {
            state: RwSignal::new(None),
            has_signed_in: RwSignal::new(false),
            said_at_sign_in: RwSignal::new(None),
            over: RwSignal::new(true),
            stays: false,
            ..self
        };
        provide_context(within);
        within
    }

    /// Whether this is the context of signing in again, which says nothing of for whom the page was drawn.
    fn is_within(self) -> bool {
        !self.stays && self.over.get_untracked()
    }

    /// The page's user is signed in again.
    pub(crate) fn go_on(self) {
        let user = self.user_id();
        signed_in_as(user);
        self.over.set(false);
    }

    /// For whom the page was drawn.
    pub(crate) fn user_id(self) -> Option<UserId> {
        match &*self.state.read_untracked() {
            Some(Ok(SessionState::SignedIn(user))) => Some(user.user_id),
            _ => None,
        }
    }

    /// How the session ended that the browser was in; none where none did, or nothing is known of it.
    pub(crate) fn how_ended(self) -> Option<SessionEnd> {
        match &*self.state.read() {
            Some(Ok(SessionState::SignedOut { ended, .. })) => *ended,
            _ => None,
        }
    }

    /// The server could not say who is signed in.
    pub(crate) fn failed(self, error: ApiError) {
        self.state.set(Some(Err(error)));
    }

    /// Takes what a step of signing in led to. Whoever shows a page of this program afterwards asks who it is.
    pub(crate) fn accept(self, step: SignInStep) {
        match step {
            SignInStep::SecondFactorDue(pending) => self
                .state
                .set(Some(Ok(SessionState::SecondFactorDue(pending)))),
            SignInStep::LinkDue => self.state.set(Some(Ok(SessionState::LinkDue))),
            SignInStep::SignedIn {
                recovery_codes_left,
            } => {
                self.say_recovery_codes_left(recovery_codes_left);
                self.has_signed_in.set(true);
                tell_tabs(ToldByTab::Changed);
            }
        }
    }

    /// Ends the session at the server, then leaves the page so that nothing of it stays in memory.
    pub(crate) async fn sign_out(self) -> Result<(), ApiError> {
        match sign_out().await {
            Ok(()) | Err(ApiError::SignedOut) => {
                tell_tabs(ToldByTab::Changed);
                self.say_at_sign_in(t().sign_in_signed_out());
                self.leave(&Page::SignIn.path());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Empties the page first: the browser may keep a picture of it for the back button.
    pub(crate) fn leave(self, path: &str) {
        self.state.set(None);
        TabItem::RecoveryCodesLeft.forget();
        browser::replace(path);
    }

    /// What pages may show; changes only when that does, not with every answer.
    pub(crate) fn gate(self) -> Memo<Gate> {
        Memo::new(move |_| match &*self.state.read() {
            _ if self.has_signed_in.get() => Gate::SignedIn,
            None => Gate::Loading,
            Some(Err(error)) => Gate::Failed(error.clone()),
            Some(Ok(SessionState::SignedOut { .. })) => Gate::SignedOut,
            Some(Ok(SessionState::SecondFactorDue(_))) => Gate::SecondFactorDue,
            Some(Ok(SessionState::LinkDue)) => Gate::LinkDue,
            Some(Ok(SessionState::SignedIn(_))) => Gate::SignedIn,
        })
    }

    /// Whether somebody is signed in, as far as this page knows.
    pub(crate) fn is_signed_in(self) -> bool {
        let state = self.state.read_untracked();
        matches!(&*state, Some(Ok(SessionState::SignedIn(_))))
    }

    /// The user who is signed in.
    pub(crate) fn user(self) -> Option<SignedInUser> {
        match &*self.state.read() {
            Some(Ok(SessionState::SignedIn(user))) => Some(user.clone()),
            _ => None,
        }
    }

    /// The sign-in that waits for its code.
    pub(crate) fn pending(self) -> Option<PendingSignIn> {
        match &*self.state.read() {
            Some(Ok(SessionState::SecondFactorDue(pending))) => Some(pending.clone()),
            _ => None,
        }
    }

    /// Counts a wrong code as the server did.
    pub(crate) fn set_attempts_left(self, left: u32) {
        self.state.update(|state| {
            if let Some(Ok(SessionState::SecondFactorDue(pending))) = state {
                pending.attempts_left = left;
            }
        });
    }

    /// Whether sign-up is open.
    pub(crate) fn is_sign_up_open(self) -> bool {
        matches!(
            &*self.state.read(),
            Some(Ok(SessionState::SignedOut {
                sign_up_open: true,
                ..
            }))
        )
    }

    /// Whether no user exists yet.
    pub(crate) fn is_setup_due(self) -> bool {
        matches!(
            &*self.state.read(),
            Some(Ok(SessionState::SignedOut {
                setup_due: true,
                ..
            }))
        )
    }

    /// How many recovery codes are left after one signed in; said until it is dealt with.
    pub(crate) fn recovery_codes_left(self) -> Option<u32> {
        self.recovery_codes_left.get()
    }

    /// Says how many are left, in both programs, or that it is dealt with.
    pub(crate) fn say_recovery_codes_left(self, left: Option<u32>) {
        match left {
            Some(left) => TabItem::RecoveryCodesLeft.keep(&left.to_string()),
            None => TabItem::RecoveryCodesLeft.forget(),
        }
        self.recovery_codes_left.set(left);
    }

    /// Gives the sign-in page something to say, also when it is loaded again to be shown.
    pub(crate) fn say_at_sign_in(self, words: &str) {
        TabItem::SaidAtSignIn.keep(words);
        self.said_at_sign_in.set(Some(words.to_owned()));
    }

    /// What another page has for the sign-in page to say.
    pub(crate) fn said_at_sign_in(self) -> Option<String> {
        self.said_at_sign_in.get()
    }

    /// It was said.
    pub(crate) fn forget_said_at_sign_in(self) {
        TabItem::SaidAtSignIn.forget();
        self.said_at_sign_in.set(None);
    }
}
