//! How a second factor is set up and kept.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::Area;

pub(crate) const FIRST_FACTOR: Rule = Rule {
    name: "a first factor takes the mailbox",
    says: "The first factor of a user, of whatever kind and also after all were taken away, takes a proof of the mailbox besides the password, or \
           somebody who lets the user in; and so does another address, whose mailbox the next proof would be of.",
    doors: &[Area("two-factor")],
    walks: &[],
    each: &[
        (
            "two-factor/begin",
            By(
                "api/first_factor: a_stolen_password_enrols_no_app_and_opens_no_account_that_requires_one",
            ),
        ),
        (
            "two-factor/begin-sms",
            By("api/first_factor: a_stolen_password_enrols_no_number"),
        ),
        (
            "two-factor/confirm",
            By("api/first_factor: an_enrolment_that_began_without_a_proof_becomes_no_factor"),
        ),
        (
            "two-factor/mail-code",
            By(
                "api/first_factor/codes: a_code_is_mailed_for_the_password_and_only_where_there_is_something_to_prove",
            ),
        ),
        (
            "two-factor/decline",
            By("api/first_factor: a_link_is_due_no_more_for_who_says_that_they_want_no_factor"),
        ),
        (
            "two-factor/disable",
            By("api/first_factor: a_factor_after_one_that_was_disabled_takes_the_proof_again"),
        ),
        (
            "two-factor/send-code",
            Beside("it sends to a number whose set-up has begun with the proof"),
        ),
        (
            "two-factor/cancel",
            Beside("it ends a set-up and makes no factor"),
        ),
        (
            "two-factor/new-recovery-codes",
            Beside("it takes a factor that is on"),
        ),
        ("two-factor/overview", Beside("it only reads")),
        ("two-factor/countries", Beside("it only reads")),
        (
            "profile/change-email",
            By("api/first_factor/address: a_stolen_password_gives_the_user_no_other_mailbox"),
        ),
        (
            "profile/confirm-email",
            By("api/first_factor/address: a_correction_ends_when_the_address_in_use_is_proven"),
        ),
        (
            "command user allow-first-factor",
            By(
                "api/first_factor/allowed: the_operator_lets_a_user_in_for_the_next_browser_and_half_an_hour",
            ),
        ),
        (
            "team/allow-first-factor",
            By(
                "api/team/first_factor: whom_a_code_reaches_gets_it_and_whom_none_reaches_is_let_in",
            ),
        ),
        (
            "command import-totp",
            By(
                "api/import_totp: users_sign_in_with_the_app_that_they_have_and_make_recovery_codes",
            ),
        ),
        (
            "command user reset-two-factor",
            By("api/first_factor: after_a_reset_each_sign_in_takes_the_link_until_a_factor_is_on"),
        ),
    ],
};

pub(crate) const ENROLMENT: Rule = Rule {
    name: "a factor is on once its code is proven",
    says: "A set-up that is not finished changes nothing; it takes a session with a proven address, is of one session, and another one says \
           that it was overtaken. It survives a restart or is over, and is never half on.",
    doors: &[Area("two-factor")],
    walks: &[],
    each: &[
        (
            "two-factor/begin",
            By("faults/enrolment: an_enrolment_that_is_left_leaves_it_off"),
        ),
        (
            "two-factor/begin-sms",
            By("api/sms: a_number_is_proven_by_its_code_and_from_then_on_codes_go_to_it"),
        ),
        (
            "two-factor/confirm",
            By("api/two_factor: another_session_or_user_cannot_finish_an_enrolment"),
        ),
        (
            "two-factor/cancel",
            By(
                "api/two_factor: an_enrolment_is_over_after_ten_minutes_ten_wrong_codes_or_a_cancel",
            ),
        ),
        (
            "two-factor/send-code",
            By("api/sms/limits: sending_again_for_an_enrolment_kills_the_code_before_and_counts"),
        ),
        (
            "two-factor/new-recovery-codes",
            By("api/two_factor: new_recovery_codes_kill_the_old_set_in_the_same_moment"),
        ),
        (
            "two-factor/disable",
            By("api/two_factor: disabling_removes_everything_that_belongs_to_the_factor"),
        ),
        (
            "two-factor/mail-code",
            Beside("it proves the mailbox and begins no set-up"),
        ),
        ("two-factor/decline", Beside("it begins no set-up")),
        ("two-factor/overview", Beside("it only reads")),
        ("two-factor/countries", Beside("it only reads")),
    ],
};

pub(crate) const FACTOR_IN_SETS: Rule = Rule {
    name: "recovery codes are one set",
    says: "A set of recovery codes is shown once and ends with the next one or with its factor; each code is good once, and how many are left \
           is told.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "two-factor/confirm",
            By("api/two_factor: a_right_code_turns_it_on_ends_other_sessions_and_tells_the_user"),
        ),
        (
            "two-factor/new-recovery-codes",
            By("api/two_factor: of_several_new_sets_at_once_only_the_one_that_counts_is_shown"),
        ),
        (
            "two-factor/disable",
            By("api/two_factor: disabling_removes_everything_that_belongs_to_the_factor"),
        ),
        (
            "sign-in/recovery-code",
            By("api/sign_in: a_recovery_code_signs_in_once_and_is_mailed"),
        ),
    ],
};

pub(crate) const FACTOR_KEPT: Rule = Rule {
    name: "a factor is never skipped",
    says: "A secret that cannot be opened, a missing key, a row that was removed or changed refuse the user and never leave the password alone; \
           every server asks for the factor from the moment in which it is on.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "sign-in/password",
            By("faults/factor_rows: a_factor_that_was_changed_in_the_database_refuses_its_user"),
        ),
        (
            "command user reset-all-two-factor",
            By(
                "keeping/lost_keys: lost_keys_end_the_factors_under_them_by_one_command_that_asks_first",
            ),
        ),
    ],
};
