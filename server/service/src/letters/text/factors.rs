//! About second factors: their set-up, use, reset, and the codes that prove a mailbox or a phone.

use app::text::Texts;
use app::text::named;
use app::types::one_time_code::OneTimeCode;
use app::types::page::Page;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;

use super::{Desk, Says};
use crate::Visitor;
use crypto::token::Token;
use domain::foreign_words::quoted;
use domain::mailbox_code::MailboxCode;
use domain::time::in_words;

/// With the make of the authenticator, where it is known: a word of a closed list.
fn with_maker(says: Says, maker: Option<&str>) -> Says {
    let t = Texts::english();
    match maker {
        Some(maker) => says.and(&t.mail_key_maker(&maker)),
        None => says,
    }
}

impl Desk<'_> {
    pub(super) fn two_factor_enabled(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(t.mail_enabled_subject(), t.mail_enabled_what(), from)
    }

    pub(super) fn sms_enabled(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_sms_enabled_subject(),
            t.mail_sms_enabled_what(),
            from,
        )
    }

    pub(super) fn two_factor_enabled_by_key(
        self,
        is_passkey: bool,
        maker: Option<&str>,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = if is_passkey {
            t.mail_enabled_by_passkey_what()
        } else {
            t.mail_enabled_by_security_key_what()
        };
        with_maker(self.told(t.mail_enabled_subject(), what, from), maker)
    }

    pub(super) fn key_added(
        self,
        (is_passkey, maker): (bool, Option<&str>),
        gives_way: bool,
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let (subject, what) = if is_passkey {
            (t.mail_passkey_added_subject(), t.mail_passkey_added_what())
        } else {
            (
                t.mail_security_key_added_subject(),
                t.mail_security_key_added_what(),
            )
        };
        let says = with_maker(self.told(subject, what, from), maker);
        says.and(if gives_way {
            t.mail_key_sms_gave_way()
        } else {
            t.mail_key_sessions_go_on()
        })
    }

    pub(super) fn key_removed(self, is_passkey: bool, from: &Visitor) -> Says {
        let t = Texts::english();
        let (subject, what) = if is_passkey {
            (
                t.mail_passkey_removed_subject(),
                t.mail_passkey_removed_what(),
            )
        } else {
            (
                t.mail_security_key_removed_subject(),
                t.mail_security_key_removed_what(),
            )
        };
        self.told(subject, what, from)
    }

    pub(super) fn key_copied(self, is_passkey: bool, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = if is_passkey {
            t.mail_passkey_copied_what()
        } else {
            t.mail_security_key_copied_what()
        };
        self.told(t.mail_key_copied_subject(), what, from)
    }

    pub(super) fn app_removed(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_app_removed_subject(),
            t.mail_app_removed_what(),
            from,
        )
    }

    pub(super) fn app_replaced(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(t.mail_replaced_subject(), t.mail_replaced_what(), from)
    }

    pub(super) fn two_factor_disabled(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(t.mail_disabled_subject(), t.mail_disabled_what(), from)
    }

    pub(super) fn recovery_codes_replaced(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_recovery_codes_subject(),
            t.mail_recovery_codes_what(),
            from,
        )
    }

    pub(super) fn mailbox_code(self, act: MailboxAct, code: &MailboxCode, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = match act {
            MailboxAct::FirstFactor => t.mail_mailbox_code_first_factor(),
            MailboxAct::DeclineFactor => t.mail_mailbox_code_decline_factor(),
            MailboxAct::ChangeAddress => t.mail_mailbox_code_change_address(),
        };
        // In the text alone: a subject is shown on locked screens.
        Says::plain(t.mail_mailbox_code_subject(), what)
            .and(t.mail_mailbox_code_next())
            .code(code.shown().expose())
            .done(from, self.now)
            .advise(&t.mail_mailbox_code_not_you(&self.address(Page::ForgotPassword)))
    }

    pub(super) fn first_factor_allowed(self) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_first_factor_allowed_subject(),
            t.mail_first_factor_allowed_by_operator(),
        )
        .and(t.mail_first_factor_allowed_next())
        .with(self.security_link())
    }

    pub(super) fn first_factor_allowed_by_owner(self) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_first_factor_allowed_subject(),
            t.mail_first_factor_allowed_by_owner(),
        )
        .and(t.mail_first_factor_allowed_next_of_owner())
        .with(self.security_link())
    }

    pub(super) fn first_factor_allowed_to_member(
        self,
        account: &str,
        (name, email): (&str, &str),
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_first_factor_allowed_to_member_what(named::AccountEmailName {
            account: &self.named(account),
            email: &self.addressed(email),
            name: &self.named(name),
        });
        let subject = t.mail_first_factor_allowed_to_member_subject(&account);
        self.told(&subject, &what, from)
    }

    pub(super) fn factor_declined(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_factor_declined_subject(),
            t.mail_factor_declined_what(),
            from,
        )
    }

    pub(super) fn wrong_second_factor(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_wrong_factor_subject(),
            t.mail_wrong_factor_what(),
            from,
        )
    }

    pub(super) fn factor_closed(self, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_factor_closed_subject(), t.mail_factor_closed_what())
            .done(from, self.now)
            .advise(&if self.is_anybodys {
                t.mail_factor_closed_next_unproven().to_owned()
            } else {
                t.mail_factor_closed_next(named::AddressHelp {
                    address: &self.address(Page::ForgotPassword),
                    help: &self.help.in_words(),
                })
            })
            .with(self.security_link())
    }

    pub(super) fn recovery_code_used(self, left: u32, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_recovery_used_subject(),
            &t.mail_recovery_used_what(left),
            from,
        )
    }

    pub(super) fn two_factor_imported(self) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_enabled_subject(), t.mail_imported_what())
            .and(t.mail_imported_next())
            .with(self.security_link())
    }

    pub(super) fn two_factor_reset_by_operator(self, takes_link: bool) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_reset_subject(), t.mail_reset_what())
            .and(match (takes_link, self.is_anybodys) {
                (false, _) => t.mail_reset_next(),
                (true, false) => t.mail_reset_next_with_link(),
                (true, true) => t.mail_reset_next_let_in(),
            })
            .advise(t.mail_ask_operator())
            .with(self.security_link())
    }

    pub(super) fn two_factor_reset_offered(
        self,
        account: &str,
        by: &str,
        until: Timestamp,
        token: &Token,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_reset_offered_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        let words = t.mail_reset_offered_link();
        Says::plain(t.mail_reset_offered_subject(), &what)
            .and(&t.mail_reset_offered_next(&in_words(until)))
            .advise(t.mail_reset_offered_not_you())
            .with(self.link(words, Page::ResetTwoFactor, Some(token)))
    }

    pub(super) fn two_factor_reset_confirmed(self, account: &str, from: &Visitor) -> Says {
        let t = Texts::english();
        let what = t.mail_reset_confirmed_what(&self.named(account));
        self.told(t.mail_reset_subject(), &what, from)
    }

    pub(super) fn two_factor_reset_of_member(
        self,
        account: &str,
        (name, email): (&str, &str),
        offered_by: &str,
        opens_at: Option<Timestamp>,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_reset_of_member_what(named::AccountEmailNameOfferer {
            account: &self.named(account),
            email: &self.addressed(email),
            name: &self.named(name),
            offerer: &quoted(offered_by),
        });
        let next = match opens_at {
            Some(opens_at) => t.mail_reset_of_member_opens(named::AccountWhen {
                account: &self.named(account),
                when: &in_words(opens_at),
            }),
            None => t.mail_reset_of_member_yours().to_owned(),
        };
        Says::plain(&t.mail_reset_of_member_subject(&account), &what)
            .and(&next)
            .with(self.accounts_link())
    }

    pub(super) fn let_in(self, account: &str, by: &str) -> Says {
        let t = Texts::english();
        let what = t.mail_let_in_what(named::AccountBy {
            account: &self.named(account),
            by: &self.named(by),
        });
        Says::plain(&t.mail_let_in_subject(&account), &what).with(self.accounts_link())
    }

    pub(super) fn let_in_of_member(
        self,
        account: &str,
        by: &str,
        (name, email): (&str, &str),
        from: &Visitor,
    ) -> Says {
        let t = Texts::english();
        let what = t.mail_let_in_of_member_what(named::AccountByEmailName {
            account: &self.named(account),
            by: &self.named(by),
            email: &self.addressed(email),
            name: &self.named(name),
        });
        self.told_owner(&t.mail_let_in_of_member_subject(&account), &what, from)
    }

    /// The last line lets a browser fill the code in at our own address only (WICG, origin-bound one-time codes).
    pub(super) fn sms_code(self, code: &OneTimeCode) -> Says {
        let (digits, url) = (code.digits(), self.settings.public_url());
        let words = Texts::english().sms_message(named::CodeProduct {
            code: &digits,
            product: &self.settings.product_name,
        });
        let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
        let host = host.split(':').next().unwrap_or_default();
        Says::plain("", &words).and(&format!("@{host} #{digits}"))
    }
}
