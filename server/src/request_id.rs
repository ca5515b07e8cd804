//! The id of a request: ours, never the client's. It is in every line of the log that the request leads to, in the
//! answer's `x-request-id`, and where there is a fault it is the reference that the page shows.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crypto::random::{SystemRandom, bytes};

tokio::task_local! {
    static CURRENT: String;
}

/// What a process starts from. An id decides nothing, so it takes no part in the randomness that tests seed.
static START: LazyLock<[u8; 8]> = LazyLock::new(|| bytes(&SystemRandom));

/// A new id, unique in this process and very likely among processes. It does not reveal how many requests there were.
pub fn next() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let [a, b, c, d, key @ ..] = *START;
    // Multiplying by an odd constant and XOR are bijections, so ids stay unique.
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let count = count.wrapping_mul(0x9e37_79b1) ^ u32::from_be_bytes(key);
    format!("{:08x}-{count:08x}", u32::from_be_bytes([a, b, c, d]))
}

/// The id of the request that this is done for.
pub fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Does something for the request of that id.
pub async fn within<T>(id: String, work: impl Future<Output = T>) -> T {
    CURRENT.scope(id, work).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::next;

    #[test]
    fn no_two_requests_share_an_id() {
        let ids: BTreeSet<_> = (0..1000).map(|_| next()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
