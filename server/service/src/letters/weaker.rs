//! The text about settings that are less strict than before.

use app::text::Texts;
use app::text::named::FromTo;

use domain::enforcement::{AccountSettings, Requirement};

/// Whether two-factor authentication was required and is not any more.
pub(super) fn is_lifted((before, after): (AccountSettings, AccountSettings)) -> bool {
    after.requirement == Requirement::Off && before.requirement != after.requirement
}

/// A sentence for each part that is less strict than before.
pub(super) fn what_is_weaker((before, after): (AccountSettings, AccountSettings)) -> String {
    let t = Texts::english();
    let mut sentences = Vec::new();
    match (before.requirement, after.requirement) {
        (Requirement::From(_), Requirement::Off) => {
            sentences.push(t.requirement_mail_weaker_off().to_owned());
        }
        (Requirement::From(old), Requirement::From(new)) if old.at < new.at => {
            sentences.push(t.requirement_mail_weaker_later(FromTo {
                from: &old.in_words(),
                to: &new.in_words(),
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

#[cfg(test)]
mod tests {
    use app::types::account::AccountRules;
    use app::types::timestamp::Timestamp;

    use super::*;
    use domain::days::{Deadline, Zone};
    use domain::enforcement::is_weaker;

    #[test]
    fn the_mail_has_a_sentence_for_everything_that_is_weaker_and_for_nothing_else() {
        let from = |at| Requirement::From(Deadline::at(Timestamp(at), Zone::UTC));
        let mut all = Vec::new();
        for requirement in [Requirement::Off, from(1), from(90_000)] {
            for (trusted_browsers_allowed, sms_counts) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let rules = AccountRules {
                    trusted_browsers_allowed,
                    sms_counts,
                };
                all.push(AccountSettings { requirement, rules });
            }
        }
        for before in &all {
            for after in &all {
                let says_something = !what_is_weaker((*before, *after)).is_empty();
                assert_eq!(
                    says_something,
                    is_weaker(*before, *after),
                    "{before:?} {after:?}"
                );
            }
        }
    }
}
