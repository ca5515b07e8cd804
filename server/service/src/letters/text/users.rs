//! About the user: sign-up, sign-in, passwords, browsers, and what the operator does to them.

use app::text::Texts;
use app::text::named;
use app::types::page::Page;
use app::types::timestamp::Timestamp;

use super::{Desk, Says};
use crate::Visitor;
use crypto::token::Token;
use domain::time::in_words;

impl Desk<'_> {
    pub(super) fn step_up_failed(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_step_up_failed_subject(),
            t.mail_step_up_failed_what(),
            from,
        )
    }

    pub(super) fn password_reset(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_password_reset_subject(),
            t.mail_password_reset_what(),
            from,
        )
    }

    pub(super) fn password_changed(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_password_changed_subject(),
            t.mail_password_changed_what(),
            from,
        )
    }

    /// Whom the invitations were to shows whether the reader has sent them. Where anybody may read it, nobody is named.
    pub(super) fn invitations_ended(self, count: u32, invited: &[String]) -> Says {
        const MOST_NAMED: usize = 20;
        let t = Texts::english();
        let invited = invited.iter().map(String::as_str);
        let mut whom: Vec<_> = invited.filter(|it| self.addressed(it) == *it).collect();
        whom.sort_unstable();
        whom.dedup();
        let more = whom.len().saturating_sub(MOST_NAMED);
        whom.truncate(MOST_NAMED);
        let addresses = whom.join(", ");
        let says = Says::plain(
            t.mail_invitations_ended_subject(),
            &t.mail_invitations_ended_what(count),
        );
        let says = match (whom.len(), more) {
            (0, _) => says,
            (_, 0) => says.and(&t.mail_invitations_ended_whom(&addresses)),
            (_, more) => says.and(
                &t.mail_invitations_ended_whom_and_more(named::AddressesMore {
                    addresses: &addresses,
                    more: &more,
                }),
            ),
        };
        says.and(t.mail_invitations_ended_next())
            .with(self.accounts_link())
    }

    pub(super) fn new_browser(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_new_browser_subject(),
            t.mail_new_browser_what(),
            from,
        )
    }

    pub(super) fn browser_trusted(self, from: &Visitor) -> Says {
        let t = Texts::english();
        self.told(
            t.mail_browser_trusted_subject(),
            t.mail_browser_trusted_what(),
            from,
        )
    }

    pub(super) fn restored(self, made_at: Timestamp) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_restored_subject(),
            &t.mail_restored_what(&in_words(made_at)),
        )
        .and(t.mail_restored_next())
        .with(self.security_link())
    }

    pub(super) fn sign_up_link(self, token: &Token) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_sign_up_subject(), t.mail_sign_up_what()).with(self.link(
            t.mail_sign_up_link(),
            Page::VerifyEmail,
            Some(token),
        ))
    }

    pub(super) fn sign_up_held(self, token: &Token) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_sign_up_subject(),
            &t.mail_sign_up_held_what(&self.address(Page::Profile)),
        )
        .with(self.link(t.mail_sign_up_link(), Page::VerifyEmail, Some(token)))
    }

    pub(super) fn sign_up_for_existing(self, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_sign_up_existing_subject(),
            t.mail_sign_up_existing_what(),
        )
        .done(from, self.now)
        .with(self.link(t.mail_sign_in_link(), Page::SignIn, None))
    }

    pub(super) fn password_reset_link(self, token: &Token, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_forgot_subject(), t.mail_forgot_what())
            .done(from, self.now)
            .with(self.link(t.mail_forgot_link(), Page::ResetPassword, Some(token)))
    }

    pub(super) fn password_reset_held(self) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_forgot_subject(), t.mail_forgot_held_what())
            .and(&t.mail_forgot_held_next(&self.address(Page::Profile)))
    }

    pub(super) fn password_guessed(self) -> Says {
        let t = Texts::english();
        if self.is_anybodys {
            return Says::plain(t.mail_guessed_subject(), t.mail_guessed_what())
                .and(t.mail_guessed_next_unproven());
        }
        Says::plain(t.mail_guessed_subject(), t.mail_guessed_what())
            .and(t.mail_guessed_next())
            .with(self.link(t.mail_forgot_link(), Page::ForgotPassword, None))
    }

    pub(super) fn sign_in_link(self, token: &Token, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(
            t.mail_finish_sign_in_subject(),
            t.mail_finish_sign_in_what(),
        )
        .done(from, self.now)
        .advise(&t.mail_finish_sign_in_not_you(&self.address(Page::ForgotPassword)))
        .with(self.link(t.mail_finish_sign_in_link(), Page::SignIn, Some(token)))
    }

    pub(super) fn user_deleted(self, from: &Visitor) -> Says {
        let t = Texts::english();
        Says::plain(t.mail_deleted_subject(), t.mail_deleted_what())
            .done(from, self.now)
            .advise(t.mail_deleted_not_you())
    }
}

pub(super) fn user_disabled() -> Says {
    let t = Texts::english();
    Says::plain(t.mail_disabled_user_subject(), t.mail_disabled_user_what())
}

pub(super) fn user_enabled() -> Says {
    let t = Texts::english();
    Says::plain(t.mail_enabled_user_subject(), t.mail_enabled_user_what())
}

pub(super) fn user_unlocked() -> Says {
    let t = Texts::english();
    Says::plain(t.mail_unlocked_subject(), t.mail_unlocked_what())
}
