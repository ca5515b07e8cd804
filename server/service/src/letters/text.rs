//! The text of each letter: a pure function from letter to text.

use std::borrow::Cow;

use app::text::Texts;
use app::text::named;
use app::types::one_time_code::OneTimeCode;
use app::types::page::Page;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;

use super::table::SubjectWords;
use super::weaker::{is_lifted, what_is_weaker};
use super::words::{from_where, in_roles};
use super::{Addressed, Letter};
use crate::Visitor;
use crate::mail_text::{Link, MailText};
use crypto::token::Token;
use domain::announcements::AnnouncementKind;
use domain::enforcement;
use domain::foreign_words::quoted;
use domain::time::in_words;
use domain::user_address::MailReader;
use settings::Settings;

/// What a letter is written with, besides its own data.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The operator's settings: names and addresses.
    pub settings: &'a Settings,
    /// The time of the letter.
    pub now: Timestamp,
    /// Whether anybody at all may read it: then the words of others in it are as to strangers. As the letter is addressed.
    is_anybodys: bool,
}

impl<'a> Desk<'a> {
    /// Where letters of that moment are written.
    pub const fn new(settings: &'a Settings, now: Timestamp) -> Self {
        Self {
            settings,
            now,
            is_anybodys: false,
        }
    }
}

/// What a letter says after the greeting.
struct Says {
    subject: String,
    paragraphs: Vec<String>,
    link: Option<Link>,
}

/// The mail of a letter, in English.
pub fn text(letter: &Letter<'_>, to: Addressed<'_>, desk: Desk<'_>) -> MailText {
    let t = Texts::english();
    let is_anybodys = to.reader == MailReader::Anybody;
    let says = says(
        letter,
        Desk {
            is_anybodys,
            ..desk
        },
    );
    let rule = letter.kind().rule();
    // A name is somebody's own words; the mailbox may be that of somebody else.
    let greeting = to.name.filter(|_| !is_anybodys);
    let greeting = greeting.map(|name| t.mail_greeting(&name));
    let mut paragraphs = vec![greeting.unwrap_or_else(|| t.mail_greeting_nobody().to_owned())];
    paragraphs.extend(says.paragraphs);
    if is_anybodys && rule.to.is_user() {
        paragraphs.push(match after(letter) {
            UseOfAddress::GoesOn => t.mail_unproven(&desk.address(Page::Profile)),
            UseOfAddress::IsPaused => t.mail_unproven_paused().to_owned(),
            UseOfAddress::IsOver => t.mail_unproven_over().to_owned(),
        });
    }
    let subject = match rule.subject {
        SubjectWords::Account if is_anybodys => t.mail_unproven_subject().to_owned(),
        SubjectWords::Account | SubjectWords::Nothing => says.subject,
    };
    MailText {
        to: to.email.unwrap_or_default().to_owned(),
        user: to.user,
        subject,
        paragraphs,
        link: says.link,
        footer: t.mail_footer(named::AddressProduct {
            address: &desk.settings.public_url(),
            product: &desk.settings.product_name,
        }),
        padding: String::new(),
    }
}

/// What becomes of the use of the address that a letter goes to, by what it tells.
#[derive(Clone, Copy)]
enum UseOfAddress {
    /// Its user signs in by it.
    GoesOn,
    /// Its user is shut out.
    IsPaused,
    /// It is nobody's any more, or another one's.
    IsOver,
}

/// The same of a letter to a user whose address nobody has proven. A new address is proven, so that a change is told there
/// at the one before alone.
const fn after(letter: &Letter<'_>) -> UseOfAddress {
    match letter {
        Letter::UserDisabled => UseOfAddress::IsPaused,
        Letter::UserDeleted { .. }
        | Letter::AddressLost { .. }
        | Letter::AddressSetByOperator { .. } => UseOfAddress::IsOver,
        _ => UseOfAddress::GoesOn,
    }
}

/// The text message of a code.
pub fn text_message(letter: &Letter<'_>, desk: Desk<'_>) -> String {
    says(letter, desk).paragraphs.join("\n\n")
}

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
fn says(letter: &Letter<'_>, desk: Desk<'_>) -> Says {
    let t = Texts::english();
    match *letter {
        Letter::TwoFactorEnabled { from } => {
            desk.told(t.mail_enabled_subject(), t.mail_enabled_what(), from)
        }
        Letter::SmsEnabled { from } => desk.told(
            t.mail_sms_enabled_subject(),
            t.mail_sms_enabled_what(),
            from,
        ),
        Letter::AppReplaced { from } => {
            desk.told(t.mail_replaced_subject(), t.mail_replaced_what(), from)
        }
        Letter::TwoFactorDisabled { from } => {
            desk.told(t.mail_disabled_subject(), t.mail_disabled_what(), from)
        }
        Letter::RecoveryCodesReplaced { from } => desk.told(
            t.mail_recovery_codes_subject(),
            t.mail_recovery_codes_what(),
            from,
        ),
        Letter::StepUpFailed { from } => desk.told(
            t.mail_step_up_failed_subject(),
            t.mail_step_up_failed_what(),
            from,
        ),
        Letter::PasswordReset { from } => desk.told(
            t.mail_password_reset_subject(),
            t.mail_password_reset_what(),
            from,
        ),
        Letter::PasswordChanged { from } => desk.told(
            t.mail_password_changed_subject(),
            t.mail_password_changed_what(),
            from,
        ),
        Letter::NewBrowser { from } => desk.told(
            t.mail_new_browser_subject(),
            t.mail_new_browser_what(),
            from,
        ),
        Letter::BrowserTrusted { from } => desk.told(
            t.mail_browser_trusted_subject(),
            t.mail_browser_trusted_what(),
            from,
        ),
        Letter::MailboxCode { act, code, from } => {
            let what = match act {
                MailboxAct::FirstFactor => t.mail_mailbox_code_first_factor(),
                MailboxAct::DeclineFactor => t.mail_mailbox_code_decline_factor(),
                MailboxAct::ChangeAddress => t.mail_mailbox_code_change_address(),
            };
            // In the text alone: a subject is shown on locked screens.
            Says::plain(t.mail_mailbox_code_subject(), what)
                .and(t.mail_mailbox_code_next())
                .and(code.shown().expose())
                .and(&from_where(from, desk.now))
                .and(t.mail_mailbox_code_not_you())
                .with(desk.link(t.mail_forgot_link(), Page::ForgotPassword, None))
        }
        Letter::FirstFactorAllowed => Says::plain(
            t.mail_first_factor_allowed_subject(),
            t.mail_first_factor_allowed_by_operator(),
        )
        .and(t.mail_first_factor_allowed_next())
        .with(desk.security_link()),
        Letter::FirstFactorAllowedByOwner => Says::plain(
            t.mail_first_factor_allowed_subject(),
            t.mail_first_factor_allowed_by_owner(),
        )
        .and(t.mail_first_factor_allowed_next_of_owner())
        .with(desk.security_link()),
        Letter::FirstFactorAllowedToMember {
            account,
            name,
            email,
            from,
        } => {
            let what = t.mail_first_factor_allowed_to_member_what(named::AccountEmailName {
                account: &desk.named(account),
                email: &desk.addressed(email),
                name: &desk.named(name),
            });
            let subject = t.mail_first_factor_allowed_to_member_subject(&account);
            desk.told(&subject, &what, from)
        }
        Letter::FactorDeclined { from } => desk.told(
            t.mail_factor_declined_subject(),
            t.mail_factor_declined_what(),
            from,
        ),
        Letter::WrongSecondFactor { from } => desk.told(
            t.mail_wrong_factor_subject(),
            t.mail_wrong_factor_what(),
            from,
        ),
        Letter::FactorClosed { from } => {
            Says::plain(t.mail_factor_closed_subject(), t.mail_factor_closed_what())
                .and(&from_where(from, desk.now))
                .and(&if desk.is_anybodys {
                    t.mail_factor_closed_next_unproven().to_owned()
                } else {
                    t.mail_factor_closed_next(&desk.address(Page::ForgotPassword))
                })
                .with(desk.security_link())
        }
        Letter::RecoveryCodeUsed { left, from } => desk.told(
            t.mail_recovery_used_subject(),
            &t.mail_recovery_used_what(left),
            from,
        ),
        Letter::AddressChangeAsked { to, from } => desk.told(
            t.mail_email_asked_subject(),
            &t.mail_email_asked_what(&desk.addressed(to.as_str())),
            from,
        ),
        Letter::AddressChanged { to, from } => desk.told(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&desk.addressed(to.as_str())),
            from,
        ),
        Letter::LeftAccount { account, from } => desk.told(
            t.mail_left_subject(),
            &t.mail_left_what(&quoted(account)),
            from,
        ),
        Letter::OwnershipGiven { account, to, from } => {
            let what = t.mail_transferred_from_what(named::AccountTo {
                account: &desk.named(account),
                to: &desk.named(to),
            });
            Says::plain(&t.mail_transferred_from_subject(&account), &what)
                .and(&from_where(from, desk.now))
                .with(desk.security_link())
        }
        Letter::SettingsWeakened {
            account,
            by,
            change,
            from,
        } => {
            let what = t.requirement_mail_weakened_what(named::AccountNameWhat {
                account: &desk.named(account),
                name: &desk.named(by),
                what: &what_is_weaker(change),
            });
            desk.told(&weakened_subject(account, change), &what, from)
        }
        Letter::RankOffered {
            account,
            by,
            whom,
            roles,
            from,
        } => {
            let what = t.mail_rank_offered_what(named::AccountByRolesWhom {
                account: &desk.named(account),
                by: &desk.named(by),
                roles: &in_roles(roles),
                whom: &desk.addressed(whom),
            });
            desk.told(&t.mail_rank_offered_subject(&account), &what, from)
        }
        Letter::RankGiven {
            account,
            by,
            name,
            email,
            roles,
            from,
        } => {
            let what = t.mail_rank_given_what(named::AccountByEmailNameRoles {
                account: &desk.named(account),
                by: &desk.named(by),
                email: &desk.addressed(email),
                name: &desk.named(name),
                roles: &in_roles(roles),
            });
            desk.told(&t.mail_rank_given_subject(&account), &what, from)
        }
        Letter::RankJoined {
            account,
            by,
            name,
            email,
            roles,
        } => {
            let what = t.mail_rank_joined_what(named::AccountByEmailNameRoles {
                account: &desk.named(account),
                by: &desk.named(by),
                email: &desk.addressed(email),
                name: &desk.named(name),
                roles: &in_roles(roles),
            });
            Says::plain(&t.mail_rank_joined_subject(&account), &what).with(desk.accounts_link())
        }
        Letter::AddressLost { to, from } => Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_changed_what(&desk.addressed(to.as_str())),
        )
        .and(&from_where(from, desk.now))
        .and(t.mail_email_changed_not_you())
        .with(desk.security_link()),
        Letter::AddressConfirmedByOperator => Says::plain(
            t.mail_email_confirmed_subject(),
            t.mail_email_confirmed_by_operator(),
        )
        .with(desk.security_link()),
        Letter::AddressSetByOperator { to } => Says::plain(
            t.mail_email_changed_subject(),
            &t.mail_email_set_what(&desk.addressed(to.as_str())),
        )
        .with(desk.security_link()),
        Letter::TwoFactorImported => Says::plain(t.mail_enabled_subject(), t.mail_imported_what())
            .and(t.mail_imported_next())
            .with(desk.security_link()),
        Letter::TwoFactorResetByOperator { takes_link } => {
            Says::plain(t.mail_reset_subject(), t.mail_reset_what())
                .and(match (takes_link, desk.is_anybodys) {
                    (false, _) => t.mail_reset_next(),
                    (true, false) => t.mail_reset_next_with_link(),
                    (true, true) => t.mail_reset_next_let_in(),
                })
                .with(desk.security_link())
        }
        Letter::TwoFactorResetOffered {
            account,
            by,
            until,
            token,
        } => {
            let what = t.mail_reset_offered_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            let words = t.mail_reset_offered_link();
            Says::plain(t.mail_reset_offered_subject(), &what)
                .and(&t.mail_reset_offered_next(&in_words(until)))
                .and(t.mail_reset_offered_not_you())
                .with(desk.link(words, Page::ResetTwoFactor, Some(token)))
        }
        Letter::TwoFactorResetConfirmed { account, from } => {
            let what = t.mail_reset_confirmed_what(&desk.named(account));
            desk.told(t.mail_reset_subject(), &what, from)
        }
        Letter::TwoFactorResetOfMember {
            account,
            name,
            email,
            offered_by,
            opens_at,
        } => {
            let what = t.mail_reset_of_member_what(named::AccountEmailNameOfferer {
                account: &desk.named(account),
                email: &desk.addressed(email),
                name: &desk.named(name),
                offerer: &quoted(offered_by),
            });
            let next = match opens_at {
                Some(opens_at) => t.mail_reset_of_member_opens(named::AccountWhen {
                    account: &desk.named(account),
                    when: &in_words(opens_at),
                }),
                None => t.mail_reset_of_member_yours().to_owned(),
            };
            Says::plain(&t.mail_reset_of_member_subject(&account), &what)
                .and(&next)
                .with(desk.accounts_link())
        }
        Letter::LetIn { account, by } => {
            let what = t.mail_let_in_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            Says::plain(&t.mail_let_in_subject(&account), &what).with(desk.accounts_link())
        }
        Letter::TransferOfferSent {
            account,
            to,
            until,
            from,
        } => {
            let what = t.mail_transfer_offer_sent_what(named::AccountAddressToUntil {
                account: &desk.named(account),
                address: &desk.address(Page::Start),
                to: &desk.named(to),
                until: &in_words(until),
            });
            desk.told(&t.mail_transfer_offer_sent_subject(&account), &what, from)
        }
        Letter::TransferOffered { account, by, until } => {
            let what = t.mail_transfer_offered_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            Says::plain(&t.mail_transfer_offered_subject(&account), &what)
                .and(&t.mail_transfer_offered_next(&in_words(until)))
                .with(desk.accounts_link())
        }
        Letter::TransferTakenBack { account, by } => {
            let what = t.mail_transfer_taken_back_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            Says::plain(&t.mail_transfer_taken_back_subject(&account), &what)
                .with(desk.accounts_link())
        }
        Letter::TransferDeclined { account, by } => {
            let what = t.mail_transfer_declined_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            Says::plain(&t.mail_transfer_declined_subject(&account), &what)
                .with(desk.accounts_link())
        }
        Letter::Restored { made_at } => Says::plain(
            t.mail_restored_subject(),
            &t.mail_restored_what(&in_words(made_at)),
        )
        .and(t.mail_restored_next())
        .with(desk.security_link()),
        Letter::SignUpLink { token } => Says::plain(
            t.mail_sign_up_subject(),
            t.mail_sign_up_what(),
        )
        .with(desk.link(t.mail_sign_up_link(), Page::VerifyEmail, Some(token))),
        Letter::SignUpHeld { token } => Says::plain(
            t.mail_sign_up_subject(),
            &t.mail_sign_up_held_what(&desk.address(Page::Profile)),
        )
        .with(desk.link(t.mail_sign_up_link(), Page::VerifyEmail, Some(token))),
        Letter::AddressWon => Says::plain(t.mail_address_won_subject(), t.mail_address_won_what())
            .with(desk.security_link()),
        Letter::AddressOfMemberWon {
            account,
            name,
            email,
            until,
        } => {
            let what = t.mail_address_of_member_won_what(named::AccountDateEmailName {
                account: &desk.named(account),
                date: &in_words(until),
                email: &desk.addressed(email),
                name: &desk.named(name),
            });
            Says::plain(&t.mail_address_of_member_won_subject(&account), &what)
                .with(desk.accounts_link())
        }
        Letter::SignUpForExisting { from } => Says::plain(
            t.mail_sign_up_existing_subject(),
            t.mail_sign_up_existing_what(),
        )
        .and(&from_where(from, desk.now))
        .with(desk.link(t.mail_sign_in_link(), Page::SignIn, None)),
        Letter::PasswordResetLink { token, from } => {
            Says::plain(t.mail_forgot_subject(), t.mail_forgot_what())
                .and(&from_where(from, desk.now))
                .with(desk.link(t.mail_forgot_link(), Page::ResetPassword, Some(token)))
        }
        Letter::PasswordResetHeld => {
            Says::plain(t.mail_forgot_subject(), t.mail_forgot_held_what())
                .and(&t.mail_forgot_held_next(&desk.address(Page::Profile)))
        }
        Letter::PasswordGuessed if desk.is_anybodys => {
            Says::plain(t.mail_guessed_subject(), t.mail_guessed_what())
                .and(t.mail_guessed_next_unproven())
        }
        Letter::PasswordGuessed => Says::plain(t.mail_guessed_subject(), t.mail_guessed_what())
            .and(t.mail_guessed_next())
            .with(desk.link(t.mail_forgot_link(), Page::ForgotPassword, None)),
        Letter::SignInLink { token, from } => Says::plain(
            t.mail_finish_sign_in_subject(),
            t.mail_finish_sign_in_what(),
        )
        .and(&from_where(from, desk.now))
        .and(&t.mail_finish_sign_in_not_you(&desk.address(Page::ForgotPassword)))
        .with(desk.link(t.mail_finish_sign_in_link(), Page::SignIn, Some(token))),
        Letter::UserDeleted { from } => {
            Says::plain(t.mail_deleted_subject(), t.mail_deleted_what())
                .and(&from_where(from, desk.now))
        }
        Letter::UserDisabled => {
            Says::plain(t.mail_disabled_user_subject(), t.mail_disabled_user_what())
        }
        Letter::UserEnabled => {
            Says::plain(t.mail_enabled_user_subject(), t.mail_enabled_user_what())
        }
        Letter::UserUnlocked => Says::plain(t.mail_unlocked_subject(), t.mail_unlocked_what()),
        Letter::AddressLink { token } => Says::plain(
            t.mail_email_link_subject(),
            t.mail_email_link_what(),
        )
        .with(desk.link(t.mail_email_link_link(), Page::ConfirmEmail, Some(token))),
        Letter::AddressTaken { from } => {
            Says::plain(t.mail_email_taken_subject(), t.mail_email_taken_what())
                .and(&from_where(from, desk.now))
        }
        Letter::Invitation {
            account,
            by,
            roles,
            until,
            token,
        } => Says::plain(
            t.mail_invitation_subject(),
            &t.mail_invitation_what(named::AccountByRoles {
                account: &quoted(account),
                by: &quoted(by),
                roles: &in_roles(roles),
            }),
        )
        .and(&t.mail_invitation_next(&in_words(until)))
        .with(desk.link(t.mail_invitation_link(), Page::Invitation, Some(token))),
        Letter::RolesChanged { account, by, roles } => {
            let what = t.mail_roles_changed_what(named::AccountByRoles {
                account: &desk.named(account),
                by: &desk.named(by),
                roles: &in_roles(roles),
            });
            Says::plain(&t.mail_roles_changed_subject(&account), &what).with(desk.accounts_link())
        }
        Letter::RemovedFromAccount { account, by } => {
            let what = t.mail_removed_what(named::AccountBy {
                account: &quoted(account),
                by: &quoted(by),
            });
            Says::plain(t.mail_removed_subject(), &what)
        }
        Letter::OwnershipReceived { account, by, from } => {
            let what = t.mail_transferred_to_what(named::AccountBy {
                account: &desk.named(account),
                by: &desk.named(by),
            });
            desk.told(&t.mail_transferred_to_subject(&account), &what, from)
        }
        Letter::OwnershipTakenByOperator { account, to } => {
            let what = t.requirement_mail_transferred_from_you(named::AccountName {
                account: &desk.named(account),
                name: &desk.named(to),
            });
            Says::plain(&t.requirement_mail_transferred_subject(&account), &what)
                .with(desk.security_link())
        }
        Letter::OwnershipGivenByOperator { account } => Says::plain(
            &t.requirement_mail_transferred_subject(&account),
            &t.requirement_mail_transferred_to_you(&desk.named(account)),
        )
        .with(desk.security_link()),
        Letter::RequirementAnnounced {
            account,
            kind,
            holds_from,
        } => desk.announced(account, kind, holds_from),
        Letter::SettingsWeakenedByOperator { account, change } => {
            let when = in_words(desk.now);
            let what = t.requirement_mail_weakened_by_operator(named::AccountWhatWhen {
                account: &desk.named(account),
                what: &what_is_weaker(change),
                when: &when,
            });
            Says::plain(&weakened_subject(account, change), &what).with(desk.security_link())
        }
        Letter::SmsCode { code } => desk.code(code),
    }
}

fn weakened_subject(
    account: &str,
    change: (enforcement::AccountSettings, enforcement::AccountSettings),
) -> String {
    let t = Texts::english();
    if is_lifted(change) {
        t.requirement_mail_lifted_subject(&account)
    } else {
        t.requirement_mail_weakened_subject(&account)
    }
}

impl Desk<'_> {
    fn link(self, words: &str, page: Page, token: Option<&Token>) -> Link {
        Link {
            words: words.to_owned(),
            url: self.settings.link(page, token),
        }
    }

    /// The address of a page, for a text whose letter has another link already.
    fn address(self, page: Page) -> String {
        self.settings.link(page, None)
    }

    /// The name of a person or an account that the reader knows; as to strangers where anybody may read it.
    fn named(self, name: &str) -> Cow<'_, str> {
        if self.is_anybodys {
            Cow::Owned(quoted(name))
        } else {
            Cow::Borrowed(name)
        }
    }

    /// An address that somebody typed; words in its place where anybody may read it, as mail programs make links of one.
    fn addressed(self, email: &str) -> &str {
        if self.is_anybodys {
            Texts::english().mail_another_address()
        } else {
            email
        }
    }

    fn security_link(self) -> Link {
        let words = Texts::english().mail_security_link();
        self.link(words, Page::Security, None)
    }

    /// Not to one account by its id: where the reader is shut out of it, the start page still leads on.
    fn accounts_link(self) -> Link {
        self.link(Texts::english().mail_open_link(), Page::Start, None)
    }

    /// What was done in a browser, with what to do about it.
    fn told(self, subject: &str, what: &str, from: &Visitor) -> Says {
        Says::plain(subject, what)
            .and(&from_where(from, self.now))
            .and(Texts::english().mail_not_you())
            .with(self.security_link())
    }

    fn announced(self, account: &str, kind: AnnouncementKind, holds_from: Timestamp) -> Says {
        let t = Texts::english();
        let day = in_words(holds_from);
        let with = named::AccountDay {
            account: &self.named(account),
            day: &day,
        };
        let (subject, what) = match kind {
            AnnouncementKind::Set if holds_from <= self.now => (
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

    /// The last line lets a browser fill the code in at our own address only (WICG, origin-bound one-time codes).
    fn code(self, code: &OneTimeCode) -> Says {
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

impl Says {
    /// One paragraph without a link.
    fn plain(subject: &str, what: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            paragraphs: vec![what.to_owned()],
            link: None,
        }
    }

    /// One more paragraph.
    fn and(mut self, paragraph: &str) -> Self {
        self.paragraphs.push(paragraph.to_owned());
        self
    }

    fn with(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}
