//! What is found out about a request before anything is done for it: where it comes from, whether our own pages sent it,
//! its body, and who asks.

use std::net::SocketAddr;
use std::time::Duration;

use app::api::{Effect, Level};
use app::error::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use super::client_address::client_address;
use super::pipeline::Front;
use super::responses::{refusal, refusal_with_status};
use crate::console::gate::{self, Caller};
use crate::console::refusals::said;
use service::browsers::Held;
use service::refusal_log::name_client;
use service::{Services, Visitor};

/// The most that a request may carry, in bytes.
pub const LARGEST_BODY: usize = 16 * 1024;
/// Characters of a browser's name that are kept.
const LONGEST_BROWSER: usize = 256;

/// What an endpoint asks of a request before it is answered.
pub struct Guarded {
    /// Whether a request with these headers comes from where it may, by the public origin.
    pub may_come: fn(&HeaderMap, &str) -> bool,
    /// Who is let through.
    pub level: Level,
    /// What is done for them.
    pub effect: Effect,
}

/// A request that was let through.
pub struct AdmittedRequest {
    /// Who asks.
    pub caller: Caller,
    /// What their browser holds.
    pub held: Held,
    /// Where they ask from.
    pub visitor: Visitor,
    /// The rest of the head.
    pub parts: Parts,
    /// The whole body.
    pub body: Bytes,
}

/// Lets a request through, or refuses it.
pub async fn admit(
    front: &Front,
    guarded: &Guarded,
    peer: SocketAddr,
    request: Request,
) -> Result<AdmittedRequest, Box<Response>> {
    let refuse = |error: ApiError| Box::new(refusal(&error));
    let services = &front.services;
    let (parts, body) = request.into_parts();
    let visitor = visitor(peer, &parts.headers, services);
    if !(guarded.may_come)(&parts.headers, &front.public_url) {
        services.refusals.note_elsewhere(services.now());
        return Err(refuse(ApiError::CrossSite));
    }
    let body = read(body, services.settings.http.body_patience()).await?;
    let held = front.jar.read_all(&parts.headers);
    let caller = gate::admit(services, guarded.level, guarded.effect, &held, &visitor)
        .await
        .map_err(|failure| refuse(said(failure)))?;
    Ok(AdmittedRequest {
        caller,
        held,
        visitor,
        parts,
        body,
    })
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

/// Where a request comes from; the address goes into the span of the request.
fn visitor(peer: SocketAddr, headers: &HeaderMap, services: &Services) -> Visitor {
    let browser = text(headers, &header::USER_AGENT);
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

/// The text of a header; empty where there is none.
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
