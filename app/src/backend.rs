//! The port: what `app` asks of the server, one trait per area. The only seam between the two.
//!
//! One value stands for one request: it knows the caller, and the answer's cookies.

mod account;
mod invitation;
mod password;
mod profile;
mod session;
mod sessions;
mod setup;
mod sign_in;
mod sign_up;
mod team;
mod two_factor;

pub use account::AccountBackend;
pub use invitation::InvitationBackend;
pub use password::PasswordBackend;
pub use profile::ProfileBackend;
pub use session::SessionBackend;
pub use sessions::SessionsBackend;
pub use setup::SetupBackend;
pub use sign_in::SignInBackend;
pub use sign_up::SignUpBackend;
pub use team::TeamBackend;
pub use two_factor::TwoFactorBackend;

/// Every area of the port.
pub trait Backend:
    AccountBackend
    + InvitationBackend
    + PasswordBackend
    + ProfileBackend
    + SessionBackend
    + SessionsBackend
    + SetupBackend
    + SignInBackend
    + SignUpBackend
    + TeamBackend
    + TwoFactorBackend
    + Send
    + Sync
{
}

impl<T> Backend for T where
    T: AccountBackend
        + InvitationBackend
        + PasswordBackend
        + ProfileBackend
        + SessionBackend
        + SessionsBackend
        + SetupBackend
        + SignInBackend
        + SignUpBackend
        + TeamBackend
        + TwoFactorBackend
        + Send
        + Sync
{
}
