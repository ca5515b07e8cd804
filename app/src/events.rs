//! What the audit log can hold: one table with a line for each event, of which come the enum that the server records, the
//! word on disk and on the wire, the value that goes with it, and its sentence.
//!
//! A word never changes, since rows of years ago have it; the name of a variant may.

#[cfg(feature = "ssr")]
mod data;

use std::fmt::Display;

use crate::text::named::{ActorDetail, ActorDetailSubject, ActorKind, ActorSubject};
use crate::text::{Texts, t};
use crate::types::activity::ActivityEvent;
#[cfg(feature = "ssr")]
use crate::types::activity::{Detail, EventGroup};
#[cfg(feature = "ssr")]
use crate::types::day::FromDay;
use crate::types::ids::UserId;
#[cfg(feature = "ssr")]
use crate::types::role::Role;
#[cfg(feature = "ssr")]
use crate::types::timestamp::Timestamp;

/// Which parts a sentence has. The actor begins it; the subject stands inside it, and is the actor's own self where it was
/// done to nobody else.
#[derive(Clone, Copy)]
enum Sentence {
    Actor(fn(&'static Texts, &dyn Display) -> String),
    Subject(fn(&'static Texts, &dyn Display) -> String),
    ActorDetail(fn(&'static Texts, ActorDetail<'_>) -> String),
    ActorSubject(fn(&'static Texts, ActorSubject<'_>) -> String),
    All(fn(&'static Texts, ActorDetailSubject<'_>) -> String),
}

/// Makes `EventKind` and, on the server, `Event` of the table.
macro_rules! events {
    ($(
        $(#[doc = $words:literal])*
        $kind:ident $({
            $(#[doc = $words_of_value:literal])*
            $name:ident: $value:ty,
        })? = $word:literal in $group:ident, $parts:ident($text:ident);
    )*) => {
        /// A kind of events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum EventKind {
            $($(#[doc = $words])* $kind,)*
        }

        /// By the number of the kind.
        const TABLE: &[(EventKind, &str, Sentence)] = &[
            $((EventKind::$kind, $word, Sentence::$parts(Texts::$text)),)*
        ];

        /// Something that was done, with the value that goes with it; never a secret.
        #[cfg(feature = "ssr")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($(#[doc = $words])* $kind $({ $(#[doc = $words_of_value])* $name: $value })?,)*
        }

        #[cfg(feature = "ssr")]
        impl Event {
            /// Its kind.
            pub const fn kind(&self) -> EventKind {
                match self {
                    $(Self::$kind { .. } => EventKind::$kind,)*
                }
            }

            /// The value that goes with it, as a JSON object for the row; none where there is none.
            pub fn data(&self) -> Option<String> {
                match self {
                    $(Self::$kind $({ $name })? => events!(@write $($name)?),)*
                }
            }
        }

        #[cfg(feature = "ssr")]
        impl EventKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// What it is about.
            pub const fn group(self) -> EventGroup {
                match self {
                    $(Self::$kind => EventGroup::$group,)*
                }
            }

            /// Reads what [`Event::data`] wrote; none where it is not of this kind.
            pub fn detail(self, data: &str) -> Option<Detail> {
                match self {
                    $(Self::$kind => events!(@read data $($name: $value)?),)*
                }
            }
        }

        /// One event of each kind, with a value.
        #[cfg(all(test, feature = "ssr"))]
        fn one_of_each() -> Vec<Event> {
            vec![$(Event::$kind $({ $name: <$value as data::EventValue>::example() })?),*]
        }
    };
    (@write) => { None };
    (@write $name:ident) => { Some(data::write(stringify!($name), $name)) };
    (@read $data:ident) => { None };
    (@read $data:ident $name:ident: $value:ty) => { data::read::<$value>(stringify!($name), $data) };
}

events! {
    /// A user came to be.
    UserCreated = "user_created" in Own, Subject(activity_user_created);
    /// Signed in with the password alone.
    SignedIn = "signed_in" in Access, Actor(activity_signed_in);
    /// Signed in with password and a code of the app.
    SignedInWithCode = "signed_in_with_code" in Access, Actor(activity_signed_in_with_code);
    /// Signed in with password and a recovery code.
    SignedInWithRecoveryCode {
        /// Recovery codes left.
        left: u32,
    } = "signed_in_with_recovery_code" in Access, ActorDetail(activity_signed_in_with_recovery_code);
    /// A recovery code was used as proof for a change.
    RecoveryCodeUsed {
        /// Recovery codes left.
        left: u32,
    } = "recovery_code_used" in TwoFactor, ActorDetail(activity_recovery_code_used);
    /// Signed in with password and a code sent by SMS.
    SignedInWithSms = "signed_in_with_sms" in Access, Actor(activity_signed_in_with_sms);
    /// Signed in with a passkey alone.
    SignedInWithPasskey {
        /// Its name.
        key: String,
    } = "signed_in_with_passkey" in Access, ActorDetail(activity_signed_in_with_passkey);
    /// Signed in with password and a key.
    SignedInWithKey {
        /// Its name.
        key: String,
    } = "signed_in_with_key" in Access, ActorDetail(activity_signed_in_with_key);
    /// A passkey was added.
    PasskeyAdded {
        /// Its name.
        key: String,
    } = "passkey_added" in TwoFactor, ActorDetail(activity_passkey_added);
    /// A security key was added.
    SecurityKeyAdded {
        /// Its name.
        key: String,
    } = "security_key_added" in TwoFactor, ActorDetail(activity_security_key_added);
    /// A passkey or security key was removed.
    KeyRemoved {
        /// Its name.
        key: String,
    } = "key_removed" in TwoFactor, ActorDetail(activity_key_removed);
    /// A passkey or security key got another name.
    KeyRenamed {
        /// The name that it has now.
        key: String,
    } = "key_renamed" in Own, ActorDetail(activity_key_renamed);
    /// A key was refused, since its counter did not rise: it may have been copied.
    KeyRefused {
        /// Its name.
        key: String,
    } = "key_refused" in Access, ActorDetail(activity_key_refused);
    /// The authenticator app was removed, and a key remains.
    AppRemoved = "app_removed" in TwoFactor, Actor(activity_app_removed);
    /// SMS gave way to a key.
    SmsGaveWay = "sms_gave_way" in TwoFactor, Actor(activity_sms_gave_way);
    /// A code was sent by SMS.
    SmsCodeSent = "sms_code_sent" in Access, Actor(activity_sms_code_sent);
    /// Two-factor authentication was enabled by SMS.
    SmsEnabled = "sms_enabled" in TwoFactor, Actor(activity_sms_enabled);
    /// The password was right, the second factor wrong.
    WrongSecondFactor = "wrong_second_factor" in Access, Subject(activity_wrong_second_factor);
    /// So many wrong codes in a row that none is taken any more.
    FactorClosed = "factor_closed" in Access, Subject(activity_factor_closed);
    /// Signed out.
    SignedOut = "signed_out" in Access, Actor(activity_signed_out);
    /// Two-factor authentication was enabled.
    TwoFactorEnabled = "two_factor_enabled" in TwoFactor, Actor(activity_two_factor_enabled);
    /// Another authenticator app took over.
    TwoFactorReplaced = "two_factor_replaced" in TwoFactor, Actor(activity_two_factor_replaced);
    /// Two-factor authentication was disabled.
    TwoFactorDisabled = "two_factor_disabled" in TwoFactor, Actor(activity_two_factor_disabled);
    /// Two-factor authentication of someone was reset by the operator.
    TwoFactorReset = "two_factor_reset" in TwoFactor, ActorSubject(activity_two_factor_reset);
    /// An account offered somebody to reset their two-factor authentication.
    ResetOffered = "reset_offered" in TwoFactor, ActorSubject(activity_reset_offered);
    /// Somebody had their two-factor authentication reset, as an account had offered.
    ResetConfirmed {
        /// The name of that account.
        account: String,
    } = "reset_confirmed" in TwoFactor, ActorDetail(activity_reset_confirmed);
    /// An account keeps its doors shut to somebody after a reset that another account had offered.
    KeptOut {
        /// The name of that other account.
        account: String,
    } = "kept_out" in Access, ActorDetail(activity_kept_out);
    /// A user's two-factor authentication was reset as another account had offered: in the log of one that stays open.
    ResetElsewhere = "reset_elsewhere" in TwoFactor, Actor(activity_reset_elsewhere);
    /// An account was opened to somebody before the day after their reset was over.
    LetIn = "let_in" in Access, ActorSubject(activity_let_in);
    /// The app that somebody had with another product was taken over.
    TwoFactorImported = "two_factor_imported" in TwoFactor, ActorSubject(activity_two_factor_imported);
    /// Recovery codes were replaced.
    RecoveryCodesReplaced = "recovery_codes_replaced" in TwoFactor, Actor(activity_recovery_codes_replaced);
    /// A code was mailed for an act that takes a proof of the mailbox.
    MailboxCodeSent = "mailbox_code_sent" in TwoFactor, Actor(activity_mailbox_code_sent);
    /// Somebody was let in to set up a first factor without a mailbox proof.
    FirstFactorAllowed = "first_factor_allowed" in TwoFactor, ActorSubject(activity_first_factor_allowed);
    /// A session began that was let in so.
    FirstFactorAllowanceUsed = "first_factor_allowance_used" in TwoFactor, Actor(activity_first_factor_allowance_used);
    /// A user whose factor was reset wants none.
    FactorDeclined = "factor_declined" in TwoFactor, Actor(activity_factor_declined);
    /// A session ended itself after too many wrong passwords given as proof.
    StepUpFailedTooOften = "step_up_failed_too_often" in Access, Subject(activity_step_up_failed);
    /// A session came into an account for the first time, after a sign-in with the password alone.
    AccountEntered = "account_entered" in Access, Actor(activity_account_entered);
    /// The same, after a sign-in with a second factor.
    AccountEnteredWithSecondFactor = "account_entered_with_second_factor" in Access, Actor(activity_account_entered_with_second_factor);
    /// The same, from a trusted browser.
    AccountEnteredFromTrustedBrowser = "account_entered_from_trusted_browser" in Access, Actor(activity_account_entered_from_trusted_browser);
    /// An account was created.
    AccountCreated = "account_created" in Account, Actor(activity_account_created);
    /// An account no longer requires two-factor authentication.
    RequirementLifted = "requirement_lifted" in Account, Actor(activity_requirement_lifted);
    /// An account allows trusted browsers.
    TrustedBrowsersAllowed = "trusted_browsers_allowed" in Account, Actor(activity_trusted_browsers_allowed);
    /// An account forbids trusted browsers.
    TrustedBrowsersForbidden = "trusted_browsers_forbidden" in Account, Actor(activity_trusted_browsers_forbidden);
    /// SMS counts as two-factor authentication in an account.
    SmsAllowed = "sms_allowed" in Account, Actor(activity_sms_allowed);
    /// SMS no longer counts in an account.
    SmsForbidden = "sms_forbidden" in Account, Actor(activity_sms_forbidden);
    /// Somebody accepted an invitation.
    Joined = "joined" in People, Actor(activity_joined);
    /// Somebody joined as a new user by a link that was handed over; their address is not proven.
    JoinedByHandedOverLink {
        /// Who had handed it over, by name.
        by: String,
    } = "joined_by_handed_over_link" in People, ActorDetail(activity_joined_by_handed_over_link);
    /// An account was given another name.
    AccountRenamed {
        /// The name before.
        name: String,
    } = "account_renamed" in Account, ActorDetail(activity_account_renamed);
    /// An account was given another time zone.
    AccountZoneChanged {
        /// The name of the zone.
        zone: String,
    } = "account_zone_changed" in Account, ActorDetail(activity_account_zone_changed);
    /// An account was deleted; until it is erased it can be brought back.
    AccountDeleted {
        /// Its name.
        name: String,
    } = "account_deleted" in Account, ActorDetail(activity_account_deleted);
    /// A deleted account was brought back.
    AccountRestored {
        /// Its name.
        name: String,
    } = "account_restored" in Account, ActorDetail(activity_account_restored);
    /// A deleted account was erased, as whoever deleted it had asked.
    AccountErased {
        /// Its name.
        name: String,
    } = "account_erased" in Account, ActorDetail(activity_account_erased);
    /// Somebody was removed from an account.
    UserRemoved = "user_removed" in People, ActorSubject(activity_user_removed);
    /// Somebody left an account.
    UserLeft = "user_left" in People, Actor(activity_user_left);
    /// The operator gave an account another owner.
    AccountTransferred = "account_transferred" in Account, ActorSubject(activity_account_transferred);
    /// The owner offered an account to somebody.
    TransferOffered = "transfer_offered" in Account, ActorSubject(activity_transfer_offered);
    /// The owner took that back.
    TransferTakenBack = "transfer_taken_back" in Account, ActorSubject(activity_transfer_taken_back);
    /// Somebody declined to own an account.
    TransferDeclined = "transfer_declined" in Account, ActorSubject(activity_transfer_declined);
    /// Somebody accepted an account from its owner.
    TransferAccepted = "transfer_accepted" in Account, ActorSubject(activity_transfer_accepted);
    /// Signed in with password and a mailed link, after a reset by the team.
    SignedInWithLink = "signed_in_with_link" in Access, Actor(activity_signed_in_with_link);
    /// Signed in with the password in a trusted browser.
    SignedInFromTrustedBrowser = "signed_in_from_trusted_browser" in Access, Actor(activity_signed_in_from_trusted_browser);
    /// A sign-in came from a browser not seen before.
    SignedInFromNewBrowser = "signed_in_from_new_browser" in Access, Actor(activity_signed_in_from_new_browser);
    /// Strangers have used up the wrong passwords that they have for the user.
    PasswordGuessed = "password_guessed" in Access, Subject(activity_password_guessed);
    /// A link that sets a new password was asked for.
    PasswordResetRequested = "password_reset_requested" in Own, Subject(activity_password_reset_requested);
    /// The password was set anew by a mailed link.
    PasswordReset = "password_reset" in Own, Subject(activity_password_reset);
    /// The password was changed.
    PasswordChanged = "password_changed" in Own, Actor(activity_password_changed);
    /// A session was ended from the Security page.
    SessionEnded = "session_ended" in Access, Actor(activity_session_ended);
    /// All other sessions were ended.
    OtherSessionsEnded = "other_sessions_ended" in Access, Actor(activity_other_sessions_ended);
    /// A browser was trusted.
    BrowserTrusted = "browser_trusted" in Access, Actor(activity_browser_trusted);
    /// A browser is no longer trusted.
    TrustedBrowserRemoved = "trusted_browser_removed" in Access, Actor(activity_trusted_browser_removed);
    /// A browser was forgotten: it is not known any more.
    KnownBrowserForgotten = "known_browser_forgotten" in Access, Actor(activity_known_browser_forgotten);
    /// The address was proven by its mailbox.
    EmailProven = "email_proven" in Own, Actor(activity_email_proven);
    /// A user lost their address, which was never proven, to a sign-up of its mailbox.
    AddressWon {
        /// The address.
        email: String,
    } = "address_won" in People, ActorDetail(activity_address_won);
    /// A user was disabled.
    UserDisabled = "user_disabled" in Own, ActorSubject(activity_user_disabled);
    /// A user was enabled again.
    UserEnabled = "user_enabled" in Own, ActorSubject(activity_user_enabled);
    /// The pauses and the closing of a user's factor were lifted.
    UserUnlocked = "user_unlocked" in TwoFactor, ActorSubject(activity_user_unlocked);
    /// A user was deleted.
    UserDeleted = "user_deleted" in Own, Subject(activity_user_deleted);
    /// An account requires two-factor authentication.
    RequirementSet {
        /// From when.
        from: FromDay,
    } = "requirement_set" in Account, ActorDetail(activity_requirement_set);
    /// Somebody was invited.
    Invited {
        /// The address.
        email: String,
    } = "invited" in People, ActorDetail(activity_invited);
    /// An invitation was sent again.
    InvitationResent {
        /// The address.
        email: String,
    } = "invitation_resent" in People, ActorDetail(activity_invitation_resent);
    /// The link of an invitation was shown to be handed over.
    InvitationHandedOver {
        /// The address.
        email: String,
    } = "invitation_handed_over" in People, ActorDetail(activity_invitation_handed_over);
    /// An invitation was revoked.
    InvitationRevoked {
        /// The address.
        email: String,
    } = "invitation_revoked" in People, ActorDetail(activity_invitation_revoked);
    /// The invitations that somebody had on the way were revoked, since they may no longer send them.
    InvitationsRevoked {
        /// How many.
        count: u32,
    } = "invitations_revoked" in People, All(activity_invitations_revoked);
    /// The invitations that somebody had on the way can no longer be accepted, since somebody else may have sent them.
    InvitationsEnded {
        /// How many.
        count: u32,
    } = "invitations_ended" in People, All(activity_invitations_ended);
    /// Somebody's roles were changed.
    RolesChanged {
        /// The roles afterwards, in words of the catalogue.
        roles: Vec<Role>,
    } = "roles_changed" in People, All(activity_roles_changed);
    /// A link to a new address was mailed.
    EmailChangeRequested {
        /// The new address.
        email: String,
    } = "email_change_requested" in Own, ActorDetail(activity_email_change_requested);
    /// A new address that waited for its link was given up.
    EmailChangeCancelled {
        /// The new address.
        email: String,
    } = "email_change_cancelled" in Own, ActorDetail(activity_email_change_cancelled);
    /// The address was changed.
    EmailChanged {
        /// The new address.
        email: String,
    } = "email_changed" in Own, ActorDetail(activity_email_changed);
    /// The operator said that the address in use is its user's.
    EmailConfirmed {
        /// The address.
        email: String,
    } = "email_confirmed" in Own, All(activity_email_confirmed);
    /// A key was added, with which nothing is sealed yet.
    KeyAdded {
        /// Its id, which tells nothing about it.
        key: String,
    } = "key_added" in Server, ActorDetail(activity_key_added);
    /// Another key seals from here on.
    SealingKeyChanged {
        /// Its id, which tells nothing about it.
        key: String,
    } = "sealing_key_changed" in Server, ActorDetail(activity_sealing_key_changed);
    /// A key was dropped.
    KeyDropped {
        /// Its id.
        key: String,
    } = "key_dropped" in Server, ActorDetail(activity_key_dropped);
    /// What was sealed under keys that are lost for good was given up.
    LostKeysGivenUp {
        /// Users whose two-factor authentication was reset.
        users: u32,
    } = "lost_keys_given_up" in Server, ActorDetail(activity_lost_keys_given_up);
    /// Everything sealed was opened, to see whether it can be.
    KeysChecked {
        /// How many values could not.
        unreadable: u32,
    } = "keys_checked" in Server, ActorDetail(activity_keys_checked);
    /// The schema was brought up to date by the operator.
    Migrated {
        /// The newest step.
        to: String,
    } = "migrated" in Server, ActorDetail(activity_migrated);
    /// The addresses and names of users were listed.
    UsersListed = "users_listed" in Server, Actor(activity_users_listed);
    /// Accounts and their owners were listed.
    AccountsListed = "accounts_listed" in Server, Actor(activity_accounts_listed);
    /// A backup was made.
    BackedUp = "backed_up" in Server, Actor(activity_backed_up);
    /// The database was restored from a backup.
    Restored {
        /// When the backup was made.
        made_at: Timestamp,
    } = "restored" in Server, ActorDetail(activity_restored);
    /// The name was changed.
    Renamed {
        /// The name before.
        name: String,
    } = "renamed" in Own, ActorDetail(activity_renamed);
}

impl EventKind {
    /// The stable word for it, on disk and on the wire.
    pub const fn word(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// Whether each account of its user has a line of it, too: the factor, by which an account lets somebody in, went on, went
    /// off or became another.
    #[cfg(feature = "ssr")]
    pub const fn concerns_accounts_of_user(self) -> bool {
        matches!(
            self,
            Self::TwoFactorEnabled
                | Self::SmsEnabled
                | Self::PasskeyAdded
                | Self::SecurityKeyAdded
                | Self::KeyRemoved
                | Self::AppRemoved
                | Self::TwoFactorReplaced
                | Self::TwoFactorDisabled
                | Self::TwoFactorReset
                | Self::TwoFactorImported
        )
    }

    /// Whether it stands in the log of an account for those who look after it, and tells the user whom it is about nothing new.
    #[cfg(feature = "ssr")]
    pub const fn is_for_account_alone(self) -> bool {
        matches!(
            self,
            Self::AccountEntered
                | Self::AccountEnteredWithSecondFactor
                | Self::AccountEnteredFromTrustedBrowser
                | Self::ResetElsewhere
        )
    }

    /// The kind that a word stands for; none where another version wrote it.
    pub fn of(word: &str) -> Option<Self> {
        let line = TABLE.iter().find(|(_, known, _)| *known == word);
        line.map(|(kind, ..)| *kind)
    }
}

/// What happened, as a sentence. `actor` begins it; `subject` is whom it was done to, inside of it. Where a row lacks one of
/// them, as after an edit by hand or by another version, the sentence says so, and is whole all the same.
pub fn sentence(word: &str, actor: &str, subject: &str, detail: &str) -> String {
    let actor = or_else(actor, t().activity_somebody());
    let [subject, detail] =
        [subject, detail].map(|part| or_else(part, t().activity_not_recorded()));
    let known = EventKind::of(word).map(|kind| TABLE[kind as usize].2);
    match known {
        Some(Sentence::Actor(text)) => text(t(), &actor),
        Some(Sentence::Subject(text)) => text(t(), &subject),
        Some(Sentence::ActorDetail(text)) => text(
            t(),
            ActorDetail {
                actor: &actor,
                detail: &detail,
            },
        ),
        Some(Sentence::ActorSubject(text)) => text(
            t(),
            ActorSubject {
                actor: &actor,
                subject: &subject,
            },
        ),
        Some(Sentence::All(text)) => text(
            t(),
            ActorDetailSubject {
                actor: &actor,
                detail: &detail,
                subject: &subject,
            },
        ),
        None => t().activity_unknown(ActorKind {
            actor: &actor,
            kind: &word,
        }),
    }
}

fn or_else<'a>(part: &'a str, stand_in: &'static str) -> &'a str {
    if part.trim().is_empty() {
        stand_in
    } else {
        part
    }
}

/// What the log calls whoever operates the server.
#[cfg(feature = "ssr")]
pub fn operator_in_words() -> &'static str {
    t().activity_operator()
}

/// What happened, as a sentence. With `reader` it is the reader's own log, where every line is about them: "you" is said, not
/// the name. `detail` is the value of the event in the reader's words.
pub fn happened(event: &ActivityEvent, reader: Option<UserId>, detail: &str) -> String {
    let by_reader = reader.is_some() && event.actor_id == reader;
    let name = event.actor.as_deref();
    let actor = if by_reader {
        t().activity_you()
    } else {
        name.unwrap_or_else(|| t().activity_operator())
    };
    let inside = match (&event.subject, reader) {
        // Done by the reader to somebody else, or by somebody in the account's log.
        (Some(subject), _) if by_reader || reader.is_none() => subject.as_str(),
        (_, Some(_)) => t().activity_you_inside(),
        (_, None) if event.actor_id.is_some() => actor,
        // Nobody does anything to the operator: the row lacks whom it was done to.
        (_, None) => "",
    };
    sentence(&event.kind, actor, inside, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word_at_its_place() {
        for (place, (kind, word, _)) in TABLE.iter().enumerate() {
            assert_eq!(*kind as usize, place);
            assert_eq!(EventKind::of(word), Some(*kind));
            assert_eq!(kind.word(), *word);
        }
        assert_eq!(EventKind::of("something_of_tomorrow"), None);
    }

    #[test]
    fn a_word_that_nobody_knows_is_said_as_it_is() {
        let words = sentence("something_of_tomorrow", "Ada", "Bob", "");
        assert!(words.contains("something_of_tomorrow"), "{words}");
    }

    #[test]
    fn a_row_that_lacks_something_is_a_whole_sentence_all_the_same() {
        let words_of_tomorrow = "something_of_tomorrow";
        let words = TABLE.iter().map(|(_, word, _)| *word);
        for word in words.chain([words_of_tomorrow]) {
            for blank in ["", " "] {
                let said = sentence(word, blank, blank, blank);
                let has_hole = ["  ", " .", " ,", " :", " ;", ": .", "()"]
                    .iter()
                    .any(|hole| said.contains(hole));
                let is_whole = said.ends_with('.') && !said.starts_with(' ') && !has_hole;
                assert!(is_whole, "{word}: {said}");
            }
        }
    }

    #[test]
    #[cfg(feature = "ssr")]
    fn a_sentence_says_the_value_exactly_where_the_event_has_one() {
        for event in one_of_each() {
            let words = sentence(event.kind().word(), "", "", "the value");
            let has_value = event.data().is_some();
            assert_eq!(words.contains("the value"), has_value, "{event:?}: {words}");
        }
    }

    #[test]
    #[cfg(feature = "ssr")]
    fn a_value_is_read_as_it_was_written_and_only_by_its_own_kind() {
        for event in one_of_each() {
            let Some(data) = event.data() else {
                assert_eq!(event.kind().detail("{}"), None);
                continue;
            };
            assert!(event.kind().detail(&data).is_some(), "{event:?}: {data}");
            for not_of_it in ["", "null", "{}", "[1]", r#"{"other":1}"#, "{\"left\":-1}"] {
                assert_eq!(
                    event.kind().detail(not_of_it),
                    None,
                    "{event:?}: {not_of_it}"
                );
            }
        }
    }
}
