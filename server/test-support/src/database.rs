//! The database of a test: a file of SQLite in the test's folder, or, where `scripts/with-postgres` started a PostgreSQL, a
//! database of its own there.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex};

use app::types::timestamp::Timestamp;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait as _;
use settings::SecretSetting;
use storage::readings::database_clock;
use storage::{Location, Migrator, PostgresUrl};
use tokio::sync::OnceCell;

use super::TestApp;

/// The address of the PostgreSQL that runs beside the tests, without a database.
const VARIABLE: &str = "TEST_POSTGRES_URL";

/// Makes the names of databases differ.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Makes the file of a database with the first steps only, as an earlier version did.
pub async fn make_as_of(file: &Path, steps: u32) {
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let database = Database::connect(url).await.unwrap();
    Migrator::up(&database, Some(steps)).await.unwrap();
    database.close().await.unwrap();
}

/// A database that is gone when the test is.
pub struct TestDatabase(Option<String>);

impl TestDatabase {
    /// An empty one.
    pub async fn new() -> Self {
        let Ok(server) = std::env::var(VARIABLE) else {
            return Self(None);
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let template = template(&server).await;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        admin(&server).await.execute_unprepared(&sql).await.unwrap();
        Self(Some(format!("{server}/{name}")))
    }

    /// One without a schema.
    pub async fn empty() -> Self {
        let Ok(server) = std::env::var(VARIABLE) else {
            return Self(None);
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let sql = format!("CREATE DATABASE {name}");
        admin(&server).await.execute_unprepared(&sql).await.unwrap();
        Self(Some(format!("{server}/{name}")))
    }

    /// What the setting `database_url` is.
    pub fn url(&self) -> Option<SecretSetting> {
        self.0.clone().map(SecretSetting)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(url) = self.0.take() {
            let _ = WASTE.lock().unwrap().send(url);
        }
    }
}

/// Databases that no test needs any more; a thread of its own drops them, since a test that ends cannot wait.
static WASTE: LazyLock<Mutex<Sender<String>>> = LazyLock::new(|| {
    let (sender, receiver) = channel::<String>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        for url in receiver {
            let (server, name) = url.rsplit_once('/').unwrap();
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            let _ = runtime.block_on(async { admin(server).await.execute_unprepared(&sql).await });
        }
    });
    Mutex::new(sender)
});

async fn admin(server: &str) -> DatabaseConnection {
    Database::connect(format!("{server}/postgres"))
        .await
        .unwrap()
}

/// A database with the schema in it, made once; copying it is quicker than making the schema for each test.
async fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("template_{}", std::process::id());
            let sql = format!("CREATE DATABASE {name}");
            admin(server).await.execute_unprepared(&sql).await.unwrap();
            let url = PostgresUrl::new(&format!("{server}/{name}"));
            let location = Location::Postgres(url);
            let database = storage::Database::open(&location).await.unwrap();
            database.close().await.unwrap();
            name
        })
        .await
}

impl TestApp {
    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.services.database.read().get_database_backend() == DbBackend::Postgres
    }

    /// Sets the clock to that of the database, which a server compares it with before it is ready; SQLite has none.
    pub async fn set_clock_by_database(&self) {
        let clock = database_clock(self.services.database.read()).await.unwrap();
        if let Some(millis) = clock {
            self.clock.set(Timestamp(millis / 1000));
        }
    }

    /// What the environment of a process of ours says about the database.
    pub fn database_variable(&self) -> Option<(&'static str, String)> {
        let url = self.settings().database_url?;
        Some(("TWOFOLD_DATABASE_URL", url.0))
    }

    /// One of two spellings of what the two databases do not spell alike.
    pub fn either<'a>(&self, sqlite: &'a str, postgres: &'a str) -> &'a str {
        if self.is_postgres() { postgres } else { sqlite }
    }

    /// What makes a new id in the database's own SQL.
    pub fn new_id(&self) -> &'static str {
        self.either("randomblob(16)", "gen_random_uuid()")
    }

    /// An id in the database's own SQL.
    pub fn id(&self, hex: &str) -> String {
        let prefix = self.either("x", "");
        format!("{prefix}'{hex}'")
    }

    /// Bytes in the database's own SQL.
    pub fn bytes(&self, hex: &str) -> String {
        if self.is_postgres() {
            format!("'\\x{hex}'")
        } else {
            format!("x'{hex}'")
        }
    }

    /// A number that grows with every transaction that changed something.
    pub async fn changes(&self) -> i64 {
        let query = self.either(
            "SELECT total_changes()",
            "SELECT txid_snapshot_xmax(txid_current_snapshot())",
        );
        self.number(query).await
    }

    /// Everything that the database keeps, in parts with names: the files of `SQLite`, with what was deleted; the tables of
    /// `PostgreSQL`, as text and as the bytes that the text stands for.
    pub async fn stored(&self) -> Vec<(String, Vec<u8>)> {
        if self.is_postgres() {
            return self.stored_tables().await;
        }
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        let named = files.map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, path)
        });
        named
            .filter(|(name, _)| name.starts_with("twofold.db"))
            .map(|(name, path)| (name, std::fs::read(path).unwrap()))
            .collect()
    }

    async fn stored_tables(&self) -> Vec<(String, Vec<u8>)> {
        let mut parts = Vec::new();
        for table in self.tables().await {
            let rows = self.texts(&format!("SELECT t::text FROM {table} t")).await;
            let text = rows.join("\n");
            let mut bytes = text.clone().into_bytes();
            for hex in text.split("\\x").skip(1) {
                let end = hex.find(|c: char| !c.is_ascii_hexdigit());
                let hex = &hex[..end.unwrap_or(hex.len())];
                bytes.extend(data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
            }
            parts.push((table, bytes));
        }
        parts
    }

    /// How many rows have changed since there were so many changes.
    pub async fn rows_changed_since(&self, before: i64) -> i64 {
        if !self.is_postgres() {
            return self.changes().await - before;
        }
        let mut rows = 0;
        for table in self.tables().await {
            let query =
                format!("SELECT count(*) FROM {table} WHERE xmin::text::bigint >= {before}");
            rows += self.number(&query).await;
        }
        rows
    }

    /// The names of all tables, the database's own aside.
    pub async fn tables(&self) -> Vec<String> {
        let query = self.either(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
        );
        self.texts(query).await
    }

    /// The first column of every row, each of which is a text.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let transaction = self.services.database.begin_write().await.unwrap();
        let statement = sea_orm::Statement::from_string(transaction.get_database_backend(), query);
        let rows = transaction.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }
}
