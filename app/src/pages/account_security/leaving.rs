//! Asks before unsaved changes are lost: on unload (by the browser), on our links and on Back.

use leptos::{ev, prelude::*};

use super::SecurityPageContext;
use crate::browser::PageAddress;
use crate::components::confirm::{Confirm, Said, confirm_dialog};
use crate::components::task::Task;
use crate::text::t;
use crate::ui::Kind;

/// The dialog, with the handlers that open it.
pub(super) fn leaving_dialog(settings: SecurityPageContext) -> AnyView {
    let address = PageAddress::here();
    let open = RwSignal::new(false);
    // Where the link leads that was followed; none for Back.
    let goal = StoredValue::new(None::<String>);
    let differs = settings.differs;
    // Gone with its page.
    let is_unsaved = move || differs.try_get_untracked() == Some(true);
    address.before_leaving(Some(Callback::new(move |path| {
        let asks = is_unsaved();
        if asks {
            goal.set_value(path);
            open.set(true);
        }
        asks
    })));
    let unloading = window_event_listener(ev::beforeunload, move |event| {
        if address.is_guarded() && is_unsaved() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        unloading.remove();
        address.before_leaving(None);
    });
    let task = Task::new(move || async move {
        address.before_leaving(None);
        open.set(false);
        match goal.get_value() {
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
    confirm_dialog(Confirm::new(open, t().settings_leave_title(), task, said))
}
