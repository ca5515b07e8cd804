//! The table: one line for each setting under `limits`, more where it is counted for several.

use service::limits::OWN_ACTS;
use settings::Limits;

use super::doors;
use super::stage::Door;

/// For how long tries are counted together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    TenMinutes,
    Quarter,
    Hour,
    Day,
    /// To the end of the day, UTC.
    UntilMidnight,
}

/// What a try gets that is one too many.
#[derive(Clone, Copy)]
pub(super) enum Beyond {
    /// 429, with what was done as often as it may be, or with this code.
    Refused(&'static str),
    /// What was asked for is done later, which the answer says.
    Waits,
    /// What a wrong password gets, which it may be.
    ReadsAsWrong,
}

#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) setting: &'static str,
    pub(super) of: fn(&mut Limits) -> &mut u32,
    /// What the limit is set to.
    pub(super) limit: u32,
    /// How many pass with a limit of 0.
    pub(super) always: u32,
    pub(super) span: Span,
    /// The code that a try gets which passes; none for success.
    pub(super) answer: &'static str,
    pub(super) beyond: Beyond,
    /// The word of the metric of refusals and of the log.
    pub(super) counted_as: &'static str,
    pub(super) door: Door,
}

macro_rules! line {
    (
        $setting:ident, $counted_as:literal, $span:ident, $door:path
        $(, answer: $answer:literal)?, beyond: $beyond:expr $(, limit: $limit:expr)? $(, always: $always:expr)?
    ) => {
        Line {
            setting: concat!("limits.", stringify!($setting)),
            of: |limits| &mut limits.$setting,
            limit: [$($limit,)? 3][0],
            always: [$($always,)? 0][0],
            span: Span::$span,
            answer: [$($answer,)? ""][0],
            beyond: $beyond,
            counted_as: $counted_as,
            door: |stage, whose| Box::pin($door(stage, whose)),
        }
    };
}

pub(super) const LINES: &[Line] = &[
    line!(wrong_passwords_per_client, "passwords of client", Quarter, doors::guess_anything,
        answer: "wrong_credentials",
        beyond: Beyond::Refused("wrong_secrets")),
    line!(wrong_passwords_of_strangers, "passwords of strangers", Quarter, doors::guess_at_user,
        answer: "wrong_credentials", beyond: Beyond::ReadsAsWrong),
    line!(wrong_passwords_per_browser, "passwords of browser", Quarter, doors::guess_in_own_browser,
        answer: "wrong_credentials",
        beyond: Beyond::Refused("wrong_secrets")),
    // Each session has some whatever the user's others do.
    line!(acts_per_user, "acts of user", Quarter, doors::rename,
        beyond: Beyond::Refused("acts"), limit: OWN_ACTS + 1, always: OWN_ACTS),
    line!(
        sign_ins_per_browser,
        "sign-ins",
        Quarter,
        doors::sign_in_again,
        beyond: Beyond::Refused("sign_ins")),
    line!(
        sign_ins_per_browser,
        "sign-ins",
        Quarter,
        doors::sign_in_at_one_address,
        beyond: Beyond::Refused("sign_ins")),
    line!(
        sign_ins_per_user,
        "sign-ins of user",
        Quarter,
        doors::sign_in_anywhere,
        beyond: Beyond::Refused("sign_ins")),
    line!(sign_ups_per_client, "sign-ups", Hour, doors::sign_up,
        beyond: Beyond::Refused("from_network")),
    line!(
        password_resets_per_client,
        "password resets",
        Hour,
        doors::forget_anybodys_password,
        beyond: Beyond::Refused("from_network")),
    line!(invitations_per_client, "invitations", Hour, doors::open_invitation,
        answer: "link_over",
        beyond: Beyond::Refused("from_network")),
    // The first of a network in a day is always sent.
    line!(mails_per_address, "mails asked of network", Quarter, doors::forget_from_one_network,
        beyond: Beyond::Refused("mails"), always: 1),
    line!(mails_per_address_an_hour, "mails asked of address", Hour, doors::forget_one_address,
        beyond: Beyond::Refused("mails"), always: 1),
    line!(sign_in_links_per_user, "sign-in links", Quarter, doors::sign_in_by_link,
        beyond: Beyond::Refused("mails"), always: 1),
    line!(mails_per_mailbox_a_day, "mailbox", UntilMidnight, doors::ask_for_mailbox,
        beyond: Beyond::Refused("mails"), always: 1),
    line!(invitations_per_mailbox_a_day, "mailbox invitations", UntilMidnight, doors::invite_from_anywhere,
        beyond: Beyond::Waits),
    line!(invitations_per_mailbox_and_user, "mailbox inviter", UntilMidnight, doors::invite_again,
        beyond: Beyond::Waits),
    line!(invitations_per_user, "invitations of user", Day, doors::invite_anybody,
        beyond: Beyond::Refused("too_many_invitations")),
    line!(
        accounts_per_user,
        "accounts of user",
        Day,
        doors::create_account,
        beyond: Beyond::Refused("accounts")),
    line!(
        email_changes_per_user,
        "email changes",
        Hour,
        doors::change_address,
        beyond: Beyond::Refused("mails")),
    line!(sms_codes, "SMS to user", TenMinutes, doors::codes_to_user,
        beyond: Beyond::Refused("too_many_codes")),
    line!(sms_codes, "SMS to number", TenMinutes, doors::codes_to_number,
        beyond: Beyond::Refused("too_many_codes")),
    line!(sms_codes, "SMS of client", TenMinutes, doors::codes_of_client,
        beyond: Beyond::Refused("too_many_codes")),
    line!(sms_codes, "SMS to known browser", TenMinutes, doors::codes_to_known_browser,
        beyond: Beyond::Refused("too_many_codes")),
    line!(sms_codes, "SMS to signed in", TenMinutes, doors::codes_to_signed_in,
        beyond: Beyond::Refused("too_many_codes")),
];
