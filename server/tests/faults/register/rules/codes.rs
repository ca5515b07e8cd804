//! Codes, second factors, and how they are set up.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{AskForCode, Taking};

/// Three doors are open only to who has no second factor, so that no code is asked for there.
const NO_FACTOR: &str = "it is open only to who has no second factor, so that it reads no code";

pub(crate) const CODE_ONCE: Rule = Rule {
    name: "a code is good once",
    says: "A code is taken by one door, once, in any spelling and for its whole window, also at once, by another server, after a restart \
           and with the clock set back.",
    doors: &[Taking(&["code"])],
    walks: &[
        (
            AskForCode,
            "faults/replay: what_signed_in_is_refused_at_every_door",
        ),
        (
            AskForCode,
            "faults/replay: what_was_given_as_proof_does_not_sign_in",
        ),
        (
            AskForCode,
            "faults/replay: the_code_of_an_enrolment_is_spent_at_every_door",
        ),
    ],
    each: &[
        (
            "sign-in/code",
            By("faults/replay: what_was_given_as_proof_does_not_sign_in"),
        ),
        (
            "sign-in/recovery-code",
            By("faults/replay: what_was_given_as_proof_does_not_sign_in"),
        ),
        (
            "two-factor/confirm",
            By("faults/replay: the_code_of_an_enrolment_is_spent_at_every_door"),
        ),
        (
            "team/copy-invitation-link",
            By("api/invitation/handed: handing_over_takes_the_step_up_and_a_code_once"),
        ),
        (
            "team/accept-transfer",
            By(
                "api/team/transfer: accepting_takes_the_step_up_and_a_code_stays_spent_though_it_is_refused",
            ),
        ),
        ("two-factor/begin-sms", Beside(NO_FACTOR)),
        ("two-factor/mail-code", Beside(NO_FACTOR)),
        ("two-factor/decline", Beside(NO_FACTOR)),
    ],
};

pub(crate) const CODE_SPELLING: Rule = Rule {
    name: "every spelling is the same code",
    says: "Blanks, dashes and digits of other scripts make no other code and no other count; fewer or more than six digits are no code.",
    doors: &[Taking(&["code"])],
    walks: &[(
        AskForCode,
        "faults/codes: a_code_is_taken_as_it_is_written_at_every_door",
    )],
    each: &[
        (
            "sign-in/code",
            By("faults/codes: a_code_is_taken_as_it_is_written_at_every_door"),
        ),
        (
            "sign-in/recovery-code",
            By("api/sign_in: a_recovery_code_signs_in_once_and_is_mailed"),
        ),
        (
            "two-factor/confirm",
            By("faults/codes: an_enrolment_is_finished_by_a_code_as_it_is_written"),
        ),
        (
            "team/copy-invitation-link",
            Beside("it reads the code by the same step-up as the doors that are walked"),
        ),
        (
            "team/accept-transfer",
            Beside("it reads the code by the same step-up as the doors that are walked"),
        ),
        ("two-factor/begin-sms", Beside(NO_FACTOR)),
        ("two-factor/mail-code", Beside(NO_FACTOR)),
        ("two-factor/decline", Beside(NO_FACTOR)),
    ],
};

pub(crate) const CODES_COUNTED: Rule = Rule {
    name: "wrong codes are one count",
    says: "Wrong codes of all factors at all doors and on all servers are one count of the user, kept though the request fails; ten pause, \
           a hundred close, five end a pending sign-in.",
    doors: &[Taking(&["code"])],
    walks: &[(
        AskForCode,
        "faults/guessing: wrong_codes_at_all_doors_are_one_count",
    )],
    each: &[
        (
            "sign-in/code",
            By("faults/guessing: wrong_codes_at_all_doors_are_one_count"),
        ),
        (
            "sign-in/recovery-code",
            By("faults/guessing: wrong_codes_at_all_doors_are_one_count"),
        ),
        (
            "two-factor/confirm",
            By(
                "api/two_factor: an_enrolment_is_over_after_ten_minutes_ten_wrong_codes_or_a_cancel",
            ),
        ),
        (
            "team/copy-invitation-link",
            Beside("it counts by the same step-up as the doors that are walked"),
        ),
        (
            "team/accept-transfer",
            Beside("it counts by the same step-up as the doors that are walked"),
        ),
        ("two-factor/begin-sms", Beside(NO_FACTOR)),
        ("two-factor/mail-code", Beside(NO_FACTOR)),
        ("two-factor/decline", Beside(NO_FACTOR)),
    ],
};

pub(crate) const SMS: Rule = Rule {
    name: "a code by SMS is bounded",
    says: "Three codes in ten minutes go to a number, to a user and for a client address; a newer one kills the one before and gives no new \
           tries; the number goes with the factor.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "sign-in/password",
            By("api/sms/limits: of_fifty_sends_three_go_out_and_the_wait_is_said"),
        ),
        (
            "sign-in/send-code",
            By("api/sms/limits: of_many_sends_at_once_three_go_out"),
        ),
        (
            "two-factor/begin-sms",
            By("api/sms/limits: number_user_and_client_address_are_counted_each"),
        ),
        (
            "two-factor/send-code",
            By("api/sms/limits: sending_again_for_an_enrolment_kills_the_code_before_and_counts"),
        ),
        (
            "two-factor/disable",
            By("api/sms: disabling_takes_a_code_and_removes_number_codes_and_trust"),
        ),
        (
            "letter SmsCode",
            By("api/sms: a_code_is_good_once_for_the_sign_in_that_asked_until_a_newer_one_comes"),
        ),
    ],
};

pub(crate) const TOTP: Rule = Rule::inside(
    "codes are as apps make them",
    "SHA-1, six digits, thirty seconds and a step either way; 160 random bits, compared in constant time, in a URI and a QR code \
     that every app reads.",
);
