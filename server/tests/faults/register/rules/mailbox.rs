//! Mailed links, addresses and letters.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{Letters, LettersToTyped, Taking};

pub(crate) const LINKS: Rule = Rule {
    name: "a link is good once and signs nobody in",
    says: "The token of a link is good once, in time, for its purpose and its address, and opens no session by itself: the password is asked for, \
           and the second factor where it is on.",
    doors: &[Taking(&["token"])],
    walks: &[],
    each: &[
        (
            "setup/link",
            By("api/setup: the_link_ends_after_a_day_and_a_start_makes_a_new_one"),
        ),
        (
            "setup/create",
            By("api/setup: the_link_of_the_first_start_makes_the_first_user_once"),
        ),
        (
            "sign-in/link",
            By("api/sign_in_link: the_link_belongs_to_the_browser_that_gave_the_password"),
        ),
        (
            "sign-up/open",
            By("api/sign_up: opening_a_link_says_which_address_it_is_for_and_changes_nothing"),
        ),
        (
            "sign-up/finish",
            By("api/sign_up: a_mailed_link_and_the_password_make_the_user_once_and_sign_nobody_in"),
        ),
        (
            "reset/open",
            By("api/offered_reset: the_link_alone_changes_nothing_and_says_whose_it_is"),
        ),
        (
            "reset/confirm",
            By("api/offered_reset: ten_confirmations_at_once_are_one"),
        ),
        (
            "invitation/open",
            By(
                "api/invitation: a_link_is_dead_after_seven_days_when_sent_again_replaced_or_revoked",
            ),
        ),
        (
            "invitation/accept",
            By("api/team/parallel: ten_accepts_and_joins_of_one_invitation_make_one_membership"),
        ),
        (
            "invitation/join",
            By(
                "api/invitation: a_new_user_joins_with_name_and_password_and_is_not_signed_in_by_it",
            ),
        ),
        (
            "password/open",
            By("api/password: opening_a_link_says_whose_password_it_sets_and_changes_nothing"),
        ),
        (
            "password/reset",
            By("api/password: a_link_sets_the_password_ends_everything_and_signs_nobody_in"),
        ),
        (
            "profile/confirm-email",
            By(
                "api/profile: the_link_is_over_after_a_day_with_a_newer_one_and_with_another_password",
            ),
        ),
    ],
};

pub(crate) const ADDRESS: Rule = Rule {
    name: "an address takes its mailbox and its user",
    says: "An address counts for who has proven its mailbox and is the one that asked: signed in or with the password of the form, by a button \
           and never by opening a link.",
    doors: &[Taking(&["token"])],
    walks: &[],
    each: &[
        (
            "profile/confirm-email",
            By("api/profile: the_link_counts_for_the_user_who_asked_and_for_nobody_else"),
        ),
        (
            "sign-up/finish",
            By("api/sign_up: the_password_that_a_stranger_chose_becomes_nobody_elses"),
        ),
        (
            "invitation/accept",
            By("api/invitation: a_link_is_for_one_proven_address_whoever_holds_it"),
        ),
        (
            "invitation/join",
            By("api/invitation: nothing_beside_the_token_changes_what_it_is_for"),
        ),
        (
            "reset/confirm",
            By("api/offered_reset: beside_somebody_elses_session_nothing_is_confirmed"),
        ),
        (
            "sign-in/link",
            By("api/sign_in_link: the_link_belongs_to_the_browser_that_gave_the_password"),
        ),
        (
            "password/reset",
            By(
                "api/first_factor/proven: a_password_set_by_mail_proves_the_mailbox_and_changing_it_in_a_session_does_not",
            ),
        ),
        (
            "setup/create",
            By("api/first_factor/proven: the_link_of_the_set_up_proves_the_mailbox"),
        ),
        ("setup/link", Beside("it only reads")),
        ("invitation/open", Beside("it only reads")),
        ("reset/open", Beside("it only reads")),
        ("password/open", Beside("it only reads")),
        ("sign-up/open", Beside("it only reads")),
        (
            "two-factor/begin",
            By("faults/enrolment: an_address_that_is_not_proven_cannot_turn_it_on"),
        ),
        (
            "two-factor/begin-sms",
            By("api/sms/numbers: an_address_that_is_not_verified_sets_up_nothing"),
        ),
    ],
};

pub(crate) const LETTERS: Rule = Rule::walked(
    "what a mail says is ours",
    "Each letter states who can cause it, to whom it goes, which words of others it holds and which budget it takes: browsers by a \
     word of ours, names to strangers cut and quoted, never as a link and never in a subject.",
    &[Letters],
    &[(
        Letters,
        "faults/letters: every_letter_keeps_what_its_line_says",
    )],
);

pub(crate) const MAIL_BUDGETS: Rule = Rule {
    name: "what a mailbox gets is bounded",
    says: "What strangers and members can have sent to a mailbox is bounded for the mailbox over all senders, and for who causes it; letters \
           about the own factor, password and address are not held up by it.",
    doors: &[LettersToTyped],
    walks: &[(
        LettersToTyped,
        "faults/letters: every_letter_keeps_what_its_line_says",
    )],
    each: &[
        (
            "team/invite",
            By(
                "api/mail_budgets: invitations_to_one_mailbox_are_bounded_over_all_accounts_and_wait",
            ),
        ),
        (
            "accounts/create",
            By("api/mail_budgets: a_user_creates_ten_accounts_a_day"),
        ),
        (
            "account/save-settings",
            By(
                "api/announcements: a_day_that_moves_back_and_forth_mails_once_a_day_with_the_newest",
            ),
        ),
        (
            "team/change-roles",
            By("api/team/rank: roles_changed_back_and_forth_mail_ten_times_a_day_and_no_oftener"),
        ),
        (
            "profile/change-email",
            By("api/profile: a_user_asks_for_five_changes_an_hour"),
        ),
        (
            "password/forgot",
            By("api/password: a_client_address_asks_for_twenty_links_an_hour"),
        ),
        (
            "sign-up/request",
            By("api/guessing: sign_ups_are_limited_by_client_address_and_mails_by_e_mail_address"),
        ),
        (
            "team/offer-reset",
            By(
                "api/team/reset: a_day_has_three_offers_of_an_account_and_six_of_all_but_always_one_of_each",
            ),
        ),
        (
            "two-factor/mail-code",
            By(
                "api/first_factor/codes: three_codes_are_mailed_to_a_session_and_the_last_of_a_day_to_known_browsers",
            ),
        ),
    ],
};
