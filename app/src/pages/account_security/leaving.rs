//! Asks before unsaved changes are lost: on unload (by the browser), on our links and on Back.

use leptos::{ev, prelude::*};

use super::SecurityPageContext;
use crate::browser::PageAddress;
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::current_account::CurrentAccount;
use crate::components::task::Task;
use crate::text::t;
use crate::ui::Kind;

/// The dialog, with the handlers that open it.
pub(super) fn leaving_dialog(settings: SecurityPageContext) -> AnyView {
    let account = CurrentAccount::here();
    account.guard(Some(settings.differs));
    let unloading = window_event_listener(ev::beforeunload, move |event| {
        if account.is_unsaved() {
            event.prevent_default();
        }
    });
    let address = PageAddress::here();
    address.set_guard(Some(Callback::new(move |()| account.asks_before(None))));
    on_cleanup(move || {
        unloading.remove();
        address.set_guard(None);
        account.guard(None);
    });
    let task = Task::new(move || async move {
        account.guard(None);
        match account.leaving_for.get_value() {
            Some(path) => address.go(&path),
            None => PageAddress::go_back(),
        }
        Ok(())
    });
    let said = Callback::new(move |()| Said {
        body: view! { <p data-focus tabindex="-1">{t().settings_leave_text()}</p> }.into_any(),
        label: t().settings_leave_button().to_owned(),
        kind: Kind::Danger,
        proof: Signal::stored(false),
    });
    confirm_dialog(Confirm::new(
        account.leaving,
        t().settings_leave_title(),
        task,
        said,
    ))
}
