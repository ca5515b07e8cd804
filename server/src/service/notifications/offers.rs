//! Letters about offers: a reset of two-factor authentication, offered and confirmed, and an account that is offered,
//! taken back, declined or accepted.

use app::text::Texts;
use app::text::named::{
    AccountBy, AccountEmailNameOfferer, AccountTo, AccountToUntil, AccountWhen,
};
use app::types::timestamp::Timestamp;

use super::team::{Reader, accounts_link};
use super::{Says, from_where, security_link, send, tell};
use crate::crypto::token::Token;
use crate::domain::time::in_words;
use crate::service::letters::Link;
use crate::service::sessions::SignedIn;
use crate::service::{Outcome, Services, Visitor};
use crate::storage::ConnectionTrait;
use crate::storage::users::User;

/// The mailed link of an offered reset.
pub struct ResetLink {
    /// What opens it.
    pub token: Token,
    /// Until when it is good.
    pub until: Timestamp,
}

/// An account offers to reset somebody's two-factor authentication; `by` is its name and who offers.
pub async fn reset_offered(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    (account, by): (&str, &str),
    link: &ResetLink,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: t.mail_reset_offered_subject(),
        paragraphs: &[
            &t.mail_reset_offered_what(AccountBy {
                account: &account,
                by: &by,
            }),
            &t.mail_reset_offered_next(&in_words(link.until)),
            t.mail_reset_offered_not_you(),
        ],
        link: Some(Link {
            words: t.mail_reset_offered_link().to_owned(),
            url: services
                .settings
                .link("/reset-two-factor", Some(&link.token)),
        }),
    };
    send(services, transaction, user.into(), says).await
}

/// Somebody confirmed the reset that an account had offered: they are told.
pub async fn reset_confirmed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    account: &str,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let what = t.mail_reset_confirmed_what(&account);
    let told = (t.mail_reset_subject(), what.as_str());
    tell(services, transaction, user, told, visitor).await
}

/// What the owner of an account reads when the two-factor authentication of one of its users was reset.
pub struct ResetOfMember<'a> {
    /// Whose.
    pub user: &'a User,
    /// The account that is told of it.
    pub account: &'a str,
    /// The account that had offered it.
    pub offered_by: &'a str,
    /// From when the account is open to them again; none where it is the one that had offered it.
    pub opens_at: Option<Timestamp>,
}

/// Tells the owner of an account that requires two-factor authentication.
pub async fn reset_of_member(
    services: &Services,
    transaction: &impl ConnectionTrait,
    owner: &User,
    reset: &ResetOfMember<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let ResetOfMember { user, account, .. } = reset;
    let what = t.mail_reset_of_member_what(AccountEmailNameOfferer {
        account,
        email: &user.email,
        name: &user.name,
        offerer: &reset.offered_by,
    });
    let next = match reset.opens_at {
        Some(opens_at) => t.mail_reset_of_member_opens(AccountWhen {
            account,
            when: &in_words(opens_at),
        }),
        None => t.mail_reset_of_member_yours().to_owned(),
    };
    let says = Says {
        subject: &t.mail_reset_of_member_subject(account),
        paragraphs: &[&what, &next],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, owner.into(), says).await
}

/// An account was opened to somebody before the day after their reset was over.
pub async fn let_in(
    services: &Services,
    transaction: &impl ConnectionTrait,
    reader: &Reader<'_>,
    by: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: &t.mail_let_in_subject(&reader.account),
        paragraphs: &[&t.mail_let_in_what(AccountBy {
            account: &reader.account,
            by: &by,
        })],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, reader.into(), says).await
}

/// The owner offers an account: both are told, the owner in case it was not them.
pub async fn transfer_offered(
    services: &Services,
    transaction: &impl ConnectionTrait,
    caller: &SignedIn,
    to: &Reader<'_>,
    until: Timestamp,
) -> Outcome<()> {
    let t = Texts::english();
    let (account, until) = (to.account, in_words(until));
    let subject = t.mail_transfer_offer_sent_subject(&account);
    let what = t.mail_transfer_offer_sent_what(AccountToUntil {
        account: &account,
        to: &to.name,
        until: &until,
    });
    let told = (subject.as_str(), what.as_str());
    tell(services, transaction, &caller.user, told, &caller.visitor).await?;
    let says = Says {
        subject: &t.mail_transfer_offered_subject(&account),
        paragraphs: &[
            &t.mail_transfer_offered_what(AccountBy {
                account: &account,
                by: &caller.user.name,
            }),
            &t.mail_transfer_offered_next(&until),
        ],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, to.into(), says).await
}

/// The owner took an offer back: who could have accepted it is told.
pub async fn transfer_taken_back(
    services: &Services,
    transaction: &impl ConnectionTrait,
    to: &Reader<'_>,
    by: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: &t.mail_transfer_taken_back_subject(&to.account),
        paragraphs: &[&t.mail_transfer_taken_back_what(AccountBy {
            account: &to.account,
            by: &by,
        })],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, to.into(), says).await
}

/// Who was offered an account declined it: its owner is told.
pub async fn transfer_declined(
    services: &Services,
    transaction: &impl ConnectionTrait,
    owner: &Reader<'_>,
    by: &str,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: &t.mail_transfer_declined_subject(&owner.account),
        paragraphs: &[&t.mail_transfer_declined_what(AccountBy {
            account: &owner.account,
            by: &by,
        })],
        link: Some(accounts_link(services)),
    };
    send(services, transaction, owner.into(), says).await
}

/// The caller accepted an account: both are told, the new owner in case it was not them.
pub async fn transferred(
    services: &Services,
    transaction: &impl ConnectionTrait,
    caller: &SignedIn,
    from: &Reader<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let account = from.account;
    let subject = t.mail_transferred_to_subject(&account);
    let what = t.mail_transferred_to_what(AccountBy {
        account: &account,
        by: &from.name,
    });
    let told = (subject.as_str(), what.as_str());
    tell(services, transaction, &caller.user, told, &caller.visitor).await?;
    let says = Says {
        subject: &t.mail_transferred_from_subject(&account),
        paragraphs: &[
            &t.mail_transferred_from_what(AccountTo {
                account: &account,
                to: &caller.user.name,
            }),
            &from_where(services.now(), &caller.visitor),
        ],
        link: Some(security_link(services)),
    };
    send(services, transaction, from.into(), says).await
}
