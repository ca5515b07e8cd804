//! The list of users for the operator.

use app::types::ids::UserId;

use crate::factor_set::is_genuine;
use crate::{Outcome, Services};
use domain::factors::FactorKinds;
use storage::operator_lists::next_users;
use storage::refused_mailboxes::find_refused_mailboxes;
use storage::users::User;

/// A user as the operator's list has them.
pub struct ListedUser {
    /// Who.
    pub user: User,
    /// The kinds of second factors that they have.
    pub kinds: FactorKinds,
    /// Whether their factors are those that the program stored; who has others is refused.
    pub is_genuine: bool,
    /// What is known of their address.
    pub address: KnownOfAddress,
}

/// What is known of the address of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownOfAddress {
    /// They have lost it to whoever reads its mail.
    Lost,
    /// Its mail server has refused the last letter for good.
    Refused {
        /// Whether they have shown before that they read its mail.
        is_confirmed: bool,
    },
    /// They have shown that they read its mail, or the operator has said so.
    Confirmed,
    /// Nobody has shown that they read its mail.
    Unconfirmed,
}

/// The next users in the order of ids, after one.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    services: &Services,
    without_two_factor: bool,
    after: Option<UserId>,
    most: u64,
) -> Outcome<Vec<ListedUser>> {
    let db = services.database.read();
    let found = next_users(db, without_two_factor, after, most).await?;
    let addresses = found.iter().filter_map(|(user, _)| user.email.in_use());
    let refused = find_refused_mailboxes(db, addresses).await?;
    let mut listed = Vec::with_capacity(found.len());
    for (user, kinds) in found {
        listed.push(ListedUser {
            address: known_of_address(&user, |email| refused.contains(email)),
            is_genuine: is_genuine(services, db, user.id).await?,
            user,
            kinds,
        });
    }
    Ok(listed)
}

fn known_of_address(user: &User, is_refused: impl Fn(&str) -> bool) -> KnownOfAddress {
    let is_confirmed = user.mail_reader().may_act_for_user();
    match user.email.in_use() {
        None => KnownOfAddress::Lost,
        Some(email) if is_refused(email) => KnownOfAddress::Refused { is_confirmed },
        Some(_) if is_confirmed => KnownOfAddress::Confirmed,
        Some(_) => KnownOfAddress::Unconfirmed,
    }
}
