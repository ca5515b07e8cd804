//! Ways out of the page: clipboard, a file, paper.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Copies text; false where the browser doesn't allow it.
pub(crate) async fn copy(text: String) -> bool {
    let navigator = window().navigator();
    // Missing on plain http away from localhost, although the types say otherwise.
    let has_clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|it| it.is_object());
    has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(&text))
            .await
            .is_ok()
}

/// Offers text as a file.
pub(crate) fn download(file_name: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(
        &Array::of1(&JsValue::from_str(text)),
        &options,
    )?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(file_name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}

/// Opens the browser's print dialog.
pub(crate) fn print() {
    // Refused where printing is switched off; the other two ways remain.
    let _ = window().print();
}
