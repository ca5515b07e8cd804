//! Browsers that are trusted or known.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{ForgettingBrowsers, Occasions};

pub(crate) const TRUST: Rule = Rule {
    name: "trust ends with what it rests on",
    says: "A browser that skips the second factor is asked again after every occasion but those that leave factor, password and rules as they \
           are, and after thirty days.",
    doors: &[Occasions],
    walks: &[],
    each: &[
        (
            "occasion FactorOn",
            By("api/trusted_browsers: a_reset_ends_it_and_a_new_factor_does_not_bring_it_back"),
        ),
        (
            "occasion FactorReplaced",
            By("api/trusted_browsers: another_app_ends_it"),
        ),
        (
            "occasion KeyAdded",
            By("api/passkeys/adding: a_further_key_and_a_removed_one_end_trust"),
        ),
        (
            "occasion FactorRemoved",
            By("api/passkeys/adding: a_further_key_and_a_removed_one_end_trust"),
        ),
        (
            "occasion FactorOff",
            By("api/two_factor: disabling_removes_everything_that_belongs_to_the_factor"),
        ),
        (
            "occasion FactorReset",
            By("api/trusted_browsers: a_reset_ends_it_and_a_new_factor_does_not_bring_it_back"),
        ),
        (
            "occasion RecoveryCodeUsed",
            By("api/trusted_browsers: a_recovery_code_ends_it_everywhere_and_trusts_nothing"),
        ),
        (
            "occasion RecoveryCodesReplaced",
            By("api/trusted_browsers: a_recovery_code_as_proof_and_new_ones_end_it_and_are_told"),
        ),
        (
            "occasion PasswordChanged",
            By("api/trusted_browsers: another_password_ends_it"),
        ),
        (
            "occasion PasswordReset",
            By("api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"),
        ),
        (
            "occasion UserDisabled",
            By("api/operator: a_disabled_user_is_out_at_once_everywhere_and_in_again_when_enabled"),
        ),
        (
            "occasion UserDeleted",
            By("api/profile: deleting_takes_the_password_and_removes_what_nobody_else_uses"),
        ),
        (
            "occasion TrustRemoved",
            By("api/trusted_browsers: removing_it_ends_the_sessions_that_it_or_its_copy_opened"),
        ),
        (
            "occasion TrustForbidden",
            By("api/trusted_browsers: an_account_that_begins_to_forbid_it_ends_what_it_opened"),
        ),
        (
            "occasion Restored",
            By("keeping/restore: nothing_that_was_open_in_a_backup_is_open_after_it_is_restored"),
        ),
        (
            "occasion ClockSetBack",
            By("faults/clock: what_was_made_in_a_future_that_was_taken_back_is_gone"),
        ),
        (
            "occasion AddressChanged",
            Beside("factor and password are as before, and the change took a step-up"),
        ),
        (
            "occasion AddressWon",
            Beside("factor and password are as before, and no trust rests on the mailbox"),
        ),
        (
            "occasion SignedOut",
            Beside("signing in again is what trust is for"),
        ),
        (
            "occasion SignInLinkUsed",
            Beside("there is no factor, and so no trust"),
        ),
        (
            "occasion SessionEnded",
            Beside("the list has a button of its own for trust"),
        ),
        (
            "occasion OtherSessionsEnded",
            Beside("the list has a button of its own for trust"),
        ),
        (
            "occasion BrowserForgotten",
            Beside("a browser that is known skips nothing"),
        ),
        (
            "occasion RemovedFromAccount",
            Beside("an account less forbids nothing more"),
        ),
        (
            "occasion AccountDeleted",
            Beside("an account less forbids nothing more"),
        ),
        (
            "occasion RolesChanged",
            Beside("roles decide nothing about signing in"),
        ),
    ],
};

pub(crate) const KNOWN_BROWSERS: Rule = Rule {
    name: "a known browser is forgotten with what it is known by",
    says: "The cookie by which a browser is known is listed, can be forgotten, and ends when password or factor is reset and, in other browsers, \
           with each change of what it was known by.",
    doors: &[ForgettingBrowsers],
    walks: &[],
    each: &[
        (
            "occasion FactorOn",
            By("api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"),
        ),
        (
            "occasion FactorReset",
            By("api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"),
        ),
        (
            "occasion PasswordChanged",
            By("api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"),
        ),
        (
            "occasion PasswordReset",
            By("api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"),
        ),
        (
            "occasion AddressChanged",
            By("api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"),
        ),
        (
            "occasion UserDisabled",
            By("api/schema: nothing_of_a_user_outlives_being_shut_out"),
        ),
        (
            "occasion UserDeleted",
            By("api/schema: nothing_of_a_user_outlives_being_shut_out"),
        ),
        (
            "occasion BrowserForgotten",
            By("api/sessions: known_browsers_are_listed_and_forgotten_by_their_user_alone"),
        ),
        (
            "occasion Restored",
            By("keeping/restore: nothing_that_was_open_in_a_backup_is_open_after_it_is_restored"),
        ),
    ],
};
