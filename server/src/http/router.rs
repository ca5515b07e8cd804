//! The routes: server functions under `/api/`, the front end everywhere else.

use std::net::SocketAddr;
use std::sync::Arc;

use app::error::ApiError;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, any, get};

use super::headers::{SecurityHeaders, secure};
use super::probes::healthz;
use super::request_log::observe;
use super::responses::refusal;
use super::{exports, server_fns, static_files};
use crate::backend::gate;
use service::Services;

/// The whole of what listens.
pub fn router(services: Arc<Services>) -> Router {
    let headers = SecurityHeaders::new(&static_files::script_hashes(), &services.settings);
    others()
        .into_iter()
        .fold(exports(), |router, (path, answer)| {
            router.route(path, answer)
        })
        .route("/api/{*endpoint}", any(server_fns::handle))
        .fallback(|request: Request| async move {
            static_files::serve(request.method(), request.uri().path(), request.headers())
        })
        .layer(from_fn_with_state(Arc::new(headers), secure))
        .layer(from_fn_with_state(services.clone(), observe))
        .with_state(services)
}

/// What is neither a function nor a file of the gate, nor of the front end.
fn others() -> [(&'static str, MethodRouter<Arc<Services>>); 3] {
    [
        ("/healthz", get(healthz)),
        // Elsewhere, and no page either: who looks for them here should see that they are not.
        ("/readyz", any(nothing)),
        ("/metrics", any(nothing)),
    ]
}

/// Their paths.
pub fn other_paths() -> Vec<&'static str> {
    others().into_iter().map(|(path, _)| path).collect()
}

async fn nothing() -> Response {
    refusal(&ApiError::NotFound)
}

/// The files that the gate lists, each at its level.
fn exports() -> Router<Arc<Services>> {
    let mut router = Router::new();
    for (path, level) in gate::EXPORTS {
        let file = move |services: State<Arc<Services>>,
                         peer: ConnectInfo<SocketAddr>,
                         request: Request| {
            exports::handle(*level, services, peer, request)
        };
        router = router.route(path, any(file));
    }
    router
}
