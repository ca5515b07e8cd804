//! What has to outlive the page in the same tab: a link's token during a sign-in, and how many recovery codes
//! are left after one of them signed in, and what the sign-in page says. Gone with the tab, or once it is dealt with.

use leptos::prelude::*;

/// What can be kept.
#[derive(Clone, Copy)]
pub(crate) enum TabItem {
    /// The token of an invitation.
    Invitation,
    /// The token of the link to a new address.
    NewAddress,
    /// How many recovery codes are left.
    RecoveryCodesLeft,
    /// What the sign-in page says first.
    SaidAtSignIn,
}

impl TabItem {
    const fn key(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::NewAddress => "new-address",
            Self::RecoveryCodesLeft => "recovery-codes-left",
            Self::SaidAtSignIn => "said-at-sign-in",
        }
    }

    /// Keeps a value until it is forgotten or the tab is closed.
    pub(crate) fn keep(self, value: &str) {
        if let Some(storage) = storage() {
            // Refused where storage is full or off; then it is not there later.
            let _ = storage.set_item(self.key(), value);
        }
    }

    /// The value that was kept.
    pub(crate) fn kept(self) -> Option<String> {
        storage()?.get_item(self.key()).ok().flatten()
    }

    /// Forgets it.
    pub(crate) fn forget(self) {
        if let Some(storage) = storage() {
            // Only an unreachable storage refuses, and that holds nothing.
            let _ = storage.remove_item(self.key());
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
