//! Faults that others had: codes, guessing, and the second factor avoided by another door.

use crate::register::entry::faults;
use crate::register::rules::browsers::TRUST;
use crate::register::rules::codes::{CODE_ONCE, CODE_SPELLING, CODES_COUNTED, SMS};
use crate::register::rules::factors::{FACTOR_KEPT, FIRST_FACTOR};
use crate::register::rules::mailbox::LINKS;
use crate::register::rules::operation::REPLICAS;
use crate::register::rules::passwords::{NOT_SHUT_OUT, PASSWORDS_COUNTED};
use crate::register::rules::sessions::{GATE, MOMENT, WAYS_IN};
use crate::register::rules::web::CLIENT;

faults! {
    /// Codes, guessing, and the second factor avoided by another door.
    OF_CODES {
        F01 CODE_ONCE "A used code was not spent, and after the first repair it was good once more in the next step." [
            "api/sign_in: the_code_of_the_next_step_signs_in_and_never_again"
            "faults/clock: a_clock_set_back_takes_no_code_twice_and_shuts_nobody_out"
            "faults/replay: what_signed_in_is_refused_at_every_door"
        ]
        F02 CODE_SPELLING "The same code with a blank was a new code, and its guesses were counted elsewhere." [
            "api/sign_in: a_code_is_one_code_in_every_spelling"
            "faults/replay: what_signed_in_is_refused_at_every_door"
            "api/sign_in: more_than_a_code_counts_as_a_guess_and_less_counts_nowhere"
        ]
        F03 CODE_ONCE "Checking and spending a code were two steps, and a second door did not check at all." [
            "api/parallel: fifty_uses_of_one_code_make_one_session_and_lock_nobody_out"
            "faults/replay: one_code_at_two_doors_at_once_opens_one"
            "faults/replay: what_signed_in_is_refused_at_every_door"
            "faults/replay: what_was_given_as_proof_does_not_sign_in"
            "faults/spent_codes: a_code_stays_spent_though_the_act_is_refused"
            "replicas/once: fifty_uses_of_one_code_over_two_servers_make_one_session"
        ]
        F04 CODE_ONCE "A code was good for its whole window, since nothing of it was stored." [
            "api/restart: a_restart_between_password_and_code_loses_nothing_and_used_codes_stay_used"
            "crash/workload: nothing_acknowledged_is_lost_and_nothing_is_taken_twice"
            "faults/clock: a_clock_set_back_takes_no_code_twice_and_shuts_nobody_out"
            "faults/replay: a_code_is_spent_for_its_whole_window_and_on_the_disk"
        ]
        F05 CODE_ONCE "The code that finished an enrolment signed in too." [
            "api/sign_in: the_code_of_the_next_step_signs_in_and_never_again"
            "faults/replay: the_code_of_an_enrolment_is_spent_at_every_door"
        ]
        F08 CODE_ONCE "One recovery code made several sessions at once." [
            "api/parallel: fifty_uses_of_one_recovery_code_make_one_session"
            "faults/replay: what_was_given_as_proof_does_not_sign_in"
            "replicas/once: fifty_uses_of_one_code_over_two_servers_make_one_session"
        ]
        F09 CODE_ONCE "A recovery code was never struck off." [
            "api/sign_in: a_recovery_code_signs_in_once_and_is_mailed"
            "faults/replay: what_signed_in_is_refused_at_every_door"
            "faults/spent_codes: a_code_stays_spent_though_the_act_is_refused"
        ]
        F11 CODES_COUNTED "A challenge went on after its end, made several sessions, and gave more tries in parallel." [
            "api/parallel: twenty_finishes_of_one_pending_sign_in_make_one_session"
            "api/parallel: twenty_wrong_codes_at_once_are_at_most_five_guesses"
            "api/sign_in: a_pending_sign_in_is_over_after_ten_minutes"
        ]
        F12 LINKS "A link that sets a password worked more than once." [
            "api/password: ten_uses_of_one_link_at_once_set_one_password"
            "api/sign_up: ten_uses_of_one_link_at_once_make_one_user"
        ]
        F13 CODE_ONCE "That a code was used was known for one period, or to one process." [
            "faults/clock: a_clock_set_back_takes_no_code_twice_and_shuts_nobody_out"
            "faults/replay: a_code_is_spent_for_its_whole_window_and_on_the_disk"
            "faults/replay: one_code_at_two_doors_at_once_opens_one"
            "faults/replay: what_signed_in_is_refused_at_every_door"
            "faults/replay: what_was_given_as_proof_does_not_sign_in"
            "replicas/once: fifty_uses_of_one_code_over_two_servers_make_one_session"
            "server/domain/src/totp: a_used_code_and_every_older_one_is_refused"
        ]
        F15 CODES_COUNTED "Nothing limited guesses at the second step." [
            "faults/availability: many_wrong_codes_at_once_in_the_own_browser_are_ten"
            "faults/availability: what_strangers_have_closed_takes_a_right_code_once_a_minute_in_the_own_browser"
            "api/sign_in: five_wrong_codes_end_the_pending_sign_in"
            "faults/guessing: wrong_codes_at_all_doors_are_one_count"
        ]
        F16 CODES_COUNTED "Wrong passwords locked, wrong codes did not." [
            "api/sign_in: wrong_codes_count_over_all_pending_sign_ins_and_factors_and_pause_the_user"
            "faults/guessing: wrong_codes_at_all_doors_are_one_count"
        ]
        F17 CODES_COUNTED "Each new challenge gave new tries." [
            "api/sign_in: wrong_codes_count_over_all_pending_sign_ins_and_factors_and_pause_the_user"
            "faults/guessing: wrong_codes_at_all_doors_are_one_count"
        ]
        F18 PASSWORDS_COUNTED "Guesses in parallel beat the counter." [
            "faults/availability: many_wrong_codes_at_once_in_the_own_browser_are_ten"
            "api/guessing: of_two_hundred_guesses_at_once_over_many_addresses_ten_are_looked_at"
            "api/parallel: twenty_wrong_codes_at_once_are_at_most_five_guesses"
            "api/parallel: two_hundred_wrong_codes_over_many_sign_ins_are_at_most_ten_guesses"
            "faults/guessing: many_passwords_at_once_inside_a_session_are_ten_guesses"
            "faults/replay: one_code_at_two_doors_at_once_opens_one"
        ]
        F19 CODES_COUNTED "The failure was counted in the transaction that it rolled back." [
            "faults/enrolment: ten_wrong_codes_pause_also_after_a_restart"
        ]
        F20 PASSWORDS_COUNTED "Each name of one user had a count of its own." [
            "api/guessing: spellings_of_an_address_share_one_count"
            "faults/existence: letters_that_fold_onto_others_find_nobody"
        ]
        F21 PASSWORDS_COUNTED "Upper case made another count." [
            "api/guessing: spellings_of_an_address_share_one_count"
            "api/password: an_address_is_mailed_three_links_in_a_quarter_of_an_hour_in_whatever_case"
            "faults/existence: letters_that_fold_onto_others_find_nobody"
        ]
        F24 MOMENT "Another door ignored the lock, and a flow begun before it went on." [
            "end2end/sign-in: ten wrong codes elsewhere end a sign-in there and none in the own browser"
            "faults/pauses: a_sign_in_in_the_own_browser_ends_with_its_own_pause"
            "faults/pauses: sign_ins_that_wait_end_with_the_pause"
            "faults/availability: every_door_knows_the_browser_that_has_given_the_factor"
            "faults/availability: strangers_do_not_pause_a_browser_that_has_given_the_factor"
            "api/offered_reset: wrong_passwords_count_with_those_at_the_sign_in_and_ten_end_the_link"
            "faults/guessing: wrong_codes_at_all_doors_are_one_count"
            "faults/meanwhile: an_act_is_done_by_the_rights_of_its_moment"
        ]
        F25 NOT_SHUT_OUT "Anybody could shut anybody out by wrong passwords." [
            "end2end/sign-in: ten wrong codes elsewhere end a sign-in there and none in the own browser"
            "api/sms: codes_are_sent_for_the_own_browser_whatever_strangers_have_paused"
            "replicas/flows: the_count_of_a_browser_is_one_at_either_server"
            "faults/availability: a_reset_by_the_mailbox_ends_the_pause_and_keeps_the_count"
            "faults/availability: what_strangers_have_closed_takes_a_right_code_once_a_minute_in_the_own_browser"
            "faults/availability: every_door_knows_the_browser_that_has_given_the_factor"
            "faults/availability: strangers_do_not_pause_a_browser_that_has_given_the_factor"
            "api/guessing: a_browser_that_has_signed_in_is_not_slowed_by_strangers"
            "faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"
        ]
        F29 CODES_COUNTED "Each server counted for itself." [
            "replicas/flows: the_count_of_a_browser_is_one_at_either_server"
            "replicas/flows: wrong_codes_and_passwords_at_either_server_are_one_count"
        ]
        F30 CODES_COUNTED "Disabling and new recovery codes had no limit on guesses." [
            "faults/guessing: ten_passwords_at_the_doors_of_a_first_factor_end_the_session"
            "faults/availability: a_copied_cookie_is_worth_twenty_codes"
            "faults/availability: every_door_knows_the_browser_that_has_given_the_factor"
            "api/two_factor: guessing_at_the_code_inside_a_session_pauses_the_factor"
            "api/two_factor: guessing_at_the_password_inside_a_session_ends_it_and_is_mailed"
            "faults/guessing: a_right_password_inside_a_session_is_no_guess"
            "faults/guessing: many_passwords_at_once_inside_a_session_are_ten_guesses"
            "faults/guessing: wrong_codes_at_all_doors_are_one_count"
        ]
        F31 GATE "Protections were missing in the newer interface." [
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
        ]
        F32 CLIENT "A header of the client chose under which address it was counted." [
            "api/guessing: the_address_is_the_peers_unless_a_trusted_proxy_says_otherwise"
            "faults/guessing: an_address_in_a_header_gets_no_new_budget"
        ]
        F34 SMS "Codes by SMS were sent without limit." [
            "api/sms/limits: of_fifty_sends_three_go_out_and_the_wait_is_said"
            "end2end/sms: too many sends are refused with the wait, and the newest code still signs in"
        ]
        F35 LINKS "Setting a password by mail signed in without the second factor." [
            "api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"
        ]
        F37 GATE "The password in a header opened the interface." [
            "faults/gate_matrix: credentials_in_a_header_open_nothing"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
        ]
        F38 GATE "A side door did not know the second factor." [
            "api/ways_to_sign_in: half_a_sign_in_opens_nothing_but_what_finishes_it"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
            "faults/gate_matrix: half_a_session_reaches_nothing_that_a_session_reaches"
        ]
        F40 GATE "Half a sign-in was enough at another door." [
            "faults/gate_matrix: half_a_session_reaches_nothing_that_a_session_reaches"
        ]
        F41 WAYS_IN "A sign-in by another site skipped the second factor." [] - "no sign-in by other sites"
        F42 GATE "A session after the password alone counted as whole." [
            "api/sign_in: with_two_factor_authentication_the_password_opens_nothing"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
        ]
        F43 GATE "A second address of the application led past the second step." [
            "end2end/sign-in: a pending sign-in opens nothing"
            "faults/paths: another_spelling_of_an_address_is_not_there"
        ]
        F45 TRUST "A trusted browser outlived another password, another factor and a recovery code." [
            "faults/availability: a_browser_that_gave_the_factor_of_before_has_no_count_of_its_own"
            "api/trusted_browsers: a_recovery_code_as_proof_and_new_ones_end_it_and_are_told"
            "api/trusted_browsers: a_recovery_code_ends_it_everywhere_and_trusts_nothing"
            "api/trusted_browsers: a_reset_ends_it_and_a_new_factor_does_not_bring_it_back"
            "api/trusted_browsers: another_app_ends_it"
            "api/trusted_browsers: another_password_ends_it"
            "api/trusted_browsers: thirty_days_end_it_though_it_is_used"
            "api/trusted_browsers: removing_it_ends_the_sessions_that_it_or_its_copy_opened"
        ]
        F46 CODE_SPELLING "A wrong comparison took any code." [
            "faults/guessing: no_number_but_the_code_is_the_code"
        ]
        F51 FACTOR_KEPT "A secret that could not be read meant that no code was asked for." [
            "api/restart: a_secret_that_cannot_be_read_lets_nobody_in_by_the_password_alone"
            "faults/factor_rows: a_factor_that_was_changed_in_the_database_refuses_its_user"
        ]
        F52 FIRST_FACTOR "Who had the password of somebody without a factor enrolled one of their own." [
            "api/team/first_factor: whom_a_code_reaches_gets_it_and_whom_none_reaches_is_let_in"
            "api/first_factor: a_stolen_password_enrols_no_app_and_opens_no_account_that_requires_one"
            "api/first_factor: a_stolen_password_enrols_no_number"
            "api/first_factor: after_a_reset_each_sign_in_takes_the_link_until_a_factor_is_on"
            "api/first_factor/address: a_stolen_password_gives_the_user_no_other_mailbox"
            "faults/proofs: a_stolen_password_alone_changes_nothing_that_a_first_factor_rests_on"
        ]
        F55 WAYS_IN "Some ways to sign in were not covered by the second factor." [
            "api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"
        ]
        F56 MOMENT "A user who was disabled still got in by another door." [
            "api/operator: a_disabled_user_is_out_at_once_everywhere_and_in_again_when_enabled"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
            "faults/meanwhile: a_file_breaks_off_when_the_right_to_it_ends"
            "faults/meanwhile: an_act_is_not_done_for_a_session_that_is_over"
        ]
        F58 REPLICAS "Another server did not know that the second factor was on." [
            "replicas/flows: enrolled_at_one_server_is_asked_at_the_other_at_once"
        ]
    }
}
