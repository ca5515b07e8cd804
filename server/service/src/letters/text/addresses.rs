//! About the address of a user.

use app::text::Texts;
use app::text::named;
use app::types::email::EmailAddress;
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use super::{Desk, Says};
use crate::Visitor;
use crate::letters::words::from_where;
use crypto::token::Token;
use domain::time::in_words;

impl Desk<'_> {
    pub(super) fn address_change_asked(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_email_asked_subject(),
            &t.mail_email_asked_what(&self.addressed(to.as_str())),
            from,
        )
    }

    pub(super) fn address_changed(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&self.addressed(to.as_str())),
            from,
        )
    }

    pub(super) fn address_lost(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&self.addressed(to.as_str())),
        )
        .and(&from_where(from, self.now))
        .and(t.mail_email_changed_not_you())
        .with(self.security_link())
    }

    pub(super) fn address_confirmed_by_operator(self) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_confirmed_subject(),
            t.mail_email_confirmed_by_operator(),
        )
        .with(self.security_link())
    }

    pub(super) fn address_set_by_operator(self, to: &EmailAddress) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_set_what(&self.addressed(to.as_str())),
        )
        .with(self.security_link())
    }

    pub(super) fn address_won(self) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_address_won_subject(), t.mail_address_won_what())
            .with(self.security_link())
    }

    pub(super) fn address_of_member_won(
        self,
        account: &str,
        (name, email): (&str, &str),
        until: Timestamp,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_address_of_member_won_what(named::AccountDateEmailName {
            account: &self.named(account),
            date: &in_words(until),
            email: &self.addressed(email),
            name: &self.named(name),
        });
        Says::plain(&t.mail_address_of_member_won_subject(&account), &what)
            .with(self.accounts_link())
    }

    pub(super) fn address_link(self, token: &Token) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_email_link_subject(), t.mail_email_link_what()).with(self.link(
            t.mail_email_link_link(),
            Page::ConfirmEmail,
            Some(token),
        ))
    }

    pub(super) fn address_taken(self, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_email_taken_subject(), t.mail_email_taken_what())
            .and(&from_where(from, self.now))
    }
}
