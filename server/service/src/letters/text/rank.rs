//! To owners and users of an account: what it requires, and who gained rank in it.

use app::text::Texts;
use app::text::named;
use app::types::page::Page;

use super::{Desk, Says};
use crate::Visitor;
use crate::letters::letter::SettingsBeforeAfter;
use crate::letters::weaker::{is_lifted, what_is_weaker};
use crate::letters::words::in_roles;
use domain::announcements::AnnouncementKind;
use domain::days::Deadline;
use domain::roles::Roles;
use domain::time::in_words;

impl Desk<'_> {
    pub(super) fn settings_weakened(
        self,
        account: &str,
        by: &str,
        change: SettingsBeforeAfter,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.requirement_mail_weakened_what(named::AccountNameWhat {
            account: &self.named(account),
            name: &self.named(by),
            what: &what_is_weaker(change),
        });
        self.told(&weakened_subject(account, change), &what, from)
    }

    pub(super) fn rank_offered(
        self,
        account: &str,
        by: &str,
        whom: &str,
        roles: Roles,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_rank_offered_what(named::AccountByRolesWhom {
            account: &self.named(account),
            by: &self.named(by),
            roles: &in_roles(roles),
            whom: &self.addressed(whom),
        });
        self.told_owner(&t.mail_rank_offered_subject(&account), &what, from)
    }

    pub(super) fn rank_given(
        self,
        account: &str,
        by: &str,
        (name, email): (&str, &str),
        roles: Roles,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_rank_given_what(named::AccountByEmailNameRoles {
            account: &self.named(account),
            by: &self.named(by),
            email: &self.addressed(email),
            name: &self.named(name),
            roles: &in_roles(roles),
        });
        self.told_owner(&t.mail_rank_given_subject(&account), &what, from)
    }

    pub(super) fn rank_joined(
        self,
        account: &str,
        by: &str,
        (name, email): (&str, &str),
        roles: Roles,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_rank_joined_what(named::AccountByEmailNameRoles {
            account: &self.named(account),
            by: &self.named(by),
            email: &self.addressed(email),
            name: &self.named(name),
            roles: &in_roles(roles),
        });
        Says::plain(&t.mail_rank_joined_subject(&account), &what).with(self.accounts_link())
    }

    pub(super) fn requirement_announced(
        self,
        account: &str,
        kind: AnnouncementKind,
        holds_from: Deadline,
    ) -> Says {
        let t = Texts::english();
        let day = holds_from.in_words();
        let with = named::AccountDay {
            account: &self.named(account),
            day: &day,
        };
        let (subject, what) = match kind {
            AnnouncementKind::Set if holds_from.at <= self.now => (
                t.requirement_mail_set_subject(&account),
                t.requirement_mail_now_what(&self.named(account)),
            ),
            AnnouncementKind::Set => (
                t.requirement_mail_set_subject(&account),
                t.requirement_mail_later_what(with),
            ),
            AnnouncementKind::WeekBefore => (
                t.requirement_mail_week_subject(&account),
                t.requirement_mail_reminder_what(with),
            ),
            AnnouncementKind::DayBefore => (
                t.requirement_mail_day_subject(&account),
                t.requirement_mail_reminder_what(with),
            ),
        };
        Says::plain(&subject, &what)
            .and(t.requirement_mail_how())
            .with(self.link(t.requirement_mail_link(), Page::Security, None))
    }

    pub(super) fn settings_weakened_by_operator(
        self,
        account: &str,
        change: SettingsBeforeAfter,
    ) -> Says {
        let t = Texts::english();
        let when = in_words(self.now);
        let what = t.requirement_mail_weakened_by_operator(named::AccountWhatWhen {
            account: &self.named(account),
            what: &what_is_weaker(change),
            when: &when,
        });
        Says::plain(&weakened_subject(account, change), &what)
            .advise(t.mail_ask_operator())
            .with(self.security_link())
    }
}

fn weakened_subject(account: &str, change: SettingsBeforeAfter) -> String {
    let t = Texts::english();
    if is_lifted(change) {
        t.requirement_mail_lifted_subject(&account)
    } else {
        t.requirement_mail_weakened_subject(&account)
    }
}
