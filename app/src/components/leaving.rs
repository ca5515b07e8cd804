//! Asks before what is not saved is lost: on unload (by the browser), on our links and on Back.

use leptos::{ev, prelude::*};

use crate::browser::{BeforeLeaving, PageAddress, form_to_save, has_typed_anywhere};
use crate::text::t;
use crate::ui::{Button, Dialog, Kind, live};

/// What is asked about.
#[derive(Clone, Copy)]
pub(crate) struct Leaving {
    /// Whether something would be lost. Gone with its page, nothing would.
    pub(crate) is_unsaved: Callback<(), bool>,
    /// Whether it can be saved from here.
    pub(crate) may_save: Callback<(), bool>,
    /// Saves it; what leaves the page afterwards is given along.
    pub(crate) save: Callback<Callback<()>>,
    /// What would be lost.
    pub(crate) text: &'static str,
}

/// Text that was typed into any form of the program's pages.
pub(crate) fn typed_text() -> AnyView {
    let address = PageAddress::here();
    let leaving = Leaving {
        is_unsaved: Callback::new(|()| has_typed_anywhere()),
        may_save: Callback::new(|()| form_to_save().is_some()),
        // The form says what is wrong with it; the page is left once it is saved.
        save: Callback::new(move |leave| {
            if let Some(form) = form_to_save() {
                address.after_save(Some(leave));
                // Throws only for a button that is not of the form; none is named.
                let _ = form.request_submit();
            }
        }),
        text: t().common_leave_text(),
    };
    let (dialog, hook) = leaving_dialog(leaving);
    address.before_leaving_any(hook);
    dialog
}

/// The dialog of a page that knows itself what is not saved.
pub(crate) fn leaving_page(leaving: Leaving) -> AnyView {
    let address = PageAddress::here();
    let (dialog, hook) = leaving_dialog(leaving);
    address.before_leaving(Some(hook));
    on_cleanup(move || address.before_leaving(None));
    dialog
}

fn leaving_dialog(leaving: Leaving) -> (AnyView, BeforeLeaving) {
    let address = PageAddress::here();
    let open = RwSignal::new(false);
    // Where the link leads that was followed; none for Back.
    let goal = StoredValue::new(None::<String>);
    let is_unsaved = move || leaving.is_unsaved.try_run(()).unwrap_or(false);
    let hook = Callback::new(move |path| {
        let asks = is_unsaved();
        if asks {
            goal.set_value(path);
            open.set(true);
        }
        asks
    });
    let unloading = window_event_listener(ev::beforeunload, move |event| {
        if address.is_guarded() && is_unsaved() {
            event.prevent_default();
        }
    });
    on_cleanup(move || unloading.remove());
    let leave = Callback::new(move |()| {
        // Nothing is asked until another page is shown.
        address.ask_nobody();
        open.set(false);
        match goal.get_value() {
            Some(path) => address.go(&path),
            None => PageAddress::go_back(),
        }
    });
    let stay = Callback::new(move |()| open.set(false));
    let save = Callback::new(move |()| {
        open.set(false);
        leaving.save.run(leave);
    });
    let content = move || {
        let may_save = untrack(|| leaving.may_save.run(()));
        view! {
            <p data-focus tabindex="-1">{leaving.text}</p>
            <div class="dialog__actions">
                <Button label=t().common_stay() kind=Kind::Secondary on_click=stay />
                <Button label=t().common_leave() kind=Kind::Danger on_click=leave />
                {may_save.then(|| view! { <Button label=t().common_save_and_leave() on_click=save /> })}
            </div>
        }
        .into_any()
    };
    let dialog = view! {
        <Dialog open title=Signal::stored(t().common_leave_title())>{live(content)}</Dialog>
    };
    (dialog.into_any(), hook)
}
