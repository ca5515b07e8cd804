//! Letters about a change of address: to the new one, to the one in use, and to whoever holds it.

use app::text::Texts;
use app::types::email::EmailAddress;

use super::super::{from_where, letter, queue, security_link};
use super::tell;
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
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_email_link_what().to_owned(),
    ];
    let link = Link {
        words: t.mail_email_link_link().to_owned(),
        url: services.settings.link("/confirm-email", Some(token)),
    };
    let subject = t.mail_email_link_subject();
    let letter = letter(services, email.as_str(), subject, paragraphs, Some(link));
    queue(services, transaction, letter).await
}

/// Somebody wants the address of a user for their own; goes to its holder.
pub async fn email_taken(
    services: &Services,
    transaction: &impl ConnectionTrait,
    holder: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&holder.name),
        t.mail_email_taken_what().to_owned(),
        from_where(services.now(), visitor),
    ];
    let subject = t.mail_email_taken_subject();
    let letter = letter(services, &holder.email, subject, paragraphs, None);
    queue(services, transaction, letter).await
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
    for (to, more) in [
        (user.email.as_str(), t.mail_email_changed_not_you()),
        (email.as_str(), t.mail_not_you()),
    ] {
        let paragraphs = vec![
            t.mail_greeting(&user.name),
            what.clone(),
            from_where(services.now(), visitor),
            more.to_owned(),
        ];
        let link = security_link(services);
        let subject = t.mail_email_changed_subject();
        let letter = letter(services, to, subject, paragraphs, Some(link));
        queue(services, transaction, letter).await?;
    }
    Ok(())
}
