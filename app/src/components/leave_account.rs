//! The dialog in which somebody leaves an account, wherever it is opened from.

use leptos::prelude::*;

use super::confirm::{Confirm, Said, confirm_dialog};
use super::current_account::CurrentAccount;
use super::task::Task;
use crate::api::team::leave_account;
use crate::text::t;
use crate::types::account::AccountRef;
use crate::types::ids::AccountId;
use crate::ui::Kind;

/// Which account the dialog is about, and whether it is open.
#[derive(Clone, Copy)]
pub(crate) struct LeaveDialog {
    open: RwSignal<bool>,
    which: RwSignal<Option<(AccountId, String)>>,
}

impl LeaveDialog {
    /// Not open.
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            which: RwSignal::new(None),
        }
    }

    /// Asks about an account.
    pub(crate) fn ask(self, id: AccountId, name: String) {
        self.which.set(Some((id, name)));
        self.open.set(true);
    }

    /// Draws it; `on_left` hears the name of the account that was left.
    pub(crate) fn view(self, on_left: Callback<String>) -> AnyView {
        let Self { open, which } = self;
        let account = CurrentAccount::here();
        let task = Task::new(move || async move {
            let Some((id, name)) = which.get_untracked() else {
                return Ok(());
            };
            leave_account(AccountRef::Id(id)).await?;
            open.set(false);
            account.refresh_list().await;
            on_left.run(name);
            Ok(())
        });
        let said = Callback::new(move |()| {
            let name = which.get_untracked().map(|(_, name)| name);
            let name = name.unwrap_or_default();
            Said {
                body: view! { <p data-focus tabindex="-1">{t().required_leave_text(&name)}</p> }
                    .into_any(),
                label: t().required_leave_button(&name),
                kind: Kind::Danger,
                proof: Signal::stored(false),
            }
        });
        confirm_dialog(Confirm::new(open, t().required_leave_title(), task, said))
    }
}
