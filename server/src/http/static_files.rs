//! The front end, out of the binary: compressed when it was built, cached for ever by the hashes in its names; every
//! address of the application is the document of one of its two programs, with what the operator puts of their own into it.

use std::io::Write as _;

use app::types::page::{Page, Program};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::branding::{Branding, ICON};

/// One file, as the build made it or as the operator gave it.
#[derive(Clone)]
struct StaticFile {
    path: &'static str,
    content_type: &'static str,
    etag: HeaderValue,
    is_immutable: bool,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

include!(concat!(env!("OUT_DIR"), "/static_files.rs"));

/// The document of the ways in, and the one that a build without front end has.
const WAYS_IN: &str = "/index.html";
/// The document of the console.
const CONSOLE: &str = "/console.html";

/// A known address of every site (RFC 8615).
const CHANGE_PASSWORD: &str = "/.well-known/change-password";

/// The CSP hashes of the page's inline scripts, computed when it was built.
pub fn script_hashes() -> Vec<String> {
    SCRIPT_HASHES
        .iter()
        .map(|hash| (*hash).to_owned())
        .collect()
}

/// The files that a server answers with.
pub struct StaticFiles {
    /// What the start has made: the documents, and the operator's icon.
    made: Vec<StaticFile>,
}

impl StaticFiles {
    /// Writes what the operator puts of their own into the documents.
    pub fn new(branding: &Branding) -> Self {
        let documents = FILES.iter().filter(|file| is_document(file.path));
        let documents = documents.map(|file| {
            let html = branding.written_into(&String::from_utf8_lossy(&file.plain));
            let gzip = gzip(html.as_bytes());
            made(file.path, file.content_type, html.into(), gzip)
        });
        let icon = branding.icon().into_iter();
        let icon = icon.map(|png| made(ICON, "image/png", png.clone(), None));
        Self {
            made: documents.chain(icon).collect(),
        }
    }

    /// Answers with a file or, for the addresses of the application, with the document of its program.
    pub fn serve(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            let mut answer = status(StatusCode::METHOD_NOT_ALLOWED);
            answer
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        if let Some(file) = self.at(path) {
            return send(file, method, headers);
        }
        if path == CHANGE_PASSWORD {
            return redirect(&Page::Security.path());
        }
        let page = self.page_of(path).filter(|_| !path.starts_with("/api/"));
        match page {
            Some(page) if Page::of(path).is_some() => send(page, method, headers),
            // Whoever wants a file is not helped by a document; a person is, which says that there is nothing.
            Some(page) if !is_file_name(path) || wants_document(headers) => {
                let mut answer = send(page, method, &without_condition(headers));
                *answer.status_mut() = StatusCode::NOT_FOUND;
                answer.headers_mut().remove(header::ETAG);
                answer
            }
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    /// The file at an address; what the start has made comes before what it was made of.
    fn at(&self, path: &str) -> Option<&StaticFile> {
        let mut files = self.made.iter().chain(&FILES);
        files.find(|file| file.path == path)
    }

    /// The document of the program that draws an address.
    fn page_of(&self, path: &str) -> Option<&StaticFile> {
        let of_console = match Program::of(path) {
            Program::Console => self.at(CONSOLE),
            Program::WaysIn => None,
        };
        of_console.or_else(|| self.at(WAYS_IN))
    }
}

fn is_document(path: &str) -> bool {
    path == WAYS_IN || path == CONSOLE
}

/// A file that a start has made. Its content may be another after the next start.
fn made(
    path: &'static str,
    content_type: &'static str,
    plain: Bytes,
    gzip: Option<Bytes>,
) -> StaticFile {
    let etag = format!("\"{}\"", &HEXLOWER.encode(&Sha256::digest(&plain))[..16]);
    StaticFile {
        path,
        content_type,
        etag: HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\"")),
        is_immutable: false,
        plain,
        brotli: None,
        gzip,
    }
}

/// The same by gzip. Nothing that is written into memory fails; what did would go out as it is.
fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// What is not there has not stayed the same either.
fn without_condition(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(header::IF_NONE_MATCH);
    headers
}

/// Where a password manager leads who wants to change their password (W3C, A Well-Known URL for Changing Passwords). What
/// stands below `/.well-known/` besides is not found, by which it tells that this address means something.
fn redirect(to: &str) -> Response {
    let mut answer = status(StatusCode::SEE_OTHER);
    if let Ok(to) = HeaderValue::from_str(to) {
        answer.headers_mut().insert(header::LOCATION, to);
    }
    answer
}

/// Whether a path looks as if it were of a file, such as one of a build before this one.
fn is_file_name(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    parts.next().is_some_and(|name| name.contains('.'))
}

/// Whether a person waits for a page, which says itself that there is none at that address.
fn wants_document(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn send(file: &StaticFile, method: &Method, headers: &HeaderMap) -> Response {
    let mut answer = Response::new(Body::empty());
    let map = answer.headers_mut();
    let caching = if file.is_immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    map.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    map.insert(header::ETAG, file.etag.clone());
    let varies = if file.is_immutable {
        "Accept-Encoding"
    } else {
        "Accept, Accept-Encoding"
    };
    map.insert(header::VARY, HeaderValue::from_static(varies));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|etag| file.etag == etag.trim().trim_start_matches("W/"))
    }) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return answer;
    }
    map.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(file.content_type),
    );
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let accepted = accepted.unwrap_or_default();
    let (body, encoding) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepts(accepted, "br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts(accepted, "gzip") => (gzip, Some("gzip")),
        _ => (&file.plain, None),
    };
    if let Some(encoding) = encoding {
        map.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    map.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    if method == Method::GET {
        *answer.body_mut() = Body::from(body.clone());
    }
    answer
}

/// Whether an `Accept-Encoding` takes a coding (RFC 9110 §12.5.3): named, and not with weight zero.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .and_then(|weight| weight.parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0)
        });
        is_named && !refused
    })
}

fn status(status: StatusCode) -> Response {
    let mut answer = Response::new(Body::from(status.canonical_reason().unwrap_or_default()));
    *answer.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, text);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use settings::Settings;

    fn serve(method: &Method, path: &str, headers: &HeaderMap) -> Response {
        let branding = Branding::of(&Settings::default()).unwrap();
        StaticFiles::new(&branding).serve(method, path, headers)
    }

    #[test]
    fn a_coding_is_taken_when_it_is_named_and_not_refused() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0", "br"));
        assert!(!accepts("gzip", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn addresses_of_the_application_are_the_page_and_unknown_files_are_not_found() {
        let answer = |path| serve(&Method::GET, path, &HeaderMap::new()).status();
        assert_eq!(answer("/users/settings/security"), StatusCode::OK);
        assert_eq!(answer("/favicon-of-old.ico"), StatusCode::NOT_FOUND);
        assert_eq!(answer("/api/unknown"), StatusCode::NOT_FOUND);
        assert_eq!(
            serve(&Method::PUT, "/", &HeaderMap::new()).status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }

    #[test]
    fn a_password_manager_is_led_to_the_page_that_changes_the_password() {
        let answer = serve(&Method::GET, CHANGE_PASSWORD, &HeaderMap::new());
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(
            answer.headers()[header::LOCATION],
            "/users/settings/security"
        );
        // By which such a program tells that the address means something here.
        let other =
            "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
        let answer = serve(&Method::GET, other, &HeaderMap::new());
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }

    /// A link with a wrong address leads to a page of ours, never to bare words.
    #[test]
    fn a_person_gets_a_page_at_every_address() {
        let mut headers = HeaderMap::new();
        let accept = HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8");
        headers.insert(header::ACCEPT, accept);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("*"));
        for path in [
            "/accounts//x.example",
            "/x.example",
            "/users/a.b",
            "/nowhere",
            "/api",
            "/.git/config",
            "/accounts",
        ] {
            let answer = serve(&Method::GET, path, &headers);
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
            let kind = &answer.headers()[header::CONTENT_TYPE];
            assert!(kind.to_str().unwrap().starts_with("text/html"), "{path}");
            assert!(!answer.headers().contains_key(header::ETAG), "{path}");
        }
        let answer = serve(&Method::GET, "/api/x.example", &headers).status();
        assert_eq!(answer, StatusCode::NOT_FOUND);
    }
}
