//! Requests that may change something run to their end, whatever becomes of their connection.
//!
//! hyper drops the future of a request when its client cuts the connection. Dropped while a password is compared, it would
//! keep the try that was taken before: ten correct passwords over a bad network would end the session, or pause the
//! sign-in. So such a request has a task of its own. It keeps its connection's place in the room: there are never more
//! requests than places, and a clean stop waits for them as for connections. docs/decisions/0012-guessing.md

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::Arc;

use super::room::Guest;

/// Does the work of a request to its end. Where it panics, its connection breaks off, as with work that nobody spawned.
pub async fn to_its_end<T: Send + 'static>(
    guest: Arc<Guest>,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let work = tokio::spawn(async move {
        let done = work.await;
        drop(guest);
        done
    });
    match work.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => resume_unwind(panic),
        // The runtime ends, and the connection with it.
        Err(Err(_)) => pending().await,
    }
}
