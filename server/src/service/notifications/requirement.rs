//! What is mailed of an account's requirement, and of an account that the operator gave to somebody else.

use app::text::Texts;
use app::text::named::{AccountDay, AccountName, AccountNameWhat, AccountWhatWhen, FromTo};

use super::{Says, To, security_link, send, tell};
use crate::domain::announcements::Kind;
use crate::domain::enforcement::{Requirement, Settings};
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

/// The settings of an account are less strict than before: its owner hears who did it, and what is less strict. To the
/// owner always, also where it was done in their own session: that may be a stolen one.
pub async fn weakened(
    services: &Services,
    transaction: &impl ConnectionTrait,
    (owner, account): (&User, &str),
    actor: Actor<'_>,
    (before, after): (Settings, Settings),
) -> Outcome<()> {
    let t = Texts::english();
    let is_lifted =
        after.requirement == Requirement::Off && before.requirement != after.requirement;
    let subject = if is_lifted {
        t.requirement_mail_lifted_subject(&account)
    } else {
        t.requirement_mail_weakened_subject(&account)
    };
    let what = what_is_weaker(before, after);
    match actor {
        Actor::User { name, visitor, .. } => {
            let what = t.requirement_mail_weakened_what(AccountNameWhat {
                account: &account,
                name: &name,
                what: &what,
            });
            let told = (subject.as_str(), what.as_str());
            tell(services, transaction, owner, told, visitor).await
        }
        Actor::Operator => {
            let when = in_words(services.now());
            let says = Says {
                subject: &subject,
                paragraphs: &[&t.requirement_mail_weakened_by_operator(AccountWhatWhen {
                    account: &account,
                    what: &what,
                    when: &when,
                })],
                link: Some(security_link(services)),
            };
            send(services, transaction, owner.into(), says).await
        }
    }
}

/// A sentence for each part that is less strict than before.
fn what_is_weaker(before: Settings, after: Settings) -> String {
    let t = Texts::english();
    let mut sentences = Vec::new();
    match (before.requirement, after.requirement) {
        (Requirement::From(_), Requirement::Off) => {
            sentences.push(t.requirement_mail_weaker_off().to_owned());
        }
        (Requirement::From(old), Requirement::From(new)) if old < new => {
            sentences.push(t.requirement_mail_weaker_later(FromTo {
                from: &in_words(old),
                to: &in_words(new),
            }));
        }
        (Requirement::Off | Requirement::From(_), _) => {}
    }
    let (old, new) = (before.rules, after.rules);
    if new.trusted_browsers_allowed && !old.trusted_browsers_allowed {
        sentences.push(t.requirement_mail_weaker_trusted().to_owned());
    }
    if new.sms_counts && !old.sms_counts {
        sentences.push(t.requirement_mail_weaker_sms().to_owned());
    }
    sentences.join(" ")
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

#[cfg(test)]
mod tests {
    use app::types::account::AccountRules;
    use app::types::timestamp::Timestamp;

    use super::*;
    use crate::domain::enforcement::is_weaker;

    #[test]
    fn the_mail_has_a_sentence_for_everything_that_is_weaker_and_for_nothing_else() {
        let mut all = Vec::new();
        for requirement in [
            Requirement::Off,
            Requirement::From(Timestamp(1)),
            Requirement::From(Timestamp(90_000)),
        ] {
            for (trusted_browsers_allowed, sms_counts) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let rules = AccountRules {
                    trusted_browsers_allowed,
                    sms_counts,
                };
                all.push(Settings { requirement, rules });
            }
        }
        for before in &all {
            for after in &all {
                let says_something = !what_is_weaker(*before, *after).is_empty();
                assert_eq!(
                    says_something,
                    is_weaker(*before, *after),
                    "{before:?} {after:?}"
                );
            }
        }
    }
}
