//! The port: what `app` asks of the server, one trait per area. The only seam between the two.
//!
//! One value stands for one request: it knows the caller, and the answer's cookies.

mod session;
mod setup;
mod sign_in;
mod sign_up;
mod two_factor;

pub use session::SessionBackend;
pub use setup::SetupBackend;
pub use sign_in::SignInBackend;
pub use sign_up::SignUpBackend;
pub use two_factor::TwoFactorBackend;

/// Every area of the port.
pub trait Backend:
    SessionBackend + SetupBackend + SignInBackend + SignUpBackend + TwoFactorBackend + Send + Sync
{
}

impl<T> Backend for T where
    T: SessionBackend
        + SetupBackend
        + SignInBackend
        + SignUpBackend
        + TwoFactorBackend
        + Send
        + Sync
{
}
