//! Faults found by our own audit: between functions rather than in one of them.

use crate::register::entry::faults;
use crate::register::rules::accounts::{INVITATIONS, OVER_ACCOUNTS, OWNER, REQUIREMENT, WEAKER};
use crate::register::rules::acts::{RANK_GIVEN, TOLD};
use crate::register::rules::browsers::{KNOWN_BROWSERS, TRUST};
use crate::register::rules::codes::CODES_COUNTED;
use crate::register::rules::factors::{FACTOR_IN_SETS, FACTOR_KEPT, FIRST_FACTOR};
use crate::register::rules::mailbox::{ADDRESS, LETTERS, LINKS, MAIL_BUDGETS};
use crate::register::rules::operation::{COMMANDS, GROWTH, KEYS, LOCAL, SETTINGS};
use crate::register::rules::passwords::{
    EXISTENCE, LIMITS, NEW_PASSWORDS, NOT_SHUT_OUT, PASSWORDS_COUNTED,
};
use crate::register::rules::sessions::{ENDS, MOMENT};
use crate::register::rules::web::{CLIENT, MARKUP, SECRETS};

faults! {
    /// By numbers of our own.
    OWN_AUDIT {
        A1 FIRST_FACTOR "The first factor was enrolled on the password alone, and a reset protected one sign-in only." [
            "api/first_factor: a_stolen_password_enrols_no_app_and_opens_no_account_that_requires_one"
            "api/first_factor: a_stolen_password_enrols_no_number"
            "api/first_factor: after_a_reset_each_sign_in_takes_the_link_until_a_factor_is_on"
            "api/first_factor/address: a_stolen_password_gives_the_user_no_other_mailbox"
            "faults/proofs: a_stolen_password_alone_changes_nothing_that_a_first_factor_rests_on"
            "api/first_factor: a_factor_after_one_that_was_disabled_takes_the_proof_again"
            "api/first_factor: being_known_by_the_password_alone_is_not_enough_however_long"
        ]
        A2 NOT_SHUT_OUT "A stranger kept a user out of every new browser, and used up the mail with the way in; newcomers could be kept from signing up." [
            "faults/shut_out: a_person_gets_in_from_a_new_browser_whatever_strangers_do"
            "faults/shut_out: guessing_at_a_password_is_told_once_a_day"
            "api/mail_budgets: a_network_that_has_not_asked_today_always_gets_a_mail"
            "api/sign_up: a_stranger_does_not_keep_a_newcomer_from_signing_up"
        ]
        A3 OVER_ACCOUNTS "Whoever shared any account with a user could take their second factor away everywhere." [
            "api/offered_reset: a_throw_away_account_takes_nobodys_factor_away"
            "api/offered_reset: the_link_alone_changes_nothing_and_says_whose_it_is"
            "api/team/reset: a_day_has_three_offers_of_an_account_and_six_of_all_but_always_one_of_each"
        ]
        A4 MAIL_BUDGETS "The product's mails went to anybody without end, with the words of strangers." [
            "faults/letters: every_letter_keeps_what_its_line_says"
            "api/mail_budgets: invitations_to_one_mailbox_are_bounded_over_all_accounts_and_wait"
            "api/mail_budgets: a_user_creates_ten_accounts_a_day"
            "api/mail_budgets: an_invitation_quotes_names_and_leaves_addresses_out"
            "api/announcements: a_day_that_moves_back_and_forth_mails_once_a_day_with_the_newest"
            "api/team/rank: roles_changed_back_and_forth_mail_ten_times_a_day_and_no_oftener"
        ]
        A5 RANK_GIVEN "A stolen session made a lasting administrator, and a removed one came back." [
            "api/team/rank: a_stolen_session_gives_no_rank"
            "api/team/rank: giving_rank_asks_for_a_code_where_the_second_factor_is_not_fresh"
            "api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"
            "api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"
        ]
        A6 WEAKER "The requirement was put off and weakened with the session alone." [
            "api/authentication_settings/weaker: a_stolen_session_makes_nothing_weaker_and_the_owner_is_mailed_whoever_does"
            "api/authentication_settings/weaker: a_requirement_that_holds_is_put_off_by_no_save"
            "server/domain/src/enforcement: whatever_lets_one_more_in_is_weaker_for_every_pair_of_settings"
        ]
        A7 NEW_PASSWORDS "Refused requests of strangers were estimated on the threads that answer, before any limit." [
            "faults/new_passwords: a_new_password_is_estimated_in_the_slots_and_only_while_a_try_is_left"
            "faults/new_passwords: estimates_beyond_the_queue_are_refused"
            "architecture: new_passwords_are_estimated_and_hashed_in_one_place"
        ] ! "how long other answers take beside them is measured by hand, not by a test"
        A8 SECRETS "Phone numbers could be guessed from the database alone." [
            "api/sms: the_database_shows_neither_number_nor_code"
            "api/first_factor/codes: what_is_kept_of_a_code_takes_the_keys_to_guess_at"
            "faults/secrets_at_rest: what_is_stored_does_not_say_which_number_or_code_it_is_of"
            "api/trusted_browsers: a_browser_that_was_trusted_before_an_upgrade_stays_trusted_and_its_digest_goes"
        ]
        A9 ADDRESS "An address became that of somebody else's user by a link that was only opened." [
            "api/profile: the_link_counts_for_the_user_who_asked_and_for_nobody_else"
            "api/profile: a_pending_change_blocks_nobody"
            "end2end/profile: a new address counts once its user confirms it, by a button"
        ]
        A10 MOMENT "The file of an account's log went on after session and user had ended." [
            "faults/meanwhile: a_file_breaks_off_when_the_right_to_it_ends"
        ]
        A11 EXISTENCE "The mail worker told by its work who has a user." [
            "faults/shut_out: a_letter_to_nobody_is_as_long_as_any_other_and_is_thrown_away"
            "faults/times: forgetting_a_password_takes_as_long_for_every_address"
            "faults/times: signing_up_takes_as_long_for_every_address"
            "faults/times: changing_the_address_takes_as_long_for_every_address"
        ] ! "a mail server takes now longer, now shorter, and while it refuses, letters to somebody are tried again: who sees the database at work can time that"
        A12 GROWTH "One user wrote a log without end." [
            "faults/budgets: every_act_that_writes_is_budgeted"
            "faults/budgets: right_sign_ins_and_accounts_are_bounded"
            "faults/budgets: an_unfinished_sign_in_writes_few_lines"
            "faults/budgets: codes_refused_unseen_add_no_lines"
            "faults/budgets: each_session_has_acts_of_its_own"
            "faults/growth: whoever_signs_in_again_and_again_adds_no_lines_without_end"
            "faults/growth: a_thief_of_the_password_uses_up_nothing_that_a_proven_browser_needs"
            "faults/growth: sign_ins_with_a_code_are_used_up_by_codes_alone"
            "faults/growth: a_new_password_by_mail_is_a_way_in_whatever_a_thief_of_the_old_one_has_used_up"
            "api/retention: lines_go_after_their_days_in_steps_and_what_is_shown_stays"
            "api/retention: a_database_that_an_earlier_version_began_keeps_all_until_it_is_set"
            "api/retention: a_clock_that_is_years_ahead_for_hours_takes_nothing_from_the_log"
        ]
        A13 LOCAL "Database and outbox were readable by every user of the machine." [
            "api/lifecycle: what_the_server_writes_is_its_owners_alone"
            "server/files/src/private_files: folders_and_files_are_the_owners_alone"
            "server/files/src/private_files: what_others_can_read_is_found"
        ]
        A14 CODES_COUNTED "Ten wrong codes of whoever had the password paused the user's own browser and recovery codes too." [
            "faults/availability: strangers_do_not_pause_a_browser_that_has_given_the_factor"
            "faults/availability: every_door_knows_the_browser_that_has_given_the_factor"
            "faults/availability: what_strangers_have_closed_takes_a_right_code_once_a_minute_in_the_own_browser"
            "faults/availability: a_reset_by_the_mailbox_ends_the_pause_and_keeps_the_count"
            "faults/availability: a_closed_factor_is_told_once_in_each_closing_and_mailed_once_a_day"
            "api/sms: codes_are_sent_for_the_own_browser_whatever_strangers_have_paused"
        ]
        A15 KNOWN_BROWSERS "The cookie by which a browser is known outlived every reset and could not be seen." [
            "api/sessions: known_browsers_are_listed_and_forgotten_by_their_user_alone"
            "api/sessions: known_browsers_are_forgotten_with_what_they_were_known_by"
            "api/sessions: a_new_address_forgets_the_other_known_browsers"
        ]
        A16 TRUST "A session that trust had opened joined an account that forbids trust." [
            "api/trusted_browsers: joining_an_account_that_forbids_it_ends_what_it_opened"
        ]
        A17 FACTOR_KEPT "Who could write to the database ended the second factor by removing its row." [
            "faults/factor_rows: a_factor_that_was_changed_in_the_database_refuses_its_user"
            "faults/factor_rows: a_factor_that_was_put_into_the_database_refuses_its_user"
            "faults/factor_rows: every_door_that_makes_a_user_binds_the_empty_set"
            "faults/factor_rows: a_server_of_the_version_before_may_change_factors_while_it_lives"
        ]
        A18 KEYS "For keys that are lost there was neither a command nor a word." [
            "keeping/lost_keys: lost_keys_end_the_factors_under_them_by_one_command_that_asks_first"
        ]
        A19 FACTOR_IN_SETS "Of two new sets of recovery codes at once both were shown, and one was dead." [
            "api/two_factor: of_several_new_sets_at_once_only_the_one_that_counts_is_shown"
        ]
        A20 PASSWORDS_COUNTED "Of twenty right passwords at once some read as wrong." [
            "api/guessing: twenty_right_passwords_at_once_from_new_browsers_all_pass_and_count_nowhere"
            "api/guessing: right_passwords_are_right_while_the_stored_hash_is_renewed"
            "api/guessing: a_flood_of_guesses_at_an_address_leaves_its_known_browsers_alone_and_ends_in_answers"
            "server/service/src/sign_in/turns: nobody_waits_long_whoever_stands_before_them"
            "faults/step_up: twenty_right_proofs_at_once_in_one_session_all_pass_and_count_nowhere"
        ]
        A21 CLIENT "An address with a port behind a proxy was counted as the proxy's." [
            "server/src/http/client_address: an_address_is_read_as_proxies_write_it"
            "api/front_door: a_client_has_its_own_limits_however_the_proxy_writes_its_address"
            "api/front_door: a_trusted_proxy_that_is_not_understood_is_told_once_and_one_that_is_not_trusted_never"
        ]
        A22 LIMITS "The limit on openings and acceptances of invitations counted neither." [
            "api/invitation: openings_and_joins_of_a_client_are_one_count"
            "faults/limits: each_limit_lets_so_many_through_in_its_window_and_counts_nobody_else"
            "faults/limits: every_limit_that_can_be_set_has_a_line"
        ]
        A23 GROWTH "Connections were bounded by descriptors alone." [
            "api/connections: connections_that_send_nothing_shut_nobody_out_and_leave_the_operator_alone"
            "api/connections: idle_connections_give_way_in_the_order_in_which_they_became_idle"
            "api/connections: a_request_under_way_goes_before_who_comes"
            "server/src/http/capacity: the_scarcer_of_memory_and_descriptors_decides"
        ]
        A24 LINKS "The link of the set-up had no end." [
            "api/setup: the_link_ends_after_a_day_and_a_start_makes_a_new_one"
        ]
        A25 TOLD "A session that was used from elsewhere left no trace." [
            "api/sessions: a_session_says_where_it_began_and_where_it_was_used_last"
        ]
        A26 OWNER "An account was given to somebody who had not been asked." [
            "api/team/transfer: an_account_is_offered_and_changes_hands_only_when_it_is_accepted"
            "api/team/transfer: accepting_takes_the_step_up_and_a_code_stays_spent_though_it_is_refused"
        ]
        A27 SETTINGS "Ways without TLS to mail and database were taken in silence, HSTS spoke for every neighbour, sign-ins outlived a pause, and limits were dodged with a network of IPv6." [
            "api/places: mail_without_tls_is_refused_where_the_database_is_new_and_told_where_it_is_not"
            "server/settings/src/protection: mail_is_protected_by_tls_that_is_required_or_by_staying_here"
            "server/storage/src/postgres_url: a_way_on_which_somebody_could_read_along_is_told_from_one_without"
            "api/session: cookies_are_strict_and_out_of_reach_and_secure_behind_https"
            "api/guessing: networks_of_one_site_share_a_budget"
            "faults/pauses: sign_ins_that_wait_end_with_the_pause"
        ]
        A28 MARKUP "Formulas in full-width signs passed into files of CSV." [
            "server/domain/src/csv: cells_are_quoted_where_they_must_and_never_formulas"
        ]
        A39 KEYS "One user's row that named another key stopped the next start of the whole server, and the check of the settings did not say so." [
            "api/restart: a_value_under_a_key_that_never_was_stops_no_start_and_refuses_its_user_alone"
            "keeping/keys: a_row_that_names_another_key_is_told_before_and_at_the_start_and_stops_neither_it_nor_a_backup"
        ]
        A44 KEYS "A rotation and the dropping of a key believed the name of a key in a row: a value whose name had been edited was left behind, and its key was taken away." [
            "faults/named_keys: a_name_that_was_edited_leaves_no_value_under_a_key_that_goes"
            "faults/named_keys: a_key_that_a_value_needs_is_not_dropped_whatever_its_row_names"
            "faults/named_keys: an_invented_name_refuses_nobody_and_is_written_anew"
            "faults/named_keys: a_rotation_says_whose_tag_is_missing"
            "faults/named_keys: every_table_that_names_keys_is_walked"
        ]
        A40 FACTOR_KEPT "A word in one user's row that was none of ours was a fault for that user and for the lists of others, and stopped the commands that help." [
            "faults/edited_words: every_column_with_text_holds_words_or_text"
            "faults/edited_words: a_word_that_is_none_of_ours_stops_nothing_but_its_row"
            "faults/edited_words: a_factor_of_no_kind_of_ours_refuses_its_user_alone_and_is_reset"
        ]
        A41 FIRST_FACTOR "A set-up that had begun by an owner's word was finished after that had ended." [
            "api/team/first_factor: a_set_up_that_has_begun_ends_with_it"
            "api/first_factor: an_enrolment_whose_ground_has_gone_becomes_no_factor"
            "server/domain/src/first_factor: what_an_enrolment_began_with_is_asked_for_again_where_it_is_finished"
        ]
        A42 MAIL_BUDGETS "A mailbox had as many budgets as somebody wrote tags into its address." [
            "api/mail_budgets: an_address_with_a_tag_is_the_same_mailbox_and_another_user"
            "server/domain/src/counted_mailbox: what_stands_from_the_first_plus_on_makes_no_other_mailbox"
        ]
        A43 LETTERS "A letter that waited was sent although its invitation, offer, link or code was withdrawn meanwhile." [
            "api/withdrawn_letters: a_letter_that_waits_is_not_sent_once_what_it_leads_to_is_gone"
            "faults/letters: every_letter_keeps_what_its_line_says"
            "faults/letters/unproven: each_letter_with_a_link_or_a_code_says_what_it_does_there"
        ]
        A45 INVITATIONS "An administrator whom a thief had invited in somebody's name joined after the password was set anew, and after a reset of the second factor." [
            "api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"
            "api/invitation/thief: what_was_ended_is_sent_again_by_one_call"
            "server/domain/src/ends: the_table_of_what_ends_when"
        ]
        A46 OVER_ACCOUNTS "Who had offered a reset from one account opened the other, which stays shut for a day after it, by themselves." [
            "api/offered_reset/own_offer: who_offered_the_reset_lets_nobody_in_and_another_administrator_does"
            "api/offered_reset/own_offer: nor_does_whoever_owns_or_owned_the_account_that_offered_it"
            "api/offered_reset/own_offer: an_administrator_opens_to_no_other_administrator"
        ]
        A47 INVITATIONS "Who was shut out of an account by its requirement still brought others into it, and gave it away, by what they had offered before." [
            "api/team/shut_out: an_owner_who_is_shut_out_gives_no_account_away_and_takes_the_offer_back"
            "api/team/shut_out: who_is_shut_out_brings_nobody_in"
            "api/team/shut_out: who_is_shut_out_lets_nobody_set_up_a_first_factor"
            "api/offered_reset/ends: who_is_shut_out_offers_no_reset"
            "api/offered_reset/ends: another_rank_of_either_ends_it_for_good"
        ]
        A48 ENDS "An account that somebody had offered in its owner's name was accepted after the owner had ended all other sessions." [
            "api/invitation/thief: an_account_that_a_thief_has_offered_stays_once_the_owner_ends_their_session"
            "server/domain/src/ends: what_ends_the_invitations_that_a_user_sent_ends_the_offers_that_they_made"
        ]
        A49 OWNER "Who had the session and password of an owner removed the others and deleted the profile, and the account was gone without its week." [
            "api/profile: the_account_of_who_deletes_their_profile_can_be_brought_back"
        ]
        A50 OVER_ACCOUNTS "Who was kept out of an account for a day after a reset left it, was invited again and was in." [
            "api/offered_reset/other_accounts: leaving_and_coming_again_opens_nothing_sooner"
        ]
        A51 NOT_SHUT_OUT "One mail that was slow to hand over, or a thousand that tell of a requirement, held up links and codes until they were over." [
            "api/mail: a_mail_that_is_slow_to_hand_over_holds_up_no_other"
            "api/mail: what_leads_somewhere_goes_before_what_only_tells"
            "server/src/delivery/usual: a_domain_has_its_own_usual_time_and_an_unknown_one_that_of_most_domains"
        ]
        A52 FIRST_FACTOR "Words of others in a letter made a mail server refuse it, and the mailbox counted as one that no code reaches." [
            "api/mail: a_refusal_that_may_be_about_the_content_is_believed_of_our_own_words_alone"
            "server/src/delivery/refused: a_refusal_is_about_the_mailbox_or_about_the_mail"
        ]
        A53 OVER_ACCOUNTS "The list of an account showed when a member had last worked in another one." [
            "api/team/list: last_active_is_of_the_account_and_not_of_what_a_member_does_elsewhere"
        ]
        A54 TOLD "Who deleted their profile while an account of theirs was deleted for a week left no line in its log, which was silent about them when it came back." [
            "api/team/deletion: who_deletes_their_profile_in_the_week_of_a_deleted_account_has_left_it_by_its_log"
        ]
        A55 TOLD "A person with twenty namesakes was not found in an account's log, and a misspelt filter handed out the whole of it as a file." [
            "api/account_log: people_with_many_namesakes_are_found_by_name_by_address_and_by_the_id_of_the_files"
            "api/account_log: a_file_is_refused_where_its_address_has_a_parameter_that_is_none_of_ours"
        ]
        A56 GROWTH "A function that was declared to read only wrote, and no test would have seen another." [
            "faults/reads: what_is_declared_a_read_writes_nothing_but_that_its_caller_is_there"
            "faults/reads: entering_one_account_after_another_writes_over_when_each_was_used"
            "faults/reads: what_anyone_may_read_writes_nothing"
        ]
        A57 COMMANDS "A command promised a disabled user that they could go on, and somebody whose client address waited that they could try again." [
            "api/operator: whoever_is_disabled_is_not_let_set_up_a_first_factor"
            "api/operator: a_client_address_that_waits_is_told_of_and_lifted_where_it_is_named"
            "api/operator: unlocking_lifts_the_pause_of_a_browser_that_is_known_to_the_user"
            "api/operator_accounts: commands_say_that_a_user_is_disabled_and_that_a_client_address_waits"
        ]
        A58 NOT_SHUT_OUT "One row that could not be read kept all mail back, or all that is told to many, or all accounts that were to be erased." [
            "api/unreadable_rows: a_row_of_the_mail_queue_that_cannot_be_read_is_set_aside_and_the_others_go_out"
            "api/unreadable_rows: an_announcement_or_notice_that_cannot_be_written_keeps_no_other_back"
            "api/unreadable_rows: a_deleted_account_that_cannot_be_read_keeps_no_other_from_being_erased"
        ]
        A59 SETTINGS "The check of the settings took an address of another machine, a folder in which nothing can be made, and keys in the place of the database." [
            "api/preflight: settings_that_stop_a_start_are_errors_of_the_check"
            "api/preflight: places_that_stop_a_start_are_errors_of_the_check"
        ]
        A60 EXISTENCE "What was mailed to somebody who has a user went after a mail that was asked for later, and what was mailed to anybody else before it." [
            "api/mail: what_a_door_sends_is_due_alike_whoever_has_the_address"
            "faults/letters: what_one_door_sends_for_an_address_goes_in_one_order"
        ]
        A61 OVER_ACCOUNTS "An account read from which address and browser its users changed their password or address and deleted their profile elsewhere." [
            "api/account_log: what_a_user_does_elsewhere_is_in_the_log_of_their_account_without_its_place"
            "api/account_log: a_change_of_a_factor_is_a_line_of_each_account_without_its_place_and_one_of_the_users_own"
        ]
        A62 REQUIREMENT "Who belonged to an account that was deleted and restored was not reminded of the day from which it requires a second factor, and was shut out on it." [
            "api/team/deletion: a_restored_account_reminds_of_its_day_and_its_letter_names_it"
            "api/team/deletion: whose_day_has_come_meanwhile_are_told_that_they_are_shut_out"
            "server/domain/src/announcements: reminders_come_a_week_and_a_day_before_as_far_as_that_is_ahead"
        ]
        A63 EXISTENCE "Who had mail sent to a domain of their own that was slow made mails to nobody slower than those to users." [
            "api/mail: a_mail_to_nobody_takes_as_long_as_one_to_the_domain_that_was_asked_for"
            "server/src/delivery/usual: a_domain_has_its_own_usual_time_and_an_unknown_one_that_of_most_domains"
            "server/src/delivery/usual: the_domain_that_had_no_mail_for_longest_is_forgotten_first"
        ]
        A64 GROWTH "Where all places were taken, an answer on its way was broken off for whoever came, and a request was done and not answered." [
            "server/src/http/serve: an_answer_on_its_way_is_sent_to_its_end"
            "server/src/http/room: a_request_that_has_come_meanwhile_is_answered"
            "server/src/http/room: only_who_hardly_takes_an_answer_gives_way_in_the_middle_of_it"
            "server/src/http/room: who_waits_is_let_in_once_one_has_become_too_slow"
        ]
        A29 ADDRESS "Who had only the password of a user without a factor changed the address, and proved that one." [
            "api/first_factor/address: a_stolen_password_gives_the_user_no_other_mailbox"
            "api/first_factor/address: another_address_takes_a_code_from_the_mailbox_in_use_that_is_good_for_nothing_else"
            "api/first_factor/address: a_correction_ends_when_the_address_in_use_is_proven"
            "faults/proofs: a_stolen_password_alone_changes_nothing_that_a_first_factor_rests_on"
        ]
        A30 INVITATIONS "An invitation to an address that a stranger's user had, unproven, let nobody in but the stranger." [
            "api/invitation/unproven: the_reader_of_the_mailbox_gets_in_though_the_password_is_a_strangers"
            "api/invitation/unproven: who_has_the_user_and_the_mailbox_proves_the_address_and_joins_with_that_user"
            "api/invitation/unproven: of_two_who_claim_by_one_link_one_joins"
            "api/invitation/unproven: the_letter_and_the_answer_are_those_of_any_address"
            "api/invitation/unproven: a_proven_address_is_its_users"
        ]
        A31 KNOWN_BROWSERS "Who signed in as themselves with a copied cookie had more guesses at another user of the browser, or made them unknown in it." [
            "api/sessions/shared_browser: signing_in_as_oneself_gives_a_copied_cookie_no_more_guesses"
            "api/sessions/shared_browser: another_token_of_a_browser_changes_nothing_of_what_it_is_counted_by"
            "api/sessions/shared_browser: what_one_user_does_leaves_the_browser_known_to_another"
            "api/sessions/shared_browser: users_who_share_a_browser_are_known_in_it_by_turns"
            "api/sessions/shared_browser: a_browser_stays_known_to_the_eight_users_who_signed_in_last"
            "api/sessions/shared_browser: a_list_that_is_too_long_is_no_cookie"
        ]
        A32 LETTERS "A letter could go to an address that its user had lost, and names of an account stood whole in subjects to who had left it." [
            "faults/letters/lost: no_letter_of_any_kind_goes_to_an_address_that_its_user_has_lost"
            "faults/letters: every_letter_keeps_what_its_line_says"
        ]
        A33 SETTINGS "Names and texts of settings took control characters, code points without a character, and what shows nothing." [
            "server/settings/src/sources: no_text_of_a_setting_is_one_that_no_name_could_be"
            "faults/texts: no_name_of_any_function_holds_what_is_no_text"
            "app/src/types/name: what_unicode_assigns_no_character_to_is_refused"
            "app/src/types/name: names_that_people_have_pass_whole"
        ]
        A34 ADDRESS "Whoever read the mailbox of an address that its user had never proven set the user's password and had the user." [
            "api/unproven: no_link_that_sets_a_password_is_mailed_there_and_a_letter_says_why"
            "api/unproven/redeemed: what_gives_a_right_over_the_user_asks_again_where_it_is_used"
            "api/unproven: the_operator_says_that_the_address_is_the_users_and_a_link_is_mailed"
            "api/unproven: no_reset_is_offered_there"
            "faults/letters/unproven: each_letter_with_a_link_or_a_code_says_what_it_does_there"
            "faults/letters/unproven: what_gives_a_right_over_the_user_is_not_sent_there"
        ]
        A35 LETTERS "Letters to an address that nobody had proven held its user's own words, and no budget bounded them." [
            "faults/letters/unproven: no_letter_there_holds_words_of_others_or_greets_by_name"
            "faults/letters/unproven: letters_to_a_user_there_are_counted"
        ]
        A36 ADDRESS "A change to an address that another user had never proven was answered as sent and led nowhere, and its letter named the other." [
            "api/lost_address/doors: an_address_that_its_user_has_never_proven_is_won_at_every_door"
            "api/lost_address/doors: a_proven_address_is_got_at_no_door"
            "api/lost_address/doors: the_letter_and_the_answer_of_a_change_are_those_of_any_address"
        ]
        A37 MOMENT "A page that was drawn for one user did what was typed there as another, who had signed in in another tab." [
            "faults/drawn_for: nothing_is_done_for_a_page_that_was_drawn_for_another_user"
        ]
        A38 MARKUP "Formulas after a semicolon passed into files of CSV, which spreadsheets of many countries divide there." [
            "server/domain/src/csv: cells_are_quoted_where_they_must_and_never_formulas"
        ]
    }
}
