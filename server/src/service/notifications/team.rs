//! What is mailed about teams: invitations, roles and removals.
//!
//! Names of people and accounts are given by others: they stand inside our sentences, as text.

use app::text::Texts;
use app::text::named::{AccountBy, AccountByEmailNameRoles, AccountByRoles, AccountByRolesWhom};
use app::types::timestamp::Timestamp;

use super::{Link, Says, To, send, tell};
use crate::crypto::token::Token;
use crate::domain::roles::{Role, Roles};
use crate::domain::time::in_words;
use crate::service::sessions::SignedIn;
use crate::service::{Outcome, Services};
use crate::storage::ConnectionTrait;
use crate::storage::accounts::Account;
use crate::storage::invitations::Invitation;
use crate::storage::users::find_user;

/// Somebody who is told of something in an account.
pub struct Reader<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// The name of the account.
    pub account: &'a str,
}

impl<'a> From<&Reader<'a>> for To<'a> {
    fn from(reader: &Reader<'a>) -> Self {
        Self {
            name: Some(reader.name),
            email: reader.email,
        }
    }
}

/// An invitation on its way.
pub struct Offer<'a> {
    /// The first name of the one who is invited.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// The name of the account.
    pub account: &'a str,
    /// Who invites, by name.
    pub by: &'a str,
    /// The roles offered.
    pub roles: Roles,
    /// Until when the link is good.
    pub until: Timestamp,
    /// What opens it.
    pub token: &'a Token,
}

/// Roles in words, the highest first.
pub fn in_roles(roles: Roles) -> String {
    let t = Texts::english();
    let words: Vec<_> = roles
        .list()
        .into_iter()
        .map(|role| match role {
            Role::Owner => t.mail_role_owner(),
            Role::Admin => t.mail_role_admin(),
            Role::Developer => t.mail_role_developer(),
            Role::Billing => t.mail_role_billing(),
        })
        .collect();
    words.join(", ")
}

/// The link of an invitation.
pub async fn invitation(
    services: &Services,
    transaction: &impl ConnectionTrait,
    offer: &Offer<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let to = To {
        name: Some(offer.name),
        email: offer.email,
    };
    let says = Says {
        subject: &t.mail_invitation_subject(&offer.account),
        paragraphs: &[
            &t.mail_invitation_what(AccountByRoles {
                account: &offer.account,
                by: &offer.by,
                roles: &in_roles(offer.roles),
            }),
            &t.mail_invitation_next(&in_words(offer.until)),
        ],
        link: Some(Link {
            words: t.mail_invitation_link().to_owned(),
            url: services.settings.link("/invitation", Some(offer.token)),
        }),
    };
    send(services, transaction, to, says).await
}

/// Rank that is given: what the owner of the account is told.
pub enum RankGiven<'a> {
    /// By an invitation.
    Offered {
        /// The address it goes to.
        whom: &'a str,
        /// The roles offered.
        to_be: Roles,
    },
    /// By a change of roles.
    Changed {
        /// The user.
        whom: &'a Reader<'a>,
        /// The roles from now on.
        to_be: Roles,
    },
}

/// Somebody gave rank in an account. Its owner is told whoever did it: a stolen session acts as its user.
pub async fn rank_given(
    services: &Services,
    transaction: &impl ConnectionTrait,
    caller: &SignedIn,
    account: &Account,
    given: &RankGiven<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let Some(owner) = find_user(transaction, account.owner).await? else {
        return Ok(());
    };
    let (by, name) = (&caller.user.name, &account.name);
    let (subject, what) = match given {
        RankGiven::Offered { whom, to_be } => (
            t.mail_rank_offered_subject(name),
            t.mail_rank_offered_what(AccountByRolesWhom {
                account: name,
                by,
                roles: &in_roles(*to_be),
                whom,
            }),
        ),
        RankGiven::Changed { whom, to_be } => (
            t.mail_rank_given_subject(name),
            t.mail_rank_given_what(AccountByEmailNameRoles {
                account: name,
                by,
                email: &whom.email,
                name: &whom.name,
                roles: &in_roles(*to_be),
            }),
        ),
    };
    let told = (subject.as_str(), what.as_str());
    tell(services, transaction, &owner, told, &caller.visitor).await
}

/// Somebody accepted an invitation and has rank by it: the owner of the account is told.
pub async fn joined_with_rank(
    services: &Services,
    transaction: &impl ConnectionTrait,
    account: &Account,
    invitation: &Invitation,
    name: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let Some(owner) = find_user(transaction, account.owner).await? else {
        return Ok(());
    };
    let says = Says {
        subject: &t.mail_rank_joined_subject(&account.name),
        paragraphs: &[&t.mail_rank_joined_what(AccountByEmailNameRoles {
            account: &account.name,
            by: &invitation.invited_by,
            email: &invitation.email,
            name: &name,
            roles: &in_roles(invitation.roles),
        })],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, (&owner).into(), says).await
}

/// Somebody's roles were changed by somebody else.
pub async fn roles_changed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    reader: &Reader<'_>,
    roles: Roles,
    by: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: &t.mail_roles_changed_subject(&reader.account),
        paragraphs: &[&t.mail_roles_changed_what(AccountByRoles {
            account: &reader.account,
            by: &by,
            roles: &in_roles(roles),
        })],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, reader.into(), says).await
}

/// Somebody was removed by somebody else.
pub async fn removed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    reader: &Reader<'_>,
    by: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: &t.mail_removed_subject(&reader.account),
        paragraphs: &[&t.mail_removed_what(AccountBy {
            account: &reader.account,
            by: &by,
        })],
        link: None,
    };
    send(services, transaction, reader.into(), says).await
}

/// Somebody left; told in case it was not them.
pub async fn left(
    services: &Services,
    transaction: &impl ConnectionTrait,
    caller: &SignedIn,
    account: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let (subject, what) = (t.mail_left_subject(&account), t.mail_left_what(&account));
    let told = (subject.as_str(), what.as_str());
    tell(services, transaction, &caller.user, told, &caller.visitor).await
}

/// Not to one account by its id: where the reader is shut out of it, the start page still leads on.
pub(super) fn accounts_link(services: &Services) -> Link {
    Link {
        words: Texts::english().mail_open_link().to_owned(),
        url: services.settings.link("/", None),
    }
}
