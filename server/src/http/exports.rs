//! Exports the audit log of an account: `GET /api/accounts/{account}/activity.csv` and `.jsonl`, streamed in batches, so that
//! memory does not grow with the log.

use std::sync::Arc;

use app::error::ApiError;
use app::types::account::AccountRef;
use app::types::activity::ActivityFilter;
use app::types::ids::AuditEventId;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream::try_unfold;
use serde_json::json;
use tracing::{Instrument as _, Span};

use super::admission::AdmittedRequest;
use super::responses::refusal;
use crate::console::gate::{self, Caller};
use crate::console::log_fault;
use crate::console::refusals::said;
use crate::request_id;
use domain::csv;
use domain::time::rfc_3339;
use service::Services;
use service::accounts::activity::{Export, begin_export, next_of_export};
use service::audit::{detail_in_words, sentence_of};
use service::principal::Principal;
use service::sessions::SignedIn;
use storage::account_log::{LogLine, Person};

/// The first line of a file of CSV.
const COLUMNS: [&str; 10] = [
    "at",
    "kind",
    "actor",
    "actor_id",
    "subject",
    "subject_id",
    "address",
    "browser",
    "detail",
    "sentence",
];

/// How the lines are written.
#[derive(Clone, Copy)]
pub enum FileFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// An object of JSON on each line.
    JsonLines,
}

impl FileFormat {
    /// The format that the end of a route says.
    pub fn of(route: &str) -> Self {
        match route.rsplit_once('.') {
            Some((_, "csv")) => Self::Csv,
            Some(_) | None => Self::JsonLines,
        }
    }

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

/// Begins the file for a request that was admitted to it: the account is in the request's address.
pub async fn begin(
    services: &Arc<Services>,
    admitted: AdmittedRequest,
    format: FileFormat,
) -> Result<Response, Box<Response>> {
    let refuse = |error: ApiError| Box::new(refusal(&error));
    let Caller::SignedIn(caller) = admitted.caller else {
        return Err(refuse(ApiError::SignedOut));
    };
    let mut parts = admitted.parts;
    let account = Path::<AccountRef>::from_request_parts(&mut parts, &()).await;
    let Path(account) = account.map_err(|_| refuse(ApiError::NotFound))?;
    let filter = filter(&mut parts).await;
    let filter = filter.ok_or_else(|| refuse(ApiError::Malformed))?;
    let export = begin_export(services, &caller, account, &filter)
        .await
        .map_err(|failure| refuse(said(failure)))?;
    file(services.clone(), caller, export, format).ok_or_else(|| refuse(ApiError::NotFound))
}

/// Which lines the query of the address asks for; nothing where it has a parameter that is none of ours: a filter that is
/// misspelt would hand out the whole log in place of a part of it.
async fn filter(parts: &mut Parts) -> Option<ActivityFilter> {
    let given = Query::<Vec<(String, String)>>::from_request_parts(parts, &()).await;
    let Query(given) = given.ok()?;
    let known = serde_json::to_value(ActivityFilter::default()).ok()?;
    if given.iter().any(|(name, _)| known.get(name).is_none()) {
        return None;
    }
    let filter = Query::<ActivityFilter>::from_request_parts(parts, &()).await;
    filter.ok().map(|Query(filter)| filter)
}

fn file(
    services: Arc<Services>,
    caller: Box<SignedIn>,
    export: Export,
    format: FileFormat,
) -> Option<Response> {
    let name = format!("activity-{}.{}", export.account, format.ending());
    let export = Arc::new(export);
    // Batches are read after the answer has begun; what is logged meanwhile is of the same request.
    let (id, span) = (gate::new_reference(), Span::current());
    let stream = try_unfold(ExportPosition::Begin, move |place| {
        let (services, caller, export) = (services.clone(), caller.clone(), export.clone());
        let batch = async move { next(&services, &caller, &export, format, place).await };
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
    export: &Export,
    format: FileFormat,
    place: ExportPosition,
) -> Result<Option<(Bytes, ExportPosition)>, BrokenOff> {
    let (mut text, before) = match (place, format) {
        (ExportPosition::Begin, FileFormat::Csv) => (csv::line(&COLUMNS), None),
        (ExportPosition::Begin, FileFormat::JsonLines) => (String::new(), None),
        (ExportPosition::After(id), FileFormat::Csv | FileFormat::JsonLines) => {
            (String::new(), Some(id))
        }
        (ExportPosition::End, FileFormat::Csv | FileFormat::JsonLines) => return Ok(None),
    };
    let lines = next_of_export(services, caller, export, before)
        .await
        .map_err(|failure| {
            log_fault(failure);
            BrokenOff
        })?;
    for line in &lines {
        match format {
            FileFormat::Csv => text.push_str(&as_csv(line)),
            FileFormat::JsonLines => text.push_str(&as_json(line)),
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
        sentence_of(line),
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
        "sentence": sentence_of(line),
    });
    format!("{line}\n")
}
