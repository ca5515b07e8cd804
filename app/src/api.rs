//! Server functions: the public API. Each parses nothing, decides nothing and calls the port once.
//!
//! A function is declared once, in the file of its area. [`functions!`] makes of it what the browser calls, the method of
//! the port that the server implements, and its line in the table by which the server's gate admits callers.
//!
//! Every function has an explicit endpoint under `/api/`, which stays when the code moves.

#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        missing_docs,
        reason = "the macro's argument structs have fields that only the functions' docs describe"
    )
)]

pub mod account;
pub mod invitation;
pub mod password;
pub mod profile;
pub mod session;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_up;
pub mod team;
pub mod two_factor;

#[cfg(feature = "ssr")]
use std::sync::Arc;

#[cfg(feature = "ssr")]
use crate::error::ApiError;

/// What a function requires of its caller. What else it takes (an account, a step-up) is in its signature.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Anyone who comes from our own pages.
    Anyone,
    /// A pending sign-in: the password was right, the second factor is due.
    PendingSignIn,
    /// A session.
    Session,
    /// A session, which is not kept alive by the call: open pages ask by themselves.
    WatchedSession,
}

/// What a function does for a session.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only reads. That its caller is there is noted, as with each: once a minute, and the first time in an account.
    Reads,
    /// It reads, and notes where its caller is, in a row that there is: nothing grows, however often it is called.
    Notes,
    /// It may write, and takes a try off its user's budget of acts.
    Acts,
}

/// When a function answers.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As soon as it is done.
    AtOnce,
    /// At the next of even steps of time, since how long it took depends on whether an address has a user.
    InSteps,
}

/// A server function, as it is declared.
#[cfg(feature = "ssr")]
#[derive(Debug)]
pub struct ServerFunction {
    /// Where it is called.
    pub path: &'static str,
    /// What it requires of its caller.
    pub level: Level,
    /// What it does.
    pub effect: Effect,
    /// When it answers.
    pub pace: Pace,
    /// The types of its arguments.
    pub arguments: &'static [&'static str],
}

#[cfg(feature = "ssr")]
impl ServerFunction {
    /// Whether an argument has this type, which is always given then. An optional one is another type.
    pub fn takes(&self, type_name: &str) -> bool {
        self.arguments.contains(&type_name)
    }
}

/// Declares the functions of an area: `#[at("area/name", Level, Effect)]` and a signature for each, under the trait that
/// is their part of the port. `as Name` names the struct of the arguments, where the function's name would give it one
/// that is taken. A fourth word is the [`Pace`], which is `AtOnce` where it is left out.
macro_rules! functions {
    (@pace) => { super::Pace::AtOnce };
    (@pace $pace:ident) => { super::Pace::$pace };
    (
        $(#[doc = $of_port:tt])*
        trait $port:ident;
        $(
            $(#[doc = $doc:tt])*
            #[at($path:tt $(as $arguments:ident)?, $level:ident, $effect:ident $(, $pace:ident)?)]
            fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty;
        )+
    ) => {
        $(
            $(#[doc = $doc])*
            #[cfg(not(target_arch = "wasm32"))]
            #[leptos::server(
                $(name = $arguments,)?
                endpoint = $path,
                protocol = crate::wire::Call,
                client = crate::wire::ApiClient
            )]
            pub async fn $name($($argument: $type),*) -> Result<$answer, crate::error::ApiError> {
                crate::api::backend()?.$name($($argument),*).await
            }

            // Not the framework's: what that makes for each function is compiled again for each (docs/performance.md).
            $(#[doc = $doc])*
            #[cfg(target_arch = "wasm32")]
            pub fn $name($($argument: $type),*) -> crate::client::Awaited<$answer> {
                #[derive(serde::Serialize)]
                struct CallArguments {
                    $($argument: $type),*
                }
                crate::client::ask(concat!("/api/", $path), &CallArguments { $($argument),* })
            }
        )+

        #[cfg(feature = "ssr")]
        $(#[doc = $of_port])*
        #[async_trait::async_trait]
        pub trait $port {
            $(
                $(#[doc = $doc])*
                async fn $name(
                    &self,
                    $($argument: $type),*
                ) -> Result<$answer, crate::error::ApiError>;
            )+
        }

        #[cfg(feature = "ssr")]
        pub(super) const FUNCTIONS: &[super::ServerFunction] = &[
            $(super::ServerFunction {
                path: concat!("/api/", $path),
                level: super::Level::$level,
                effect: super::Effect::$effect,
                pace: super::functions!(@pace $($pace)?),
                arguments: &[$(stringify!($type)),*],
            }),+
        ];
    };
}

use functions;

/// Joins the areas: the port is all their traits, and the functions are all theirs.
macro_rules! areas {
    ($($area:ident: $port:ident),+ $(,)?) => {
        /// The port: what `app` asks of the server, the only seam between the two. One value stands for one request: it
        /// knows the caller, and the answer's cookies.
        #[cfg(feature = "ssr")]
        pub trait Backend: $($area::$port +)+ Send + Sync {}

        #[cfg(feature = "ssr")]
        impl<T> Backend for T where T: $($area::$port +)+ Send + Sync {}

        /// Every server function.
        #[cfg(feature = "ssr")]
        pub fn all_functions() -> impl Iterator<Item = &'static ServerFunction> {
            [$($area::FUNCTIONS),+].into_iter().flatten()
        }
    };
}

areas! {
    session: SessionBackend,
    setup: SetupBackend,
    sign_in: SignInBackend,
    sign_up: SignUpBackend,
    two_factor: TwoFactorBackend,
    account: AccountBackend,
    team: TeamBackend,
    invitation: InvitationBackend,
    password: PasswordBackend,
    profile: ProfileBackend,
    sessions: SessionsBackend,
}

/// The port of the request that is being answered.
#[cfg(feature = "ssr")]
fn backend() -> Result<Arc<dyn Backend>, ApiError> {
    leptos::prelude::use_context().ok_or_else(|| ApiError::Internal {
        reference: String::new(),
    })
}
