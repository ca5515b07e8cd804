//! Letters about a change of address: to the new one, to the one in use, and to whoever holds it.

use app::text::Texts;
use app::types::email::EmailAddress;

use super::super::{Says, To, from_where, security_link, send, tell};
use crate::crypto::token::Token;
use crate::service::letters::Link;
use crate::service::{Outcome, Services, Visitor};
use crate::storage::ConnectionTrait;
use crate::storage::users::User;

/// The link that makes a new address the one in use; goes to the new address.
pub async fn email_link(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    email: &EmailAddress,
    token: &Token,
) -> Outcome<()> {
    let t = Texts::english();
    let to = To {
        email: email.as_str(),
        ..user.into()
    };
    let says = Says {
        subject: t.mail_email_link_subject(),
        paragraphs: &[t.mail_email_link_what()],
        link: Some(Link {
            words: t.mail_email_link_link().to_owned(),
            url: services.settings.link("/confirm-email", Some(token)),
        }),
    };
    send(services, transaction, to, says).await
}

/// Somebody wants the address of a user for their own; goes to its holder.
pub async fn email_taken(
    services: &Services,
    transaction: &impl ConnectionTrait,
    holder: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: t.mail_email_taken_subject(),
        paragraphs: &[
            t.mail_email_taken_what(),
            &from_where(services.now(), visitor),
        ],
        link: None,
    };
    send(services, transaction, holder.into(), says).await
}

/// A change of address was asked for; goes to the address in use.
pub async fn email_change_asked(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    email: &EmailAddress,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let what = t.mail_email_asked_what(email);
    let told = (t.mail_email_asked_subject(), what.as_str());
    tell(services, transaction, user, told, visitor).await
}

/// The address was changed; goes to both, and the old one learns what to do.
pub async fn email_changed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    email: &EmailAddress,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let what = t.mail_email_changed_what(email);
    for (email, more) in [
        (user.email.as_str(), t.mail_email_changed_not_you()),
        (email.as_str(), t.mail_not_you()),
    ] {
        let to = To {
            email,
            ..user.into()
        };
        let says = Says {
            subject: t.mail_email_changed_subject(),
            paragraphs: &[&what, &from_where(services.now(), visitor), more],
            link: Some(security_link(services)),
        };
        send(services, transaction, to, says).await?;
    }
    Ok(())
}
