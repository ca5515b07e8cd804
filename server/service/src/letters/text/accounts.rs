//! About belonging to an account and owning it.

use app::text::Texts;
use app::text::named;
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use super::{Desk, Says};
use crate::Visitor;
use crate::letters::words::in_roles;
use crypto::token::Token;
use domain::days::Deadline;
use domain::foreign_words::quoted;
use domain::roles::Roles;
use domain::time::in_words;

impl Desk<'_> {
    pub(super) fn left_account(self, account: &str, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_left_subject(),
            &t.mail_left_what(&quoted(account)),
            from,
        )
    }

    pub(super) fn ownership_given(self, account: &str, to: &str, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = t.mail_transferred_from_what(named::AccountTo {
            account: &self.named(account),
            to: &self.named(to),
        });
        Says::plain(&t.mail_transferred_from_subject(&account), &what)
            .done(from, self.now)
            .with(self.security_link())
    }

    pub(super) fn transfer_offer_sent(
        self,
        account: &str,
        to: &str,
        until: Timestamp,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_transfer_offer_sent_what(named::AccountAddressToUntil {
            account: &self.named(account),
            address: &self.address(Page::Start),
            to: &self.named(to),
            until: &in_words(until),
        });
        self.told(&t.mail_transfer_offer_sent_subject(&account), &what, from)
    }

    pub(super) fn transfer_offered(self, account: &str, by: &str, until: Timestamp) -> Says {
        let t = Texts::english();
        let what = t.mail_transfer_offered_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        Says::plain(&t.mail_transfer_offered_subject(&account), &what)
            .and(&t.mail_transfer_offered_next(&in_words(until)))
            .with(self.accounts_link())
    }

    pub(super) fn transfer_taken_back(self, account: &str, by: &str) -> Says {
        let t = Texts::english();
        let what = t.mail_transfer_taken_back_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        Says::plain(&t.mail_transfer_taken_back_subject(&account), &what).with(self.accounts_link())
    }

    pub(super) fn transfer_declined(self, account: &str, by: &str) -> Says {
        let t = Texts::english();
        let what = t.mail_transfer_declined_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        Says::plain(&t.mail_transfer_declined_subject(&account), &what).with(self.accounts_link())
    }

    pub(super) fn invitation(
        self,
        account: &str,
        by: &str,
        roles: Roles,
        until: Timestamp,
        token: &Token,
    ) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_invitation_subject(),
            &t.mail_invitation_what(named::AccountByRoles {
                account: &quoted(account),
                by: &quoted(by),
                roles: &in_roles(roles),
            }),
        )
        .and(&t.mail_invitation_next(&in_words(until)))
        .with(self.link(t.mail_invitation_link(), Page::Invitation, Some(token)))
    }

    pub(super) fn roles_changed(self, account: &str, by: &str, roles: Roles) -> Says {
        let t = Texts::english();
        let what = t.mail_roles_changed_what(named::AccountByRoles {
            account: &self.named(account),
            by: &self.named(by),
            roles: &in_roles(roles),
        });
        Says::plain(&t.mail_roles_changed_subject(&account), &what).with(self.accounts_link())
    }

    pub(super) fn ownership_received(self, account: &str, by: &str, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = t.mail_transferred_to_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        self.told(&t.mail_transferred_to_subject(&account), &what, from)
    }

    pub(super) fn account_deleted(self, account: &str, by: Option<&str>, until: Timestamp) -> Says {
        let t = Texts::english();
        let name = self.named(account);
        let (what, next) = match by {
            Some(by) => (
                t.mail_account_deleted_what(named::AccountBy {
                    account: &name,
                    by: &self.named(by),
                }),
                t.mail_account_deleted_next(&in_words(until)),
            ),
            None => (
                t.mail_account_deleted_by_operator_what(&name),
                t.mail_account_deleted_by_operator_next(&in_words(until)),
            ),
        };
        Says::plain(&t.mail_account_deleted_subject(&account), &what)
            .and(&next)
            .with(self.profile_link())
    }

    pub(super) fn account_restored(
        self,
        account: &str,
        by: Option<&str>,
        required_from: Option<Deadline>,
    ) -> Says {
        let t = Texts::english();
        let name = self.named(account);
        let what = match by {
            Some(by) => t.mail_account_restored_what(named::AccountBy {
                account: &name,
                by: &self.named(by),
            }),
            None => t.mail_account_restored_by_operator_what(&name),
        };
        self.is_back(account, &what, required_from)
    }

    pub(super) fn account_restored_to_another(
        self,
        account: &str,
        to: &str,
        required_from: Option<Deadline>,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_account_restored_to_another_what(named::AccountTo {
            account: &self.named(account),
            to: &self.named(to),
        });
        self.is_back(account, &what, required_from)
    }

    /// An account is back, and so is what it requires: whoever has turned two-factor authentication off meanwhile, or has heard
    /// that it was not required any more, reads from when on they are shut out.
    fn is_back(self, account: &str, what: &str, required_from: Option<Deadline>) -> Says {
        let t = Texts::english();
        let says = Says::plain(&t.mail_account_restored_subject(&account), what);
        let says = match required_from {
            None => says,
            Some(from) => {
                let day = from.in_words();
                let with = named::AccountDay {
                    account: &self.named(account),
                    day: &day,
                };
                says.and(&if from.at <= self.now {
                    t.mail_account_restored_required_what(with)
                } else {
                    t.mail_account_restored_requires_what(with)
                })
            }
        };
        says.with(self.accounts_link())
    }

    pub(super) fn ownership_taken_by_operator(self, account: &str, to: &str) -> Says {
        let t = Texts::english();
        let what = t.requirement_mail_transferred_from_you(named::AccountName {
            account: &self.named(account),
            name: &self.named(to),
        });
        Says::plain(&t.requirement_mail_transferred_subject(&account), &what)
            .advise(t.mail_ask_operator())
            .with(self.security_link())
    }

    pub(super) fn ownership_given_by_operator(self, account: &str) -> Says {
        let t = Texts::english();
        Says::plain(
            &t.requirement_mail_transferred_subject(&account),
            &t.requirement_mail_transferred_to_you(&self.named(account)),
        )
        .advise(t.mail_ask_operator())
        .with(self.security_link())
    }
}

pub(super) fn removed_from_account(account: &str, by: &str) -> Says {
    let t = Texts::english();
    let what = t.mail_removed_what(named::AccountBy {
        account: &quoted(account),
        by: &quoted(by),
    });
    Says::plain(t.mail_removed_subject(), &what)
}
