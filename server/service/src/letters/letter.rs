//! Every letter, with the data that it is written of.

use app::types::email::EmailAddress;
use app::types::ids::AccountId;
use app::types::one_time_code::OneTimeCode;
use app::types::timestamp::Timestamp;
use app::types::two_factor::MailboxAct;

use super::LetterKind;
use crate::Visitor;
use crypto::token::Token;
use domain::announcements::AnnouncementKind;
use domain::days::Deadline;
use domain::enforcement::AccountSettings;
use domain::mailbox_code::MailboxCode;
use domain::roles::Roles;
use storage::transfer_offers::TransferOffer;

/// The settings of an account before and after.
pub type SettingsBeforeAfter = (AccountSettings, AccountSettings);

/// Makes `Letter` of the list of letters. A field has its type and its words here; a type that is another one stands with it.
macro_rules! letters {
    ($($(#[doc = $words:literal])+ $name:ident $({ $($field:ident $(: $type:ty)?),* })?;)*) => {
        /// What is told to somebody; `from` is the browser in which it was done.
        #[derive(Clone, Copy)]
        pub enum Letter<'a> {
            $(
                $(#[doc = $words])+
                $name $({ $(
                    #[doc = letters!(@words $field)]
                    $field: letters!(@type $field $($type)?),
                )* })?,
            )*
        }

        impl Letter<'_> {
            /// Its line in the table.
            pub const fn kind(&self) -> LetterKind {
                match self {
                    $(Self::$name { .. } => LetterKind::$name,)*
                }
            }
        }
    };
    (@type $field:ident $type:ty) => { $type };
    (@type from) => { &'a Visitor };
    (@type left) => { u32 };
    (@type count) => { u32 };
    (@type takes_link) => { bool };
    (@type account) => { &'a str };
    (@type by) => { &'a str };
    (@type until) => { Timestamp };
    (@type token) => { &'a Token };
    (@type name) => { &'a str };
    (@type email) => { &'a str };
    (@type offered_by) => { &'a str };
    (@type opens_at) => { Option<Timestamp> };
    (@type act) => { MailboxAct };
    (@type made_at) => { Timestamp };
    (@type to) => { &'a str };
    (@type is_passkey) => { bool };
    (@type maker) => { Option<&'static str> };
    (@type gives_way) => { bool };
    (@type roles) => { Roles };
    (@type kind) => { AnnouncementKind };
    (@type holds_from) => { Deadline };
    (@type required_from) => { Option<Deadline> };
    (@type whom) => { &'a str };
    (@type change) => { SettingsBeforeAfter };
    (@words from) => { "The browser in which it was done." };
    (@words is_passkey) => { "Whether it is a passkey, or a security key." };
    (@words maker) => { "The make of its authenticator, where it is known." };
    (@words gives_way) => { "Whether the phone number was removed for it." };
    (@words left) => { "Recovery codes left." };
    (@words count) => { "How many." };
    (@words takes_link) => { "Whether the next sign-in takes a mailed link." };
    (@words account) => { "The name of the account." };
    (@words by) => { "Who did it, by name." };
    (@words until) => { "Until when it is good." };
    (@words token) => { "What the link carries." };
    (@words name) => { "Whom it is about, by name." };
    (@words email) => { "Their address." };
    (@words offered_by) => { "The account that had offered it, by name." };
    (@words opens_at) => { "From when the account is open to them again; none where it is the one that had offered it." };
    (@words act) => { "What it is good for." };
    (@words made_at) => { "When the backup was made." };
    (@words to) => { "Who gets it: a new address, or a new owner by name." };
    (@words roles) => { "The roles, from now on or as offered." };
    (@words kind) => { "Which of the announcements." };
    (@words holds_from) => { "From when on it holds." };
    (@words required_from) => { "From when on the account requires two-factor authentication, if it does." };
    (@words whom) => { "The address that is invited." };
    (@words invited) => { "The addresses that were invited." };
    (@words change) => { "The settings before and after." };
    (@words code) => { "The code." };
    (@words tag) => { "What its row is found by." };
    (@words of) => { "Which account." };
    (@words offer) => { "The offer." };
}

letters! {
    /// Two-factor authentication was enabled with an app.
    TwoFactorEnabled { from };
    /// Two-factor authentication was enabled by SMS.
    SmsEnabled { from };
    /// Two-factor authentication was enabled with a key.
    TwoFactorEnabledByKey { is_passkey, maker, from };
    /// A key was added.
    KeyAdded { is_passkey, maker, gives_way, from };
    /// A key was removed.
    KeyRemoved { is_passkey, from };
    /// A key was refused that may have been copied.
    KeyCopied { is_passkey, from };
    /// The authenticator app was removed.
    AppRemoved { from };
    /// Another authenticator app took over.
    AppReplaced { from };
    /// Two-factor authentication was disabled.
    TwoFactorDisabled { from };
    /// New recovery codes were made.
    RecoveryCodesReplaced { from };
    /// A recovery code was used, and so many are left.
    RecoveryCodeUsed { left, from };
    /// Somebody guessed at the password inside a session.
    StepUpFailed { from };
    /// The operator took over the app that the user had with another product.
    TwoFactorImported;
    /// The operator reset the second factor.
    TwoFactorResetByOperator { takes_link };
    /// An account offers to reset the second factor.
    TwoFactorResetOffered { account, by, until, token };
    /// The reset that an account had offered was confirmed.
    TwoFactorResetConfirmed { account, from };
    /// The second factor of a user of an account was reset; goes to the owner of the account.
    TwoFactorResetOfMember { account, name, email, offered_by, opens_at };
    /// An account was opened to somebody before the day after their reset was over.
    LetIn { account, by };
    /// The same, to its owner and the other administrators.
    LetInOfMember { account, by, name, email, from };
    /// The code for one act, which proves the mailbox.
    MailboxCode { act, code: &'a MailboxCode, tag: &'a [u8], from };
    /// The operator let the user set up a first factor without such a code.
    FirstFactorAllowed;
    /// The owner of the one account of the user did. No name is in it: the address may be a stranger's.
    FirstFactorAllowedByOwner;
    /// The same, to the owner, in case it was not them.
    FirstFactorAllowedToMember { account, name, email, from };
    /// The user said that they want no second factor.
    FactorDeclined { from };
    /// The database was restored from a backup of that moment.
    Restored { made_at };
    /// The link that finishes a sign-up. Of what the form was given it says nothing.
    SignUpLink { token };
    /// The same, where somebody here uses the address and has never proven it.
    SignUpHeld { token };
    /// The sign-up took the address from the user who had never proven it; goes to the new user.
    AddressWon;
    /// The same, to the owner of an account of the user who has lost it.
    AddressOfMemberWon { account, name, email, until };
    /// Somebody signed up with the address of a user.
    SignUpForExisting { from };
    /// The link that sets a new password.
    PasswordResetLink { token, from };
    /// The same was asked for where somebody here uses the address and has never proven it: there is no link.
    PasswordResetHeld;
    /// The password was set anew by a mailed link.
    PasswordReset { from };
    /// The password was changed on the Security page.
    PasswordChanged { from };
    /// Strangers have used up the wrong passwords that they have for the user.
    PasswordGuessed;
    /// The link that finishes a sign-in after a reset.
    SignInLink { token, from };
    /// A sign-in came from a browser not seen before.
    NewBrowser { from };
    /// A browser skips the second factor from now on.
    BrowserTrusted { from };
    /// The password was right and the second factor wrong.
    WrongSecondFactor { from };
    /// So many wrong codes in a row that none is taken any more.
    FactorClosed { from };
    /// The user was deleted.
    UserDeleted { from };
    /// The operator disabled the user.
    UserDisabled;
    /// The operator enabled the user again.
    UserEnabled;
    /// The operator lifted the user's pauses.
    UserUnlocked;
    /// The link that makes a new address the one in use; goes to the new address.
    AddressLink { token };
    /// Somebody wants the address of a user for their own; goes to its holder.
    AddressTaken { from };
    /// A change of address was asked for; goes to the address in use.
    AddressChangeAsked { to: &'a EmailAddress, from };
    /// The address was changed; goes to the new one.
    AddressChanged { to: &'a EmailAddress, from };
    /// The address was changed; goes to the one before, which learns what to do.
    AddressLost { to: &'a EmailAddress, from };
    /// The operator said that the address in use is the user's.
    AddressConfirmedByOperator;
    /// The operator gave the user another address; goes to it and to the one before.
    AddressSetByOperator { to: &'a EmailAddress };
    /// The link of an invitation.
    Invitation { account, by, roles, until, token };
    /// Invitations that the user had sent are over, since somebody else may have sent them in their name.
    InvitationsEnded { count, invited: &'a [String] };
    /// Somebody's roles were changed by somebody else.
    RolesChanged { account, by, roles };
    /// Somebody was removed by somebody else.
    RemovedFromAccount { account, by };
    /// Somebody left; told in case it was not them.
    LeftAccount { account, from };
    /// The owner offers the account; goes to the owner, in case it was not them.
    TransferOfferSent { account, to, until, from };
    /// The same, to the one who may accept it.
    TransferOffered { account, by, of: AccountId, offer: TransferOffer };
    /// The owner took the offer back; goes to the one who could have accepted it.
    TransferTakenBack { account, by };
    /// The offer was declined; goes to the owner.
    TransferDeclined { account, by };
    /// The offer was accepted; goes to the owner before.
    OwnershipGiven { account, to, from };
    /// The same, to the one who accepted, in case it was not them.
    OwnershipReceived { account, by, from };
    /// The operator gave the account to somebody else; goes to the owner before.
    OwnershipTakenByOperator { account, to };
    /// The same, to the new owner.
    OwnershipGivenByOperator { account };
    /// An account was deleted and is erased then; goes to all its users. Nobody is named where it was the operator.
    AccountDeleted { account, by: Option<&'a str>, until };
    /// A deleted account was brought back; goes to all its users.
    AccountRestored { account, by: Option<&'a str>, required_from };
    /// The same, by the operator, where its owner is no user any more and another of its users owns it now.
    AccountRestoredToAnother { account, to, required_from };
    /// An account requires two-factor authentication of a user who has none, from that moment on.
    RequirementAnnounced { account, kind, holds_from };
    /// An invitation offers rank; goes to the owner.
    RankOffered { account, by, whom, roles, from };
    /// A change of roles gave rank; goes to the owner.
    RankGiven { account, by, name, email, roles, from };
    /// Somebody accepted an invitation and has rank by it; goes to the owner.
    RankJoined { account, by, name, email, roles };
    /// The settings of an account are less strict than before; goes to the owner.
    SettingsWeakened { account, by, change, from };
    /// The same, done by the operator.
    SettingsWeakenedByOperator { account, change };
    /// A code by SMS, bound to the host of our address.
    SmsCode { code: &'a OneTimeCode };
}
