//! The browser's entry points, one for each program: it takes the place of the frame in `index.html`.

#[cfg(target_arch = "wasm32")]
use leptos::prelude::IntoView;

/// Puts a program into the page.
#[cfg(target_arch = "wasm32")]
pub fn mount<V: IntoView + 'static>(app: fn() -> V) {
    use wasm_bindgen::JsCast as _;

    console_error_panic_hook::set_once();
    let place = leptos::prelude::document()
        .get_element_by_id("app")
        .expect("index.html has it");
    place.set_inner_html("");
    leptos::mount::mount_to(place.unchecked_into(), app).forget();
}
