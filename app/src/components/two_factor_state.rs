//! Two-factor authentication in one line: the answer to "am I safe?".

use leptos::prelude::*;

use super::factors::state_words;
use super::from_day::from_day;
use crate::text::named::AccountDate;
use crate::text::t;
use crate::types::account::RequiringAccount;
use crate::types::two_factor::{RECOVERY_CODES_IN_A_SET, TwoFactorState};
use crate::ui::{Icon, PLACE, icon, sentence};

/// So many recovery codes or fewer are too few to rely on.
pub(crate) const FEW_CODES: u32 = 2;
const _: () = assert!(RECOVERY_CODES_IN_A_SET == 10, "the catalogue says 10");

/// On or off, by icon and words.
pub(crate) fn state_line(state: &TwoFactorState) -> AnyView {
    let (class, drawing, words) = match state {
        TwoFactorState::Off => (
            "state state--off",
            Icon::ShieldOff,
            t().security_off().into_any(),
        ),
        TwoFactorState::On { since, factors, .. } => {
            let words = factors.iter().map(|factor| state_words(factor, *since));
            (
                "state state--on",
                Icon::ShieldOn,
                words.collect_view().into_any(),
            )
        }
    };
    view! {
        <p class=class>
            {icon(drawing)}
            <span>{words}</span>
        </p>
    }
    .into_any()
}

/// The same in a row of a list: an eye that runs down the column stops where something is to be done.
pub(crate) fn state_mark(is_careful: bool, words: AnyView) -> AnyView {
    let (class, drawing) = if is_careful {
        ("mark mark--off", Icon::ShieldOff)
    } else {
        ("mark mark--on", Icon::ShieldOn)
    };
    view! { <span class=class>{icon(drawing)}<span>{words}</span></span> }.into_any()
}

/// Which accounts require it, and from when.
pub(crate) fn requirements(accounts: &[RequiringAccount], is_on: bool) -> Option<AnyView> {
    let line = |account: &RequiringAccount| {
        let from = AccountDate {
            account: &account.name,
            date: &PLACE,
        };
        let text = match (account.in_force, is_on) {
            (true, false) => t().security_required_now(from),
            (true, true) => t().security_required_now_on(from),
            (false, _) => t().security_required_later(from),
        };
        view! { <li>{sentence(&text, from_day(&account.from))}</li> }
    };
    let lines = accounts.iter().map(line).collect_view();
    // Nothing is to be done by those who have it.
    let class = if is_on {
        "requirements requirements--met"
    } else {
        "requirements"
    };
    (!accounts.is_empty()).then(|| view! { <ul class=class>{lines}</ul> }.into_any())
}
