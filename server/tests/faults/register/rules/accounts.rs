//! Accounts: roles, invitations, the requirement, and what reaches from one account into another.

use crate::register::entry::Rule;
use crate::register::entry::Tried::{Beside, By};
use crate::register::program::List::{Files, Functions, OfAccount};

pub(crate) const IDS: Rule = Rule::walked(
    "ids of others are as good as none",
    "An id of another user or account changes nothing, shows nothing and reads like one that nobody has, alone or beside an id of \
     one's own.",
    &[Functions, Files],
    &[
        (
            Functions,
            "faults/foreign_ids: an_id_of_others_is_as_good_as_none_at_every_function",
        ),
        (
            Files,
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says",
        ),
    ],
);

pub(crate) const RANK: Rule = Rule {
    name: "nobody reaches their own rank or above",
    says: "In an account, nobody changes, removes or helps somebody of their own rank or above, or gives more than they have; giving rank takes \
           a proof and is mailed to the owner.",
    doors: &[OfAccount],
    walks: &[
        (
            OfAccount,
            "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says",
        ),
        (
            OfAccount,
            "faults/meanwhile: an_act_is_done_by_the_rights_of_its_moment",
        ),
    ],
    each: &[
        (
            "team/invite",
            By("api/invitation/offer: invitations_offer_no_more_than_the_inviter_has"),
        ),
        (
            "team/resend-invitation",
            By("api/team/rank: an_invitation_that_is_sent_again_rests_on_who_sent_it_again"),
        ),
        (
            "team/copy-invitation-link",
            By("api/invitation/handed: nobody_hands_over_what_they_could_not_send"),
        ),
        (
            "team/change-roles",
            By(
                "api/team/roles: nobody_touches_their_own_rank_or_above_or_gives_more_than_they_have",
            ),
        ),
        (
            "team/allow-first-factor",
            By("api/team/first_factor: nobody_but_the_owner_lets_anybody_in_and_nobody_themselves"),
        ),
        (
            "team/remove",
            By(
                "api/team/roles: nobody_touches_their_own_rank_or_above_or_gives_more_than_they_have",
            ),
        ),
        (
            "team/offer-reset",
            By("api/team/reset: nobody_offers_a_reset_to_their_own_rank_or_above"),
        ),
    ],
};

pub(crate) const OVER_ACCOUNTS: Rule = Rule {
    name: "no rank reaches over accounts",
    says: "What is a user's and not an account's, their factor, sessions and address, is changed by nobody of any account: a reset is an offer, \
           which the user confirms with the mailed link and the password. From where users do what is done in none of its pages, an account is not told.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "team/offer-reset",
            By("api/offered_reset: a_throw_away_account_takes_nobodys_factor_away"),
        ),
        (
            "reset/open",
            By("api/offered_reset: the_link_alone_changes_nothing_and_says_whose_it_is"),
        ),
        (
            "reset/confirm",
            By(
                "api/offered_reset: with_the_password_everything_goes_and_each_sign_in_takes_a_link_from_then_on",
            ),
        ),
        (
            "team/let-in",
            By(
                "api/offered_reset/other_accounts: owner_and_administrators_let_in_with_a_step_up_and_nobody_themselves",
            ),
        ),
        (
            "team/allow-first-factor",
            By(
                "api/team/first_factor: an_owner_speaks_for_nobody_who_is_elsewhere_too_or_had_a_factor",
            ),
        ),
        (
            "row FirstFactorAllowancesMade",
            By("api/team/first_factor: it_ends_with_what_it_rests_on"),
        ),
        (
            "team/remove",
            By("api/team/roles: who_is_removed_keeps_the_session_and_finds_nothing_of_the_account"),
        ),
        (
            "row ResetOffers",
            By("api/offered_reset/ends: a_change_of_password_factor_or_codes_ends_it"),
        ),
        (
            "row ResetOffersMade",
            By(
                "api/offered_reset/ends: who_offered_has_to_be_able_to_at_the_moment_of_the_confirmation",
            ),
        ),
    ],
};

pub(crate) const OWNER: Rule = Rule {
    name: "an account has exactly one owner",
    says: "The owner can neither leave, be removed nor be demoted, at once or one after the other; an account changes hands by an offer that \
           the other accepts, or by the operator.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "team/leave",
            By("api/team/roles: the_owner_can_neither_leave_nor_be_removed_nor_be_demoted"),
        ),
        (
            "team/remove",
            By("api/team/roles: the_owner_can_neither_leave_nor_be_removed_nor_be_demoted"),
        ),
        (
            "team/change-roles",
            By("api/team/roles: the_owner_can_neither_leave_nor_be_removed_nor_be_demoted"),
        ),
        (
            "profile/delete",
            By("api/profile: an_owner_of_an_account_that_others_use_stays"),
        ),
        (
            "team/offer-transfer",
            By(
                "api/team/parallel: offers_to_two_users_at_once_are_one_and_ten_acceptances_make_one_owner",
            ),
        ),
        (
            "team/accept-transfer",
            By(
                "api/team/parallel: an_owner_whose_offer_is_accepted_while_both_leave_is_never_a_removed_owner",
            ),
        ),
        (
            "team/take-back-transfer",
            By(
                "api/team/transfer: there_is_one_offer_at_a_time_which_is_taken_back_declined_or_over_after_a_week",
            ),
        ),
        (
            "team/decline-transfer",
            By(
                "api/team/transfer: there_is_one_offer_at_a_time_which_is_taken_back_declined_or_over_after_a_week",
            ),
        ),
        (
            "command account transfer",
            By("api/team/transfer: the_operator_transfers_at_once_and_the_offer_is_gone"),
        ),
    ],
};

pub(crate) const INVITATIONS: Rule = Rule {
    name: "an invitation is for one address and one right",
    says: "An invitation is good once, for the proven address that it was sent to, and for no more than its sender could offer at the moment of \
           joining; it ends with the right of its sender.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "invitation/accept",
            By("api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"),
        ),
        (
            "invitation/join",
            By("api/team/rank: the_rank_of_the_sender_counts_at_the_moment_of_joining"),
        ),
        (
            "invitation/open",
            By("api/invitation: a_link_is_for_one_proven_address_whoever_holds_it"),
        ),
        (
            "team/invite",
            By("api/team/parallel: ten_invitations_for_one_address_at_once_leave_one"),
        ),
        (
            "team/resend-invitation",
            By(
                "api/invitation: a_link_is_dead_after_seven_days_when_sent_again_replaced_or_revoked",
            ),
        ),
        (
            "team/copy-invitation-link",
            By("api/invitation/handed: who_joins_by_it_has_an_address_that_is_not_proven"),
        ),
        (
            "team/revoke-invitation",
            By(
                "api/invitation: a_link_is_dead_after_seven_days_when_sent_again_replaced_or_revoked",
            ),
        ),
        (
            "team/change-roles",
            By(
                "api/team/rank: who_loses_rank_has_invited_for_nothing_and_the_answer_says_how_many",
            ),
        ),
        (
            "team/remove",
            By(
                "api/team/rank: who_loses_rank_has_invited_for_nothing_and_the_answer_says_how_many",
            ),
        ),
        (
            "occasion UserDisabled",
            By("api/team/rank: who_is_disabled_or_deleted_has_invited_for_nothing"),
        ),
        (
            "occasion UserDeleted",
            By("api/team/rank: who_is_disabled_or_deleted_has_invited_for_nothing"),
        ),
        (
            "occasion FactorReset",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion PasswordChanged",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion PasswordReset",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion AddressChanged",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion SessionEnded",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion OtherSessionsEnded",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
        (
            "occasion TrustRemoved",
            By("api/invitation/thief: what_a_thief_has_sent_ends_with_what_the_victim_does"),
        ),
    ],
};

pub(crate) const REQUIREMENT: Rule = Rule {
    name: "an account that requires it is shut without it",
    says: "From the second of its day on, every function and file of the account is shut to who has no factor that counts, in every session; what \
           stays open is setting it up and leaving. The server asks at each access.",
    doors: &[OfAccount],
    walks: &[(
        OfAccount,
        "faults/gate_matrix: everybody_gets_at_every_address_what_the_table_says",
    )],
    each: &[
        (
            "two-factor/disable",
            By("api/requirement: who_turns_their_own_factor_off_is_shut_out_at_once"),
        ),
        (
            "invitation/accept",
            By(
                "api/invitation: the_requirement_waits_until_somebody_joins_and_then_leads_to_set_up",
            ),
        ),
        (
            "invitation/join",
            By(
                "api/invitation: the_requirement_waits_until_somebody_joins_and_then_leads_to_set_up",
            ),
        ),
        (
            "team/leave",
            By("api/team/roles: who_leaves_is_gone_also_from_an_account_that_is_shut"),
        ),
    ],
};

pub(crate) const WEAKER: Rule = Rule {
    name: "what is weaker takes a proof",
    says: "Settings that are not at least as strict for everybody take a proof and are mailed to the owner; an owner without a factor cannot \
           require it of others, and a requirement that holds keeps its day.",
    doors: &[],
    walks: &[],
    each: &[
        (
            "account/save-settings",
            By(
                "api/authentication_settings/weaker: a_stolen_session_makes_nothing_weaker_and_the_owner_is_mailed_whoever_does",
            ),
        ),
        ("account/settings", Beside("it only reads")),
        (
            "command account require-two-factor",
            By(
                "api/operator_accounts: the_operator_requires_and_lifts_by_name_and_it_is_in_the_log",
            ),
        ),
    ],
};
