//! The application: router, routes, session context.
use leptos::prelude::*;
/// The application.
#[component]
pub fn App() -> impl IntoView { "x" }
