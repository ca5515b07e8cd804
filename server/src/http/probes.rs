//! The operator's listener: liveness, readiness and metrics. It takes no session, so it belongs on an address that only the
//! operator's machines can reach.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use service::Services;
use service::metrics::CONTENT_TYPE;
use service::presence::takes_writes;
use service::readings::{read, readiness};

/// The whole of what listens there.
pub fn router(services: Arc<Services>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(services)
}

/// The process answers; nothing else is looked at, since a restart mends nothing else.
pub async fn healthz() -> &'static str {
    "ok\n"
}

async fn readyz(State(services): State<Arc<Services>>) -> Response {
    let readiness = readiness(&services).await;
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = serde_json::to_vec(&readiness).unwrap_or_default();
    answer(status, "application/json", Body::from(body))
}

async fn metrics(State(services): State<Arc<Services>>) -> Response {
    let (readings, is_writable) = tokio::join!(read(&services), takes_writes(&services));
    if let Err(failure) = &readings {
        tracing::warn!(?failure, "the database could not be read for graphs");
    }
    let text = services
        .metrics
        .print(readings.as_ref().ok(), is_writable, &services.hasher);
    answer(StatusCode::OK, CONTENT_TYPE, Body::from(text))
}

fn answer(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
