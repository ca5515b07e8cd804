//! The routes: server functions under `/api/`, the front end everywhere else.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::any;

use super::headers::{SecurityHeaders, secure};
use super::{server_fns, static_files};
use crate::service::Services;

/// The whole of what listens.
pub fn router(services: Arc<Services>) -> Router {
    let headers =
        SecurityHeaders::new(&static_files::script_hashes(), services.settings.is_https());
    Router::new()
        .route("/api/{*endpoint}", any(server_fns::handle))
        .fallback(|request: Request| async move {
            static_files::serve(request.method(), request.uri().path(), request.headers())
        })
        .layer(from_fn_with_state(Arc::new(headers), secure))
        .with_state(services)
}
