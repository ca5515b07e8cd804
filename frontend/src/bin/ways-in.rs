//! The ways in: sign-in, set-up, sign-up, and what links in mails lead to.

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::mount(app::WaysIn);
}

/// Nothing to mount on the host; the crate still builds there, so that the workspace does.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
