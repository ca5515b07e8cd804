//! A browser: keeps cookies, says where it comes from, posts JSON.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::{Authenticator, PASSWORD, TestApp};

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// Everything that whoever asks can tell one answer from another by: what differs with each request is left out.
    pub fn telling(&self) -> String {
        let mut headers = self.headers.clone();
        headers.remove("date");
        headers.remove("x-request-id");
        format!("{} {} {headers:?}", self.status, self.text)
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Fails the test unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Fails the test unless it is this refusal, in body and header alike.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.code().as_str()),
            (status, code),
            "{}",
            self.text
        );
        assert_eq!(self.headers["twofold-refusal"], code);
        self
    }

    /// Fails the test unless this was done as often as it may be for now.
    #[track_caller]
    pub fn paused(self, of: &str) -> Self {
        let reply = self.refused(429, "paused");
        assert_eq!(reply.json()["of"], of);
        reply
    }
}

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    base: String,
    /// The cookies that it holds, by name.
    pub cookies: BTreeMap<String, String>,
    /// What `X-Forwarded-For` says, where there is one.
    pub forwarded_for: Option<String>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Browser {
    /// A browser without cookies that talks to the server at this address.
    pub fn new(base: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            forwarded_for: None,
            client,
        }
    }

    /// The browser with these cookies in place of its own.
    pub fn with(mut self, cookies: &BTreeMap<String, String>) -> Self {
        self.cookies.clone_from(cookies);
        self
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Calls a server function as our pages do.
    pub async fn call(&mut self, endpoint: &str, arguments: Value) -> Reply {
        let request = self.request(endpoint);
        self.send(request.body(arguments.to_string().into()).unwrap())
            .await
    }

    /// Calls the function of an address.
    pub async fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.call(path.trim_start_matches("/api/"), body.clone())
            .await
    }

    /// A request as our pages make it, for tests that then spoil it.
    pub fn request(&self, endpoint: &str) -> http::request::Builder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/api/{endpoint}", self.base))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("user-agent", "Test browser");
        if let Some(address) = &self.forwarded_for {
            request = request.header("x-forwarded-for", address);
        }
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request
    }

    /// Sends a request and keeps the cookies that come back.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Reply {
        self.try_send(request).await.unwrap()
    }

    /// The same where the server may be gone: nothing unless the whole answer was read.
    pub async fn try_send(&mut self, request: Request<Full<Bytes>>) -> Result<Reply, String> {
        let response = self.client.request(request).await;
        let response = response.map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?;
        let body = body.to_bytes();
        for value in parts.headers.get_all("set-cookie") {
            let (pair, attributes) = value.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text,
        })
    }

    /// Gets a page or a file.
    pub async fn get(&mut self, path: &str) -> Reply {
        let request = Request::builder().uri(format!("{}{path}", self.base));
        self.send(request.body(Full::default()).unwrap()).await
    }

    /// Gives address and password.
    pub async fn sign_in(&mut self, email: &str) -> Reply {
        self.sign_in_with(email, PASSWORD).await
    }

    /// Gives an address and any password.
    pub async fn sign_in_with(&mut self, email: &str, password: &str) -> Reply {
        self.call(
            "sign-in/password",
            json!({ "email": email, "password": password }),
        )
        .await
    }

    /// Gives the code of the app.
    pub async fn give_code(&mut self, code: &str) -> Reply {
        self.call(
            "sign-in/code",
            json!({ "code": code, "trust_browser": false }),
        )
        .await
    }

    /// Gives the code of the app and ticks the box.
    pub async fn give_code_and_trust(&mut self, code: &str) -> Reply {
        let arguments = json!({ "code": code, "trust_browser": true });
        self.call("sign-in/code", arguments).await
    }

    /// Gives a recovery code.
    pub async fn give_recovery_code(&mut self, code: &str) -> Reply {
        self.call("sign-in/recovery-code", json!({ "code": code }))
            .await
    }

    /// What the server says of this browser: `signed_out`, `second_factor_due` or `signed_in`.
    pub async fn state(&mut self) -> String {
        let reply = self.call("session/state", json!({})).await.expect(200);
        reply.json()["state"].as_str().unwrap().to_owned()
    }

    /// The Security page's data.
    pub async fn overview(&mut self) -> Value {
        self.call("two-factor/overview", json!({}))
            .await
            .expect(200)
            .json()
    }

    /// Begins an enrolment with the password, and a code where one is due.
    pub async fn begin(&mut self, purpose: &str, code: Option<&str>) -> Reply {
        let step_up = json!({ "password": PASSWORD, "code": code });
        self.call(
            "two-factor/begin",
            json!({ "purpose": purpose, "step_up": step_up }),
        )
        .await
    }

    /// Has a code mailed for an act.
    pub async fn mail_code(&mut self, act: &str) -> Reply {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let arguments = json!({ "act": act, "step_up": step_up });
        self.call("two-factor/mail-code", arguments).await
    }

    /// Begins the enrolment of a first factor with the password and a code from the mailbox.
    pub async fn begin_with(&mut self, mailbox_code: &str) -> Reply {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let arguments =
            json!({ "purpose": "enable", "step_up": step_up, "mailbox_code": mailbox_code });
        self.call("two-factor/begin", arguments).await
    }

    /// Says that no second factor is wanted.
    pub async fn decline(&mut self, mailbox_code: Option<&str>) -> Reply {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let arguments = json!({ "step_up": step_up, "mailbox_code": mailbox_code });
        self.call("two-factor/decline", arguments).await
    }

    /// Finishes an enrolment.
    pub async fn confirm(&mut self, id: &Value, code: &str) -> Reply {
        self.call(
            "two-factor/confirm",
            json!({ "enrolment": id, "code": code }),
        )
        .await
    }

    /// Enables two-factor authentication in a browser that has proven the mailbox; the code of the clock's step is spent
    /// afterwards.
    pub async fn enable_two_factor(&mut self, app: &TestApp) -> Authenticator {
        let overview = self.overview().await;
        app.prove_mailbox(overview["email"].as_str().unwrap()).await;
        self.enable_two_factor_as_it_is(app).await
    }

    /// The same, where the browser or somebody else has opened the door of the first factor.
    pub async fn enable_two_factor_as_it_is(&mut self, app: &TestApp) -> Authenticator {
        use crypto::clock::Clock as _;
        let enrolment = self.begin("enable", None).await.expect(200).json();
        let mut authenticator = Authenticator::new(enrolment["key"].as_str().unwrap());
        let code = authenticator.code(app.clock.now());
        let codes = self
            .confirm(&enrolment["id"], &code)
            .await
            .expect(200)
            .json();
        authenticator.recovery_codes = codes["codes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect();
        authenticator
    }
}
