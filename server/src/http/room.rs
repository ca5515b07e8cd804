//! The pool of connections: its limit, and which connection is closed when a new one arrives at the limit.
//!
//! A connection that has not sent a whole request yet goes first, since that costs its client nothing to have; then the one
//! that has waited longest for its next request, which every client of HTTP expects (RFC 9112 §9.5). One with a request
//! under way never goes: who comes then waits, in the queue of the system. docs/decisions/0037-connections.md

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// The connections of one listener.
pub struct Room {
    slots: Arc<Semaphore>,
    most: u32,
    guests: Arc<Mutex<Guests>>,
    connections: Gauge,
}

/// Who could go, the one that has waited longest first.
#[derive(Default)]
struct Guests {
    next: u64,
    /// Without a whole request up to now.
    fresh: BTreeMap<u64, CancellationToken>,
    /// Between two requests.
    idle: BTreeMap<u64, CancellationToken>,
    /// Somebody waits, and nobody could go.
    is_awaited: bool,
}

/// A connection that has a place.
pub struct Guest {
    _slot: OwnedSemaphorePermit,
    guests: Arc<Mutex<Guests>>,
    place: Mutex<ConnectionState>,
    connections: Gauge,
    /// Cancelled when it is to go.
    pub asked_to_go: CancellationToken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConnectionState {
    Fresh(u64),
    AtWork,
    Idle(u64),
}

impl Room {
    /// For so many; the gauge shows how many there are.
    pub fn new(most: u32, connections: Gauge) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(most as usize)),
            most,
            guests: Arc::default(),
            connections,
        }
    }

    /// Waits for a place, for which another goes where one can; none once the room is shut.
    pub async fn enter(&self) -> Option<Guest> {
        let slot = if let Ok(slot) = self.slots.clone().try_acquire_owned() {
            slot
        } else {
            locked(&self.guests).make_room();
            self.slots.clone().acquire_owned().await.ok()?
        };
        let asked_to_go = CancellationToken::new();
        let mut guests = locked(&self.guests);
        guests.is_awaited = false;
        let number = guests.number();
        guests.fresh.insert(number, asked_to_go.clone());
        self.connections.inc();
        Some(Guest {
            _slot: slot,
            guests: self.guests.clone(),
            place: Mutex::new(ConnectionState::Fresh(number)),
            connections: self.connections.clone(),
            asked_to_go,
        })
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.slots.available_permits() == self.most as usize
    }

    /// Waits until nobody is there.
    pub async fn emptied(&self) {
        let _all = self.slots.acquire_many(self.most).await;
    }
}

impl Guests {
    const fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn make_room(&mut self) {
        let gone = self.fresh.pop_first().or_else(|| self.idle.pop_first());
        match gone {
            Some((_, guest)) => guest.cancel(),
            None => self.is_awaited = true,
        }
    }
}

impl Guest {
    /// Whether it has not sent a whole request yet.
    pub fn is_fresh(&self) -> bool {
        matches!(*locked(&self.place), ConnectionState::Fresh(_))
    }

    /// A request has come.
    pub fn begin_request(&self) {
        self.move_to(|_, _| ConnectionState::AtWork);
    }

    /// Its answer is on the way; where somebody waits, this is the last one.
    pub fn end_request(&self) {
        self.move_to(|guests, asked_to_go| {
            if guests.is_awaited {
                guests.is_awaited = false;
                asked_to_go.cancel();
            }
            let number = guests.number();
            guests.idle.insert(number, asked_to_go.clone());
            ConnectionState::Idle(number)
        });
    }

    fn move_to(&self, next: impl FnOnce(&mut Guests, &CancellationToken) -> ConnectionState) {
        let (mut place, mut guests) = (locked(&self.place), locked(&self.guests));
        match *place {
            ConnectionState::Fresh(number) => guests.fresh.remove(&number),
            ConnectionState::Idle(number) => guests.idle.remove(&number),
            ConnectionState::AtWork => None,
        };
        *place = next(&mut guests, &self.asked_to_go);
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.move_to(|_, _| ConnectionState::AtWork);
        self.connections.dec();
    }
}

/// What it guards is whole between two statements: a panic elsewhere spoils nothing.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_asked_for_nothing_goes_first_and_then_who_has_waited_longest() {
        let room = Room::new(3, Gauge::default());
        let first = room.enter().await.unwrap();
        first.begin_request();
        first.end_request();
        let second = room.enter().await.unwrap();
        let third = room.enter().await.unwrap();
        third.begin_request();
        third.end_request();
        // The second has sent nothing, though the first has waited longer.
        locked(&room.guests).make_room();
        assert!(second.asked_to_go.is_cancelled());
        drop(second);
        let fourth = room.enter().await.unwrap();
        fourth.begin_request();
        first.begin_request();
        first.end_request();
        locked(&room.guests).make_room();
        assert!(third.asked_to_go.is_cancelled());
        assert!(!first.asked_to_go.is_cancelled() && !fourth.asked_to_go.is_cancelled());
    }

    #[tokio::test]
    async fn a_request_under_way_is_finished_and_then_gives_its_place() {
        let gauge = Gauge::default();
        let room = Room::new(1, gauge.clone());
        let working = room.enter().await.unwrap();
        working.begin_request();
        locked(&room.guests).make_room();
        assert!(!working.asked_to_go.is_cancelled());
        working.end_request();
        assert!(working.asked_to_go.is_cancelled());
        assert!(!room.is_empty());
        drop(working);
        room.emptied().await;
        assert_eq!((room.is_empty(), gauge.get()), (true, 0));
    }
}
