//! The list of users for the operator.

use app::types::ids::UserId;

use crate::factor_set::refused_among;
use crate::readable::{ReadablePage, read_page};
use crate::{Outcome, Services};
use domain::factors::FactorKinds;
use storage::ConnectionTrait;
use storage::operator_lists::{next_user_ids, next_users};
use storage::refused_mailboxes::find_refused_mailboxes;
use storage::users::User;

/// A user as the operator's list has them.
pub struct ListedUser {
    /// Who.
    pub user: User,
    /// The kinds of second factors that they have.
    pub kinds: FactorKinds,
    /// Whether their factors are refused: they are not those that the program stored, or cannot be opened.
    pub is_refused: bool,
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

/// The next users in the order of ids, after one; where asked, only those whose two-factor authentication is off. Whose factors
/// are refused is not among those: of them nobody knows what they have.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    services: &Services,
    without_two_factor: bool,
    after: Option<UserId>,
    most: u64,
) -> Outcome<ReadablePage<ListedUser, UserId>> {
    let db = services.database.read();
    let page = async |after, most| {
        let found = next_users(db, without_two_factor, after, most).await?;
        with_states(services, db, found).await
    };
    let ids = async |after, most| Ok(next_user_ids(db, without_two_factor, after, most).await?);
    let mut read = read_page(after, most, |it: &ListedUser| it.user.id, page, ids).await?;
    if without_two_factor {
        read.rows.retain(|user| !user.is_refused);
    }
    Ok(read)
}

async fn with_states(
    services: &Services,
    db: &impl ConnectionTrait,
    found: Vec<(User, FactorKinds)>,
) -> Outcome<Vec<ListedUser>> {
    let ids: Vec<_> = found.iter().map(|(user, _)| user.id).collect();
    let of_factors = refused_among(services, db, &ids).await?;
    let addresses = found.iter().filter_map(|(user, _)| user.email.in_use());
    let refused = find_refused_mailboxes(db, addresses).await?;
    let listed = found.into_iter().map(|(user, kinds)| ListedUser {
        address: known_of_address(&user, |email| refused.contains(email)),
        is_refused: of_factors.contains(&user.id),
        user,
        kinds,
    });
    Ok(listed.collect())
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
