//! A local HTTP server that plays the gateway for codes by SMS, and users whose codes it gets.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};
use settings::{SecretSetting, Settings, SmsGatewayKind};
use tokio::net::TcpListener;

use super::{Browser, PASSWORD, TestApp};

/// What signs the body of the webhook.
pub const SMS_SECRET: &str = "a secret of the gateway";
/// A mobile number, as one types it.
pub const NUMBER: &str = "07400 123456";

/// How the gateway answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// With this status.
    Status(u16),
    /// Never.
    Never,
}

/// A request that it took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Taken {
    /// The code in the message.
    pub fn code(&self) -> String {
        let message: Value = serde_json::from_str(&self.body).unwrap();
        message["text"].as_str().unwrap()[..6].to_owned()
    }
}

struct Shared {
    answer: Answer,
    taken: Vec<Taken>,
}

/// A running gateway; it ends with the test.
#[derive(Clone)]
pub struct SmsGateway {
    /// Its address.
    pub url: String,
    shared: Arc<Mutex<Shared>>,
}

impl SmsGateway {
    /// A gateway at a free port that takes everything.
    pub async fn start() -> Self {
        let shared = Arc::new(Mutex::new(Shared {
            answer: Answer::Status(200),
            taken: Vec::new(),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared }
    }

    /// Answers so from now on.
    pub fn answer(&self, answer: Answer) {
        self.shared.lock().unwrap().answer = answer;
    }

    /// Everything that it took, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.lock().unwrap().taken.clone()
    }

    /// The code that came last.
    pub fn last_code(&self) -> String {
        self.taken().last().unwrap().code()
    }

    /// A server that sends its codes here and lets users set up SMS.
    pub async fn app(&self) -> TestApp {
        self.app_with(|_| {}).await
    }

    /// The same, with further changes.
    pub async fn app_with(&self, change: fn(&mut Settings)) -> TestApp {
        let url = self.url.clone();
        TestApp::start_with(move |settings| {
            settings.sms.gateway = Some(SmsGatewayKind::Webhook);
            settings.sms.url = Some(url.clone());
            settings.sms.secret = Some(SecretSetting(SMS_SECRET.to_owned()));
            settings.sms.enrolment = true;
            settings.sms.timeout_seconds = 1;
            change(settings);
        })
        .await
    }
}

async fn take(
    State(shared): State<Arc<Mutex<Shared>>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    let answer = {
        let mut shared = shared.lock().unwrap();
        let path = uri.path().to_owned();
        shared.taken.push(Taken {
            path,
            headers,
            body,
        });
        shared.answer
    };
    match answer {
        Answer::Status(status) => StatusCode::from_u16(status).unwrap(),
        Answer::Never => std::future::pending().await,
    }
}

impl Browser {
    /// Begins to set up a number.
    pub async fn begin_sms(&mut self, country: &str, number: &str) -> super::Reply {
        let step_up = json!({ "password": PASSWORD, "code": null });
        let arguments = json!({ "country": country, "number": number, "step_up": step_up });
        self.call("two-factor/begin-sms", arguments).await
    }

    /// Sets up a number, and gives the recovery codes. Two sends are left in these ten minutes.
    pub async fn enable_sms(&mut self, gateway: &SmsGateway, number: &str) -> Vec<String> {
        let enrolment = self.begin_sms("GB", number).await.expect(200).json();
        let code = gateway.last_code();
        let codes = self.confirm(&enrolment["id"], &code).await.expect(200);
        let codes = codes.json()["codes"].as_array().unwrap().clone();
        let text = |code: Value| code.as_str().unwrap().to_owned();
        codes.into_iter().map(text).collect()
    }

    /// Asks for a code for a pending sign-in.
    pub async fn send_sign_in_code(&mut self) -> super::Reply {
        self.call("sign-in/send-code", json!({})).await
    }

    /// Asks for a code in a session.
    pub async fn send_code(&mut self) -> super::Reply {
        self.call("two-factor/send-code", json!({})).await
    }
}
