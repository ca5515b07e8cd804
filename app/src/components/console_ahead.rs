//! Fetches the console while somebody types what leads to it.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser;
use crate::types::account::AccountRef;
use crate::types::page::AccountPage;

/// Begins as soon as what is drawn now has been painted.
pub(crate) fn console_ahead() {
    let begin = || {
        let overview = AccountPage::Overview.of_account(AccountRef::Any);
        browser::fetch_ahead(overview.path());
    };
    request_animation_frame(move || set_timeout(begin, Duration::ZERO));
}
