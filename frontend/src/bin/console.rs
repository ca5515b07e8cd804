//! The console: the user's own pages, and those of accounts.

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::mount(app::Console);
}

/// Nothing to mount on the host; the crate still builds there, so that the workspace does.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
