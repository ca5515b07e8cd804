//! Letters about passwords, sign-ins and browsers; those about addresses are in `ways_in::address`.

pub mod address;

use app::text::Texts;

use super::{from_where, letter, queue, seal_into_queue, security_link};
use crate::crypto::token::Token;
use crate::service::letters::Link;
use crate::service::{Outcome, Services, Visitor};
use crate::storage::ConnectionTrait;
use crate::storage::mails::delete_mail;
use crate::storage::users::User;

/// What the operator did at the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByOperator {
    /// Disabled the user.
    Disabled,
    /// Enabled them again.
    Enabled,
    /// Lifted their pauses.
    Unlocked,
}

/// The link that sets a new password.
pub async fn password_reset_link(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_forgot_what().to_owned(),
        from_where(services.now(), visitor),
    ];
    let link = Link {
        words: t.mail_forgot_link().to_owned(),
        url: services.settings.link("/reset-password", Some(token)),
    };
    let subject = t.mail_forgot_subject();
    let letter = letter(services, &user.email, subject, paragraphs, Some(link));
    queue(services, transaction, letter).await
}

/// No letter, at the price of one: whoever waits for the answer learns nothing from the time it takes.
pub async fn no_letter(
    services: &Services,
    transaction: &impl ConnectionTrait,
    token: &Token,
) -> Outcome<()> {
    let t = Texts::english();
    let link = Link {
        words: t.mail_forgot_link().to_owned(),
        url: services.settings.link("/reset-password", Some(token)),
    };
    let paragraphs = vec![t.mail_forgot_what().to_owned()];
    let letter = letter(
        services,
        "",
        t.mail_forgot_subject(),
        paragraphs,
        Some(link),
    );
    let id = seal_into_queue(services, transaction, letter).await?;
    delete_mail(transaction, id).await?;
    Ok(())
}

/// The password was set anew by a mailed link.
pub async fn password_reset(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (
        t.mail_password_reset_subject(),
        t.mail_password_reset_what(),
    );
    tell(services, transaction, user, told, visitor).await
}

/// The password was changed on the Security page.
pub async fn password_changed(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (
        t.mail_password_changed_subject(),
        t.mail_password_changed_what(),
    );
    tell(services, transaction, user, told, visitor).await
}

/// The link that finishes a sign-in after a reset by the team.
pub async fn sign_in_link(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    token: &Token,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_finish_sign_in_what().to_owned(),
        from_where(services.now(), visitor),
        t.mail_finish_sign_in_not_you().to_owned(),
    ];
    let link = Link {
        words: t.mail_finish_sign_in_link().to_owned(),
        url: services.settings.link("/sign-in", Some(token)),
    };
    let subject = t.mail_finish_sign_in_subject();
    let letter = letter(services, &user.email, subject, paragraphs, Some(link));
    queue(services, transaction, letter).await
}

/// A sign-in came from a browser not seen before.
pub async fn new_browser(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (t.mail_new_browser_subject(), t.mail_new_browser_what());
    tell(services, transaction, user, told, visitor).await
}

/// A browser skips the second factor from now on.
pub async fn browser_trusted(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (
        t.mail_browser_trusted_subject(),
        t.mail_browser_trusted_what(),
    );
    tell(services, transaction, user, told, visitor).await
}

/// The password was right and the second factor wrong.
pub async fn wrong_second_factor(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let told = (t.mail_wrong_factor_subject(), t.mail_wrong_factor_what());
    tell(services, transaction, user, told, visitor).await
}

/// The user was deleted.
pub async fn user_deleted(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        t.mail_deleted_what().to_owned(),
        from_where(services.now(), visitor),
    ];
    let subject = t.mail_deleted_subject();
    let letter = letter(services, &user.email, subject, paragraphs, None);
    queue(services, transaction, letter).await
}

/// The operator did something to the user.
pub async fn by_operator(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    what: ByOperator,
) -> Outcome<()> {
    let t = Texts::english();
    let (subject, what) = match what {
        ByOperator::Disabled => (t.mail_disabled_user_subject(), t.mail_disabled_user_what()),
        ByOperator::Enabled => (t.mail_enabled_user_subject(), t.mail_enabled_user_what()),
        ByOperator::Unlocked => (t.mail_unlocked_subject(), t.mail_unlocked_what()),
    };
    let paragraphs = vec![t.mail_greeting(&user.name), what.to_owned()];
    let letter = letter(services, &user.email, subject, paragraphs, None);
    queue(services, transaction, letter).await
}

/// A letter to a user about what was done from somewhere, with what to do about it.
async fn tell(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &User,
    (subject, what): (&str, &str),
    visitor: &Visitor,
) -> Outcome<()> {
    let t = Texts::english();
    let paragraphs = vec![
        t.mail_greeting(&user.name),
        what.to_owned(),
        from_where(services.now(), visitor),
        t.mail_not_you().to_owned(),
    ];
    let link = security_link(services);
    let letter = letter(services, &user.email, subject, paragraphs, Some(link));
    queue(services, transaction, letter).await
}
