//! What Save will do, and to whom, shown before saving.

use leptos::prelude::*;

use std::cmp::Ordering;

use super::draft::{Draft, Start};
use crate::browser;
use crate::components::coverage::{coverage_bar, uncovered_names};
use crate::components::linked::linked;
use crate::text::named::CountNames;
use crate::text::t;
use crate::types::account::{AccountRules, AuthenticationSettings, Unreachable};
use crate::types::day::Day;
use crate::ui::{PLACE, date_time, day, sentence};

/// How many are covered now, then what would change.
pub(super) fn consequences(saved: &AuthenticationSettings, draft: Draft) -> AnyView {
    let bar = coverage_bar(&saved.coverage);
    let saved = saved.clone();
    let lines = move || {
        if !draft.differs(&saved) {
            return None;
        }
        let proof = draft
            .weakens(&saved)
            .then(|| t().settings_proof().into_any());
        let lines = requirement(&saved, draft)
            .into_iter()
            .chain(rules(saved.rules, draft))
            .chain(proof);
        let lines = lines.map(|line| view! { <li>{line}</li> }).collect_view();
        let content = view! {
            <h3 class="group__title">{t().settings_what()}</h3>
            <ul class="group__lines">{lines}</ul>
        };
        Some(content.into_any())
    };
    view! {
        {bar}
        <div class="group" role="status">{lines}</div>
    }
    .into_any()
}

fn requirement(saved: &AuthenticationSettings, draft: Draft) -> Vec<AnyView> {
    if !draft.begins(saved) {
        let is_lifted = saved.required_from.is_some() && !draft.required.get();
        let lifted = is_lifted.then(|| t().settings_off().into_any());
        // By other rules, while it holds.
        let shut_out = match draft.shuts_out(saved) {
            0 => None,
            count => Some(t().settings_asked_unnamed(count).into_any()),
        };
        return lifted.into_iter().chain(shut_out).collect();
    }
    let uncovered = draft.uncovered(saved);
    let who = who_is_asked(saved, draft, uncovered);
    let start = draft.start(saved);
    let words = match start {
        Some(Start::On(from)) => sentence(&t().settings_starts_on(&PLACE), shown(saved, from)),
        Some(Start::AtOnce) => t().settings_starts_at_once().into_any(),
        None => t().settings_choose_day().into_any(),
    };
    let mut lines = vec![who.into_any(), words];
    if uncovered > 0 {
        let than_said = start.and_then(|start| than_said(saved, start));
        lines.extend(than_said.and_then(|than_said| put_off(saved, than_said)));
        lines.extend(unreachable(saved));
    }
    lines
}

/// Who will be asked to set it up: how many, and by name where those are the ones who came with the settings.
pub(super) fn who_is_asked(saved: &AuthenticationSettings, draft: Draft, uncovered: u32) -> String {
    let names = uncovered_names(&saved.coverage);
    match uncovered {
        0 => t().settings_nobody_asked().to_owned(),
        count if draft.leaves_the_same_uncovered(saved) => t().settings_asked(CountNames {
            count,
            names: &names,
        }),
        count => t().settings_asked_unnamed(count),
    }
}

/// A day that is chosen, where it is a day.
fn shown(saved: &AuthenticationSettings, chosen: Day) -> AnyView {
    day(&chosen.to_string(), Draft::zone_of(saved, chosen))
}

/// Whether a requirement would hold earlier or later than those concerned were told today, if they were.
fn than_said(saved: &AuthenticationSettings, start: Start) -> Option<Ordering> {
    let said = &saved.announced.as_ref()?.required_from;
    Some(match start {
        Start::AtOnce => browser::now().cmp(&said.at),
        Start::On(day) => day.cmp(&said.day),
    })
}

/// The same of what is saved.
pub(super) fn saved_than_said(saved: &AuthenticationSettings) -> Option<Ordering> {
    let said = &saved.announced.as_ref()?.required_from;
    Some(saved.required_from.as_ref()?.at.cmp(&said.at))
}

/// That those concerned were told of another day today, and when they are told of this one.
pub(super) fn put_off(saved: &AuthenticationSettings, than_said: Ordering) -> Option<AnyView> {
    let announced = saved.announced.as_ref();
    let announced = announced.filter(|it| it.puts_off(than_said))?;
    let until = date_time(announced.until.seconds());
    Some(sentence(&t().settings_mailed_later(&PLACE), until))
}

/// How many of those concerned no mail reaches, and what they need.
fn unreachable(saved: &AuthenticationSettings) -> Vec<AnyView> {
    let Unreachable {
        no_mail_server,
        unproven,
        refused,
    } = saved.unreachable;
    if no_mail_server {
        return vec![linked(&t().settings_no_mail_server())];
    }
    let unproven = (unproven > 0).then(|| t().settings_unproven(unproven));
    let refused = (refused > 0).then(|| t().settings_refused(refused));
    let lines = unproven.into_iter().chain(refused);
    lines.map(|text| linked(&text)).collect()
}

fn rules(saved: AccountRules, draft: Draft) -> Vec<AnyView> {
    let mut lines = Vec::new();
    let mut line = |is: bool, was: bool, on: &'static str, off: &'static str| {
        if is != was {
            lines.push(if is { on } else { off }.into_any());
        }
    };
    line(
        draft.trusted.get(),
        saved.trusted_browsers_allowed,
        t().settings_trusted_on(),
        t().settings_trusted_off(),
    );
    line(
        draft.sms.get(),
        saved.sms_counts,
        t().settings_sms_on(),
        t().settings_sms_off(),
    );
    lines
}

/// A line for each part that would be less strict, for the dialog that asks for the proof.
pub(super) fn weaker_lines(saved: &AuthenticationSettings, draft: Draft) -> Vec<AnyView> {
    untrack(|| {
        let mut lines = Vec::new();
        if let (true, Some(Start::On(from))) = (draft.postpones(saved), draft.start(saved)) {
            let from = shown(saved, from);
            lines.push(sentence(&t().settings_weaker_later(&PLACE), from));
        }
        if draft.trusted.get() && !saved.rules.trusted_browsers_allowed {
            lines.push(t().settings_trusted_on().into_any());
        }
        if draft.sms.get() && !saved.rules.sms_counts {
            lines.push(t().settings_sms_on().into_any());
        }
        let line = |line| view! { <li>{line}</li> }.into_any();
        lines.into_iter().map(line).collect()
    })
}
