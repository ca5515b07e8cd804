//! What is mailed of an account's requirement, and of an account that the operator gave to somebody else.

use app::text::Texts;
use app::text::named::{AccountDay, AccountName, AccountWhen};

use super::{Says, To, security_link, send, tell};
use crate::domain::announcements::Kind;
use crate::domain::time::in_words;
use crate::service::audit::Actor;
use crate::service::letters::Link;
use crate::service::{Outcome, Services};
use crate::storage::ConnectionTrait;
use crate::storage::accounts::Account;
use crate::storage::coverage::Uncovered;
use crate::storage::users::User;

/// An account requires two-factor authentication of a user who has none.
pub async fn announce(
    services: &Services,
    transaction: &impl ConnectionTrait,
    user: &Uncovered,
    account: &Account,
    kind: Kind,
) -> Outcome<()> {
    let t = Texts::english();
    let name = &account.name;
    let from = account.required_from.unwrap_or_else(|| services.now());
    let day = in_words(from);
    let (subject, what) = match kind {
        Kind::Set if from <= services.now() => (
            t.requirement_mail_set_subject(name),
            t.requirement_mail_now_what(name),
        ),
        Kind::Set => (
            t.requirement_mail_set_subject(name),
            t.requirement_mail_later_what(AccountDay {
                account: name,
                day: &day,
            }),
        ),
        Kind::WeekBefore => (
            t.requirement_mail_week_subject(name),
            t.requirement_mail_reminder_what(AccountDay {
                account: name,
                day: &day,
            }),
        ),
        Kind::DayBefore => (
            t.requirement_mail_day_subject(name),
            t.requirement_mail_reminder_what(AccountDay {
                account: name,
                day: &day,
            }),
        ),
    };
    let to = To {
        name: Some(&user.name),
        email: &user.email,
    };
    let says = Says {
        subject: &subject,
        paragraphs: &[&what, t.requirement_mail_how()],
        link: Some(Link {
            words: t.requirement_mail_link().to_owned(),
            ..security_link(services)
        }),
    };
    send(services, transaction, to, says).await
}

/// An account no longer requires two-factor authentication: its owner hears who did it.
pub async fn lifted(
    services: &Services,
    transaction: &impl ConnectionTrait,
    owner: &User,
    account: &str,
    actor: Actor<'_>,
) -> Outcome<()> {
    let t = Texts::english();
    let subject = t.requirement_mail_lifted_subject(&account);
    match actor {
        Actor::User { name, visitor, .. } => {
            let what = t.requirement_mail_lifted_what(AccountName {
                account: &account,
                name: &name,
            });
            let told = (subject.as_str(), what.as_str());
            tell(services, transaction, owner, told, visitor).await
        }
        Actor::Operator => {
            let when = in_words(services.now());
            let says = Says {
                subject: &subject,
                paragraphs: &[&t.requirement_mail_lifted_by_operator(AccountWhen {
                    account: &account,
                    when: &when,
                })],
                link: Some(security_link(services)),
            };
            send(services, transaction, owner.into(), says).await
        }
    }
}

/// The operator gave an account from one owner to the next: both are told.
pub async fn transferred_by_operator(
    services: &Services,
    transaction: &impl ConnectionTrait,
    account: &str,
    from: Option<&User>,
    to: &User,
) -> Outcome<()> {
    let t = Texts::english();
    let subject = t.requirement_mail_transferred_subject(&account);
    for (user, what) in [
        (Some(to), t.requirement_mail_transferred_to_you(&account)),
        (
            from,
            t.requirement_mail_transferred_from_you(AccountName {
                account: &account,
                name: &to.name,
            }),
        ),
    ] {
        let Some(user) = user else { continue };
        let says = Says {
            subject: &subject,
            paragraphs: &[&what],
            link: Some(security_link(services)),
        };
        send(services, transaction, user.into(), says).await?;
    }
    Ok(())
}
