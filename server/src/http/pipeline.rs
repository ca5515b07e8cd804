//! The way of a request of the main listener, in its one order: its id, the limits of its head, its method and form, where
//! it comes from, its body, the gate, the answer, and the headers that every answer has.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::api::Effect;
use app::error::ApiError;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::admission::{Guarded, admit};
use super::cookies::CookieJar;
use super::endpoint::Endpoint;
use super::headers::SecurityHeaders;
use super::origin_check::{is_ours, may_download};
use super::request_log::observe;
use super::responses::{refusal, refusal_with_status};
use super::room::Guest;
use super::static_files::{StaticFiles, script_hashes};
use super::{exports, head_limits, pace, probes, server_fns, uninterrupted};
use crypto::clock::Stopwatch;
use service::Services;

/// What requests of the main listener are answered with.
pub struct Front {
    /// The use cases and what they work with.
    pub services: Arc<Services>,
    /// The origin of our own pages.
    pub public_url: String,
    /// How cookies are named.
    pub jar: CookieJar,
    /// Of the answers that leave in steps.
    step: Duration,
    headers: SecurityHeaders,
    files: StaticFiles,
}

impl Front {
    /// What stays the same from the start on is worked out here.
    pub fn new(services: Arc<Services>, files: StaticFiles, step: Duration) -> Self {
        let settings = &services.settings;
        Self {
            public_url: settings.public_url(),
            jar: CookieJar::new(settings.is_https()),
            headers: SecurityHeaders::new(&script_hashes(), settings),
            files,
            step,
            services,
        }
    }
}

/// The connection that a request has come by.
#[derive(Clone)]
pub struct Arrival {
    /// The other end.
    pub peer: SocketAddr,
    /// Its place in the room.
    pub guest: Arc<Guest>,
}

/// Answers a request for what the router has found at its address.
pub async fn answer(
    endpoint: Endpoint,
    State(front): State<Arc<Front>>,
    ConnectInfo(arrival): ConnectInfo<Arrival>,
    request: Request,
) -> Response {
    let Arrival { peer, guest } = arrival;
    let since = Stopwatch::start();
    let work = async move {
        let services = &front.services;
        let respond = async {
            let answer = respond(endpoint, &front, peer, request).await;
            answer.unwrap_or_else(|refusal| *refusal)
        };
        let mut answer = observe(services, endpoint.label(), respond).await;
        // The wait is none of the work that is measured.
        pace::wait(endpoint.pace(), front.step, since).await;
        front.headers.put_on(&mut answer);
        answer
    };
    if endpoint.may_write() {
        uninterrupted::to_its_end(guest, work).await
    } else {
        work.await
    }
}

async fn respond(
    endpoint: Endpoint,
    front: &Front,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Box<Response>> {
    if let Some(refusal) = head_limits::refusal_of(&request) {
        return Err(Box::new(refusal));
    }
    match endpoint {
        Endpoint::Function(function) => {
            allow_only(&[Method::POST], &request)?;
            server_fns::check_form(request.headers())?;
            let guarded = Guarded {
                may_come: is_ours,
                level: function.level,
                effect: function.effect,
            };
            let admitted = admit(front, &guarded, peer, request).await?;
            Ok(server_fns::call(front, function, admitted).await)
        }
        Endpoint::Export(level, format) => {
            allow_only(&[Method::GET], &request)?;
            let guarded = Guarded {
                may_come: may_download,
                level,
                effect: Effect::Reads,
            };
            let admitted = admit(front, &guarded, peer, request).await?;
            Box::pin(exports::begin(&front.services, admitted, format)).await
        }
        Endpoint::Health => {
            allow_only(&[Method::GET, Method::HEAD], &request)?;
            Ok(probes::healthz().await.into_response())
        }
        Endpoint::Nothing => Ok(refusal(&ApiError::NotFound)),
        Endpoint::Page => {
            let (method, path) = (request.method(), request.uri().path());
            Ok(front.files.serve(method, path, request.headers()))
        }
    }
}

/// Refuses every other method, and says which there are.
fn allow_only(methods: &[Method], request: &Request) -> Result<(), Box<Response>> {
    if methods.contains(request.method()) {
        return Ok(());
    }
    let mut answer = refusal_with_status(&ApiError::Malformed, StatusCode::METHOD_NOT_ALLOWED);
    let allowed: Vec<_> = methods.iter().map(Method::as_str).collect();
    if let Ok(allowed) = HeaderValue::from_str(&allowed.join(", ")) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    Err(Box::new(answer))
}
