//! A mail server inside the test, for tests that need one to be set. It writes every mail to the outbox folder, so that tests
//! read mails in one way only. It refuses the addresses that it is told to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A running one; it ends with the test.
#[derive(Clone)]
pub struct Mailbox {
    port: u16,
    refused: Arc<Mutex<BTreeSet<String>>>,
}

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
        let mut addresses = self.refused.lock().unwrap();
        if refuses {
            addresses.insert(email.to_owned());
        } else {
            addresses.remove(email);
        }
    }
}

/// One connection (RFC 5321), without extensions.
async fn serve(stream: TcpStream, outbox: PathBuf, refused: Arc<Mutex<BTreeSet<String>>>) {
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
            let is_refused = |to: &String| line.contains(&format!("<{to}>"));
            if refused.lock().unwrap().iter().any(is_refused) {
                "550 5.1.1 no such mailbox\r\n"
            } else {
                "250 ok\r\n"
            }
        } else if command == "DATA" {
            let _ = stream.write_all(b"354 go on\r\n").await;
            take(&mut stream, &outbox).await;
            "250 ok\r\n"
        } else if command == "QUIT" {
            return;
        } else {
            "250 ok\r\n"
        };
        let _ = stream.write_all(reply.as_bytes()).await;
    }
}

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
    let part = outbox.join(format!(".{}.part", id.as_deref().unwrap()));
    std::fs::write(&part, letter).unwrap();
    std::fs::rename(&part, outbox.join(format!("{}.eml", id.unwrap()))).unwrap();
}
