//! A mail server inside the test, for tests that need one to be set. It writes every mail to the outbox folder, so that tests
//! read mails in one way only. It refuses the addresses that it is told to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A running one; it ends with the test.
#[derive(Clone)]
pub struct Mailbox {
    port: u16,
    refused: Arc<Mutex<Refused>>,
}

/// What is said to letters to an address that is refused.
type Refused = BTreeMap<String, &'static str>;

/// Of an address that is none.
const NO_MAILBOX: &str = "550 5.1.1 no such mailbox";

impl Mailbox {
    /// One that writes into a data folder.
    pub async fn start(data: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailbox = Self {
            port: listener.local_addr().unwrap().port(),
            refused: Arc::default(),
        };
        let (refused, outbox) = (mailbox.refused.clone(), data.join("outbox"));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, outbox.clone(), refused.clone()));
            }
        });
        mailbox
    }

    /// Its URL as in the setting `mail.smtp_url`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Refuses letters to an address for good from now on, or takes them again.
    pub fn refuse(&self, email: &str, refuses: bool) {
        if refuses {
            self.refuse_with(email, NO_MAILBOX);
        } else {
            self.refused.lock().unwrap().remove(email);
        }
    }

    /// Refuses letters to an address with these words.
    pub fn refuse_with(&self, email: &str, words: &'static str) {
        let mut addresses = self.refused.lock().unwrap();
        addresses.insert(email.to_owned(), words);
    }
}

/// One connection (RFC 5321), without extensions.
async fn serve(stream: TcpStream, outbox: PathBuf, refused: Arc<Mutex<Refused>>) {
    let mut stream = BufReader::new(stream);
    let _ = stream.write_all(b"220 test\r\n").await;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let command = line.trim_end().to_ascii_uppercase();
        let reply = if command.starts_with("RCPT") {
            let refused = refused.lock().unwrap();
            let is_to = |to: &str| line.contains(&format!("<{to}>"));
            let words = refused.iter().find(|(to, _)| is_to(to));
            words.map_or("250 ok", |(_, words)| words)
        } else if command == "DATA" {
            let _ = stream.write_all(b"354 go on\r\n").await;
            take(&mut stream, &outbox).await;
            "250 ok"
        } else if command == "QUIT" {
            return;
        } else {
            "250 ok"
        };
        let _ = stream.write_all(format!("{reply}\r\n").as_bytes()).await;
    }
}

/// How many letters were written: one that is written twice at once is two files until it is in its place, as with the
/// program's own.
static TRIES: AtomicU64 = AtomicU64::new(0);

/// Writes a letter under the id that its header has, whose order is that of time.
async fn take(stream: &mut BufReader<TcpStream>, outbox: &Path) {
    let mut letter = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 || line == ".\r\n" {
            break;
        }
        letter.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
    let id = letter.lines().find_map(|line| {
        let id = line.strip_prefix("Message-ID: <")?;
        Some(id.split('@').next()?.to_owned())
    });
    std::fs::create_dir_all(outbox).unwrap();
    let try_of_it = TRIES.fetch_add(1, Ordering::Relaxed);
    let part = outbox.join(format!(".{}.{try_of_it}.part", id.as_deref().unwrap()));
    std::fs::write(&part, letter).unwrap();
    std::fs::rename(&part, outbox.join(format!("{}.eml", id.unwrap()))).unwrap();
}
