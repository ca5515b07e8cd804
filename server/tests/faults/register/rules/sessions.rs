//! Sessions, browsers that are known or trusted, and acts that take a proof.

use crate::register::entry::Rule;
use crate::register::entry::Tried::By;
use crate::register::program::List::{
    AskForCode, EndingSessions, Files, Functions, Occasions, ShortLived,
};

pub(crate) const GATE: Rule = Rule::walked(
    "every door states its level",
    "A door that is not in the gate's table is not there; a session that is half, over, of a disabled user or not enrolled gets no further than \
     the level of the door, whatever it sends besides.",
    &[Functions, Files],
    &[
        (
            Functions,
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says",
        ),
        (
            Files,
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says",
        ),
        (
            Functions,
            "faults/gate_matrix: half_a_session_reaches_nothing_that_a_session_reaches",
        ),
        (
            Functions,
            "faults/gate_matrix: credentials_in_a_header_open_nothing",
        ),
    ],
);

pub(crate) const WAYS_IN: Rule = Rule {
    name: "every way to sign in is known",
    says: "A table says what each way to sign in opens with the second factor off, by app and by SMS; where it is on, the password alone opens \
           nothing on any server.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "sign-in/password",
            By("api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"),
        ),
        (
            "sign-in/code",
            By("api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"),
        ),
        (
            "sign-in/send-code",
            By("api/ways_to_sign_in: half_a_sign_in_opens_nothing_but_what_finishes_it"),
        ),
        (
            "sign-in/recovery-code",
            By("api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"),
        ),
        (
            "sign-in/link",
            By("api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"),
        ),
        (
            "password/reset",
            By("api/ways_to_sign_in: every_way_does_what_the_table_in_the_documentation_says"),
        ),
    ],
};

pub(crate) const PROOF: Rule = Rule::walked(
    "each act states its proof",
    "Each door says what it asks for besides the session, and why where that is nothing; a session alone changes no right but those of that \
     table, and a proof is of the user, fresh, and of a session that still is.",
    &[Functions, Files],
    &[
        (Functions, "faults/proofs: every_act_states_its_proof"),
        (Files, "faults/proofs: every_act_states_its_proof"),
        (
            Functions,
            "faults/proofs: a_stolen_session_alone_changes_no_right_but_those_of_the_table",
        ),
        (
            AskForCode,
            "faults/step_up: no_door_opens_without_a_proof_of_ones_own",
        ),
        (
            AskForCode,
            "faults/step_up: a_second_factor_is_fresh_for_a_quarter_of_an_hour",
        ),
    ],
);

pub(crate) const MOMENT: Rule = Rule::walked(
    "an act is done by the rights of its moment",
    "What was begun under a session, a role, a requirement or an account that has ended since is not done, and a file breaks off.",
    &[Functions, Files],
    &[
        (
            Functions,
            "faults/meanwhile: an_act_is_done_by_the_rights_of_its_moment",
        ),
        (
            Functions,
            "faults/meanwhile: an_act_is_not_done_for_a_session_that_is_over",
        ),
        (
            Files,
            "faults/meanwhile: a_file_breaks_off_when_the_right_to_it_ends",
        ),
    ],
);

pub(crate) const ENDS: Rule = Rule {
    name: "what ends when is one table",
    says: "Every row that does not last is in one table with the occasions that end it; a new table or column with an end or a token is in it, \
           and who is shut out keeps nothing of what leads in.",
    doors: &[ShortLived, Occasions],
    walks: &[
        (
            ShortLived,
            "api/schema: what_the_table_names_is_in_the_schema",
        ),
        (
            ShortLived,
            "api/schema: nothing_of_a_user_outlives_being_shut_out",
        ),
        (
            Occasions,
            "server/domain/src/ends: the_table_of_what_ends_when",
        ),
    ],
    each: &[],
};

pub(crate) const SESSIONS_END: Rule = Rule {
    name: "a change of rights ends other sessions",
    says: "Every change of factor, password or address gives the session another token and ends the others; tokens of before and those \
           that a browser brings open nothing.",
    doors: &[EndingSessions],
    walks: &[],
    each: &[
        (
            "occasion FactorOn",
            By("faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"),
        ),
        (
            "occasion FactorReplaced",
            By("faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"),
        ),
        (
            "occasion FactorRemoved",
            By("api/passkeys/adding: a_key_is_removed_while_another_factor_remains"),
        ),
        (
            "occasion FactorOff",
            By("faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"),
        ),
        (
            "occasion PasswordChanged",
            By("faults/sessions: a_change_of_rights_leaves_one_session_with_a_new_token"),
        ),
        (
            "occasion FactorReset",
            By("api/operator: a_reset_removes_factor_codes_and_sessions_and_tells_the_user"),
        ),
        (
            "occasion PasswordReset",
            By("api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"),
        ),
        (
            "occasion AddressChanged",
            By("api/profile: a_new_address_counts_once_its_link_is_opened_and_both_are_told"),
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
            "occasion SignedOut",
            By("faults/sessions: no_token_of_before_opens_anything"),
        ),
        (
            "occasion SessionEnded",
            By("api/sessions: a_session_is_ended_by_its_user_alone"),
        ),
        (
            "occasion OtherSessionsEnded",
            By("api/sessions: ending_the_others_leaves_this_one_and_those_of_other_users"),
        ),
        (
            "occasion TrustRemoved",
            By("api/trusted_browsers: removing_it_ends_the_sessions_that_it_or_its_copy_opened"),
        ),
        (
            "occasion TrustForbidden",
            By("api/trusted_browsers: joining_an_account_that_forbids_it_ends_what_it_opened"),
        ),
        (
            "occasion Restored",
            By("keeping/restore: nothing_that_was_open_in_a_backup_is_open_after_it_is_restored"),
        ),
        (
            "occasion ClockSetBack",
            By("faults/clock: what_was_made_in_a_future_that_was_taken_back_is_gone"),
        ),
    ],
};

pub(crate) const COOKIES: Rule = Rule::inside(
    "cookies are ours and strict",
    "Cookies are HttpOnly, SameSite=Strict and for our host and path alone, Secure and __Host- where the public address is https \
     whatever a request says; a foreign pair beside them changes nothing.",
);
