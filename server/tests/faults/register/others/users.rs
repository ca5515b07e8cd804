//! Faults that others had: setting up, sessions, accounts and invitations.

use crate::register::entry::faults;
use crate::register::rules::accounts::{IDS, INVITATIONS, OWNER, RANK, REQUIREMENT, WEAKER};
use crate::register::rules::codes::{SMS, TOTP};
use crate::register::rules::factors::{ENROLMENT, FACTOR_IN_SETS};
use crate::register::rules::mailbox::{ADDRESS, LINKS};
use crate::register::rules::operation::REPLICAS;
use crate::register::rules::sessions::{COOKIES, PROOF, SESSIONS_END};
use crate::register::rules::web::{PAGES, SECRETS};

faults! {
    /// Setting up, sessions, accounts and invitations.
    OF_USERS {
        F59 ENROLMENT "The second factor was on before a code was proven, and shut its user out." [
            "end2end/two-factor: a reload in the middle leaves it off and starts again"
            "faults/enrolment: an_enrolment_that_is_left_leaves_it_off"
        ]
        F60 ENROLMENT "Beginning a new set-up replaced the factor in use." [
            "api/two_factor: the_old_app_works_until_the_new_one_is_proven_and_then_never"
            "faults/enrolment: an_enrolment_that_is_left_leaves_it_off"
        ]
        F62 ENROLMENT "Two tabs set up two secrets, and the wrong one was stored." [
            "api/two_factor: a_second_tab_overtakes_the_first_and_the_first_hears_of_it"
            "end2end/two-factor: a tab that was overtaken says so and its key is worth nothing"
        ]
        F63 PROOF "The session alone turned the second factor on or off." [
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
            "faults/proofs: a_stolen_session_alone_changes_no_right_but_those_of_the_table"
            "faults/proofs: every_act_states_its_proof"
            "faults/step_up: a_second_factor_is_fresh_for_a_quarter_of_an_hour"
            "faults/step_up: a_proof_is_worth_nothing_to_an_act_once_it_is_about_something_else"
            "faults/step_up: an_act_of_a_session_that_ends_meanwhile_is_not_done"
            "faults/step_up: no_door_opens_without_a_proof_of_ones_own"
        ]
        F65 IDS "Users listed and removed the factors of others by their ids." [
            "faults/foreign_ids: a_file_of_others_is_not_there"
            "faults/foreign_ids: an_id_of_others_is_as_good_as_none_at_every_function"
        ]
        F66 RANK "An administrator reset the factor of somebody of their own rank or above." [
            "api/team/first_factor: nobody_but_the_owner_lets_anybody_in_and_nobody_themselves"
            "api/offered_reset: a_throw_away_account_takes_nobodys_factor_away"
            "api/team/reset: an_offer_changes_nothing_and_mails_a_link"
            "api/team/reset: nobody_offers_a_reset_to_their_own_rank_or_above"
            "api/team/roles: nobody_touches_their_own_rank_or_above_or_gives_more_than_they_have"
        ]
        F67 SECRETS "Administrators could read hashes and secrets." [
            "faults/secrets_at_rest: the_log_holds_no_secret"
            "faults/secrets_at_rest: what_the_database_keeps_holds_no_secret"
            "faults/secrets: keys_are_long_and_all_different"
            "faults/secrets: no_answer_holds_a_secret_that_was_made_before"
        ]
        F69 SECRETS "The QR code was drawn by somebody else, who learned the secret." [
            "end2end/faults: nothing leaves our address while two-factor authentication is set up"
            "end2end/qr-code: the QR code can be scanned ${name}, and the key beside it says the same"
        ]
        F71 SECRETS "The secret could be read after it was set up." [
            "api/two_factor: no_answer_holds_the_secret_after_the_enrolment"
            "end2end/faults: the key is gone from page, storage, history and answers once it is proven"
            "faults/secrets_at_rest: what_the_database_keeps_holds_no_secret"
            "faults/secrets: no_answer_holds_a_secret_that_was_made_before"
            "faults/secrets: only_the_beginning_of_an_enrolment_shows_a_key"
        ]
        F72 SMS "The phone was still good for recovery after the factor was off." [
            "api/sms: disabling_takes_a_code_and_removes_number_codes_and_trust"
            "api/sms: a_reset_removes_the_number"
        ]
        F73 TOTP "Secrets were shorter than they have to be." [
            "faults/secrets: keys_are_long_and_all_different"
        ]
        F74 TOTP "A code was compared in a time that tells how much of it is right." [
            "faults/times: a_code_that_is_nearly_right_is_refused_as_fast_as_any"
        ]
        F75 ADDRESS "Somebody with another's address, not proven, took it from its owner." [
            "api/profile: the_link_counts_for_the_user_who_asked_and_for_nobody_else"
            "api/sign_up: the_password_that_a_stranger_chose_becomes_nobody_elses"
            "faults/enrolment: an_address_that_is_not_proven_cannot_turn_it_on"
        ]
        F77 FACTOR_IN_SETS "The last recovery code was used up without a word." [
            "api/sign_in: a_recovery_code_signs_in_once_and_is_mailed"
        ]
        F78 SESSIONS_END "Turning the second factor on left other sessions alive." [
            "api/two_factor: a_right_code_turns_it_on_ends_other_sessions_and_tells_the_user"
            "faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"
        ]
        F79 SESSIONS_END "Sessions outlived another password." [
            "api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"
            "api/password: changing_gives_this_session_a_new_token_and_ends_the_others"
            "faults/meanwhile: a_file_breaks_off_when_the_right_to_it_ends"
            "faults/meanwhile: an_act_is_not_done_for_a_session_that_is_over"
            "faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"
            "faults/step_up: a_proof_is_worth_nothing_to_an_act_once_it_is_about_something_else"
            "faults/step_up: an_act_of_a_session_that_ends_meanwhile_is_not_done"
        ]
        F80 SESSIONS_END "Signing out removed the cookie and not the session." [
            "api/session: a_page_left_open_keeps_no_session_alive"
            "faults/sessions: no_token_of_before_opens_anything"
        ]
        F81 SESSIONS_END "A session kept its id over signing in, or took one that was given." [
            "api/session: a_session_id_set_before_signing_in_is_not_taken_over"
            "api/sign_in: the_token_changes_at_every_step_up_in_rights"
            "faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"
            "faults/sessions: a_code_as_proof_gives_the_session_another_token"
            "faults/sessions: no_token_of_before_opens_anything"
        ]
        F85 REPLICAS "That the code was right was known to one process, and asked again by the next." [
            "replicas/flows: a_life_with_two_factor_authentication_goes_on_whichever_server_answers"
        ]
        F86 REPLICAS "Many enrolments at once ended the process." [
            "faults/enrolment: many_users_enrol_and_sign_in_at_once"
        ]
        F87 REPLICAS "A restart lost what was pending." [
            "api/restart: a_restart_between_password_and_code_loses_nothing_and_used_codes_stay_used"
            "api/restart: a_restart_between_scan_and_code_loses_nothing"
            "crash/workload: nothing_acknowledged_is_lost_and_nothing_is_taken_twice"
        ]
        F88 COOKIES "Behind a proxy that ends TLS, cookies were not Secure." [
            "api/session: cookies_are_strict_and_out_of_reach_and_secure_behind_https"
            "faults/sessions: every_cookie_of_an_https_site_is_secure_whatever_the_request_says"
        ]
        F91 REQUIREMENT "The requirement was asked by the pages alone." [
            "api/requirement: every_address_of_the_account_is_shut_and_opens_in_the_moment_two_factor_is_on"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
            "faults/meanwhile: a_file_breaks_off_when_the_right_to_it_ends"
            "faults/meanwhile: an_act_is_done_by_the_rights_of_its_moment"
        ]
        F92 REQUIREMENT "Tokens were given to users whom the requirement shuts out." [] - "no tokens of an interface"
        F93 REQUIREMENT "The requirement was forgotten when a factor was removed, at signing in and at joining." [
            "api/invitation: the_requirement_waits_until_somebody_joins_and_then_leads_to_set_up"
            "api/requirement: who_turns_their_own_factor_off_is_shut_out_at_once"
            "api/two_factor: disabling_removes_everything_that_belongs_to_the_factor"
        ]
        F94 WEAKER "An administrator without a factor required it and was shut out, of the set-up too." [
            "api/authentication_settings: an_owner_without_two_factor_cannot_require_it"
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says"
        ]
        F96 PAGES "The requirement was an address of the page, which could be left." [
            "end2end/member: every address of the account asks, Escape and Back do not get past it, other pages are free"
            "end2end/member: offline and online, a new tab and Back still ask, and typed text stays"
        ]
        F97 OWNER "The last owner could be demoted." [
            "api/profile: an_owner_of_an_account_that_others_use_stays"
            "api/team/roles: the_owner_can_neither_leave_nor_be_removed_nor_be_demoted"
            "faults/meanwhile: an_act_is_done_by_the_rights_of_its_moment"
        ]
        F100 INVITATIONS "Role or account of an invitation could be changed by who used it." [
            "api/invitation: nothing_beside_the_token_changes_what_it_is_for"
            "faults/texts: no_function_takes_a_field_that_it_does_not_know"
        ]
        F101 INVITATIONS "Whoever held the link accepted the invitation, or an address that was not proven did." [
            "api/invitation: a_link_is_for_one_proven_address_whoever_holds_it"
            "api/profile: the_link_counts_for_the_user_who_asked_and_for_nobody_else"
        ]
        F102 LINKS "Accepting an invitation answered with what takes the user over." [
            "api/invitation: a_new_user_joins_with_name_and_password_and_is_not_signed_in_by_it"
        ]
        F105 INVITATIONS "Two acceptances at once passed a limit." [
            "api/team/parallel: ten_accepts_and_joins_of_one_invitation_make_one_membership"
            "api/team/parallel: ten_invitations_for_one_address_at_once_leave_one"
        ]
    }
}
