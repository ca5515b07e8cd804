//! Server functions over HTTP: what is wrong with a request is found before its body is looked at,
//! and every refusal leaves with its own status.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::api::Backend;
use app::error::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::client_address::client_address;
use super::cookies::{CookieChange, CookieJar, CookieKind};
use super::origin_check::is_ours;
use super::responses::{refusal, refusal_with_status};
use crate::backend::refusals::{is_guess, said};
use crate::backend::{RequestBackend, gate};
use service::refusal_log::name_client;
use service::{Services, Visitor};

/// The most that a request may carry, in bytes.
const LARGEST_BODY: usize = 16 * 1024;
/// The most that an error of a server function can be, in bytes.
const LARGEST_ERROR: usize = 64 * 1024;
/// Characters of a browser's name that are kept.
const LONGEST_BROWSER: usize = 256;

/// Answers a call of a server function.
pub async fn handle(
    State(services): State<Arc<Services>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    match answer(&services, peer, request).await {
        Ok(answer) => answer,
        Err(answer) => *answer,
    }
}

async fn answer(
    services: &Arc<Services>,
    peer: SocketAddr,
    request: Request,
) -> Result<Response, Box<Response>> {
    let refuse = |error: ApiError| Box::new(refusal(&error));
    check_shape(&request)?;
    let function =
        gate::function_at(request.uri().path()).ok_or_else(|| refuse(ApiError::NotFound))?;
    let visitor = visitor(peer, request.headers(), services);
    if !is_ours(request.headers(), &services.settings.public_url()) {
        services.refusals.note_elsewhere(services.now());
        return Err(refuse(ApiError::CrossSite));
    }
    let (parts, body) = request.into_parts();
    let body = read(body, services.settings.http.body_patience()).await?;
    let jar = CookieJar::new(services.settings.is_https());
    let held = jar.read_all(&parts.headers);
    let caller = gate::admit_to(services, function, &held, &visitor)
        .await
        .map_err(|failure| refuse(said(failure)))?;
    let backend = Arc::new(RequestBackend::new(services.clone(), caller, held, visitor));
    let port: Arc<dyn Backend> = backend.clone();
    let request = Request::from_parts(parts, Body::from(body));
    let reply = handle_server_fns_with_context(move || provide_context(port.clone()), request)
        .await
        .into_response();
    let mut reply = if reply.status().is_success() {
        reply
    } else {
        retell(services, reply).await
    };
    backend.keep_new_tokens().await;
    for change in backend.cookie_changes() {
        if let Some(value) = jar.write(&change) {
            reply.headers_mut().append(header::SET_COOKIE, value);
        }
        if matches!(change, CookieChange::Remove(CookieKind::Session))
            && function.path == gate::SIGN_OUT
        {
            let storage = HeaderValue::from_static("\"storage\"");
            reply.headers_mut().insert("clear-site-data", storage);
        }
    }
    reply
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(reply)
}

/// What can be seen from outside: method, encodings, announced size.
fn check_shape(request: &Request) -> Result<(), Box<Response>> {
    let malformed = |status| Box::new(refusal_with_status(&ApiError::Malformed, status));
    let headers = request.headers();
    if request.method() != Method::POST {
        let mut answer = malformed(StatusCode::METHOD_NOT_ALLOWED);
        answer
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("POST"));
        return Err(answer);
    }
    // The framework answers a form post of a browser with a redirect that carries the error in its URL.
    if text(headers, header::ACCEPT.as_str()).contains("text/html") {
        return Err(malformed(StatusCode::NOT_ACCEPTABLE));
    }
    let content_type = text(headers, header::CONTENT_TYPE.as_str());
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_json = media_type.eq_ignore_ascii_case("application/json");
    if !is_json || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let length = text(headers, header::CONTENT_LENGTH.as_str()).parse::<usize>();
    if length.is_ok_and(|length| length > LARGEST_BODY) {
        return Err(Box::new(refusal(&ApiError::TooLarge)));
    }
    Ok(())
}

/// The whole body, from a client that is neither too generous nor too slow.
async fn read(body: Body, patience: Duration) -> Result<Bytes, Box<Response>> {
    match tokio::time::timeout(patience, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(Box::new(refusal(&ApiError::TooLarge))),
        Err(_) => {
            let status = StatusCode::REQUEST_TIMEOUT;
            Err(Box::new(refusal_with_status(&ApiError::Malformed, status)))
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Where a request comes from; the address goes into the span of the request.
pub(super) fn visitor(peer: SocketAddr, headers: &HeaderMap, services: &Services) -> Visitor {
    let browser = text(headers, header::USER_AGENT.as_str());
    let client = client_address(peer, headers, &services.settings.trusted_proxies);
    if let Some(header) = client.misunderstood {
        services.refusals.note_proxy(client.address, header);
    }
    name_client(client.address);
    Visitor {
        address: client.address.to_string(),
        browser: browser
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_BROWSER)
            .collect(),
    }
}

/// The framework sends every error as 500; this gives it the status of its kind. What is not our
/// error is a fault, and its text stays here.
async fn retell(services: &Services, reply: Response) -> Response {
    let body = to_bytes(reply.into_body(), LARGEST_ERROR)
        .await
        .unwrap_or_default();
    match serde_json::from_slice::<ApiError>(&body) {
        Ok(ApiError::Internal { reference }) if reference.is_empty() => refusal(
            &gate::unexplained("a server function failed in the framework"),
        ),
        Ok(error) => {
            if is_guess(&error) {
                services.refusals.note_guess(error.code(), services.now());
            }
            refusal(&error)
        }
        Err(_) => refusal(&gate::unexplained(
            "a server function gave an answer that is not ours",
        )),
    }
}
