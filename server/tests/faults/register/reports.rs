//! Reports of operators and users of such programs that were reproduced here.

use crate::register::entry::faults;
use crate::register::rules::accounts::INVITATIONS;
use crate::register::rules::browsers::TRUST;
use crate::register::rules::codes::CODE_SPELLING;
use crate::register::rules::mailbox::{ADDRESS, LETTERS};
use crate::register::rules::operation::{COMMANDS, DATABASE, GUARD, SETTINGS, TIME};
use crate::register::rules::passwords::PASSWORDS_COUNTED;
use crate::register::rules::sessions::{COOKIES, ENDS};
use crate::register::rules::web::{CLIENT, FORMS, ORIGIN, PAGES, SECRETS};

faults! {
    /// By numbers of our own.
    FROM_THE_FIELD {
        R1 PAGES "Without WebAssembly, or with a file of the front end missing, pages said nothing." []
            ! "the page that loads does not yet notice that it cannot"
        R2 PAGES "A tab of one user acted as another who had signed in since." []
            ! "calls do not yet say for which user their page was drawn"
        R3 COOKIES "A cookie of others with a byte beyond ASCII kept a person out for ever." [
            "api/front_door: a_cookie_of_others_that_is_no_text_keeps_nobody_out"
            "server/src/http/cookies: a_foreign_cookie_that_is_no_text_hides_none_of_ours"
        ]
        R4 CLIENT "A proxy wrote address and port, and all its clients were one." [
            "api/front_door: a_client_has_its_own_limits_however_the_proxy_writes_its_address"
        ]
        R5 LETTERS "A sentence in place of a browser's name stood in our mails, as did links in names." [
            "faults/letters: every_letter_keeps_what_its_line_says"
            "server/domain/src/foreign_words: nothing_typed_stays_a_link"
            "api/mail_budgets: an_invitation_quotes_names_and_leaves_addresses_out"
        ]
        R6 ADDRESS "A filter that opened the mailed link confirmed a new address." [
            "api/profile: the_link_counts_for_the_user_who_asked_and_for_nobody_else"
            "end2end/profile: a new address counts once its user confirms it, by a button"
        ]
        R7 SETTINGS "A password in the address of the database was printed where it could not be read." [
            "api/check_config: a_start_with_a_database_url_that_cannot_be_read_says_nothing_of_it"
            "server/storage/src/postgres_url: a_password_that_is_not_encoded_is_refused_and_nothing_of_it_is_said"
            "server/storage/src/postgres_url: only_known_parameters_are_passed_on"
            "server/settings/src/sources: everything_that_is_wrong_is_given_at_once_and_no_secret_with_it"
        ]
        R8 DATABASE "After a failover the former primary, read-only, was never left." [
            "replicas/failover: a_failover_whose_old_primary_lives_on_read_only_costs_no_restart"
            "replicas/database: a_database_that_is_read_only_refuses_for_now_and_loses_nothing"
        ]
        R9 INVITATIONS "An invitation outlived the right of whoever had sent it." [
            "api/team/rank: who_loses_rank_has_invited_for_nothing_and_the_answer_says_how_many"
            "api/team/rank: who_is_disabled_or_deleted_has_invited_for_nothing"
            "api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"
            "api/team/shut_out: who_is_shut_out_brings_nobody_in"
            "api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"
            "server/domain/src/ends: what_ends_the_offers_of_a_user_ends_the_invitations_that_they_sent"
        ]
        R10 SETTINGS "The variables that Kubernetes makes for a Service named twofold stopped the start." [
            "api/check_config: what_kubernetes_sets_is_said_and_stops_nothing"
            "server/settings/src/kubernetes: what_kubernetes_makes_is_told_from_what_somebody_meant"
        ]
        R11 GUARD "Refused sign-ins left no line for anybody who guards the door." [
            "api/refusal_log: every_refused_sign_in_is_a_line_with_the_clients_address_and_the_user_where_there_is_one"
            "api/refusal_log: a_wrong_code_and_a_wrong_password_in_a_session_are_lines_too"
            "api/refusal_log: a_spent_limit_is_one_line_however_often_it_is_met_and_so_again_in_the_next_window"
            "api/refusal_log: requests_from_elsewhere_are_lines_and_a_flood_of_them_is_counted"
            "faults/refused_secrets: every_door_that_takes_a_secret_is_walked"
            "faults/refused_secrets: every_secret_that_a_step_up_refuses_is_a_line"
            "faults/refused_secrets: a_wrong_password_is_a_line_at_the_other_doors_of_a_step_up_and_where_it_ends_the_session"
            "faults/refused_secrets: a_refused_code_from_the_mailbox_is_a_line"
            "faults/refused_secrets: every_secret_that_a_sign_in_refuses_is_a_line"
            "faults/refused_secrets: every_secret_beside_a_link_and_of_an_enrolment_is_a_line"
        ]
        R12 FORMS "The pages of links that set a password had no user name for password managers." []
            ! "these pages do not yet carry the address"
        R13 TIME "A clock that is off by whole hours was not told from a wrong code." [
            "server/domain/src/totp: a_zone_that_was_set_by_hand_is_found_at_whole_and_half_hours"
            "api/two_factor: a_code_of_another_time_says_whose_clock_is_off_and_by_how_much"
        ]
        R14 CODE_SPELLING "A recovery code that was pasted with a full stop or a number in front was refused." [
            "app/src/types/recovery_code: what_stands_around_a_pasted_code_does_not_matter"
        ]
        R15 SETTINGS "A public address in another spelling than browsers use refused every request." [
            "server/settings/src/public_url: an_address_is_spelled_as_browsers_spell_it"
            "server/settings/src/public_url: what_is_no_origin_is_refused"
        ]
        R16 DATABASE "A PostgreSQL database of another encoding than UTF-8 was taken, and names were faults for ever." [
            "replicas/start: a_database_that_cannot_keep_every_character_is_refused"
        ]
        R17 SETTINGS "A data folder with a question mark or a percent sign in its name could not be opened." [
            "api/places: a_data_folder_may_have_any_name"
        ]
        R18 DATABASE "TLS that the database does not have was waited for." [
            "replicas/start: tls_that_the_server_does_not_have_is_said_at_once"
        ]
        R19 DATABASE "A pool larger than the database allows was said wrongly, and wasted its connections." [
            "replicas/start: fewer_connections_than_are_set_are_used_where_there_are_fewer"
        ]
        R20 SETTINGS "Secrets in the spellings of other products were not imported." [
            "server/domain/src/totp/import: every_way_to_write_a_user_down_says_the_same"
        ]
        R21 ORIGIN "A foreign origin was taken beside a header that says same-origin." [
            "api/front_door: an_origin_that_is_not_ours_is_refused_whatever_stands_beside_it"
        ]
        R22 TRUST "Removing a trusted browser left the session that its copy had opened." [
            "api/trusted_browsers: removing_it_ends_the_sessions_that_it_or_its_copy_opened"
        ]
        R23 DATABASE "Two servers on an empty database printed two links for the set-up, one of them dead." [
            "replicas/start: two_servers_on_an_empty_database_show_the_same_set_up_link"
        ]
        R24 ENDS "A sign-in that waits for its code outlived the pause of the factor." [
            "faults/pauses: sign_ins_that_wait_end_with_the_pause"
            "faults/pauses: a_sign_in_in_the_own_browser_ends_with_its_own_pause"
        ]
        R25 PASSWORDS_COUNTED "Right passwords at once left tries of their address spent." [
            "api/guessing: twenty_right_passwords_at_once_from_new_browsers_all_pass_and_count_nowhere"
        ]
        R26 TIME "Limits and pauses under a clock that was set back were not as documented." [
            "faults/clock: a_pause_lasts_longer_by_the_step_of_the_clock_and_by_a_day_at_most"
            "server/domain/src/attempts: a_clock_set_back_lengthens_a_pause_by_the_step_and_by_a_day_at_most"
            "faults/limits: a_clock_set_back_gives_no_second_budget_and_lengthens_none_by_more_than_the_step"
            "faults/limits: what_was_counted_in_a_future_that_was_taken_back_shuts_nobody_out"
        ]
        R27 SECRETS "The password of a request stays in a buffer of the HTTP library that is free already." []
            ! "it is not wiped, which is said under what is not promised"
        R28 LETTERS "The last line of every mail had product and address the wrong way round." [
            "api/mail: the_last_line_says_what_sent_the_mail_and_where_that_is"
        ]
        R29 PAGES "A tab showed the sign-in page when a step-up in another one renewed the session." [
            "end2end/sessions: a request that meets the renewal of the session in another tab is asked again"
        ]
        R30 COMMANDS "Commands without their settings made an empty database and answered for it." [
            "api/places: no_command_makes_a_database_to_answer_for_it"
            "server/settings/src/sources: the_packages_file_is_read_where_nothing_else_is_named"
        ]
        R31 COMMANDS "A restore in place ran under servers at work." [
            "replicas/in_place: a_database_that_servers_use_is_settled_only_by_force"
            "replicas/in_place: a_server_of_an_earlier_version_counts_too"
        ]
        R32 GUARD "Alerts missed the first events, since their series did not exist." [
            "api/metrics: every_outcome_and_every_fault_has_its_series_from_the_start"
            "api/metrics/docs: the_alerts_ask_only_for_metrics_that_there_are"
        ]
        R33 SETTINGS "A misspelt level silenced the log." [
            "server/settings/src/log_level: a_word_that_is_no_level_is_refused_by_name"
        ]
        R34 GUARD "Lines of the log were not all JSON, or not flat." [
            "server/src/cli/log/json: every_line_is_one_flat_object"
        ]
        R35 DATABASE "A full disk was invisible to the readiness probe." [
            "faults/machine: a_full_disk_loses_nothing_and_heals"
        ]
        R36 SETTINGS "What is wrong with the settings was said one round after the other, without reasons." [
            "api/check_config: everything_that_is_wrong_is_said_in_one_pass_with_its_reason"
        ]
        R37 COMMANDS "The Debian package could not be installed." []
            ! "`make deb` installs, upgrades, removes and purges it by dpkg itself, which no test of the tree runs"
    }
}
