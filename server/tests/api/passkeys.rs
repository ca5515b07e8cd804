//! Passkeys and security keys: added, signed in by, removed. A software authenticator answers at `http://localhost`, where
//! browsers make keys. No page and no function uses them yet, so that the use cases are called as those will.

mod adding;
mod answering;
mod as_stored;
mod signing_in;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::types::secret_text::SecretText;
use app::types::session::SignInStep;
use app::types::two_factor::{SecondProof, StepUp};
use crypto::clock::Clock as _;
use crypto::token::Token;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use serde_json::Value;
use service::browsers::{FromBrowser, Held};
use service::passkeys::{self, KeyAdded, KeyEnrolment};
use service::refusal::Refusal;
use service::sessions::{self, SignedIn};
use service::sign_in::{self, NewCookie, Stepped};
use service::two_factor::EnrolmentProofs;
use service::{Failure, Outcome, Visitor};
use webauthn::KeyKind;
use webauthn::device::{Device, SpokenAnswer};

use crate::support::{Browser, PASSWORD, TestApp};

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const ORIGIN: &str = "http://localhost:3000";
const RP_ID: &str = "localhost";

/// Present, and verified.
const VERIFIED: u8 = 0x05;
/// Present, and no more.
const PRESENT: u8 = 0x01;
/// Can be backed up.
const SYNCED: u8 = 0x08;

/// A server whose address browsers make keys for.
async fn start() -> TestApp {
    TestApp::start_with(|settings| settings.public_url = Some(ORIGIN.to_owned())).await
}

fn visitor() -> Visitor {
    Visitor {
        address: "127.0.0.1".to_owned(),
        browser: "Test browser".to_owned(),
    }
}

/// Who a browser is signed in as, as the gate finds them.
async fn signed_in(app: &TestApp, browser: &Browser) -> SignedIn {
    let mut cookies = browser.cookies.iter();
    let (_, cookie) = cookies.find(|(name, _)| name.contains("session")).unwrap();
    let token = Token::parse(cookie).unwrap();
    let found = sessions::resolve(&app.services, &token, &visitor()).await;
    let found = found.unwrap().unwrap();
    // The browser that has proven the mailbox, or was seen last.
    let hash = app.either("hex(token_hash)", "encode(token_hash, 'hex')");
    let user = found.user.id;
    let id = app.either("lower(hex(user_id))", "replace(user_id::text, '-', '')");
    let known = format!(
        "SELECT {hash} FROM known_browsers WHERE {id} = '{}' ORDER BY mailbox_proven_at IS NULL, last_seen_at DESC LIMIT 1",
        user.uuid().simple()
    );
    let known = app.texts(&known).await.pop();
    let known = known.map(|hash| HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).unwrap());
    SignedIn {
        known: known.map(|hash| hash.try_into().unwrap()),
        ..found
    }
}

fn step_up(code: Option<&str>) -> StepUp {
    StepUp::Password {
        password: SecretText::new(PASSWORD),
        second: code.map(|code| SecondProof::Code(SecretText::new(code))),
    }
}

/// As the gate finds the session after a key was added in it: its second factor was proven just now.
fn has_proven(app: &TestApp, caller: &mut SignedIn) {
    caller.session.second_factor_at = Some(app.clock.now());
}

/// The refusal of what was refused.
fn refusal<T>(outcome: Outcome<T>) -> Refusal {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// What a key that was not accepted is told, at the sign-in or elsewhere.
const fn not_accepted(signs_in: bool) -> Refusal {
    Refusal::KeyNotAccepted { signs_in }
}

fn challenge_of(options: &str) -> Vec<u8> {
    let options: Value = serde_json::from_str(options).unwrap();
    let challenge = options["challenge"].as_str().unwrap();
    BASE64URL_NOPAD.decode(challenge.as_bytes()).unwrap()
}

/// A key, and the browser that it is asked by.
struct Key {
    device: Device,
    id: Vec<u8>,
    kind: KeyKind,
    flags: u8,
    /// Rises with each answer, unless it stands at zero.
    counter: AtomicU32,
    handle: Option<Vec<u8>>,
}

impl Key {
    fn new(kind: KeyKind, id: u8) -> Self {
        Self {
            device: Device::p256(),
            id: vec![id; 16],
            kind,
            flags: VERIFIED,
            counter: AtomicU32::new(0),
            handle: None,
        }
    }

    fn passkey(id: u8) -> Self {
        Self::new(KeyKind::Passkey, id)
    }

    fn security_key(id: u8) -> Self {
        Self::new(KeyKind::SecurityKey, id)
    }

    fn said(&self, ceremony: &str, options: &str) -> SpokenAnswer {
        let counter = self.counter.load(Ordering::Relaxed);
        if counter > 0 {
            self.counter.store(counter + 1, Ordering::Relaxed);
        }
        SpokenAnswer::new(ceremony, &challenge_of(options))
            .at(ORIGIN, RP_ID)
            .id(&self.id)
            .flags(self.flags)
            .counter(counter)
    }

    fn created(&self, options: &str) -> String {
        let said = self.said("webauthn.create", options);
        self.device.registration(&said).to_string()
    }

    fn answer(&self, options: &str) -> String {
        self.answer_of(options, |said| said)
    }

    /// An answer of which a test changes something before it is signed.
    fn answer_of(
        &self,
        options: &str,
        change: impl FnOnce(SpokenAnswer) -> SpokenAnswer,
    ) -> String {
        let mut said = self.said("webauthn.get", options);
        said.user_handle.clone_from(&self.handle);
        self.device.assertion(&change(said)).to_string()
    }

    async fn begin(
        &self,
        app: &TestApp,
        caller: &SignedIn,
        code: Option<&str>,
    ) -> Outcome<KeyEnrolment> {
        let given = EnrolmentProofs {
            step_up: &step_up(code),
            mailbox_code: None,
        };
        passkeys::begin(&app.services, caller, self.kind, given).await
    }

    /// Adds it, in a session whose second factor is fresh.
    async fn add(&mut self, app: &TestApp, caller: &SignedIn) -> Outcome<KeyAdded> {
        let begun = self.begin(app, caller, None).await?;
        let created = self.created(&begun.options);
        self.handle = Some(caller.user.id.uuid().as_bytes().to_vec());
        passkeys::confirm(&app.services, caller, begun.id, &created).await
    }
}

/// A user who is signed in and has one key and nothing else, and its recovery codes.
async fn with_key(app: &TestApp, email: &str, mut key: Key) -> (SignedIn, Key, Vec<String>) {
    let browser = app.member(email).await;
    let mut caller = signed_in(app, &browser).await;
    let added = key.add(app, &caller).await.unwrap();
    let codes = added.recovery_codes.unwrap().codes;
    let codes = codes.iter().map(|code| code.expose().to_owned());
    has_proven(app, &mut caller);
    (caller, key, codes.collect())
}

/// A browser as it stands before the sign-in page.
struct Visiting {
    ceremony: Arc<Token>,
    held: Held,
}

impl Visiting {
    fn new(app: &TestApp) -> Self {
        Self {
            ceremony: Arc::new(Token::new(app.services.random.as_ref())),
            held: Held::default(),
        }
    }

    async fn options(&self, app: &TestApp) -> String {
        let options = sign_in::passkey_options(&app.services, &self.ceremony).await;
        options.unwrap()
    }

    async fn alone(&self, app: &TestApp, answer: &str) -> Outcome<Stepped> {
        let visitor = visitor();
        let from = FromBrowser {
            held: &self.held,
            visitor: &visitor,
        };
        sign_in::with_passkey(&app.services, &self.ceremony, answer, &from).await
    }

    /// Signs in by a key alone, from the options on.
    async fn by(&self, app: &TestApp, key: &Key) -> Outcome<Stepped> {
        let answer = key.answer(&self.options(app).await);
        self.alone(app, &answer).await
    }

    /// Gives the password of a user who has a second factor, and gives the token of the pending sign-in.
    async fn password(&self, app: &TestApp, email: &str) -> Token {
        let visitor = visitor();
        let from = FromBrowser {
            held: &self.held,
            visitor: &visitor,
        };
        let password = SecretText::new(PASSWORD);
        let stepped = sign_in::with_password(&app.services, email, &password, &from);
        match stepped.await.unwrap().cookie {
            NewCookie::Pending(token) => token,
            NewCookie::Session(_) => panic!("the password alone signs in"),
        }
    }

    async fn after_password(&self, app: &TestApp, token: &Token, answer: &str) -> Outcome<Stepped> {
        let visitor = visitor();
        let from = FromBrowser {
            held: &self.held,
            visitor: &visitor,
        };
        sign_in::with_key(&app.services, token, answer, false, &from).await
    }
}

/// Whether a step led to a session.
fn is_in(stepped: &Stepped) -> bool {
    let is_step = matches!(stepped.step, SignInStep::SignedIn { .. });
    assert_eq!(is_step, matches!(stepped.cookie, NewCookie::Session(_)));
    is_step
}

async fn sessions_of(app: &TestApp) -> i64 {
    app.count("sessions").await
}
