//! The HTTP client of the gateways: one request, one answer, one limit over all steps together.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::SmsSettingsProblem;
use service::sms::SmsNotSent;
use storage::authority::{authority_of, check_authority};

/// A client that follows no redirect and keeps no connection: a gateway that was restarted is not met half dead.
pub(super) struct HttpClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    limit: Duration,
}

impl HttpClient {
    /// A client whose requests end by this limit.
    pub(super) fn new(limit: Duration) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Self { client, limit }
    }

    /// Sends a request. Only the status of the answer counts; its body is not read.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<(), SmsNotSent> {
        match tokio::time::timeout(self.limit, self.client.request(request)).await {
            Ok(Ok(answer)) if answer.status().is_success() => Ok(()),
            Ok(Ok(answer)) => Err(SmsNotSent::Refused(answer.status().as_u16())),
            Ok(Err(error)) => Err(SmsNotSent::Unreachable(error.to_string())),
            Err(_) => Err(SmsNotSent::TooSlow),
        }
    }
}

/// The address of a gateway. Codes and credentials leave this machine encrypted or not at all.
pub(super) fn gateway_url(url: &str) -> Result<Uri, SmsSettingsProblem> {
    let problem = SmsSettingsProblem("url", "it takes https, or http on this machine".to_owned());
    let Ok(uri) = url.parse::<Uri>() else {
        return Err(problem);
    };
    // User and password would stand in two places, and the settings of their own are the ones that are used.
    if uri
        .authority()
        .is_some_and(|place| place.as_str().contains('@'))
    {
        let reason = "it takes no user and password; they have settings of their own";
        return Err(SmsSettingsProblem("url", reason.to_owned()));
    }
    if let Some(place) = authority_of(url) {
        check_authority(place).map_err(|why| SmsSettingsProblem("url", why.to_string()))?;
    }
    let is_here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_here => Ok(uri),
        _ => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_leave_this_machine_encrypted_or_not_at_all() {
        for url in [
            "https://sms.example.org/send",
            "http://localhost:8080/",
            "http://127.0.0.1:1/x",
            "http://[::1]:1/x",
        ] {
            assert!(gateway_url(url).is_ok(), "{url}");
        }
        for url in [
            "http://sms.example.org/",
            "http://127.0.0.1.example.org/",
            "ftp://localhost/",
            "localhost:8080",
            "https://user:password@sms.example.org/",
            "/send",
            "",
            "https://sms.example.org:0/",
            "https://a..b/",
            "https://0x7f.1/",
            "https://127.1/",
            "http://localhost:0/",
        ] {
            assert!(gateway_url(url).is_err(), "{url}");
        }
    }
}
