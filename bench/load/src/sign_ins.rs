//! So many sign-ins at once, always: each connection signs in one person after the other, password and then code where
//! one is asked for. Says `ready` after the first; what counts is what ends between that and the end of the input.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::Ended;
use crate::people::{People, Person};

/// One sign-in, over.
struct Done {
    /// What went wrong; nothing where somebody is signed in.
    failure: Option<String>,
    took: Duration,
}

/// Signs people in until the input ends, then prints what came of it as JSON.
#[tokio::main(flavor = "current_thread")]
pub async fn run(address: &str, at_once: usize, people: People) -> Ended {
    let (people, is_over) = (Arc::new(people), Arc::new(AtomicBool::new(false)));
    let (report, mut reports) = mpsc::unbounded_channel();
    for _ in 0..at_once {
        let client = Client::connect(address).await?;
        let work = sign_in_always(client, people.clone(), is_over.clone(), report.clone());
        tokio::spawn(work);
    }
    drop(report);
    let first = reports.recv().await;
    let mut failures: Vec<String> = first.and_then(|done| done.failure).into_iter().collect();
    println!("ready");

    let began = Instant::now();
    let mut times = until_the_input_ends(&mut reports, &mut failures).await?;
    let seconds = began.elapsed().as_secs_f64();
    is_over.store(true, Ordering::Relaxed);
    while let Some(done) = reports.recv().await {
        failures.extend(done.failure);
    }
    times.sort();
    let result = json!({
        "done": times.len(),
        "seconds": seconds,
        "p99_seconds": times.get(times.len() * 99 / 100).map(Duration::as_secs_f64),
        "failures": failures.len(),
        "first_failure": failures.first(),
        "next": people.next_number(),
    });
    println!("{result}");
    Ok(())
}

/// How long each took that ended with somebody signed in.
async fn until_the_input_ends(
    reports: &mut mpsc::UnboundedReceiver<Done>,
    failures: &mut Vec<String>,
) -> Ended<Vec<Duration>> {
    let mut times = Vec::new();
    let mut input = tokio::io::stdin();
    let mut rest = [0; 64];
    loop {
        tokio::select! {
            read = input.read(&mut rest) => if read? == 0 { return Ok(times) },
            done = reports.recv() => match done {
                Some(Done { failure: Some(failure), .. }) => failures.push(failure),
                Some(done) => times.push(done.took),
                None => return Err(format!("all have come, or failed: {failures:?}").into()),
            },
        }
    }
}

async fn sign_in_always(
    mut client: Client,
    people: Arc<People>,
    is_over: Arc<AtomicBool>,
    report: mpsc::UnboundedSender<Done>,
) {
    while !is_over.load(Ordering::Relaxed) {
        let Some(person) = people.next() else { return };
        let began = Instant::now();
        let signed_in = client.sign_in(&people, &person).await;
        let done = Done {
            failure: signed_in.err().map(|error| error.to_string()),
            took: began.elapsed(),
        };
        if report.send(done).is_err() {
            return;
        }
    }
}

/// A connection that is kept.
struct Client {
    origin: String,
    host: String,
    connection: SendRequest<Full<Bytes>>,
}

impl Client {
    async fn connect(origin: &str) -> Ended<Self> {
        let host = origin.strip_prefix("http://").ok_or("http:// is missing")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (connection, work) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(work);
        Ok(Self {
            origin: origin.to_owned(),
            host: host.to_owned(),
            connection,
        })
    }

    async fn sign_in(&mut self, people: &People, person: &Person) -> Ended {
        let first = json!({ "email": person.email, "password": people.password() });
        let (mut answer, cookies) = self.post("password", &first, person, "").await?;
        if answer["step"] == "second_factor_due" {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
            let second = json!({ "code": people.code(now.as_secs()), "trust_browser": false });
            (answer, _) = self.post("code", &second, person, &cookies).await?;
        }
        if answer["step"] == "signed_in" {
            Ok(())
        } else {
            Err(answer.to_string().into())
        }
    }

    /// The answer, and the cookies that it sets.
    async fn post(
        &mut self,
        step: &str,
        argument: &Value,
        person: &Person,
        cookies: &str,
    ) -> Ended<(Value, String)> {
        let request = Request::post(format!("/api/sign-in/{step}"))
            .header(HOST, &self.host)
            .header(ORIGIN, &self.origin)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header("x-forwarded-for", &person.address)
            .header(COOKIE, cookies)
            .body(Full::new(Bytes::from(argument.to_string())))?;
        self.connection.ready().await?;
        let response = self.connection.send_request(request).await?;
        let set = response.headers().get_all(SET_COOKIE).iter();
        let set = set.filter_map(|line| line.to_str().ok()?.split(';').next());
        let cookies = set.collect::<Vec<_>>().join("; ");
        let body = response.into_body().collect().await?.to_bytes();
        Ok((serde_json::from_slice(&body)?, cookies))
    }
}
