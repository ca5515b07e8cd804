//! Fetches another document of ours ahead, with what it loads, so that they are in the browser's cache when it is shown.
//!
//! By `fetch`: a link with `rel="prefetch"` does nothing in Safari, and our Content-Security-Policy forbids it.

use std::cell::RefCell;
use std::pin::pin;

use crate::browser::wait;
use gloo_net::http::Request;
use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, DomParser, Element, SupportedType};

/// After so many milliseconds a file counts as lost.
const TIME_LIMIT: u32 = 20_000;
/// Milliseconds that somebody who has signed in waits for it at most: the document fetches what is not there.
const PATIENCE: i32 = 8_000;

/// The links of a document that name what it loads.
const FILES: &str = "link[rel=modulepreload], link[rel=preload]";

thread_local! {
    static BEGUN: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Begins to fetch the document at a path and its files; once, and not for somebody who saves data.
pub(crate) fn fetch_ahead(path: String) {
    if saves_data() || BEGUN.with_borrow(Option::is_some) {
        return;
    }
    let fetched = future_to_promise(async move {
        // What is lost is fetched again by the document itself.
        let _ = with_files(&path).await;
        Ok(JsValue::UNDEFINED)
    });
    BEGUN.set(Some(fetched));
}

/// Waits until all that was begun is there or lost. The browser would drop what is half there with the page.
pub(crate) async fn fetched_ahead() {
    if let Some(fetched) = BEGUN.with_borrow(Clone::clone) {
        let fetched = pin!(JsFuture::from(fetched));
        futures::future::select(fetched, pin!(wait(PATIENCE))).await;
    }
}

async fn with_files(path: &str) -> Result<(), JsValue> {
    let text = JsFuture::from(answer(path).await?.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let links = page.query_selector_all(FILES)?;
    let links = (0..links.length()).filter_map(|index| links.item(index));
    let files = links
        .filter_map(|link| link.dyn_into::<Element>().ok()?.get_attribute("href"))
        .map(|file| async move { JsFuture::from(answer(&file).await?.blob()?).await });
    futures::future::join_all(files).await;
    Ok(())
}

async fn answer(path: &str) -> Result<web_sys::Response, JsValue> {
    let request = Request::get(path).abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
    let answer = request.send().await.map_err(|_| JsValue::UNDEFINED)?;
    Ok(answer.into())
}

/// Whether the reader has told the browser to save data (Network Information API; browsers without it never say so).
fn saves_data() -> bool {
    let of = |value: &JsValue, name: &str| Reflect::get(value, &JsValue::from_str(name)).ok();
    let navigator = window().navigator();
    let connection = of(&navigator, "connection").filter(JsValue::is_object);
    connection
        .and_then(|it| of(&it, "saveData"))
        .is_some_and(|it| it.is_truthy())
}
