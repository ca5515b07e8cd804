//! The front end of the pages of accounts.

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::mount(app::AccountsApp);
}

/// Nothing to mount on the host; the crate still builds there, so that the workspace does.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
