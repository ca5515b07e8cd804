//! The browser's entry point: the app takes the place of the frame in `index.html`.

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::JsCast as _;

    console_error_panic_hook::set_once();
    let place = leptos::prelude::document()
        .get_element_by_id("app")
        .expect("index.html has it");
    place.set_inner_html("");
    leptos::mount::mount_to(place.unchecked_into(), app::App).forget();
}

/// Nothing to mount on the host; the crate still builds there, so that the workspace does.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
