//! The address bar: which page it names, and going to another without loading anything.
//!
//! We need only this part of a router; a full router is ten times the download (docs/performance.md).

use leptos::task::spawn_local;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use super::ahead::fetched_ahead;
use crate::types::secret_text::SecretText;

/// Where the page is, with its query; never the fragment, which may hold a token.
pub(crate) fn current_path() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Where the page is, without its query.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Has the address bar say what the page shows; nothing is loaded, and Back leads where it led before.
pub(crate) fn set_address(path: &str) {
    if let Ok(history) = window().history() {
        // Refused only after hundreds of calls in a row; the page works all the same.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// The query of an address that says these values, by their names; nothing where there are none.
pub(crate) fn query_of(values: &[(&str, Option<String>)]) -> String {
    let mut query = String::new();
    for (name, value) in values {
        if let Some(value) = value {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&encoded(value));
        }
    }
    query
}

/// Text as part of a query.
pub(crate) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Loads another page of ours in place of this one, so that nothing of this one stays in memory.
pub(crate) fn replace(path: &str) {
    // Refused only for an address that is none; ours is a path.
    let _ = window().location().replace(path);
}

/// Loads this page again.
pub(crate) fn reload() {
    // Never refused for the page's own location.
    let _ = window().location().reload();
}

/// Takes a token out of the fragment, so that neither the address bar nor the history keeps it.
pub(crate) fn take_fragment() -> Option<SecretText> {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    if fragment.is_empty() {
        return None;
    }
    set_address(&current_path());
    fragment
        .strip_prefix('#')
        .filter(|token| !token.is_empty())
        .map(SecretText::new)
}

/// Asked before the page is left: for the path of a link, or, with none, by Back or Forward. `true` keeps the page.
pub(crate) type BeforeLeaving = Callback<Option<String>, bool>;

/// The address of the page; one for the whole page.
#[derive(Clone, Copy)]
pub(crate) struct PageAddress {
    path: RwSignal<String>,
    is_ours: fn(&str) -> bool,
    hook: StoredValue<Option<BeforeLeaving>>,
    /// The one of the whole program.
    any: StoredValue<Option<BeforeLeaving>>,
    /// Nobody is asked: the page is put away, or is being left.
    is_suspended: StoredValue<bool>,
    after_save: StoredValue<Option<Callback<()>>>,
}

impl PageAddress {
    /// Puts it in the context of everything below, and follows links and the back button from now on. Pages that are
    /// not of this program are loaded.
    pub(crate) fn provide(is_ours: fn(&str) -> bool) -> Self {
        let address = Self {
            path: RwSignal::new(window().location().pathname().unwrap_or_default()),
            is_ours,
            hook: StoredValue::new(None),
            any: StoredValue::new(None),
            is_suspended: StoredValue::new(false),
            after_save: StoredValue::new(None),
        };
        provide_context(address);
        // The page lives as long as the tab: nobody has to stop listening.
        let _ = window_event_listener(ev::popstate, move |_| address.came_back());
        let _ = window_event_listener(ev::click, move |event| address.follow(&event));
        address
    }

    /// The one that `provide` put into the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The path, without query and fragment.
    pub(crate) fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// Goes to a path of ours; back leads here again.
    pub(crate) fn go(self, path: &str) {
        self.show(path, false);
    }

    /// Goes to a path of ours; back does not lead here again.
    pub(crate) fn go_instead(self, path: &str) {
        self.show(path, true);
    }

    fn show(self, path: &str, instead: bool) {
        if !(self.is_ours)(path) {
            spawn_local(load(path.to_owned(), instead));
            return;
        }
        let Ok(history) = window().history() else {
            return;
        };
        let shown = if instead {
            history.replace_state_with_url(&JsValue::NULL, "", Some(path))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(path))
        };
        // Refused only for an address that is not ours, and after hundreds of calls in a row.
        if shown.is_ok() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            self.read();
        }
    }

    /// Sets what is asked before a link, Back or Forward leaves the page.
    pub(crate) fn before_leaving(self, hook: Option<BeforeLeaving>) {
        self.hook.set_value(hook);
    }

    /// Sets what is asked besides on every page, for as long as the program runs.
    pub(crate) fn before_leaving_any(self, hook: BeforeLeaving) {
        self.any.set_value(Some(hook));
    }

    /// Leaves the page without a question, whatever is not saved.
    pub(crate) fn ask_nobody(self) {
        self.suspend(true);
    }

    /// Sets what is done once a form of the page is saved.
    pub(crate) fn after_save(self, done: Option<Callback<()>>) {
        self.after_save.set_value(done);
    }

    /// A form was answered: saved or not.
    pub(crate) fn answered(self, is_saved: bool) {
        let done = self.after_save.try_update_value(Option::take).flatten();
        if let Some(done) = done.filter(|_| is_saved) {
            done.run(());
        }
    }

    /// Whether somebody has to be asked before the page is left.
    pub(crate) fn is_guarded(self) -> bool {
        !self.is_suspended.get_value()
    }

    /// Asks nobody while the page is put away: its question could not be seen.
    pub(crate) fn suspend(self, is_suspended: bool) {
        self.is_suspended.set_value(is_suspended);
    }

    fn is_kept(self, path: Option<&str>) -> bool {
        let asks = |hook: Option<BeforeLeaving>| {
            hook.is_some_and(|hook| hook.run(path.map(str::to_owned)))
        };
        self.is_guarded() && (asks(self.hook.get_value()) || asks(self.any.get_value()))
    }

    /// Goes where Back led to before this page was kept.
    pub(crate) fn go_back() {
        if let Ok(history) = window().history() {
            // There is a page to go to: this one was put on top of it.
            let _ = history.back();
        }
    }

    fn came_back(self) {
        let shown = self.path.get_untracked();
        let leaves = window()
            .location()
            .pathname()
            .is_ok_and(|path| path != shown);
        if leaves && self.is_kept(None) {
            // The browser has gone there already; this page is put on top of it.
            if let Ok(history) = window().history() {
                // Refused only after hundreds of calls in a row; then the page is left.
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&shown));
            }
        } else {
            self.read();
        }
    }

    fn read(self) {
        let path = window().location().pathname().unwrap_or_default();
        if self.path.with_untracked(|shown| *shown != path) {
            self.is_suspended.set_value(false);
            self.path.set(path);
        }
    }

    /// A plain click on a link of ours shows the page without loading anything.
    fn follow(self, event: &MouseEvent) {
        let is_plain = event.button() == 0
            && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if !is_plain || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let link = target.and_then(|it| it.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|it| it.dyn_into::<HtmlAnchorElement>().ok()) else {
            return;
        };
        let is_twofold = window()
            .location()
            .origin()
            .is_ok_and(|it| it == link.origin());
        let stays = link.target().is_empty() && !link.has_attribute("download");
        // A fragment carries a token: such a link is loaded as a page.
        if !is_twofold || !stays || !link.hash().is_empty() {
            return;
        }
        let path = link.pathname() + &link.search();
        if self.is_kept(Some(&path)) {
            event.prevent_default();
        } else if (self.is_ours)(&link.pathname()) {
            event.prevent_default();
            self.go(&path);
        }
    }
}

/// Loads a page of another program.
async fn load(path: String, instead: bool) {
    fetched_ahead().await;
    let location = window().location();
    // Refused only for an address that is none; ours is a path.
    let _ = if instead {
        location.replace(&path)
    } else {
        location.assign(&path)
    };
}

/// A value of the page's query.
pub(crate) fn query(name: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query)
        .ok()?
        .get(name)
}
