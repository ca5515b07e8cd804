//! What is mailed to whom. A mail goes into the queue in the transaction of what it tells of.

pub mod offers;
pub mod requirement;
pub mod team;
pub mod ways_in;

use app::text::Texts;
use app::text::named::{AddressBrowserWhen, AddressProduct};
use app::types::email::EmailAddress;
use app::types::timestamp::Timestamp;

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

/// Whom a letter goes to.
#[derive(Clone, Copy)]
struct To<'a> {
    /// None where anybody at all may have typed it.
    name: Option<&'a str>,
    email: &'a str,
}

impl<'a> From<&'a User> for To<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            name: Some(&user.name),
            email: &user.email,
        }
    }
}

/// What a letter says after the greeting.
struct Says<'a> {
    subject: &'a str,
    paragraphs: &'a [&'a str],
    link: Option<Link>,
}

/// A second factor was enabled, replaced or disabled, or its recovery codes were replaced.
pub async fn factor_changed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    event: &Event,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = match event {
        Event::TwoFactorEnabled => (t.mail_enabled_subject(), t.mail_enabled_what()),
        Event::SmsEnabled => (t.mail_sms_enabled_subject(), t.mail_sms_enabled_what()),
        Event::TwoFactorReplaced => (t.mail_replaced_subject(), t.mail_replaced_what()),
        Event::TwoFactorDisabled => (t.mail_disabled_subject(), t.mail_disabled_what()),
        _ => (
            t.mail_recovery_codes_subject(),
            t.mail_recovery_codes_what(),
        ),
    };
    tell(services, transaction, user, told, visitor).await
}

/// A recovery code was used.
pub async fn recovery_code_used(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    left: u32,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let what = t.mail_recovery_used_what(left);
    let told = (t.mail_recovery_used_subject(), what.as_str());
    tell(services, transaction, user, told, visitor).await
}

/// Somebody guessed at the password inside a session.
pub async fn step_up_failed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (
        t.mail_step_up_failed_subject(),
        t.mail_step_up_failed_what(),
    );
    tell(services, transaction, user, told, visitor).await
}

/// The operator took the app over that the user had with another product.
pub async fn two_factor_imported(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: t.mail_enabled_subject(),
        paragraphs: &[t.mail_imported_what(), t.mail_imported_next()],
        link: Some(security_link(services)),
    };
    send(services, transaction, user.into(), says).await
}

/// The operator reset the second factor.
pub async fn two_factor_reset_by_operator(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    takes_link: bool,
) -> Outcome<()> {
    let t = Texts::english();
    let next = if takes_link {
        t.mail_reset_next_with_link()
    } else {
        t.mail_reset_next()
    };
    let says = Says {
        subject: t.mail_reset_subject(),
        paragraphs: &[t.mail_reset_what(), next],
        link: Some(security_link(services)),
    };
    send(services, transaction, user.into(), says).await
}

/// The database was restored from a backup: what was changed since is undone.
pub async fn restored(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    made_at: Timestamp,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: t.mail_restored_subject(),
        paragraphs: &[
            &t.mail_restored_what(&in_words(made_at)),
            t.mail_restored_next(),
        ],
        link: Some(security_link(services)),
    };
    send(services, transaction, user.into(), says).await
}

/// The link that finishes a sign-up. Of what the form was given, which the owner of the mailbox may not have filled in, it
/// says nothing.
pub async fn sign_up_link(
    services: &Services,
    transaction: &impl ConnectionTrait,
    email: &EmailAddress,
    token: &Token,
) -> Outcome<()> {
    let t = Texts::english();
    let to = To {
        name: None,
        email: email.as_str(),
    };
    let says = Says {
        subject: t.mail_sign_up_subject(),
        paragraphs: &[t.mail_sign_up_what()],
        link: Some(Link {
            words: t.mail_sign_up_link().to_owned(),
            url: services.settings.link("/verify-email", Some(token)),
        }),
    };
    send(services, transaction, to, says).await
}

/// Somebody signed up with the address of a user.
pub async fn sign_up_for_existing(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let says = Says {
        subject: t.mail_sign_up_existing_subject(),
        paragraphs: &[
            t.mail_sign_up_existing_what(),
            &from_where(services.now(), visitor),
        ],
        link: Some(Link {
            words: t.mail_sign_in_link().to_owned(),
            url: services.settings.link("/sign-in", None),
        }),
    };
    send(services, transaction, user.into(), says).await
}

fn security_link(services: &Services) -> Link {
    Link {
        words: Texts::english().mail_security_link().to_owned(),
        url: services.settings.link("/users/settings/security", None),
    }
}

fn from_where(now: Timestamp, visitor: &Visitor) -> String {
    Texts::english().mail_from_where(AddressBrowserWhen {
        address: &visitor.address,
        browser: &visitor.browser,
        when: &in_words(now),
    })
}

/// A letter to a user about what was done from somewhere, with what to do about it.
async fn tell(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    (subject, what): (&str, &str),
    visitor: &Visitor,
) -> Outcome<()> {
    let says = Says {
        subject,
        paragraphs: &[
            what,
            &from_where(services.now(), visitor),
            Texts::english().mail_not_you(),
        ],
        link: Some(security_link(services)),
    };
    send(services, transaction, user.into(), says).await
}

/// Seals a letter into the queue.
async fn send(
    services: &Services,
    transaction: &impl ConnectionTrait,
    to: To<'_>,
    says: Says<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let greeting = to.name.map(|name| t.mail_greeting(&name));
    let mut paragraphs = vec![greeting.unwrap_or_else(|| t.mail_greeting_nobody().to_owned())];
    paragraphs.extend(says.paragraphs.iter().copied().map(str::to_owned));
    let letter = Letter {
        to: to.email.to_owned(),
        subject: says.subject.to_owned(),
        paragraphs,
        link: says.link,
        footer: t.mail_footer(AddressProduct {
            address: &services.settings.public_url(),
            product: &services.settings.product_name,
        }),
    };
    let id = services.new_uuid();
    let plain = serde_json::to_vec(&letter)
        .map_err(|_| super::Failure::Fault(super::Fault::Broken("a letter does not serialise")))?;
    let keys = services.keys.sealing(transaction).await?;
    let sealed = keys.seal(services.random.as_ref(), PURPOSE, &id.to_string(), &plain);
    let key_id = keys.current().to_string();
    insert_mail(transaction, id, sealed, key_id, services.now()).await?;
    Ok(())
}
