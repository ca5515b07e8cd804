//! Faults that others had: pages, texts, data and operation.

use crate::register::entry::faults;
use crate::register::rules::codes::{CODE_SPELLING, TOTP};
use crate::register::rules::factors::FACTOR_KEPT;
use crate::register::rules::operation::{BACKUP, KEYS, REPLICAS, TIME, UPGRADE, WHOLE};
use crate::register::rules::passwords::{EXISTENCE, NEW_PASSWORDS};
use crate::register::rules::web::{FORMS, HEADERS, MARKUP, ORIGIN, PATHS, TEXTS};

faults! {
    /// Pages, texts, data and operation.
    OF_THE_WEB {
        F107 PATHS "The address to go on to led to another site." [
            "end2end/sign-in: next=${JSON.stringify(next).slice(0, 40)} leads nowhere but home"
            "end2end/sign-in: next=${JSON.stringify(next)} stays here"
            "faults/paths: a_query_is_not_read"
            "faults/paths: another_spelling_of_an_address_is_not_there"
            "faults/paths: nothing_of_an_address_gets_into_a_page"
            "faults/wire: an_ambiguous_request_is_one_request_or_none"
        ]
        F108 MARKUP "What stood in the address, or in a name, ran in the page of the set-up." [
            "api/invitation/offer: names_that_are_markup_or_turn_text_around_are_text_in_the_mail_or_refused"
            "end2end/faults-in-names: it is text in the set-up, in the file of recovery codes and in mails"
            "faults/paths: nothing_of_an_address_gets_into_a_page"
        ]
        F109 MARKUP "Names were drawn as markup." [
            "api/invitation/offer: names_that_are_markup_or_turn_text_around_are_text_in_the_mail_or_refused"
            "end2end/faults-in-names: it is text wherever names are shown"
        ]
        F110 ORIGIN "Another site made new recovery codes in the name of a user." [
            "api/bad_input: a_request_from_elsewhere_is_refused_everywhere"
            "faults/headers: answers_of_every_status_carry_every_header"
            "faults/headers: no_other_site_calls_any_function"
            "faults/paths: no_other_method_does_what_a_call_does"
            "faults/wire: an_ambiguous_request_is_one_request_or_none"
        ]
        F112 HEADERS "Pages of errors could be framed, and a second click lured onto a button." [
            "end2end/faults: a dangerous button does nothing for half a second after it appears or its window comes to the front"
            "faults/headers: a_fault_shows_nothing_but_its_reference"
            "faults/headers: answers_of_every_status_carry_every_header"
        ]
        F114 EXISTENCE "An unknown address was answered faster." [
            "api/sign_in: unknown_address_wrong_password_and_odd_spellings_read_the_same_and_cost_one_hash"
            "faults/existence: every_door_that_takes_an_address_answers_in_steps"
            "faults/existence: no_door_tells_whether_an_address_has_a_user"
            "faults/times: a_wrong_password_takes_as_long_for_every_address"
            "faults/times: a_wrong_password_takes_as_long_in_a_browser_that_is_known_to_another"
            "faults/times: changing_the_address_takes_as_long_for_every_address"
            "faults/times: forgetting_a_password_takes_as_long_for_every_address"
            "faults/times: signing_up_takes_as_long_for_every_address"
            "server/crypto/src/password: a_wrong_password_against_a_weaker_hash_costs_what_is_missing"
        ]
        F115 EXISTENCE "Sign-up, reset or hints told who has a user." [
            "api/password: forgetting_reads_the_same_for_every_address_and_mails_the_stored_one"
            "api/profile: an_address_that_has_a_user_reads_the_same_and_its_holder_is_told"
            "api/sign_up: an_address_with_a_user_gets_the_same_answer_and_a_mail_of_its_own"
            "faults/existence: inviting_does_not_tell_whether_an_address_has_a_user"
            "faults/existence: no_door_tells_whether_an_address_has_a_user"
        ]
        F119 CODE_SPELLING "A code was refused as the app shows it." [
            "api/sign_in: a_code_is_one_code_in_every_spelling"
            "end2end/two-factor: a code with ${kind} is the code"
            "faults/codes: a_code_is_taken_as_it_is_written_at_every_door"
            "faults/codes: an_enrolment_is_finished_by_a_code_as_it_is_written"
        ]
        F120 CODE_SPELLING "Digits of other scripts were refused." [
            "api/sign_in: a_code_is_one_code_in_every_spelling"
            "end2end/two-factor: a code with ${kind} is the code"
            "faults/codes: a_code_is_taken_as_it_is_written_at_every_door"
            "faults/codes: an_enrolment_is_finished_by_a_code_as_it_is_written"
        ]
        F121 CODE_SPELLING "A zero in front was lost." [
            "faults/codes: a_code_may_begin_with_zeros"
        ]
        F123 FORMS "Password managers filled half of the code or nothing." [
            "end2end/faults-in-forms: a password manager fills address and password and sends them"
            "end2end/faults-in-forms: a password manager fills the code into the one field for it"
        ]
        F124 FORMS "The browser offered codes of before." [
            "end2end/faults-in-forms: Back does not bring back a code"
            "end2end/faults-in-forms: the browser remembers no code"
        ]
        F125 FORMS "Six boxes without names kept screen readers and keyboards out." [
            "end2end/every-page: the Security page and enabling"
            "end2end/faults-in-forms: the code is one field that a screen reader can use"
            "end2end/keyboard: sign in, enable, sign out and sign in with a code by keyboard alone"
        ]
        F126 FORMS "The QR code could not be read in the dark theme." [
            "end2end/qr-code: the QR code can be scanned ${name}, and the key beside it says the same"
        ]
        F128 TOTP "A blank in the name was shown as a plus sign." [
            "server/domain/src/totp: every_issuer_and_label_makes_a_uri_that_apps_read"
        ]
        F129 TOTP "A colon in the name kept everybody from setting up." [
            "server/domain/src/totp: every_issuer_and_label_makes_a_uri_that_apps_read"
        ]
        F130 TOTP "Padding of the secret was refused by an app." [
            "server/domain/src/totp: a_uri_is_plain_ascii_with_one_colon_and_no_padding"
        ]
        F132 TOTP "Apps and server did not agree on algorithm or length." [] - "one algorithm, length and period, which nothing can change"
        F133 TOTP "A phone ahead of the server was refused." [
            "api/sign_in: the_window_is_one_step_either_way_to_the_second"
            "faults/codes: a_clock_may_be_off_by_less_than_a_step_in_either_direction"
        ]
        F135 TOTP "A clock that is always off was refused each time." [] - "no clock offset is learnt; a clock that is off is said"
        F136 TIME "A change of summer time moved the end of a lock." [
            "server/domain/src/time: moments_are_told_in_utc_across_leap_years_and_centuries"
        ]
        F138 EXISTENCE "Letters that fold onto others got the mail of somebody else." [
            "api/password: addresses_that_merely_look_alike_are_mailed_nothing"
            "faults/existence: letters_that_fold_onto_others_find_nobody"
        ]
        F141 NEW_PASSWORDS "A password of any length reached the hash." [
            "api/bad_input: more_than_16_kib_is_refused_before_it_costs_a_hash"
            "api/password: a_password_that_cannot_be_taken_leaves_the_link_good_and_costs_no_hash"
            "api/sign_up: what_is_no_password_or_no_link_costs_no_hash_and_no_try"
            "faults/new_passwords: a_new_password_is_estimated_in_the_slots_and_only_while_a_try_is_left"
            "faults/texts: a_password_that_is_too_long_is_never_hashed"
            "faults/texts: no_text_of_any_function_is_longer_than_it_can_be"
            "faults/wire: a_body_in_pieces_is_measured_as_it_comes"
        ]
        F143 TEXTS "A NUL in a text was a fault of the server." [
            "faults/texts: no_text_of_any_function_takes_a_control_character"
            "faults/texts: what_is_no_text_is_no_call"
            "seeds/main: every_seed_keeps_the_rules_of_its_parser"
        ]
        F144 FORMS "Recovery codes could be neither saved nor printed." [
            "end2end/faults: recovery codes can be copied, saved and printed"
            "end2end/the-whole-story: from the printed link to two-factor authentication and back"
        ]
        F145 FORMS "Recovery codes were shown once without a word, and the second step did not name them." [
            "end2end/sign-in: losing both says whom to ask"
            "end2end/two-factor: closing on the recovery codes asks once"
        ]
        F146 UPGRADE "An upgrade removed the second factors of everybody." [
            "api/upgraded: everybody_signs_in_after_the_upgrade_as_before"
            "keeping/upgrade: who_had_two_factor_authentication_before_an_upgrade_is_asked_for_it_afterwards"
        ]
        F147 FACTOR_KEPT "An upgrade switched the second factor off, and the password was enough." [
            "api/restart: without_its_keys_the_server_does_not_start"
        ]
        F149 KEYS "The key of the secrets was that of the sessions, or random in each process." [
            "api/restart: without_its_keys_the_server_does_not_start"
            "keeping/keys: check_names_the_key_that_is_missing_or_wrong"
        ]
        F151 BACKUP "A backup that was restored lacked the key." [
            "keeping/backup: a_backup_under_load_comes_back_as_a_server_that_asks_for_the_code"
            "keeping/restore: nothing_that_was_open_in_a_backup_is_open_after_it_is_restored"
            "keeping/unfit: a_restore_wants_the_right_keys_an_empty_folder_and_no_server"
        ]
        F152 REPLICAS "Enabling wrote one table, and signing in read another." [
            "end2end/the-whole-story: from the printed link to two-factor authentication and back"
            "faults/enrolment: many_users_enrol_and_sign_in_at_once"
        ]
        F153 UPGRADE "A repair broke recovery codes and trusted browsers." [
            "api/upgraded: everybody_signs_in_after_the_upgrade_as_before"
            "api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"
            "end2end/the-whole-story: from the printed link to two-factor authentication and back"
            "keeping/upgrade: who_had_two_factor_authentication_before_an_upgrade_is_asked_for_it_afterwards"
            "api/trusted_browsers: it_outlives_a_restart_and_a_stronger_hash_of_the_same_password"
        ]
        F155 WHOLE "Repairs were of one door." [
            "faults/sequences: the_rules_hold_in_every_order"
            "faults/register: a_door_that_is_added_enters_every_rule_of_its_kind"
        ]
    }
}
