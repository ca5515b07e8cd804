//! Waits for background work, with a time limit that fails the test.

use crypto::clock::Stopwatch;
use storage::ConnectionTrait as _;

use super::TestApp;

/// The longest that a test waits for anything, in seconds, however busy the machine.
const LONGEST: f64 = 120.0;
/// Seconds after which a mail that no worker touches is said to be put off. Handing one over takes milliseconds.
const UNTOUCHED: f64 = 5.0;

/// Waits until something holds.
pub async fn wait_until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Stopwatch::start();
    while !holds().await {
        assert!(began.seconds() < LONGEST, "waited in vain: {what}");
        tokio::task::yield_now().await;
    }
}

/// What comes of a wait for something that somebody else does.
pub async fn in_time<T>(what: &str, awaited: impl Future<Output = T>) -> T {
    let longest = std::time::Duration::from_secs_f64(LONGEST);
    let Ok(value) = tokio::time::timeout(longest, awaited).await else {
        panic!("waited in vain: {what}");
    };
    value
}

impl TestApp {
    /// Waits until no mail is due or under way; those that wait for their mailbox's next day, which nobody has tried, stay.
    /// The clock of a test stands still, so that a mail that was put off never leaves: that fails within seconds.
    pub async fn mails_gone(&self) {
        let (mut seen, mut since) = (Vec::new(), Stopwatch::start());
        loop {
            let now = self.services.now().seconds();
            let queue = self.tried_or_due(now).await;
            if queue.is_empty() {
                return;
            }
            let is_put_off = queue.iter().all(|(next_try_at, _)| *next_try_at > now);
            if queue != seen {
                (seen, since) = (queue, Stopwatch::start());
            }
            assert!(
                !is_put_off || since.seconds() < UNTOUCHED,
                "mails were put off and the clock stands still: advance it, or see why they could not be handed over \
                 (now {now}; next try and tries: {seen:?})"
            );
            assert!(since.seconds() < LONGEST, "a mail does not leave: {seen:?}");
            // By itself the server looks every few seconds for what the moved clock has made due.
            self.services.mail_queued.notify_one();
            tokio::task::yield_now().await;
        }
    }

    /// When the next try of each mail is that is due or was tried before, and how often.
    async fn tried_or_due(&self, now: i64) -> Vec<(i64, i32)> {
        let db = self.services.database.read();
        let sql = format!(
            "SELECT next_try_at, tries FROM mails WHERE next_try_at <= {now} OR tries > 0
             ORDER BY id"
        );
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| {
                let (next, tries) = (row.try_get("", "next_try_at"), row.try_get("", "tries"));
                (next.unwrap(), tries.unwrap())
            })
            .collect()
    }
}
