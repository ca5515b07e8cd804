//! A server for a test, browsers that talk to it, and authenticator apps.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; the lint knows only functions marked as tests"
)]
#![expect(
    clippy::return_self_not_must_use,
    reason = "most tests only want the assertion, not the reply that it returns"
)]

mod accounts;
mod authenticator;
mod before_tags;
mod browser;
mod database;
mod log;
mod mail_server;
mod mailbox;
mod patience;
mod program;
mod sms_gateway;
mod team;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::types::day::Day;
use app::types::email::EmailAddress;
use app::types::secret_text::SecretText;
use app::types::setup::NewUser;
use app::types::timestamp::Timestamp;
use crypto::clock::FixedClock;
use crypto::random::SeededRandom;
use domain::days::Zone;
use server::application::Application;
use service::{Services, users};
use settings::{SecretSetting, Settings};
use storage::accounts::accounts_of;
use storage::users::{User, find_user_by_email};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use accounts::{AdaAndBob, ada_and_bob};
pub use authenticator::Authenticator;

pub use browser::{Browser, Reply};
pub use database::{TestDatabase, make_as_of};
pub use log::Lines;
pub use mail_server::MailServer;
pub use mailbox::Mailbox;
pub use patience::{in_time, wait_until};
pub use program::{Program, Said, ServerProcess, kill};
pub use sms_gateway::{Answer, NUMBER, SMS_SECRET, SmsGateway};
pub use team::{OWNER, Team, invitation, invitation_token, last_mail_to, subject, unfolded};

/// What a test changes in the settings; kept, so that a restart changes the same.
type Change = Arc<dyn Fn(&mut Settings) + Send + Sync>;

/// When every test begins: 2027-01-15 08:00:00 UTC, the first second of a time step.
pub const START: Timestamp = Timestamp(1_800_000_000);
/// The first moment of the day that is so many days after that of [`START`], in UTC.
pub const fn in_days(days: i64) -> Timestamp {
    const DAY: i64 = 86_400;
    Timestamp((START.0 / DAY + days) * DAY)
}

/// The day of a moment, in UTC.
pub fn day_of(at: Timestamp) -> Day {
    Zone::UTC.day_of(at)
}

/// The step of the answers that leave in steps: short, so that tests do not wait, and long enough for the mail worker, which
/// has the same thread in a test, to be done before it ends.
pub const ANSWER_STEP: Duration = Duration::from_millis(20);
/// The password of every user of a test.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running server with its own folder and clock.
pub struct TestApp {
    /// The time of the server, which stands until it is moved.
    pub clock: Arc<FixedClock>,
    /// What the use cases of the server work with.
    pub services: Arc<Services>,
    /// The address of the server.
    pub base: String,
    /// The token of the set-up link, where nobody exists.
    pub setup_token: Option<String>,
    folder: TempDir,
    database: TestDatabase,
    change: Change,
    /// Of the randomness; a restart takes the next, since nothing is drawn twice in life.
    seed: u64,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl TestApp {
    /// A server on an empty folder.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server on an empty folder, with changed settings.
    pub async fn start_with(change: impl Fn(&mut Settings) + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new(START));
        let database = TestDatabase::new().await;
        Self::start_in(folder, database, clock, Arc::new(change), 1).await
    }

    /// A server on data that are there already, at a moment.
    pub async fn start_on(folder: TempDir, database: TestDatabase, now: Timestamp) -> Self {
        let clock = Arc::new(FixedClock::new(now));
        Self::start_in(folder, database, clock, Arc::new(|_| {}), 1).await
    }

    /// A server whose mail server is set and takes every letter, and what its folder of mails is filled by.
    pub async fn start_with_mail(
        change: impl Fn(&mut Settings) + Send + Sync + 'static,
    ) -> (Self, Mailbox) {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = Mailbox::start(folder.path()).await;
        let url = mailbox.url();
        let change = move |settings: &mut Settings| {
            settings.mail.smtp_url = Some(SecretSetting(url.clone()));
            change(settings);
        };
        let clock = Arc::new(FixedClock::new(START));
        let database = TestDatabase::new().await;
        let app = Self::start_in(folder, database, clock, Arc::new(change), 1).await;
        (app, mailbox)
    }

    async fn start_in(
        folder: TempDir,
        database: TestDatabase,
        clock: Arc<FixedClock>,
        change: Change,
        seed: u64,
    ) -> Self {
        let settings = settings(folder.path(), &database, change.as_ref());
        let random = Arc::new(SeededRandom::new(seed));
        let application = Application::build(settings, clock.clone(), random)
            .await
            .unwrap()
            .answering_every(ANSWER_STEP);
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
            application.run(stopped).await;
        });
        let running = Some((stop, task));
        Self {
            clock,
            services,
            base,
            setup_token,
            folder,
            database,
            change,
            seed,
            running,
        }
    }

    /// The same folder and clock with a new process's memory: nothing but the disk is kept.
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        let seed = self.seed + 1;
        Self::start_in(self.folder, self.database, self.clock, self.change, seed).await
    }

    /// The same, with other settings.
    pub async fn restart_with(
        mut self,
        change: impl Fn(&mut Settings) + Send + Sync + 'static,
    ) -> Self {
        self.change = Arc::new(change);
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
        settings(self.folder.path(), &self.database, self.change.as_ref())
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
        users::create(&self.services, &user, Zone::UTC)
            .await
            .unwrap();
    }

    /// A browser in which a new user is signed in with the password alone, and that has proven their mailbox.
    pub async fn member(&self, email: &str) -> Browser {
        self.create_user(email).await;
        let mut browser = self.browser();
        browser.sign_in(email).await.expect(200);
        self.prove_mailbox(email).await;
        browser
    }

    /// The time of the server's clock, in Unix seconds.
    pub fn clock_seconds(&self) -> i64 {
        use crypto::clock::Clock as _;
        self.clock.now().seconds()
    }

    /// Makes every browser that is known to a user by now one that has proven their mailbox, as a mailed link does.
    pub async fn prove_mailbox(&self, email: &str) {
        use crypto::clock::Clock as _;
        let now = self.clock.now().seconds();
        self.sql(&format!(
            "UPDATE known_browsers SET mailbox_proven_at = {now}
             WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"
        ))
        .await;
    }

    /// The code that was mailed last to an address.
    pub async fn mailed_code(&self, email: &str) -> String {
        let to = format!("To: {email}");
        let is_code = |line: &&str| {
            let is_part = |at: usize, byte: u8| match at {
                4 => byte == b'-',
                _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            };
            line.len() == 9 && line.bytes().enumerate().all(|(at, byte)| is_part(at, byte))
        };
        let mails = self.mails().await;
        let theirs = mails.iter().rev().filter(|mail| mail.contains(&to));
        let mut codes = theirs.filter_map(|mail| mail.lines().map(str::trim).find(is_code));
        codes.next().unwrap().to_owned()
    }

    /// A browser in which a new user has enabled two-factor authentication, and their app.
    pub async fn member_with_two_factor(&self, email: &str) -> (Browser, Authenticator) {
        let mut browser = self.member(email).await;
        let app = browser.enable_two_factor(self).await;
        (browser, app)
    }

    /// Waits until everything that is to be announced by now is a mail in the queue.
    pub async fn announcements_written(&self) {
        use crypto::clock::Clock as _;
        use storage::announcements::count_due_announcements;
        let due = || count_due_announcements(self.services.database.read(), self.clock.now());
        wait_until("announcements are written", async || {
            self.services.announced.notify_one();
            due().await.unwrap() == 0
        })
        .await;
    }

    /// The id of the account that a user owns.
    pub async fn account_of(&self, email: &str) -> String {
        let db = self.services.database.read();
        let email = EmailAddress::parse(email).unwrap();
        let user = find_user_by_email(db, &email).await.unwrap().unwrap();
        let accounts = accounts_of(db, user.id).await.unwrap();
        let own = accounts
            .into_iter()
            .find(|one| one.account.owner == user.id);
        own.unwrap().account.id.to_string()
    }

    /// Kind and value of every line of the audit log, sorted.
    pub async fn events(&self) -> Vec<String> {
        use storage::ConnectionTrait as _;
        let db = self.services.database.read();
        let statement = sea_orm::Statement::from_string(
            db.get_database_backend(),
            "SELECT kind, data FROM audit_events",
        );
        let rows = db.query_all_raw(statement).await.unwrap();
        let mut lines: Vec<_> = rows
            .iter()
            .map(|row| {
                let kind: String = row.try_get("", "kind").unwrap();
                let data: Option<String> = row.try_get("", "data").unwrap();
                format!("{kind} {}", value_of(data)).trim_end().to_owned()
            })
            .collect();
        lines.sort();
        lines
    }

    /// Waits until everything due is mailed, and moves the clock on by a second. The names of mails sort by the second in which
    /// they were queued, so what is mailed after this is last in [`Self::mails`].
    pub async fn next_mails_are_last(&self) {
        self.announcements_written().await;
        self.mails_gone().await;
        self.clock.advance(1);
    }

    /// The mails that were written, once nothing is due or under way, oldest first.
    pub async fn mails(&self) -> Vec<String> {
        let folder = self.folder().join("outbox");
        self.announcements_written().await;
        self.mails_gone().await;
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

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        use storage::ConnectionTrait as _;
        let db = self.services.database.read();
        let sql = format!("SELECT COUNT(*) AS count FROM {table}");
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get("", "count").unwrap()
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
}

/// The one value of an event's data: a text as it is, anything else as JSON.
fn value_of(data: Option<String>) -> String {
    let data = data.unwrap_or_else(|| "{}".to_owned());
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&data).unwrap();
    assert!(members.len() < 2, "{data}");
    let value = members.into_iter().next().map(|(_, value)| value);
    value.map_or_else(String::new, |value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    })
}

fn settings(folder: &Path, database: &TestDatabase, change: &dyn Fn(&mut Settings)) -> Settings {
    let mut settings = Settings {
        data: folder.to_owned(),
        database_url: database.url(),
        ..Settings::default()
    };
    settings.listen = "127.0.0.1:0".parse().unwrap();
    settings.password_hash.memory_kib = 8 * 1024;
    settings.password_hash.passes = 1;
    // A test does within one second of its clock what people do in days.
    settings.limits.acts_per_user = 100_000;
    settings.limits.sign_ins_per_browser = 100_000;
    settings.limits.sign_ins_per_user = 100_000;
    change(&mut settings);
    settings
}
