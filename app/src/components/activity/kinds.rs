//! What happened, in words: a sentence for every kind of line of the audit log.
//!
//! A table instead of a match: the sentences share one call each, which keeps the download small, and pages that
//! filter by kind take its words from here.

use std::fmt::Display;

use crate::text::named::{self, ActorKind};
use crate::text::{Texts, t};
use crate::types::activity::ActivityEvent;
use crate::types::ids::UserId;

/// What a sentence is about. `actor` begins a sentence; `subject` stands inside one and is the actor's own self where
/// it was done to nobody else.
#[derive(Clone, Copy)]
enum Sentence {
    Actor(fn(&'static Texts, &dyn Display) -> String),
    Subject(fn(&'static Texts, &dyn Display) -> String),
    ActorDetail(fn(&'static Texts, named::ActorDetail<'_>) -> String),
    ActorSubject(fn(&'static Texts, named::ActorSubject<'_>) -> String),
    All(fn(&'static Texts, named::ActorDetailSubject<'_>) -> String),
}

/// Stands for a name or a detail that is not said.
const GAP: &str = "…";

use Sentence::{Actor, ActorDetail, ActorSubject, All, Subject};

/// Every kind that the server writes, in the order of its own list.
const KINDS: &[(&str, Sentence)] = &[
    ("user_created", Subject(Texts::activity_user_created)),
    ("signed_in", Actor(Texts::activity_signed_in)),
    (
        "signed_in_with_sms",
        Actor(Texts::activity_signed_in_with_sms),
    ),
    ("sms_code_sent", Actor(Texts::activity_sms_code_sent)),
    ("sms_enabled", Actor(Texts::activity_sms_enabled)),
    (
        "signed_in_with_code",
        Actor(Texts::activity_signed_in_with_code),
    ),
    (
        "signed_in_with_recovery_code",
        ActorDetail(Texts::activity_signed_in_with_recovery_code),
    ),
    (
        "recovery_code_used",
        ActorDetail(Texts::activity_recovery_code_used),
    ),
    (
        "wrong_second_factor",
        Subject(Texts::activity_wrong_second_factor),
    ),
    ("factor_closed", Subject(Texts::activity_factor_closed)),
    ("signed_out", Actor(Texts::activity_signed_out)),
    (
        "two_factor_enabled",
        Actor(Texts::activity_two_factor_enabled),
    ),
    (
        "two_factor_replaced",
        Actor(Texts::activity_two_factor_replaced),
    ),
    (
        "mailbox_code_sent",
        Actor(Texts::activity_mailbox_code_sent),
    ),
    (
        "first_factor_allowed",
        ActorSubject(Texts::activity_first_factor_allowed),
    ),
    (
        "first_factor_allowance_used",
        Actor(Texts::activity_first_factor_allowance_used),
    ),
    ("factor_declined", Actor(Texts::activity_factor_declined)),
    (
        "two_factor_disabled",
        Actor(Texts::activity_two_factor_disabled),
    ),
    (
        "two_factor_reset",
        ActorSubject(Texts::activity_two_factor_reset),
    ),
    ("reset_offered", ActorSubject(Texts::activity_reset_offered)),
    (
        "reset_confirmed",
        ActorDetail(Texts::activity_reset_confirmed),
    ),
    ("kept_out", ActorDetail(Texts::activity_kept_out)),
    ("let_in", ActorSubject(Texts::activity_let_in)),
    (
        "two_factor_imported",
        ActorSubject(Texts::activity_two_factor_imported),
    ),
    (
        "recovery_codes_replaced",
        Actor(Texts::activity_recovery_codes_replaced),
    ),
    (
        "step_up_failed_too_often",
        Subject(Texts::activity_step_up_failed),
    ),
    ("account_created", Actor(Texts::activity_account_created)),
    (
        "requirement_lifted",
        Actor(Texts::activity_requirement_lifted),
    ),
    (
        "trusted_browsers_allowed",
        Actor(Texts::activity_trusted_browsers_allowed),
    ),
    (
        "trusted_browsers_forbidden",
        Actor(Texts::activity_trusted_browsers_forbidden),
    ),
    ("sms_allowed", Actor(Texts::activity_sms_allowed)),
    ("sms_forbidden", Actor(Texts::activity_sms_forbidden)),
    ("joined", Actor(Texts::activity_joined)),
    (
        "joined_by_handed_over_link",
        ActorDetail(Texts::activity_joined_by_handed_over_link),
    ),
    (
        "invitation_handed_over",
        ActorDetail(Texts::activity_invitation_handed_over),
    ),
    ("user_removed", ActorSubject(Texts::activity_user_removed)),
    ("user_left", Actor(Texts::activity_user_left)),
    (
        "account_transferred",
        ActorSubject(Texts::activity_account_transferred),
    ),
    (
        "transfer_offered",
        ActorSubject(Texts::activity_transfer_offered),
    ),
    (
        "transfer_taken_back",
        ActorSubject(Texts::activity_transfer_taken_back),
    ),
    (
        "transfer_declined",
        ActorSubject(Texts::activity_transfer_declined),
    ),
    (
        "transfer_accepted",
        ActorSubject(Texts::activity_transfer_accepted),
    ),
    (
        "signed_in_with_link",
        Actor(Texts::activity_signed_in_with_link),
    ),
    (
        "signed_in_from_trusted_browser",
        Actor(Texts::activity_signed_in_from_trusted_browser),
    ),
    (
        "signed_in_from_new_browser",
        Actor(Texts::activity_signed_in_from_new_browser),
    ),
    (
        "password_guessed",
        Subject(Texts::activity_password_guessed),
    ),
    (
        "password_reset_requested",
        Subject(Texts::activity_password_reset_requested),
    ),
    ("password_reset", Subject(Texts::activity_password_reset)),
    ("password_changed", Actor(Texts::activity_password_changed)),
    ("session_ended", Actor(Texts::activity_session_ended)),
    (
        "other_sessions_ended",
        Actor(Texts::activity_other_sessions_ended),
    ),
    ("browser_trusted", Actor(Texts::activity_browser_trusted)),
    (
        "trusted_browser_removed",
        Actor(Texts::activity_trusted_browser_removed),
    ),
    (
        "known_browser_forgotten",
        Actor(Texts::activity_known_browser_forgotten),
    ),
    ("email_proven", Actor(Texts::activity_email_proven)),
    ("user_disabled", ActorSubject(Texts::activity_user_disabled)),
    ("user_enabled", ActorSubject(Texts::activity_user_enabled)),
    ("user_unlocked", ActorSubject(Texts::activity_user_unlocked)),
    ("user_deleted", Subject(Texts::activity_user_deleted)),
    (
        "requirement_set",
        ActorDetail(Texts::activity_requirement_set),
    ),
    ("invited", ActorDetail(Texts::activity_invited)),
    (
        "invitation_resent",
        ActorDetail(Texts::activity_invitation_resent),
    ),
    (
        "invitation_revoked",
        ActorDetail(Texts::activity_invitation_revoked),
    ),
    (
        "invitations_revoked",
        All(Texts::activity_invitations_revoked),
    ),
    ("roles_changed", All(Texts::activity_roles_changed)),
    (
        "email_change_requested",
        ActorDetail(Texts::activity_email_change_requested),
    ),
    ("address_won", ActorDetail(Texts::activity_address_won)),
    ("email_changed", ActorDetail(Texts::activity_email_changed)),
    ("key_added", ActorDetail(Texts::activity_key_added)),
    (
        "sealing_key_changed",
        ActorDetail(Texts::activity_sealing_key_changed),
    ),
    ("key_dropped", ActorDetail(Texts::activity_key_dropped)),
    ("keys_checked", ActorDetail(Texts::activity_keys_checked)),
    ("migrated", ActorDetail(Texts::activity_migrated)),
    ("users_listed", Actor(Texts::activity_users_listed)),
    ("accounts_listed", Actor(Texts::activity_accounts_listed)),
    ("backed_up", Actor(Texts::activity_backed_up)),
    ("restored", ActorDetail(Texts::activity_restored)),
    ("renamed", ActorDetail(Texts::activity_renamed)),
];

/// What a kind of lines is about, whoever did it to whomever: words for a filter.
pub(crate) fn in_general(kind: &str) -> String {
    let words = words(kind, t().activity_somebody(), GAP, GAP);
    words.trim_end_matches('.').to_owned()
}

/// What happened. With `reader` it is the reader's own log, where every line is about them: "you" is said, not the
/// name.
pub(crate) fn sentence(event: &ActivityEvent, reader: Option<UserId>) -> String {
    let by_reader = reader.is_some() && event.actor_id == reader;
    let name = event.actor.as_deref();
    let actor = if by_reader {
        t().activity_you()
    } else {
        name.unwrap_or_else(|| t().activity_operator())
    };
    let inside = match (&event.subject, reader) {
        // Done by the reader to somebody else, or by somebody in the account's log.
        (Some(subject), _) if by_reader || reader.is_none() => subject.as_str(),
        (_, Some(_)) => t().activity_you_inside(),
        (_, None) => actor,
    };
    let detail = event.detail.as_deref().unwrap_or_default();
    words(&event.kind, actor, inside, detail)
}

fn words(kind: &str, actor: &str, inside: &str, detail: &str) -> String {
    let known = KINDS.iter().find(|(known, _)| *known == kind);
    match known.map(|(_, sentence)| *sentence) {
        Some(Actor(text)) => text(t(), &actor),
        Some(Subject(text)) => text(t(), &inside),
        Some(ActorDetail(text)) => text(
            t(),
            named::ActorDetail {
                actor: &actor,
                detail: &detail,
            },
        ),
        Some(ActorSubject(text)) => text(
            t(),
            named::ActorSubject {
                actor: &actor,
                subject: &inside,
            },
        ),
        Some(All(text)) => text(
            t(),
            named::ActorDetailSubject {
                actor: &actor,
                detail: &detail,
                subject: &inside,
            },
        ),
        None => t().activity_unknown(ActorKind {
            actor: &actor,
            kind: &kind,
        }),
    }
}
