//! The text of each letter: a pure function from letter to text.

mod accounts;
mod addresses;
mod desk;
mod factors;
mod rank;
mod users;

use app::text::Texts;
use app::text::named;
use app::types::email::EmailAddress;
use app::types::page::Page;

pub use self::desk::Desk;
use self::desk::Says;
use super::ground::ground_of;
use super::table::{Bound, Cause, LetterRule, Recipient, SubjectWords};
use super::{Addressed, Letter};
use crate::mail_text::{MailText, Part};
use domain::user_address::MailReader;
use settings::Settings;

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
    let greeting = greeting.unwrap_or_else(|| t.mail_greeting_nobody().to_owned());
    let mut parts = vec![Part::Text(greeting)];
    parts.extend(says.parts);
    if is_anybodys && rule.to.is_user() {
        parts.push(Part::Advice(match after(letter) {
            UseOfAddress::GoesOn => t.mail_unproven(&desk.address(Page::Profile)),
            UseOfAddress::IsPaused => t.mail_unproven_paused().to_owned(),
            UseOfAddress::IsOver => t.mail_unproven_over().to_owned(),
        }));
    }
    let subject = match rule.subject {
        SubjectWords::Account if is_anybodys => t.mail_unproven_subject().to_owned(),
        SubjectWords::Account | SubjectWords::Nothing => says.subject,
    };
    MailText {
        to: to.email.unwrap_or_default().to_owned(),
        user: to.user,
        is_all_ours: rule.words.are_ours(),
        stands_by: ground_of(letter),
        nobody_at: String::new(),
        product: desk.settings.product_name.clone(),
        subject,
        parts,
        link: says.link,
        why: why(rule, is_anybodys).to_owned(),
        footer: footer(desk.settings),
    }
}

/// Why the reader gets a letter. What they can do nothing about is said to be so; it is true of all of them but said of what
/// is about their own security alone.
fn why(rule: LetterRule, is_anybodys: bool) -> &'static str {
    let t = Texts::english();
    match rule.to {
        Recipient::TypedAddress if rule.bound == Bound::Invitation => t.mail_why_invited(),
        Recipient::TypedAddress | Recipient::Phone => t.mail_why_typed(),
        Recipient::Themselves | Recipient::Member | Recipient::FormerMember if is_anybodys => {
            t.mail_why_unproven()
        }
        Recipient::Themselves if rule.cause == Cause::Anyone && rule.bound == Bound::Asked => {
            t.mail_why_typed()
        }
        Recipient::Themselves => t.mail_why_security(),
        Recipient::Member => t.mail_why_account(),
        Recipient::FormerMember => t.mail_why_former(),
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

/// What the operator sends to try the mail server. It is none of the table: nobody causes it from outside, it goes out without
/// the queue, and says nothing about anybody.
pub fn test_letter(to: &EmailAddress, settings: &Settings) -> MailText {
    let t = Texts::english();
    MailText {
        to: to.as_str().to_owned(),
        user: None,
        is_all_ours: true,
        stands_by: None,
        nobody_at: String::new(),
        product: settings.product_name.clone(),
        subject: t.mail_test_subject().to_owned(),
        parts: [t.mail_greeting_nobody(), t.mail_test_what()]
            .map(|words| Part::Text(words.to_owned()))
            .into(),
        link: None,
        why: t.mail_why_test().to_owned(),
        footer: footer(settings),
    }
}

fn footer(settings: &Settings) -> String {
    let t = Texts::english();
    let (address, product) = (&settings.public_url(), &settings.product_name);
    match &settings.support {
        Some(support) => t.mail_footer_support(named::AddressProductSupport {
            address,
            product,
            support,
        }),
        None => t.mail_footer(named::AddressProduct { address, product }),
    }
}

/// The text message of a code.
pub fn text_message(letter: &Letter<'_>, desk: Desk<'_>) -> String {
    let words = says(letter, desk).parts.into_iter().map(|part| match part {
        Part::Text(words) | Part::Advice(words) | Part::Code(words) => words,
        Part::Facts(_) => String::new(),
    });
    words.collect::<Vec<_>>().join("\n\n")
}

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
fn says(letter: &Letter<'_>, desk: Desk<'_>) -> Says {
    match *letter {
        Letter::TwoFactorEnabled { from } => desk.two_factor_enabled(from),
        Letter::SmsEnabled { from } => desk.sms_enabled(from),
        Letter::TwoFactorEnabledByKey {
            is_passkey,
            maker,
            from,
        } => desk.two_factor_enabled_by_key(is_passkey, maker, from),
        Letter::KeyAdded {
            is_passkey,
            maker,
            gives_way,
            from,
        } => desk.key_added((is_passkey, maker), gives_way, from),
        Letter::KeyRemoved { is_passkey, from } => desk.key_removed(is_passkey, from),
        Letter::KeyCopied { is_passkey, from } => desk.key_copied(is_passkey, from),
        Letter::AppRemoved { from } => desk.app_removed(from),
        Letter::AppReplaced { from } => desk.app_replaced(from),
        Letter::TwoFactorDisabled { from } => desk.two_factor_disabled(from),
        Letter::RecoveryCodesReplaced { from } => desk.recovery_codes_replaced(from),
        Letter::StepUpFailed { from } => desk.step_up_failed(from),
        Letter::PasswordReset { from } => desk.password_reset(from),
        Letter::PasswordChanged { from } => desk.password_changed(from),
        Letter::NewBrowser { from } => desk.new_browser(from),
        Letter::BrowserTrusted { from } => desk.browser_trusted(from),
        Letter::MailboxCode {
            act, code, from, ..
        } => desk.mailbox_code(act, code, from),
        Letter::FirstFactorAllowed => desk.first_factor_allowed(),
        Letter::FirstFactorAllowedByOwner => desk.first_factor_allowed_by_owner(),
        Letter::FirstFactorAllowedToMember {
            account,
            name,
            email,
            from,
        } => desk.first_factor_allowed_to_member(account, (name, email), from),
        Letter::FactorDeclined { from } => desk.factor_declined(from),
        Letter::WrongSecondFactor { from } => desk.wrong_second_factor(from),
        Letter::FactorClosed { from } => desk.factor_closed(from),
        Letter::RecoveryCodeUsed { left, from } => desk.recovery_code_used(left, from),
        Letter::AddressChangeAsked { to, from } => desk.address_change_asked(to, from),
        Letter::AddressChanged { to, from } => desk.address_changed(to, from),
        Letter::LeftAccount { account, from } => desk.left_account(account, from),
        Letter::OwnershipGiven { account, to, from } => desk.ownership_given(account, to, from),
        Letter::SettingsWeakened {
            account,
            by,
            change,
            from,
        } => desk.settings_weakened(account, by, change, from),
        Letter::RankOffered {
            account,
            by,
            whom,
            roles,
            from,
        } => desk.rank_offered(account, by, whom, roles, from),
        Letter::RankGiven {
            account,
            by,
            name,
            email,
            roles,
            from,
        } => desk.rank_given(account, by, (name, email), roles, from),
        Letter::RankJoined {
            account,
            by,
            name,
            email,
            roles,
        } => desk.rank_joined(account, by, (name, email), roles),
        Letter::AddressLost { to, from } => desk.address_lost(to, from),
        Letter::AddressConfirmedByOperator => desk.address_confirmed_by_operator(),
        Letter::AddressSetByOperator { to } => desk.address_set_by_operator(to),
        Letter::TwoFactorImported => desk.two_factor_imported(),
        Letter::TwoFactorResetByOperator { takes_link } => {
            desk.two_factor_reset_by_operator(takes_link)
        }
        Letter::TwoFactorResetOffered {
            account,
            by,
            until,
            token,
        } => desk.two_factor_reset_offered(account, by, until, token),
        Letter::TwoFactorResetConfirmed { account, from } => {
            desk.two_factor_reset_confirmed(account, from)
        }
        Letter::TwoFactorResetOfMember {
            account,
            name,
            email,
            offered_by,
            opens_at,
        } => desk.two_factor_reset_of_member(account, (name, email), offered_by, opens_at),
        Letter::LetIn { account, by } => desk.let_in(account, by),
        Letter::LetInOfMember {
            account,
            by,
            name,
            email,
            from,
        } => desk.let_in_of_member(account, by, (name, email), from),
        Letter::TransferOfferSent {
            account,
            to,
            until,
            from,
        } => desk.transfer_offer_sent(account, to, until, from),
        Letter::TransferOffered {
            account, by, offer, ..
        } => desk.transfer_offered(account, by, offer.expires_at),
        Letter::TransferTakenBack { account, by } => desk.transfer_taken_back(account, by),
        Letter::TransferDeclined { account, by } => desk.transfer_declined(account, by),
        Letter::Restored { made_at } => desk.restored(made_at),
        Letter::SignUpLink { token } => desk.sign_up_link(token),
        Letter::SignUpHeld { token } => desk.sign_up_held(token),
        Letter::AddressWon => desk.address_won(),
        Letter::AddressOfMemberWon {
            account,
            name,
            email,
            until,
        } => desk.address_of_member_won(account, (name, email), until),
        Letter::SignUpForExisting { from } => desk.sign_up_for_existing(from),
        Letter::PasswordResetLink { token, from } => desk.password_reset_link(token, from),
        Letter::PasswordResetHeld => desk.password_reset_held(),
        Letter::PasswordGuessed => desk.password_guessed(),
        Letter::SignInLink { token, from } => desk.sign_in_link(token, from),
        Letter::UserDeleted { from } => desk.user_deleted(from),
        Letter::UserDisabled => users::user_disabled(),
        Letter::UserEnabled => users::user_enabled(),
        Letter::UserUnlocked => users::user_unlocked(),
        Letter::AddressLink { token } => desk.address_link(token),
        Letter::AddressTaken { from } => desk.address_taken(from),
        Letter::Invitation {
            account,
            by,
            roles,
            until,
            token,
        } => desk.invitation(account, by, roles, until, token),
        Letter::InvitationsEnded { count, invited } => desk.invitations_ended(count, invited),
        Letter::RolesChanged { account, by, roles } => desk.roles_changed(account, by, roles),
        Letter::RemovedFromAccount { account, by } => accounts::removed_from_account(account, by),
        Letter::OwnershipReceived { account, by, from } => {
            desk.ownership_received(account, by, from)
        }
        Letter::OwnershipTakenByOperator { account, to } => {
            desk.ownership_taken_by_operator(account, to)
        }
        Letter::OwnershipGivenByOperator { account } => desk.ownership_given_by_operator(account),
        Letter::AccountDeleted { account, by, until } => desk.account_deleted(account, by, until),
        Letter::AccountRestored {
            account,
            by,
            required_from,
        } => desk.account_restored(account, by, required_from),
        Letter::AccountRestoredToAnother {
            account,
            to,
            required_from,
        } => desk.account_restored_to_another(account, to, required_from),
        Letter::RequirementAnnounced {
            account,
            kind,
            holds_from,
        } => desk.requirement_announced(account, kind, holds_from),
        Letter::SettingsWeakenedByOperator { account, change } => {
            desk.settings_weakened_by_operator(account, change)
        }
        Letter::SmsCode { code } => desk.sms_code(code),
    }
}
