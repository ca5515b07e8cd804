//! The audit log: one enum of all events, and their writing.

mod operator;

use app::types::ids::{AccountId, UserId};
use app::types::timestamp::Timestamp;

use super::change::Change;
use super::principal::{Credential, Principal};
use super::{Outcome, Visitor};
use crate::crypto::seal::KeyId;
use crate::domain::time::in_words;
use crate::storage::audit::{AuditRow, insert_audit_event};
use crate::storage::users::User;

pub use self::operator::{note, note_by_operator, record_by_operator};

/// Who did it.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A user, in a browser.
    User {
        /// Who.
        id: UserId,
        /// Their name now.
        name: &'a str,
        /// From where.
        visitor: &'a Visitor,
        /// By which credential; none where they have not signed in yet.
        credential: Option<Credential>,
    },
    /// The operator, at the command line.
    Operator,
}

impl<'a> Actor<'a> {
    /// Whoever asks.
    pub fn of(caller: &'a Principal) -> Self {
        Self::User {
            id: caller.user.id,
            name: &caller.user.name,
            visitor: &caller.visitor,
            credential: Some(caller.credential),
        }
    }
}

/// What was done. The name of each on disk is its `kind`; renaming one here never renames history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A user came to be.
    UserCreated,
    /// Signed in with the password alone.
    SignedIn,
    /// Signed in with password and a code of the app.
    SignedInWithCode,
    /// Signed in with password and a recovery code.
    SignedInWithRecoveryCode {
        /// Recovery codes left.
        left: u32,
    },
    /// A recovery code was used as proof for a change.
    RecoveryCodeUsed {
        /// Recovery codes left.
        left: u32,
    },
    /// Signed in with password and a code sent by SMS.
    SignedInWithSms,
    /// A code was sent by SMS.
    SmsCodeSent,
    /// Two-factor authentication was enabled by SMS.
    SmsEnabled,
    /// The password was right, the second factor wrong.
    WrongSecondFactor,
    /// So many wrong codes in a row that none is taken any more.
    FactorClosed,
    /// Signed out.
    SignedOut,
    /// Two-factor authentication was enabled.
    TwoFactorEnabled,
    /// Another authenticator app took over.
    TwoFactorReplaced,
    /// Two-factor authentication was disabled.
    TwoFactorDisabled,
    /// Two-factor authentication of someone was reset by the operator.
    TwoFactorReset,
    /// An account offered somebody to reset their two-factor authentication.
    ResetOffered,
    /// Somebody had their two-factor authentication reset, as an account had offered.
    ResetConfirmed {
        /// The name of that account.
        account: String,
    },
    /// An account keeps its doors shut to somebody after a reset that another account had offered.
    KeptOut {
        /// The name of that other account.
        account: String,
    },
    /// An account was opened to somebody before the day after their reset was over.
    LetIn,
    /// The app that somebody had with another product was taken over.
    TwoFactorImported,
    /// Recovery codes were replaced.
    RecoveryCodesReplaced,
    /// A code was mailed for an act that takes a proof of the mailbox.
    MailboxCodeSent,
    /// Somebody was let in to set up a first factor without a mailbox proof.
    FirstFactorAllowed,
    /// A session began that was let in so.
    FirstFactorAllowanceUsed,
    /// A user whose factor was reset wants none.
    FactorDeclined,
    /// A session ended itself after too many wrong passwords given as proof.
    StepUpFailedTooOften,
    /// An account was created.
    AccountCreated,
    /// An account no longer requires two-factor authentication.
    RequirementLifted,
    /// An account allows trusted browsers.
    TrustedBrowsersAllowed,
    /// An account forbids trusted browsers.
    TrustedBrowsersForbidden,
    /// SMS counts as two-factor authentication in an account.
    SmsAllowed,
    /// SMS no longer counts in an account.
    SmsForbidden,
    /// Somebody accepted an invitation.
    Joined,
    /// Somebody joined as a new user by a link that was handed over; their address is not proven.
    JoinedByHandedOverLink {
        /// Who had handed it over, by name.
        by: String,
    },
    /// Somebody was removed from an account.
    UserRemoved,
    /// Somebody left an account.
    UserLeft,
    /// The operator gave an account another owner.
    AccountTransferred,
    /// The owner offered an account to somebody.
    TransferOffered,
    /// The owner took that back.
    TransferTakenBack,
    /// Somebody declined to own an account.
    TransferDeclined,
    /// Somebody accepted an account from its owner.
    TransferAccepted,
    /// Signed in with password and a mailed link, after a reset by the team.
    SignedInWithLink,
    /// Signed in with the password in a trusted browser.
    SignedInFromTrustedBrowser,
    /// A sign-in came from a browser not seen before.
    SignedInFromNewBrowser,
    /// Strangers have used up the wrong passwords that they have for the user.
    PasswordGuessed,
    /// A link that sets a new password was asked for.
    PasswordResetRequested,
    /// The password was set anew by a mailed link.
    PasswordReset,
    /// The password was changed.
    PasswordChanged,
    /// A session was ended from the Security page.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// A browser was trusted.
    BrowserTrusted,
    /// A browser is no longer trusted.
    TrustedBrowserRemoved,
    /// A browser was forgotten: it is not known any more.
    KnownBrowserForgotten,
    /// The address was proven by its mailbox.
    EmailProven,
    /// A user lost their address, which was never proven, to a sign-up of its mailbox.
    AddressWon {
        /// The address.
        email: String,
    },
    /// A user was disabled.
    UserDisabled,
    /// A user was enabled again.
    UserEnabled,
    /// The pauses and the closing of a user's factor were lifted.
    UserUnlocked,
    /// A user was deleted.
    UserDeleted,
    /// An account requires two-factor authentication.
    RequirementSet {
        /// From when.
        from: Timestamp,
    },
    /// Somebody was invited.
    Invited {
        /// The address.
        email: String,
    },
    /// An invitation was sent again.
    InvitationResent {
        /// The address.
        email: String,
    },
    /// The link of an invitation was shown to be handed over.
    InvitationHandedOver {
        /// The address.
        email: String,
    },
    /// An invitation was revoked.
    InvitationRevoked {
        /// The address.
        email: String,
    },
    /// The invitations that somebody had on the way were revoked, since they may no longer send them.
    InvitationsRevoked {
        /// How many.
        count: u32,
    },
    /// Somebody's roles were changed.
    RolesChanged {
        /// The roles afterwards, in words of the catalogue.
        roles: String,
    },
    /// A link to a new address was mailed.
    EmailChangeRequested {
        /// The new address.
        email: String,
    },
    /// The address was changed.
    EmailChanged {
        /// The new address.
        email: String,
    },
    /// A key was added, with which nothing is sealed yet.
    KeyAdded {
        /// Its id, which tells nothing about it.
        key: KeyId,
    },
    /// Another key seals from here on.
    SealingKeyChanged {
        /// Its id, which tells nothing about it.
        key: KeyId,
    },
    /// A key was dropped.
    KeyDropped {
        /// Its id.
        key: KeyId,
    },
    /// Everything sealed was opened, to see whether it can be.
    KeysChecked {
        /// How many values could not.
        unreadable: usize,
    },
    /// The schema was brought up to date by the operator.
    Migrated {
        /// The newest step.
        to: String,
    },
    /// The addresses and names of users were listed.
    UsersListed,
    /// Accounts and their owners were listed.
    AccountsListed,
    /// A backup was made.
    BackedUp,
    /// The database was restored from a backup.
    Restored {
        /// When the backup was made.
        made_at: Timestamp,
    },
    /// The name was changed.
    Renamed {
        /// The name before.
        name: String,
    },
}

impl Event {
    /// The stable word for it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UserCreated => "user_created",
            Self::SignedIn => "signed_in",
            Self::SignedInWithCode => "signed_in_with_code",
            Self::SignedInWithRecoveryCode { .. } => "signed_in_with_recovery_code",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::SignedInWithSms => "signed_in_with_sms",
            Self::SmsCodeSent => "sms_code_sent",
            Self::SmsEnabled => "sms_enabled",
            Self::WrongSecondFactor => "wrong_second_factor",
            Self::FactorClosed => "factor_closed",
            Self::SignedOut => "signed_out",
            Self::TwoFactorEnabled => "two_factor_enabled",
            Self::TwoFactorReplaced => "two_factor_replaced",
            Self::TwoFactorDisabled => "two_factor_disabled",
            Self::TwoFactorReset => "two_factor_reset",
            Self::ResetOffered => "reset_offered",
            Self::ResetConfirmed { .. } => "reset_confirmed",
            Self::KeptOut { .. } => "kept_out",
            Self::LetIn => "let_in",
            Self::TwoFactorImported => "two_factor_imported",
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::MailboxCodeSent => "mailbox_code_sent",
            Self::FirstFactorAllowed => "first_factor_allowed",
            Self::FirstFactorAllowanceUsed => "first_factor_allowance_used",
            Self::FactorDeclined => "factor_declined",
            Self::StepUpFailedTooOften => "step_up_failed_too_often",
            Self::AccountCreated => "account_created",
            Self::RequirementLifted => "requirement_lifted",
            Self::TrustedBrowsersAllowed => "trusted_browsers_allowed",
            Self::TrustedBrowsersForbidden => "trusted_browsers_forbidden",
            Self::SmsAllowed => "sms_allowed",
            Self::SmsForbidden => "sms_forbidden",
            Self::Joined => "joined",
            Self::UserRemoved => "user_removed",
            Self::UserLeft => "user_left",
            Self::AccountTransferred => "account_transferred",
            Self::TransferOffered => "transfer_offered",
            Self::TransferTakenBack => "transfer_taken_back",
            Self::TransferDeclined => "transfer_declined",
            Self::TransferAccepted => "transfer_accepted",
            Self::SignedInWithLink => "signed_in_with_link",
            Self::SignedInFromTrustedBrowser => "signed_in_from_trusted_browser",
            Self::SignedInFromNewBrowser => "signed_in_from_new_browser",
            Self::PasswordGuessed => "password_guessed",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::BrowserTrusted => "browser_trusted",
            Self::TrustedBrowserRemoved => "trusted_browser_removed",
            Self::KnownBrowserForgotten => "known_browser_forgotten",
            Self::EmailProven => "email_proven",
            Self::AddressWon { .. } => "address_won",
            Self::UserDisabled => "user_disabled",
            Self::UserEnabled => "user_enabled",
            Self::UserUnlocked => "user_unlocked",
            Self::UserDeleted => "user_deleted",
            Self::RequirementSet { .. } => "requirement_set",
            Self::Invited { .. } => "invited",
            Self::InvitationResent { .. } => "invitation_resent",
            Self::InvitationHandedOver { .. } => "invitation_handed_over",
            Self::JoinedByHandedOverLink { .. } => "joined_by_handed_over_link",
            Self::InvitationRevoked { .. } => "invitation_revoked",
            Self::InvitationsRevoked { .. } => "invitations_revoked",
            Self::RolesChanged { .. } => "roles_changed",
            Self::EmailChangeRequested { .. } => "email_change_requested",
            Self::EmailChanged { .. } => "email_changed",
            Self::KeyAdded { .. } => "key_added",
            Self::SealingKeyChanged { .. } => "sealing_key_changed",
            Self::KeyDropped { .. } => "key_dropped",
            Self::KeysChecked { .. } => "keys_checked",
            Self::Migrated { .. } => "migrated",
            Self::UsersListed => "users_listed",
            Self::AccountsListed => "accounts_listed",
            Self::BackedUp => "backed_up",
            Self::Restored { .. } => "restored",
            Self::Renamed { .. } => "renamed",
        }
    }

    /// What else there is to say of it, for people; never a secret.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::SignedInWithRecoveryCode { left } | Self::RecoveryCodeUsed { left } => {
                Some(left.to_string())
            }
            Self::RequirementSet { from } => Some(in_words(*from)),
            Self::Invited { email }
            | Self::InvitationResent { email }
            | Self::InvitationRevoked { email }
            | Self::InvitationHandedOver { email }
            | Self::AddressWon { email }
            | Self::EmailChangeRequested { email }
            | Self::EmailChanged { email } => Some(email.clone()),
            Self::InvitationsRevoked { count } => Some(count.to_string()),
            Self::RolesChanged { roles } => Some(roles.clone()),
            Self::KeyAdded { key } | Self::SealingKeyChanged { key } | Self::KeyDropped { key } => {
                Some(key.to_string())
            }
            Self::KeysChecked { unreadable } => Some(unreadable.to_string()),
            Self::Migrated { to } => Some(to.clone()),
            Self::Restored { made_at } => Some(in_words(*made_at)),
            Self::Renamed { name } | Self::JoinedByHandedOverLink { by: name } => {
                Some(name.clone())
            }
            Self::ResetConfirmed { account } | Self::KeptOut { account } => Some(account.clone()),
            Self::UserCreated
            | Self::SignedIn
            | Self::SignedInWithCode
            | Self::SignedInWithSms
            | Self::SmsCodeSent
            | Self::SmsEnabled
            | Self::WrongSecondFactor
            | Self::FactorClosed
            | Self::SignedOut
            | Self::TwoFactorEnabled
            | Self::TwoFactorReplaced
            | Self::TwoFactorDisabled
            | Self::TwoFactorReset
            | Self::ResetOffered
            | Self::LetIn
            | Self::TwoFactorImported
            | Self::RecoveryCodesReplaced
            | Self::MailboxCodeSent
            | Self::FirstFactorAllowed
            | Self::FirstFactorAllowanceUsed
            | Self::FactorDeclined
            | Self::StepUpFailedTooOften
            | Self::AccountCreated
            | Self::RequirementLifted
            | Self::TrustedBrowsersAllowed
            | Self::TrustedBrowsersForbidden
            | Self::SmsAllowed
            | Self::SmsForbidden
            | Self::Joined
            | Self::UserRemoved
            | Self::UserLeft
            | Self::AccountTransferred
            | Self::TransferOffered
            | Self::TransferTakenBack
            | Self::TransferDeclined
            | Self::TransferAccepted
            | Self::SignedInWithLink
            | Self::SignedInFromTrustedBrowser
            | Self::SignedInFromNewBrowser
            | Self::PasswordGuessed
            | Self::PasswordResetRequested
            | Self::PasswordReset
            | Self::PasswordChanged
            | Self::SessionEnded
            | Self::OtherSessionsEnded
            | Self::BrowserTrusted
            | Self::TrustedBrowserRemoved
            | Self::KnownBrowserForgotten
            | Self::EmailProven
            | Self::UserDisabled
            | Self::UserEnabled
            | Self::UserUnlocked
            | Self::UserDeleted
            | Self::UsersListed
            | Self::AccountsListed
            | Self::BackedUp => None,
        }
    }
}

/// Whom it was done to, and in which account.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// In which account, where it was in one.
    pub account: Option<AccountId>,
    /// Whom, with their name now.
    pub subject: Option<(UserId, &'a str)>,
}

impl<'a> About<'a> {
    /// Nobody in particular, in no account.
    pub const NOTHING: Self = Self {
        account: None,
        subject: None,
    };

    /// Something in an account, done to nobody in particular.
    pub const fn account(account: AccountId) -> Self {
        Self {
            account: Some(account),
            subject: None,
        }
    }

    /// Something done to a user.
    pub fn user(user: &'a User) -> Self {
        Self {
            account: None,
            subject: Some((user.id, &user.name)),
        }
    }

    /// The same in an account.
    #[must_use]
    pub const fn within(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}

impl Change<'_> {
    /// Adds a line to the log about what whoever acts has done.
    ///
    /// # Errors
    /// Faults.
    pub async fn record(&self, event: &Event, about: About<'_>) -> Outcome<()> {
        self.record_by(self.actor()?, event, about).await
    }

    /// Adds a line about what somebody else did, or whoever acts under another name.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn record_by(
        &self,
        actor: Actor<'_>,
        event: &Event,
        about: About<'_>,
    ) -> Outcome<()> {
        let (actor_kind, actor_id, actor_name, address, browser) = match actor {
            Actor::User {
                id,
                name,
                visitor,
                // A line does not name the session, which is the only credential.
                credential: None | Some(Credential::Session(_)),
            } => (
                "user",
                Some(id),
                name,
                visitor.address.as_str(),
                visitor.browser.as_str(),
            ),
            Actor::Operator => ("operator", None, "", "", ""),
        };
        let row = AuditRow {
            id: self.services.new_uuid(),
            at: self.services.now(),
            kind: event.kind(),
            actor_kind,
            actor_id,
            actor_name,
            account_id: about.account,
            subject_id: about.subject.map(|(id, _)| id),
            subject_name: about.subject.map_or("", |(_, name)| name),
            address,
            browser,
            details: event.detail().unwrap_or_default(),
        };
        insert_audit_event(self.db(), row).await?;
        self.services.metrics.count_added_line();
        Ok(())
    }

    /// Adds a line about what a user did, or what was done with their address and password, in no account.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn record_own(&self, user: &User, event: &Event) -> Outcome<()> {
        let actor = self.actor_as(user.id, &user.name);
        self.record_by(actor, event, About::NOTHING).await
    }
}
