//! An account of the reader's that was deleted and is not erased yet: its line, and the dialog that restores it.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_dialog};
use super::current_account::CurrentAccount;
use super::password_card::with_proof;
use super::step_up::{FIELDS, proof};
use super::task::Task;
use crate::api::account::restore_account;
use crate::text::named::ByDate;
use crate::text::t;
use crate::types::account::DeletedAccountEntry;
use crate::types::ids::AccountId;
use crate::types::profile::Profile;
use crate::ui::{Button, Kind, PLACE, date_time, sentence};

/// Which account the dialog is about, and whether it is open.
#[derive(Clone, Copy)]
pub(crate) struct RestoreDialog {
    open: RwSignal<bool>,
    which: RwSignal<Option<(AccountId, String)>>,
}

impl RestoreDialog {
    /// Not open.
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            which: RwSignal::new(None),
        }
    }

    /// Asks about an account.
    fn ask(self, id: AccountId, name: String) {
        self.which.set(Some((id, name)));
        self.open.set(true);
    }

    /// Draws it; `on_restored` hears the name of the account that is back.
    pub(crate) fn view(
        self,
        now: RwSignal<Option<Profile>>,
        on_restored: Callback<String>,
    ) -> AnyView {
        let Self { open, which } = self;
        let account = CurrentAccount::here();
        let task = Task::of_form(FIELDS, move |values| async move {
            let Some((id, name)) = which.get_untracked() else {
                return Ok(());
            };
            restore_account(id, proof(&values)).await?;
            open.set(false);
            account.refresh_list().await;
            on_restored.run(name);
            Ok(())
        });
        let said = Callback::new(move |()| {
            let name = which.get_untracked().map(|(_, name)| name);
            let name = name.unwrap_or_default();
            Said {
                body: view! { <p>{t().profile_restore_text(&name)}</p> }.into_any(),
                label: t().profile_restore(&name),
                kind: Kind::Primary,
                proof: Signal::stored(true),
            }
        });
        let confirm = Confirm::new(open, t().profile_restore_title(), task, said);
        confirm_dialog(with_proof(confirm, now))
    }
}

/// The account among the reader's: by whom and when it was deleted, when it is erased, and the way back.
pub(crate) fn deleted_line(account: DeletedAccountEntry, restoring: RestoreDialog) -> AnyView {
    let DeletedAccountEntry {
        id,
        name,
        at,
        by,
        erased_at,
        restore,
    } = account;
    let (deleted, erased) = match &by {
        Some(by) => (
            t().profile_deleted_by(ByDate { by, date: &PLACE }),
            t().profile_erased_on(&PLACE),
        ),
        None => (
            t().profile_deleted_by_operator(&PLACE),
            t().profile_erased_on_by_operator(&PLACE),
        ),
    };
    let back = restore.is_none().then(|| {
        let asked = name.clone();
        let ask = Callback::new(move |()| restoring.ask(id, asked.clone()));
        view! { <Button label=t().profile_restore(&name) kind=Kind::Quiet on_click=ask /> }
    });
    view! {
        <li class="lines__line">
            <div class="lines__words">
                <p>{name.clone()}</p>
                <p class="lines__fact">{sentence(&deleted, date_time(at.seconds()))}</p>
                <p class="lines__fact">
                    {sentence(&erased, date_time(erased_at.seconds()))}
                </p>
            </div>
            {back}
        </li>
    }
    .into_any()
}
