//! A server for a test, browsers that talk to it, and authenticator apps.

mod accounts;
mod authenticator;
mod browser;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use app::types::timestamp::Timestamp;
use server::application::Application;
use server::config::Settings;
use server::crypto::clock::FixedClock;
use server::crypto::random::SeededRandom;
use server::service::{Services, users};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use accounts::{AdaAndBob, ada_and_bob};
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

    /// Waits until everything that is to be announced by now is a mail in the queue.
    pub async fn announcements_written(&self) {
        use server::crypto::clock::Clock as _;
        use server::storage::announcements::count_due_announcements;
        let due = || count_due_announcements(self.services.database.read(), self.clock.now());
        while due().await.unwrap() > 0 {
            self.services.announced.notify_one();
            tokio::task::yield_now().await;
        }
    }

    /// The mails that were written, once the queue is empty, oldest first.
    pub async fn mails(&self) -> Vec<String> {
        let folder = self.folder().join("outbox");
        self.announcements_written().await;
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
