//! Letters about passwords, sign-ins and browsers; those about addresses are in `ways_in::address`.

pub mod address;

use app::text::Texts;

use super::{Says, from_where, send, tell};
use crate::crypto::token::Token;
use crate::service::letters::Link;
use crate::service::{Outcome, Services, Visitor};
use crate::storage::ConnectionTrait;
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
    let says = Says {
        subject: t.mail_forgot_subject(),
        paragraphs: &[t.mail_forgot_what(), &from_where(services.now(), visitor)],
        link: Some(Link {
            words: t.mail_forgot_link().to_owned(),
            url: services.settings.link("/reset-password", Some(token)),
        }),
    };
    send(services, transaction, user.into(), says).await
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
    let says = Says {
        subject: t.mail_finish_sign_in_subject(),
        paragraphs: &[
            t.mail_finish_sign_in_what(),
            &from_where(services.now(), visitor),
            t.mail_finish_sign_in_not_you(),
        ],
        link: Some(Link {
            words: t.mail_finish_sign_in_link().to_owned(),
            url: services.settings.link("/sign-in", Some(token)),
        }),
    };
    send(services, transaction, user.into(), says).await
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
    let says = Says {
        subject: t.mail_deleted_subject(),
        paragraphs: &[t.mail_deleted_what(), &from_where(services.now(), visitor)],
        link: None,
    };
    send(services, transaction, user.into(), says).await
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
    let says = Says {
        subject,
        paragraphs: &[what],
        link: None,
    };
    send(services, transaction, user.into(), says).await
}
