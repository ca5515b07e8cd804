//! The dialog that turns two-factor authentication off.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_dialog};
use super::from_day::from_day;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::two_factor::disable_two_factor;
use crate::text::named::AccountDate;
use crate::text::t;
use crate::types::account::RequiringAccount;
use crate::ui::{Kind, PLACE, Tone, alert, sentence};

/// The dialog. It names the accounts that will be out of reach.
#[component]
pub(crate) fn DisableTwoFactorDialog(
    open: RwSignal<bool>,
    email: Signal<String>,
    code_due: Signal<bool>,
    required_by: Signal<Vec<RequiringAccount>>,
    on_done: Callback<()>,
) -> AnyView {
    let task = Task::of_form(FIELDS, move |values| async move {
        disable_two_factor(proof(&values)).await?;
        open.set(false);
        on_done.run(());
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: view! {
            <p>{t().disable_intro()}</p>
            {move || consequences(&required_by.read())}
        }
        .into_any(),
        label: t().disable_button().to_owned(),
        kind: Kind::Danger,
        proof: Signal::stored(true),
    });
    let confirm = Confirm::new(open, t().disable_title(), task, said);
    confirm_dialog(confirm.with_proof(email, code_due))
}

fn consequences(accounts: &[RequiringAccount]) -> Option<AnyView> {
    let line = |account: &RequiringAccount| {
        let words = if account.in_force {
            t().disable_required_now(&account.name).into_any()
        } else {
            sentence(
                &t().disable_required_later(AccountDate {
                    account: &account.name,
                    date: &PLACE,
                }),
                from_day(&account.from),
            )
        };
        view! { <li>{words}</li> }
    };
    let lines = accounts.iter().map(line).collect_view();
    (!accounts.is_empty()).then(|| {
        let content = view! {
            <p><strong>{t().disable_required_title()}</strong></p>
            <ul>{lines}</ul>
        };
        alert(Tone::Careful, content.into_any())
    })
}
