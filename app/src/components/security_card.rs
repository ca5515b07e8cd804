//! The card **Two-factor authentication** on the user's Security page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::decline_factor::DeclineFactorDialog;
use super::disable_two_factor::DisableTwoFactorDialog;
use super::enrolment::EnrolmentDialog;
use super::factors::{OnCard, on_card};
use super::linked::linked;
use super::loaded::loaded;
use super::mailbox::ask_helper;
use super::new_recovery_codes::NewRecoveryCodesDialog;
use super::outcome::CardMessage;
use super::session::SessionContext;
use super::sms_enrolment::SmsEnrolmentDialog;
use super::task::Task;
use super::two_factor_state::{FEW_CODES, requirements, state_line};
use crate::api::two_factor::security_overview;
use crate::text::{Linked, t};
use crate::types::factors::FactorShown;
use crate::types::two_factor::{
    EnrolmentPurpose, FirstFactorEntry, Helper, LetInBy, SecurityOverview, SignInLinkDuty,
    TwoFactorState,
};
use crate::ui::{Button, Card, Kind, PLACE, Tone, alert, sentence, time_of_day, unique_id};

/// The dialogs that the card opens.
#[derive(Clone, Copy)]
struct Dialogs {
    enable: RwSignal<bool>,
    disable: RwSignal<bool>,
    new_codes: RwSignal<bool>,
    replace: RwSignal<bool>,
    sms: RwSignal<bool>,
    decline: RwSignal<bool>,
}

impl Dialogs {
    fn new() -> Self {
        let closed = || RwSignal::new(false);
        Self {
            enable: closed(),
            disable: closed(),
            new_codes: closed(),
            replace: closed(),
            sms: closed(),
            decline: closed(),
        }
    }
}

/// The card and its dialogs. `on_change` hears of every change, which ends other sessions and adds to the activity.
#[component]
pub(crate) fn SecurityCard(on_change: Callback<()>) -> AnyView {
    let overview = RwSignal::new(None::<SecurityOverview>);
    let load = Task::new(move || async move {
        overview.set(Some(security_overview().await?));
        Ok(())
    });
    load.start();
    let dialogs = Dialogs::new();
    let said = CardMessage::new();
    let session = SessionContext::here();

    let done = move |tone: Tone, words: &'static str| {
        said.say_in(tone, words);
        session.say_recovery_codes_left(None);
        // Whether codes go by SMS is asked wherever a code is.
        spawn_local(session.refresh());
        load.start();
        on_change.run(());
    };
    let email = Signal::derive(move || overview.get().map(|it| it.email).unwrap_or_default());
    let code_due = Signal::derive(move || overview.get().is_some_and(|it| it.step_up_needs_code));
    let is_sms_offered = Memo::new(move |_| {
        let overview = overview.read();
        overview.as_ref().is_some_and(|it| it.sms_offered)
    });
    let required_by =
        Signal::derive(move || overview.get().map(|it| it.required_by).unwrap_or_default());
    view! {
        <Card title=t().security_card() heading=said.heading>
            {said.view()}
            {move || {
                // With so few left, the card itself says so and has the action.
                session.recovery_codes_left().filter(|left| *left > FEW_CODES).map(|left| used_recovery_code(left, dialogs.new_codes))
            }}
            {move || loaded(load, overview.get().map(|overview| body(&overview, dialogs)))}
        </Card>
        <EnrolmentDialog
            open=dialogs.enable
            purpose=EnrolmentPurpose::Enable
            email
            code_due
            on_done=Callback::new(move |()| done(Tone::Good, t().security_now_on()))
        />
        {move || is_sms_offered.get().then(|| view! {
            <SmsEnrolmentDialog
                open=dialogs.sms
                email
                on_done=Callback::new(move |()| done(Tone::Good, t().sms_now_on()))
            />
        })}
        <EnrolmentDialog
            open=dialogs.replace
            purpose=EnrolmentPurpose::Replace
            email
            code_due
            on_done=Callback::new(move |()| done(Tone::Good, t().security_now_replaced()))
        />
        <DeclineFactorDialog
            open=dialogs.decline
            email
            on_done=Callback::new(move |()| done(Tone::Note, t().mailbox_declined()))
        />
        <NewRecoveryCodesDialog
            open=dialogs.new_codes
            email
            code_due
            on_done=Callback::new(move |()| done(Tone::Good, t().security_now_new_codes()))
        />
        <DisableTwoFactorDialog
            open=dialogs.disable
            email
            code_due
            required_by
            on_done=Callback::new(move |()| done(Tone::Note, t().security_now_off()))
        />
    }
    .into_any()
}

pub(crate) fn opens(dialog: RwSignal<bool>) -> Callback<()> {
    Callback::new(move |()| dialog.set(true))
}

fn body(overview: &SecurityOverview, dialogs: Dialogs) -> AnyView {
    match &overview.two_factor {
        TwoFactorState::Off => off(overview, dialogs),
        TwoFactorState::On {
            factors,
            recovery_codes_left,
            ..
        } => on(overview, factors, *recovery_codes_left, dialogs),
    }
}

fn off(overview: &SecurityOverview, dialogs: Dialogs) -> AnyView {
    let is_blocked = matches!(overview.entry, FirstFactorEntry::HelpDue { .. });
    let is_link_due = overview.sign_in_link == SignInLinkDuty::Due;
    let may_decline = is_link_due && overview.required_by.is_empty();
    let why = unique_id("why");
    view! {
        {state_line(&overview.two_factor)}
        <p class="card__why">{t().security_off_why()}</p>
        {requirements(&overview.required_by, false)}
        {is_link_due.then(|| alert(Tone::Note, t().mailbox_link_due().into_any()))}
        {let_in(&overview.entry)}
        <div class="card__actions">
            <Button
                label=t().security_enable()
                on_click=opens(dialogs.enable)
                disabled=Signal::stored(is_blocked)
                described_by=why.clone()
            />
            {overview.sms_offered.then(|| view! {
                <Button
                    label=t().sms_offer()
                    kind=Kind::Quiet
                    on_click=opens(dialogs.sms)
                    disabled=Signal::stored(is_blocked)
                    described_by=why.clone()
                />
            })}
            {may_decline.then(|| view! {
                <Button label=t().mailbox_decline() kind=Kind::Quiet on_click=opens(dialogs.decline) />
            })}
            <p class="card__beside" id=why.clone()>{blocked(overview)}</p>
        </div>
    }
    .into_any()
}

/// Why nothing can be set up yet, and who can help.
fn blocked(overview: &SecurityOverview) -> Option<AnyView> {
    let FirstFactorEntry::HelpDue { helper } = overview.entry else {
        return None;
    };
    let (why, whom) = if overview.email_verified {
        let whom = match helper {
            Helper::Operator => t().mailbox_corrected_ask_operator(),
            Helper::Owner => t().mailbox_corrected_ask_owner(),
        };
        (Linked::from(t().mailbox_corrected(&overview.email)), whom)
    } else if overview.email.is_empty() {
        (t().mailbox_lost(), ask_helper(helper))
    } else {
        (t().mailbox_unproven(&overview.email), ask_helper(helper))
    };
    Some(linked(&why.then(" ").then(whom)))
}

/// That somebody has let the reader in, and until when.
fn let_in(entry: &FirstFactorEntry) -> Option<AnyView> {
    let FirstFactorEntry::LetIn { until, by } = entry else {
        return None;
    };
    let words = match by {
        LetInBy::Operator => t().mailbox_let_in_by_operator(&PLACE),
        LetInBy::Owner => t().mailbox_let_in_by_owner(&PLACE),
    };
    let content = sentence(&words, time_of_day(until.seconds()));
    Some(alert(Tone::Note, content.into_any()))
}

fn on(
    overview: &SecurityOverview,
    factors: &[FactorShown],
    left: u32,
    dialogs: Dialogs,
) -> AnyView {
    let cards: Vec<_> = factors.iter().map(|one| on_card(one.kind())).collect();
    let can_replace = cards.iter().any(|card| card.can_be_replaced);
    let said = cards.into_iter().map(|OnCard { why, warning, .. }| {
        view! {
            <p class="card__why">{why}</p>
            {warning.map(|words| alert(Tone::Careful, words.into_any()))}
        }
    });
    let said = said.collect_view();
    let new_codes = move |kind| view! { <Button label=t().security_new_codes() kind on_click=opens(dialogs.new_codes) /> };
    let has_few = left <= FEW_CODES;
    let codes = if has_few {
        let words = if left == 0 {
            t().security_no_codes().to_owned()
        } else {
            t().security_few_codes(left)
        };
        let content = view! {
            <p>{words}</p>
            {new_codes(Kind::Secondary)}
        };
        alert(Tone::Careful, content.into_any())
    } else {
        view! { <p class="card__fact">{t().security_codes_left(&left)}</p> }.into_any()
    };
    view! {
        {state_line(&overview.two_factor)}
        {said}
        {requirements(&overview.required_by, true)}
        {codes}
        <div class="card__actions">
            <Button label=t().security_disable() kind=Kind::Secondary on_click=opens(dialogs.disable) />
            {(!has_few).then(|| new_codes(Kind::Quiet))}
            {can_replace.then(|| view! {
                <Button label=t().security_replace() kind=Kind::Quiet on_click=opens(dialogs.replace) />
            })}
        </div>
    }
    .into_any()
}

fn used_recovery_code(left: u32, new_codes: RwSignal<bool>) -> AnyView {
    let content = view! {
        <p>{t().sign_in_recovery_left(left)}</p>
        <Button label=t().security_get_codes() kind=Kind::Secondary on_click=opens(new_codes) />
    };
    alert(Tone::Note, content.into_any())
}
