//! A button that copies a text and says whether it worked.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::{Button, Kind};
use super::live::live;
use crate::browser;
use crate::text::t;

/// Copies what `text` gives.
#[component]
pub(crate) fn CopyButton(label: &'static str, text: Callback<(), String>) -> AnyView {
    let copied = RwSignal::new(None::<bool>);
    let on_click = Callback::new(move |()| {
        let text = text.run(());
        spawn_local(async move {
            let done = browser::copy(text).await;
            copied.set(Some(done));
        });
    });
    view! {
        <span class="copy">
            <Button label kind=Kind::Secondary on_click />
            <span class="copy__said" role="status">
                {live(move || copied.get().map(|done| if done { t().common_copied() } else { t().common_copy_failed() }))}
            </span>
        </span>
    }
    .into_any()
}
