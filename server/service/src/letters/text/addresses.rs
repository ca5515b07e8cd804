//! About the address of a user.

use app::text::Texts;
use app::text::named;
use app::types::email::EmailAddress;
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use super::{Desk, Says};
use crate::Visitor;
use crypto::token::Token;
use domain::time::in_words;

impl Desk<'_> {
    /// To the address in use, while nothing has changed: a new password ends the change.
    pub(super) fn address_change_asked(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = t.mail_email_asked_what(&self.addressed(to.as_str()));
        let advice = format!("{} {}", t.mail_email_asked_not_you(), self.where_shut_out());
        Says::plain(t.mail_email_asked_subject(), &what)
            .done(from, self.now)
            .advise(&advice)
            .with(self.security_link())
    }

    pub(super) fn address_changed(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&self.addressed(to.as_str())),
            from,
        )
    }

    /// To the address before, which does not sign in any more: what it is told takes no signing in.
    pub(super) fn address_lost(self, to: &EmailAddress, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&self.addressed(to.as_str())),
        )
        .done(from, self.now)
        .advise(t.mail_email_changed_not_you())
    }

    pub(super) fn address_confirmed_by_operator(self) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_confirmed_subject(),
            t.mail_email_confirmed_by_operator(),
        )
        .advise(t.mail_ask_operator())
        .with(self.security_link())
    }

    pub(super) fn address_set_by_operator(self, to: &EmailAddress) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_set_what(&self.addressed(to.as_str())),
        )
        .advise(t.mail_ask_operator())
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
        Says::plain(t.mail_email_taken_subject(), t.mail_email_taken_what()).done(from, self.now)
    }
}
