//! What would be lost when this page is left.

use leptos::prelude::*;

use super::SecurityPageContext;
use crate::components::leaving::{Leaving, leaving_page};
use crate::components::task::Task;
use crate::text::t;

/// The dialog that asks. `save` is what the form's button does: where the owner has to prove that it is them, or the
/// server has something to say, the page stays.
pub(super) fn leaving_dialog(settings: SecurityPageContext, save: Task) -> AnyView {
    let differs = settings.differs;
    // Gone with its page.
    let is_unsaved = move || differs.try_get_untracked() == Some(true);
    let after = StoredValue::new(None::<Callback<()>>);
    Effect::new(move |was_pending: Option<bool>| {
        let is_pending = save.pending().get();
        if was_pending == Some(true) && !is_pending {
            let leave = after.try_update_value(Option::take).flatten();
            if let Some(leave) = leave.filter(|_| !is_unsaved()) {
                leave.run(());
            }
        }
        is_pending
    });
    leaving_page(Leaving {
        is_unsaved: Callback::new(move |()| is_unsaved()),
        may_save: Callback::new(|()| true),
        save: Callback::new(move |leave| {
            after.set_value(Some(leave));
            save.start();
        }),
        text: t().settings_leave_text(),
    })
}
