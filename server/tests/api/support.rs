//! A server for a test, browsers that talk to it, and authenticator apps.

mod authenticator;
mod browser;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use app::types::timestamp::Timestamp;
use server::application::Application;
use server::config::Settings;
use server::crypto::clock::FixedClock;
use server::crypto::random::SeededRandom;
use server::service::{Services, users};
use server::storage::users::{User, find_user_by_email};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use authenticator::Authenticator;
pub use browser::{Browser, Reply};

/// When every test begins: 2027-01-15 08:00:00 UTC, the first second of a time step.
pub const START: Timestamp = Timestamp(1_800_000_000);
/// The password of every user of a test.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running server with its own folder and clock.
pub struct TestApp {
    pub clock: Arc<FixedClock>,
    pub services: Arc<Services>,
    pub base: String,
    pub setup_token: Option<String>,
    folder: TempDir,
    change: fn(&mut Settings),
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl TestApp {
    /// A server on an empty folder.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server on an empty folder, with changed settings.
    pub async fn start_with(change: fn(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new(START));
        Self::start_in(folder, clock, change, 1).await
    }

    async fn start_in(
        folder: TempDir,
        clock: Arc<FixedClock>,
        change: fn(&mut Settings),
        seed: u64,
    ) -> Self {
        let settings = settings(folder.path(), change);
        let random = Arc::new(SeededRandom::new(seed));
        let application = Application::build(settings, clock.clone(), random)
            .await
            .unwrap();
        let services = application.services().clone();
        let base = format!("http://{}", services.settings.listen);
        let setup_token = application
            .setup_token()
            .map(|token| token.to_text().expose().to_owned());
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            application.run(stopped).await.unwrap();
        });
        let running = Some((stop, task));
        Self {
            clock,
            services,
            base,
            setup_token,
            folder,
            change,
            running,
        }
    }

    /// The same folder and clock with a new process's memory: nothing but the disk is kept.
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        Self::start_in(self.folder, self.clock, self.change, 2).await
    }

    /// The same, with other settings.
    pub async fn restart_with(mut self, change: fn(&mut Settings)) -> Self {
        self.change = change;
        self.restart().await
    }

    /// Stops the server and keeps the folder.
    pub async fn stop(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            let _ = stop.send(());
            task.await.unwrap();
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The settings that the server was started with.
    pub fn settings(&self) -> Settings {
        settings(self.folder.path(), self.change)
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Creates a user, as the operator does.
    pub async fn create_user(&self, email: &str) {
        let user = NewUser {
            name: "Ada".to_owned(),
            email: email.to_owned(),
            account_name: "Analytical Engines".to_owned(),
            password: SecretText::new(PASSWORD),
        };
        users::create(&self.services, &user).await.unwrap();
    }

    /// A browser in which a new user is signed in with the password alone.
    pub async fn member(&self, email: &str) -> Browser {
        self.create_user(email).await;
        let mut browser = self.browser();
        browser.sign_in(email).await.expect(200);
        browser
    }

    /// A browser in which a new user has enabled two-factor authentication, and their app.
    pub async fn member_with_two_factor(&self, email: &str) -> (Browser, Authenticator) {
        let mut browser = self.member(email).await;
        let app = browser.enable_two_factor(self).await;
        (browser, app)
    }

    /// The mails that were written, once the queue is empty, oldest first.
    pub async fn mails(&self) -> Vec<String> {
        let folder = self.folder().join("outbox");
        loop {
            let queued = server::storage::mails::count_mails(self.services.database.read()).await;
            if queued.unwrap() == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    }
}

impl TestApp {
    /// Tokens of the mailed links to a page, oldest mail first.
    pub async fn links(&self, page: &str) -> Vec<String> {
        let start = format!("{page}#");
        let mails = self.mails().await;
        let tokens = mails.iter().filter_map(|mail| {
            let unfolded = mail.replace("=\r\n", "").replace("=\n", "");
            let (_, tail) = unfolded.split_once(&start)?;
            Some(
                tail.chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                    .collect(),
            )
        });
        tokens.collect()
    }

    /// How many mails have this subject.
    pub async fn count_mails(&self, subject: &str) -> usize {
        let line = format!("Subject: {subject}\r\n");
        let mails = self.mails().await;
        mails.iter().filter(|mail| mail.contains(&line)).count()
    }

    /// The user of an address.
    pub async fn user(&self, email: &str) -> User {
        let email = EmailAddress::parse(email).unwrap();
        find_user_by_email(self.services.database.read(), &email)
            .await
            .unwrap()
            .unwrap()
    }

    /// Changes rows for which there is no function yet, or no other way.
    pub async fn sql(&self, statement: &str) {
        use server::storage::ConnectionTrait as _;
        let transaction = self.services.database.begin_write().await.unwrap();
        transaction.execute_unprepared(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

fn settings(folder: &Path, change: fn(&mut Settings)) -> Settings {
    let mut settings = Settings {
        data: folder.to_owned(),
        ..Settings::default()
    };
    settings.listen = "127.0.0.1:0".parse().unwrap();
    settings.password_hash.memory_kib = 8 * 1024;
    settings.password_hash.passes = 1;
    change(&mut settings);
    settings
}
