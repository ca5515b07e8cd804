//! Exports the audit log of an account: `GET /api/accounts/{account}/activity.csv` and `.jsonl`, streamed in batches, so that
//! memory does not grow with the log.

use std::net::SocketAddr;
use std::sync::Arc;

use app::api::Level;
use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::ids::{AccountId, AuditEventId};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream::try_unfold;
use serde_json::json;
use tracing::{Instrument as _, Span};

use super::cookies::CookieJar;
use super::origin_check::may_download;
use super::request_id;
use super::responses::{refusal, refusal_with_status};
use super::server_fns::visitor;
use crate::backend::gate::{self, Caller};
use crate::backend::log_fault;
use crate::backend::refusals::said;
use domain::csv;
use domain::time::rfc_3339;
use service::Services;
use service::accounts::activity::{begin_export, next_of_export};
use service::audit::detail_in_words;
use service::principal::Principal;
use service::sessions::SignedIn;
use storage::account_log::{LogLine, Person};

/// The first line of a file of CSV.
const COLUMNS: [&str; 9] = [
    "at",
    "kind",
    "actor",
    "actor_id",
    "subject",
    "subject_id",
    "address",
    "browser",
    "detail",
];

#[derive(Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Answers a request for the file, at the level that the gate states for its address.
pub async fn handle(
    level: Level,
    State(services): State<Arc<Services>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    match answer(level, &services, peer, &request).await {
        Ok(answer) => answer,
        Err(answer) => *answer,
    }
}

async fn answer(
    level: Level,
    services: &Arc<Services>,
    peer: SocketAddr,
    request: &Parts,
) -> Result<Response, Box<Response>> {
    let refuse = |error: ApiError| Box::new(refusal(&error));
    if request.method != Method::GET {
        let mut answer = refusal_with_status(&ApiError::Malformed, StatusCode::METHOD_NOT_ALLOWED);
        let allowed = HeaderValue::from_static("GET");
        answer.headers_mut().insert(header::ALLOW, allowed);
        return Err(Box::new(answer));
    }
    let headers = &request.headers;
    let visitor = visitor(peer, headers, services);
    if !may_download(headers, &services.settings.public_url()) {
        services.refusals.note_elsewhere(services.now());
        return Err(refuse(ApiError::CrossSite));
    }
    let jar = CookieJar::new(services.settings.is_https());
    let held = jar.read_all(headers);
    let caller = gate::admit(services, level, &held, &visitor)
        .await
        .map_err(|failure| refuse(said(failure)))?;
    let Caller::SignedIn(caller) = caller else {
        return Err(refuse(ApiError::SignedOut));
    };
    let (account, format) = parse(request.uri.path()).ok_or_else(|| refuse(ApiError::NotFound))?;
    let account = begin_export(services, &caller, account)
        .await
        .map_err(|failure| refuse(said(failure)))?;
    file(services.clone(), caller, account, format).ok_or_else(|| refuse(ApiError::NotFound))
}

/// The account and the format that an address names.
fn parse(path: &str) -> Option<(AccountRef, Format)> {
    let (account, file) = path.strip_prefix("/api/accounts/")?.split_once('/')?;
    let format = match file {
        "activity.csv" => Format::Csv,
        "activity.jsonl" => Format::JsonLines,
        _ => return None,
    };
    Some((account.parse().ok()?, format))
}

fn file(
    services: Arc<Services>,
    caller: Box<SignedIn>,
    account: AccountId,
    format: Format,
) -> Option<Response> {
    let name = format!("activity-{account}.{}", format.ending());
    // Batches are read after the answer has begun; what is logged meanwhile is of the same request.
    let (id, span) = (gate::new_reference(), Span::current());
    let stream = try_unfold(ExportPosition::Begin, move |place| {
        let (services, caller) = (services.clone(), caller.clone());
        let batch = async move { next(&services, &caller, account, format, place).await };
        request_id::within(id.clone(), batch).instrument(span.clone())
    });
    let mut answer = Response::new(Body::from_stream(stream));
    let headers = answer.headers_mut();
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).ok()?,
    );
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(answer)
}

/// How far an export is written.
enum ExportPosition {
    Begin,
    After(AuditEventId),
    End,
}

/// The file broke off: the connection ends before its end, so that nobody takes a part for the whole.
#[derive(Debug, thiserror::Error)]
#[error("the file broke off")]
struct BrokenOff;

async fn next(
    services: &Services,
    caller: &Principal,
    account: AccountId,
    format: Format,
    place: ExportPosition,
) -> Result<Option<(Bytes, ExportPosition)>, BrokenOff> {
    let (mut text, before) = match (place, format) {
        (ExportPosition::Begin, Format::Csv) => (csv::line(&COLUMNS), None),
        (ExportPosition::Begin, Format::JsonLines) => (String::new(), None),
        (ExportPosition::After(id), Format::Csv | Format::JsonLines) => (String::new(), Some(id)),
        (ExportPosition::End, Format::Csv | Format::JsonLines) => return Ok(None),
    };
    let lines = next_of_export(services, caller, account, before)
        .await
        .map_err(|failure| {
            log_fault(failure);
            BrokenOff
        })?;
    for line in &lines {
        match format {
            Format::Csv => text.push_str(&as_csv(line)),
            Format::JsonLines => text.push_str(&as_json(line)),
        }
    }
    let place = lines
        .last()
        .map_or(ExportPosition::End, |last| ExportPosition::After(last.id));
    Ok(Some((Bytes::from(text), place)))
}

fn as_csv(line: &LogLine) -> String {
    let name = |person: &Option<Person>| person.as_ref().map(|person| person.name.clone());
    let id = |person: &Option<Person>| person.as_ref().map(|person| person.id.to_string());
    let cells = [
        rfc_3339(line.at),
        line.kind.clone(),
        name(&line.actor).unwrap_or_default(),
        id(&line.actor).unwrap_or_default(),
        name(&line.subject).unwrap_or_default(),
        id(&line.subject).unwrap_or_default(),
        line.address.clone(),
        line.browser.clone(),
        detail_in_words(line),
    ];
    csv::line(&cells.each_ref().map(String::as_str))
}

fn as_json(line: &LogLine) -> String {
    let person = |person: &Option<Person>| {
        person
            .as_ref()
            .map(|person| json!({ "id": person.id, "name": person.name }))
    };
    let line = json!({
        "id": line.id,
        "at": rfc_3339(line.at),
        "kind": line.kind,
        "actor": person(&line.actor),
        "subject": person(&line.subject),
        "address": line.address,
        "browser": line.browser,
        "detail": detail_in_words(line),
    });
    format!("{line}\n")
}
