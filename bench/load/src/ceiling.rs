//! What the two requests cannot do without: one read of SQLite for the session, prepared, on a connection of the thread
//! that answers; one hash and one durable commit for a sign-in. No second factor, no limits, no log, no checks.
//!
//! It answers at Twofold's addresses, in Twofold's words, so that the same load meets both.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::Ended;
use crate::commits::open;
use crate::hashing::Hasher;
use crate::hello::listen;
use crate::people::email;

const COOKIE: &str = "session=";
const SCHEMA: &str = "
    CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
    CREATE TABLE session (token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id)) STRICT, WITHOUT ROWID;
";
const SESSION: &str = "SELECT user.id, user.name, user.email FROM session
    JOIN user ON user.id = session.user_id WHERE session.token = ?1";
const SIGN_IN: &str =
    "INSERT INTO session (token, user_id) SELECT ?1, id FROM user WHERE email = ?2";

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

struct Ceiling {
    path: PathBuf,
    writer: Mutex<Connection>,
    hashes: mpsc::Sender<Job>,
}

struct Job {
    password: String,
    reply: oneshot::Sender<[u8; 32]>,
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

#[derive(Serialize)]
struct SignedIn {
    state: &'static str,
    user_id: i64,
    name: String,
    email: String,
    factors: [&'static str; 0],
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    recovery_codes_left: Option<u32>,
}

/// Serves a new database of so many users.
#[tokio::main]
pub async fn serve(folder: &Path, users: usize) -> Ended {
    let path = folder.join("ceiling.db");
    let writer = open(&path)?;
    fill(&writer, users)?;
    let ceiling = Ceiling {
        path,
        writer: Mutex::new(writer),
        hashes: hashers(),
    };
    let router = Router::new()
        .route("/api/session/state", post(state))
        .route("/api/sign-in/password", post(sign_in))
        .with_state(Arc::new(ceiling));
    listen(router).await
}

fn fill(writer: &Connection, users: usize) -> rusqlite::Result<()> {
    writer.execute_batch(SCHEMA)?;
    writer.execute_batch("BEGIN")?;
    let mut insert = writer.prepare("INSERT INTO user (email, name) VALUES (?1, ?2)")?;
    for index in 0..users {
        insert.execute([email(index), format!("Person {index}")])?;
    }
    writer.execute_batch("COMMIT")
}

/// A thread for each core, each with memory that it uses again.
fn hashers() -> mpsc::Sender<Job> {
    let (jobs, queue) = mpsc::channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..thread::available_parallelism().map_or(1, std::num::NonZero::get) {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            let mut hasher = Hasher::new();
            loop {
                let job = queue.lock().expect("nobody panics with it").recv();
                let Ok(job) = job else { return };
                let hash = hasher.hash(job.password.as_bytes(), &[7; 16]);
                // Who asked may be gone.
                let _ = job.reply.send(hash);
            }
        });
    }
    jobs
}

async fn state(
    State(ceiling): State<Arc<Ceiling>>,
    headers: HeaderMap,
) -> Result<Json<SignedIn>, StatusCode> {
    let cookie = headers.get(header::COOKIE).and_then(|it| it.to_str().ok());
    let token = cookie.and_then(|it| it.strip_prefix(COOKIE));
    let found = find(&ceiling.path, token.ok_or(StatusCode::UNAUTHORIZED)?);
    let found = found.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    found.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

fn find(path: &Path, token: &str) -> rusqlite::Result<Option<SignedIn>> {
    READER.with_borrow_mut(|reader| {
        if reader.is_none() {
            *reader = Some(open(path)?);
        }
        let reader = reader.as_ref().expect("opened above");
        let mut session = reader.prepare_cached(SESSION)?;
        let found = session.query_row([token], |row| {
            Ok(SignedIn {
                state: "signed_in",
                user_id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                factors: [],
            })
        });
        found.optional()
    })
}

async fn sign_in(
    State(ceiling): State<Arc<Ceiling>>,
    Json(given): Json<Credentials>,
) -> Result<impl IntoResponse, StatusCode> {
    let broken = StatusCode::INTERNAL_SERVER_ERROR;
    let (reply, answer) = oneshot::channel();
    let job = Job {
        password: given.password,
        reply,
    };
    ceiling.hashes.send(job).map_err(|_| broken)?;
    let hash = answer.await.map_err(|_| broken)?;
    // Unguessable it need not be, only another one for each user.
    let token = format!("{:02x}{:02x}.{}", hash[0], hash[1], given.email);
    let writer = ceiling.writer.lock().map_err(|_| broken)?;
    let mut insert = writer.prepare_cached(SIGN_IN).map_err(|_| broken)?;
    let made = insert.execute([&token, &given.email]).map_err(|_| broken)?;
    if made == 0 {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let step = Step {
        step: "signed_in",
        recovery_codes_left: None,
    };
    Ok((
        [(header::SET_COOKIE, format!("{COOKIE}{token}"))],
        Json(step),
    ))
}
