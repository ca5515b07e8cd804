//! One of a few, in the search of a list.

use leptos::prelude::*;

use crate::ui::unique_id;

/// A choice among words of addresses, each with what people read; `on_change` hears when another one is chosen.
pub(crate) fn choice(
    name: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    options: impl IntoIterator<Item = (&'static str, &'static str)>,
    on_change: Option<Callback<()>>,
) -> AnyView {
    let id = unique_id(name);
    let option = |(word, words)| view! { <option value=word>{words}</option> };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <select
                class="field__input"
                id=id
                name=name
                prop:value=move || value.get()
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    if let Some(on_change) = on_change {
                        on_change.run(());
                    }
                }
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}
