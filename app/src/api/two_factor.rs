//! Two-factor authentication of the user who is signed in.

use super::functions;
use crate::types::ids::EnrolmentId;
use crate::types::secret_text::SecretText;
use crate::types::two_factor::{
    Country, Enrolment, EnrolmentPurpose, MailboxAct, MailedCode, RecoveryCodes, SecurityOverview,
    SentCode, SmsEnrolment, StepUp,
};

functions! {
    /// Two-factor authentication of the user who is signed in.
    trait TwoFactorBackend;

    /// What the Security page shows.
    #[at("two-factor/overview" as SecurityOverviewArguments, Session, Reads)]
    fn security_overview() -> SecurityOverview;

    /// Mails a code for an act that takes a proof of the mailbox; one that was mailed before is dead. Where no more can be mailed
    /// for now, it gives the one before while that is good.
    #[at("two-factor/mail-code", Session, Acts)]
    fn mail_code(act: MailboxAct, step_up: StepUp) -> MailedCode;

    /// Says that no second factor is wanted: sign-ins take no mailed link any more.
    #[at("two-factor/decline", Session, Acts)]
    fn decline_factor(step_up: StepUp, mailbox_code: Option<SecretText>) -> ();

    /// Begins an enrolment: a new key to scan. An earlier unfinished one is overtaken. A first factor takes a code from the
    /// mailbox too, unless this browser has proven it.
    #[at("two-factor/begin", Session, Acts)]
    fn begin_enrolment(
        purpose: EnrolmentPurpose,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> Enrolment;

    /// Finishes an enrolment with a right code; the recovery codes are shown this once.
    #[at("two-factor/confirm", Session, Acts)]
    fn confirm_enrolment(enrolment: EnrolmentId, code: SecretText) -> RecoveryCodes;

    /// Discards an unfinished enrolment.
    #[at("two-factor/cancel", Session, Acts)]
    fn cancel_enrolment(enrolment: EnrolmentId) -> ();

    /// Turns two-factor authentication off.
    #[at("two-factor/disable", Session, Acts)]
    fn disable_two_factor(step_up: StepUp) -> ();

    /// Replaces the recovery codes; the new ones are shown this once.
    #[at("two-factor/new-recovery-codes", Session, Acts)]
    fn new_recovery_codes(step_up: StepUp) -> RecoveryCodes;

    /// Countries to choose from beside a phone number.
    #[at("two-factor/countries", Session, Reads)]
    fn sms_countries() -> Vec<Country>;

    /// Begins an enrolment of a phone number, and sends it a code. An earlier unfinished one is overtaken.
    #[at("two-factor/begin-sms", Session, Acts)]
    fn begin_sms_enrolment(
        country: String,
        number: SecretText,
        step_up: StepUp,
        mailbox_code: Option<SecretText>,
    ) -> SmsEnrolment;

    /// Sends a code to the number in use, for an act that asks for one, or to the number that this session sets up.
    #[at("two-factor/send-code", Session, Acts)]
    fn send_code() -> SentCode;
}
