//! The routes of the main listener: server functions and files under `/api/`, the front end everywhere else.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::any;

use super::endpoint::Endpoint;
use super::exports::FileFormat;
use super::pipeline::{Front, answer};
use super::static_files::StaticFiles;
use crate::console::gate;
use service::Services;

/// What is neither a function nor a file of the gate, nor of the front end. Readiness and metrics are elsewhere: who looks
/// for them here should see that they are not.
const OTHERS: [(&str, Endpoint); 3] = [
    ("/healthz", Endpoint::Health),
    ("/readyz", Endpoint::Nothing),
    ("/metrics", Endpoint::Nothing),
];

/// Their paths.
pub fn other_paths() -> Vec<&'static str> {
    OTHERS.iter().map(|(path, _)| *path).collect()
}

/// The whole of what listens; `step` is that of [`super::pace`]. Every address has a route, each route an endpoint, and all the same pipeline.
pub fn router(services: Arc<Services>, files: StaticFiles, step: Duration) -> Router {
    let functions = app::api::all_functions().map(|one| (one.path, Endpoint::Function(one)));
    let exports = gate::EXPORTS
        .iter()
        .map(|(path, level)| (*path, Endpoint::Export(*level, FileFormat::of(path))));
    let unknown = ("/api/{*endpoint}", Endpoint::Nothing);
    functions
        .chain(exports)
        .chain(OTHERS)
        .chain([unknown])
        .fold(Router::new(), |router, (path, endpoint)| {
            router.route(
                path,
                any(move |front, from, request| answer(endpoint, front, from, request)),
            )
        })
        .fallback(move |front, from, request| answer(Endpoint::Page, front, from, request))
        .with_state(Arc::new(Front::new(services, files, step)))
}
