//! Who asks a use case to do something: a user, by which credential, and from where.

use app::types::ids::SessionId;

use super::Visitor;
use storage::users::User;

/// By what somebody has shown that they are a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A session, in a browser.
    Session(SessionId),
}

/// Whoever asks.
#[derive(Clone)]
pub struct Principal {
    /// Whose rights they have.
    pub user: User,
    /// By what: an act asks in its transaction whether it is still good.
    pub credential: Credential,
    /// Where the request comes from.
    pub visitor: Visitor,
}
