//! What is mailed to whom. A mail goes into the queue in the transaction of what it tells of.

pub mod requirement;
pub mod team;
pub mod ways_in;

use app::text::Texts;
use app::types::email::EmailAddress;
use app::types::timestamp::Timestamp;

use uuid::Uuid;

use super::audit::Event;
use super::letters::{Letter, Link};
use super::{Outcome, Services, Visitor};
use crate::crypto::token::Token;
use crate::domain::time::in_words;
use crate::storage::ConnectionTrait;
use crate::storage::mails::insert_mail;
use crate::storage::users::User;

/// Binds sealed mails to their kind; the row is the mail's id.
pub const PURPOSE: &str = "mail";

/// A second factor was enabled, replaced or disabled, or its recovery codes were replaced.
pub async fn factor_changed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    event: &Event,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let (subject, what) = match event {
        Event::TwoFactorEnabled => (t.mail_enabled_subject(), t.mail_enabled_what()),
        Event::SmsEnabled => (t.mail_sms_enabled_subject(), t.mail_sms_enabled_what()),
        Event::TwoFactorReplaced => (t.mail_replaced_subject(), t.mail_replaced_what()),
        Event::TwoFactorDisabled => (t.mail_disabled_subject(), t.mail_disabled_what()),
        _ => (
            t.mail_recovery_codes_subject(),
            t.mail_recovery_codes_what(),
        ),
    };
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        what.to_owned(),
        from_where(services.now(), visitor),
        t.mail_not_you().to_owned(),
    ];
    let link = security_link(services);
    queue(
        services,
        transaction,
        letter(services, &user.email, subject, paragraphs, Some(link)),
    )
    .await
}

/// A recovery code was used to sign in.
pub async fn recovery_code_used(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    left: u32,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_recovery_used_what(left),
        from_where(services.now(), visitor),
        t.mail_not_you().to_owned(),
    ];
    let subject = t.mail_recovery_used_subject();
    let link = security_link(services);
    queue(
        services,
        transaction,
        letter(services, &user.email, subject, paragraphs, Some(link)),
    )
    .await
}

/// Somebody guessed at the password inside a session.
pub async fn step_up_failed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_step_up_failed_what().to_owned(),
        from_where(services.now(), visitor),
        t.mail_not_you().to_owned(),
    ];
    let subject = t.mail_step_up_failed_subject();
    let link = security_link(services);
    queue(
        services,
        transaction,
        letter(services, &user.email, subject, paragraphs, Some(link)),
    )
    .await
}

/// The operator reset the second factor.
pub async fn two_factor_reset_by_operator(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_reset_what().to_owned(),
        t.mail_reset_next().to_owned(),
    ];
    let subject = t.mail_reset_subject();
    let link = security_link(services);
    queue(
        services,
        transaction,
        letter(services, &user.email, subject, paragraphs, Some(link)),
    )
    .await
}

/// The link that finishes a sign-up.
pub async fn sign_up_link(
    services: &Services,
    transaction: &impl ConnectionTrait,
    email: &EmailAddress,
    name: &str,
    token: &Token,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![t.mail_greeting(&name), t.mail_sign_up_what().to_owned()];
    let link = Link {
        words: t.mail_sign_up_link().to_owned(),
        url: services.settings.link("/verify-email", Some(token)),
    };
    let subject = t.mail_sign_up_subject();
    let letter = letter(services, email.as_str(), subject, paragraphs, Some(link));
    queue(services, transaction, letter).await
}

/// Somebody signed up with the address of a user.
pub async fn sign_up_for_existing(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_sign_up_existing_what().to_owned(),
        from_where(services.now(), visitor),
    ];
    let link = Link {
        words: t.mail_sign_in_link().to_owned(),
        url: services.settings.link("/sign-in", None),
    };
    let subject = t.mail_sign_up_existing_subject();
    queue(
        services,
        transaction,
        letter(services, &user.email, subject, paragraphs, Some(link)),
    )
    .await
}

fn security_link(services: &Services) -> Link {
    Link {
        words: Texts::english().mail_security_link().to_owned(),
        url: services.settings.link("/users/settings/security", None),
    }
}

fn from_where(now: Timestamp, visitor: &Visitor) -> String {
    Texts::english().mail_from_where(&visitor.address, &visitor.browser, &in_words(now))
}

fn letter(
    services: &Services,
    to: &str,
    subject: &str,
    paragraphs: Vec<String>,
    link: Option<Link>,
) -> Letter {
    let footer = Texts::english().mail_footer(
        &services.settings.product_name,
        &services.settings.public_url(),
    );
    Letter {
        to: to.to_owned(),
        subject: subject.to_owned(),
        paragraphs,
        link,
        footer,
    }
}

async fn queue(
    services: &Services,
    transaction: &impl ConnectionTrait,
    letter: Letter,
) -> Outcome<()> {
    seal_into_queue(services, transaction, letter).await?;
    Ok(())
}

/// Seals a letter into the queue, and says which mail it is.
async fn seal_into_queue(
    services: &Services,
    transaction: &impl ConnectionTrait,
    letter: Letter,
) -> Outcome<Uuid> {
    let id = services.new_uuid();
    let plain = serde_json::to_vec(&letter)
        .map_err(|_| super::Failure::Fault(super::Fault::Broken("a letter does not serialise")))?;
    let sealed = services
        .keys
        .seal(services.random.as_ref(), PURPOSE, &id.to_string(), &plain);
    let key_id = services.keys.current().to_string();
    insert_mail(transaction, id, sealed, key_id, services.now()).await?;
    Ok(id)
}
