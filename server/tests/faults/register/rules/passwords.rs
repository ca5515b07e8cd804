//! Passwords: guessing them, setting them, and who has a user.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{Area, AskForCode, Taking};

const SETS: &str = "it sets a password and compares none";

pub(crate) const PASSWORDS_COUNTED: Rule = Rule {
    name: "wrong passwords are counted",
    says: "A try is taken before the password is hashed: of the client address, of the user by all strangers in every spelling, or of the known \
           browser; ten in a session end it. Many at once are no more than many one after the other, and one whose connection breaks off \
           counts as if it had waited: a correct one keeps no try, a wrong one does.",
    doors: &[Taking(&["password"])],
    walks: &[
        (
            AskForCode,
            "faults/guessing: many_passwords_at_once_inside_a_session_are_ten_guesses",
        ),
        (
            AskForCode,
            "faults/cut_off: a_correct_password_that_is_cut_off_keeps_no_try_of_its_session",
        ),
    ],
    each: &[
        (
            "sign-in/password",
            By(
                "api/guessing: of_two_hundred_guesses_at_once_over_many_addresses_ten_are_looked_at",
            ),
        ),
        (
            "sign-up/finish",
            By("api/sign_up: wrong_passwords_at_once_are_no_more_than_the_limit"),
        ),
        (
            "reset/confirm",
            By(
                "api/offered_reset: wrong_passwords_count_with_those_at_the_sign_in_and_ten_end_the_link",
            ),
        ),
        (
            "two-factor/begin-sms",
            By("faults/guessing: ten_passwords_at_the_doors_of_a_first_factor_end_the_session"),
        ),
        (
            "two-factor/mail-code",
            By("faults/guessing: ten_passwords_at_the_doors_of_a_first_factor_end_the_session"),
        ),
        (
            "two-factor/decline",
            By("faults/guessing: ten_passwords_at_the_doors_of_a_first_factor_end_the_session"),
        ),
        (
            "team/copy-invitation-link",
            Beside("it counts by the same step-up as the doors that are walked"),
        ),
        (
            "team/accept-transfer",
            Beside("it counts by the same step-up as the doors that are walked"),
        ),
        ("setup/create", Beside(SETS)),
        ("sign-up/request", Beside(SETS)),
        ("invitation/join", Beside(SETS)),
        ("password/reset", Beside(SETS)),
    ],
};

pub(crate) const NOT_SHUT_OUT: Rule = Rule {
    name: "guessing shuts nobody out",
    says: "What strangers do with an address keeps its user out of no browser that has signed in or proven the mailbox: each budget belongs to \
           who asks and to what is asked, and the mail with the way in comes whatever else was asked for. It is told.",
    doors: &[Taking(&["email"])],
    walks: &[],
    each: &[
        (
            "sign-in/password",
            By("faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"),
        ),
        (
            "password/forgot",
            By("faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"),
        ),
        (
            "sign-up/request",
            By("faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"),
        ),
        (
            "profile/change-email",
            By("faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"),
        ),
        (
            "team/invite",
            By(
                "api/mail_budgets: invitations_to_one_mailbox_are_bounded_over_all_accounts_and_wait",
            ),
        ),
        ("setup/create", Beside("nobody has a user yet")),
        (
            "letter PasswordGuessed",
            By("faults/shut_out: guessing_at_a_password_is_told_once_a_day"),
        ),
    ],
};

pub(crate) const NEW_PASSWORDS: Rule = Rule::walked(
    "bad input costs nothing",
    "A new password is estimated in the bounded slots that hash passwords, after a try was taken, and what cannot be a password or is \
     larger than a request may be costs no hash.",
    &[Taking(&["new password"])],
    &[
        (
            Taking(&["new password"]),
            "faults/new_passwords: a_new_password_is_estimated_in_the_slots_and_only_while_a_try_is_left",
        ),
        (
            Taking(&["new password"]),
            "faults/texts: a_password_that_is_too_long_is_never_hashed",
        ),
    ],
);

pub(crate) const EXISTENCE: Rule = Rule {
    name: "nobody learns who has a user",
    says: "Every door that takes an address answers the same for each, at the same cost and after the same time, which is rounded up to a step, and so \
           does what follows the answer; an address is compared as it is stored.",
    doors: &[Taking(&["email"])],
    walks: &[],
    each: &[
        (
            "sign-in/password",
            By("faults/existence: no_door_tells_whether_an_address_has_a_user"),
        ),
        (
            "password/forgot",
            By("faults/existence: no_door_tells_whether_an_address_has_a_user"),
        ),
        (
            "sign-up/request",
            By("faults/existence: no_door_tells_whether_an_address_has_a_user"),
        ),
        (
            "profile/change-email",
            By("faults/existence: no_door_tells_whether_an_address_has_a_user"),
        ),
        (
            "team/invite",
            By("faults/existence: inviting_does_not_tell_whether_an_address_has_a_user"),
        ),
        ("setup/create", Beside("nobody has a user yet")),
        (
            "letter PasswordResetLink",
            By("faults/shut_out: a_letter_to_nobody_is_as_long_as_any_other_and_is_thrown_away"),
        ),
    ],
};

pub(crate) const LIMITS: Rule = Rule {
    name: "a limit counts what it says",
    says: "What is limited by client address is counted at every door that does it.",
    doors: &[Area("invitation")],
    walks: &[],
    each: &[
        (
            "invitation/open",
            By("api/invitation: openings_and_joins_of_a_client_are_one_count"),
        ),
        (
            "invitation/join",
            By("api/invitation: openings_and_joins_of_a_client_are_one_count"),
        ),
        (
            "invitation/accept",
            By("api/invitation: openings_and_joins_of_a_client_are_one_count"),
        ),
    ],
};
