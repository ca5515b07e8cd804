//! Acts that give rights, and who is told of them.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{AskForCode, StepUp};

pub(crate) const RANK_GIVEN: Rule = Rule {
    name: "giving rank takes a proof",
    says: "Rank is given with a proof, is mailed to the owner, and ends with the right of whoever gave it while it is on the way.",
    doors: &[],
    walks: &[(
        AskForCode,
        "faults/step_up: no_door_opens_without_a_proof_of_ones_own",
    )],
    each: &[
        (
            "team/invite",
            By("api/team/rank: a_stolen_session_gives_no_rank"),
        ),
        (
            "team/resend-invitation",
            By("api/team/rank: a_stolen_session_gives_no_rank"),
        ),
        (
            "team/change-roles",
            By("api/team/rank: a_stolen_session_gives_no_rank"),
        ),
        (
            "invitation/accept",
            By("api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"),
        ),
        (
            "invitation/join",
            By("api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"),
        ),
        (
            "letter RankOffered",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
        (
            "letter RankGiven",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
        (
            "letter RankJoined",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
    ],
};

pub(crate) const TOLD: Rule = Rule {
    name: "every change is told",
    says: "Who is concerned gets a mail of each sensitive act, at the address in use, and the owner of an account of each rank and each weaker \
           setting; the session says where it began and where it was used last.",
    doors: &[StepUp],
    walks: &[],
    each: &[
        (
            "two-factor/begin",
            Beside("nothing is changed until it is confirmed"),
        ),
        (
            "two-factor/begin-sms",
            Beside("nothing is changed until it is confirmed"),
        ),
        (
            "two-factor/confirm",
            By("api/two_factor: a_right_code_turns_it_on_ends_other_sessions_and_tells_the_user"),
        ),
        ("two-factor/mail-code", Beside("it is a mail")),
        (
            "sessions/forget-browser",
            By("api/sessions: known_browsers_are_listed_and_forgotten_by_their_user_alone"),
        ),
        (
            "two-factor/decline",
            By("api/first_factor: a_link_is_due_no_more_for_who_says_that_they_want_no_factor"),
        ),
        (
            "two-factor/disable",
            By(
                "api/two_factor: disabling_takes_the_password_alone_while_the_second_factor_is_fresh",
            ),
        ),
        (
            "two-factor/new-recovery-codes",
            By("api/two_factor: new_recovery_codes_kill_the_old_set_in_the_same_moment"),
        ),
        (
            "account/delete",
            By(
                "api/team/deletion: a_deleted_account_is_shut_at_once_and_its_members_read_by_whom_and_until_when",
            ),
        ),
        (
            "accounts/restore",
            By(
                "api/team/deletion: a_restored_account_has_its_users_roles_and_requirement_as_they_were",
            ),
        ),
        (
            "team/offer-transfer",
            By(
                "api/team/transfer: an_account_is_offered_and_changes_hands_only_when_it_is_accepted",
            ),
        ),
        (
            "team/accept-transfer",
            By(
                "api/team/transfer: an_account_is_offered_and_changes_hands_only_when_it_is_accepted",
            ),
        ),
        (
            "team/offer-reset",
            By("api/team/reset: an_offer_changes_nothing_and_mails_a_link"),
        ),
        (
            "team/let-in",
            By(
                "api/offered_reset/other_accounts: owner_and_administrators_let_in_with_a_step_up_and_nobody_themselves",
            ),
        ),
        (
            "team/copy-invitation-link",
            By("api/invitation/handed: nobody_hands_over_what_they_could_not_send"),
        ),
        (
            "team/allow-first-factor",
            By(
                "api/team/first_factor: the_owner_lets_a_new_user_in_for_the_next_browser_and_half_an_hour",
            ),
        ),
        (
            "team/invite",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
        (
            "team/change-roles",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
        (
            "invitation/accept",
            By("api/team/rank: the_owner_is_mailed_of_every_rank_that_is_given_also_by_the_owner"),
        ),
        (
            "account/save-settings",
            By(
                "api/authentication_settings/weaker: a_stolen_session_makes_nothing_weaker_and_the_owner_is_mailed_whoever_does",
            ),
        ),
        (
            "password/change",
            By("api/password: changing_gives_this_session_a_new_token_and_ends_the_others"),
        ),
        (
            "password/reset",
            By("api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"),
        ),
        (
            "profile/change-email",
            By("api/profile: a_new_address_counts_once_its_link_is_opened_and_both_are_told"),
        ),
        (
            "profile/delete",
            By("api/profile: deleting_takes_the_password_and_removes_what_nobody_else_uses"),
        ),
        (
            "sign-in/password",
            By(
                "api/sessions: a_sign_in_from_another_browser_is_listed_and_mailed_and_the_first_one_is_not",
            ),
        ),
    ],
};
