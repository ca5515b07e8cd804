//! Server functions over HTTP: calls the function that a request was admitted to, and gives every refusal its own status.

use std::sync::Arc;

use app::api::{Backend, ServerFunction};
use app::error::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;

use super::admission::{AdmittedRequest, LARGEST_BODY, text};
use super::pipeline::Front;
use super::responses::{refusal, refusal_with_status};
use crate::console::cookies::{CookieChange, CookieKind};
use crate::console::refusals::is_guess;
use crate::console::{Console, gate};
use service::Services;

/// The most that an error of a server function can be, in bytes.
const LARGEST_ERROR: usize = 64 * 1024;

/// Calls a function for a request that was admitted to it. Of the request the framework gets the address and the body:
/// what it would read in the head, it would answer in its own way.
pub async fn call(
    front: &Front,
    function: &'static ServerFunction,
    admitted: AdmittedRequest,
) -> Response {
    let services = &front.services;
    let AdmittedRequest {
        caller,
        held,
        visitor,
        body,
        ..
    } = admitted;
    let console = Arc::new(Console::new(services.clone(), caller, held, visitor));
    let port: Arc<dyn Backend> = console.clone();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static(function.path);
    let reply = handle_server_fns_with_context(move || provide_context(port.clone()), request)
        .await
        .into_response();
    let mut reply = if reply.status().is_success() {
        reply
    } else {
        retell(services, reply).await
    };
    console.keep_new_tokens().await;
    for change in console.cookie_changes() {
        if let Some(value) = front.jar.write(&change) {
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
    reply
}

/// Whether a call has the form that our pages give it: encodings and announced size.
pub fn check_form(headers: &HeaderMap) -> Result<(), Box<Response>> {
    let malformed = |status| Box::new(refusal_with_status(&ApiError::Malformed, status));
    // Whoever wants a page is not one of ours: the framework would answer a form post with a redirect.
    if text(headers, &header::ACCEPT).contains("text/html") {
        return Err(malformed(StatusCode::NOT_ACCEPTABLE));
    }
    let content_type = text(headers, &header::CONTENT_TYPE);
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_json = media_type.eq_ignore_ascii_case("application/json");
    if !is_json || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let length = text(headers, &header::CONTENT_LENGTH).parse::<usize>();
    if length.is_ok_and(|length| length > LARGEST_BODY) {
        return Err(Box::new(refusal(&ApiError::TooLarge)));
    }
    Ok(())
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
