//! The front end of whoever signs in, and of their own pages.

#[cfg(target_arch = "wasm32")]
fn main() {
    frontend::mount(app::OwnApp);
}

/// Nothing to mount on the host; the crate still builds there, so that the workspace does.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
