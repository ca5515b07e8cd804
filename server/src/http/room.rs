//! The pool of connections: its limit, and which connection is closed when a new one arrives at the limit.
//!
//! A connection that has not sent a whole request yet goes first, since that costs its client nothing to have; then the one
//! that has waited longest for its next request, which every client of HTTP expects (RFC 9112 §9.5). One with a request
//! under way or an answer on its way never goes, unless its client takes the answer slower than any line that people use: who
//! comes then waits, in the queue of the system. docs/decisions/0037-connections.md

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crypto::clock::Stopwatch;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Bytes a second that a client has to take of an answer on average, where others wait for its place. A line of 128 kbit/s takes
/// twice as many.
const SLOWEST: u64 = 8 * 1024;
/// How slow answers are found, where others wait.
#[derive(Clone, Copy)]
struct Looks {
    /// For how long an answer is on its way before its pace is looked at.
    first: Duration,
    /// How often who waits looks whether one has become too slow.
    every: Duration,
}

const LOOKS: Looks = Looks {
    first: Duration::from_secs(30),
    every: Duration::from_secs(1),
};

/// The connections of one listener.
pub struct Room {
    slots: Arc<Semaphore>,
    looks: Looks,
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
    /// With an answer on its way.
    answered: BTreeMap<u64, Answering>,
    /// Somebody waits, and nobody could go.
    is_awaited: bool,
}

/// An answer on its way.
struct Answering {
    since: Stopwatch,
    /// Bytes of it that the system has taken.
    taken: u64,
    cut: CancellationToken,
}

/// Whether so many bytes are too few for the time that they took.
fn is_too_slow(taken: u64, passed: Duration, first: Duration) -> bool {
    passed >= first && u128::from(taken) < u128::from(SLOWEST) * passed.as_millis() / 1000
}

/// A connection that has a place.
pub struct Guest {
    _slot: OwnedSemaphorePermit,
    guests: Arc<Mutex<Guests>>,
    place: Mutex<ConnectionState>,
    connections: Gauge,
    /// Cancelled when it is to go, after its answer where it has one.
    pub asked_to_go: CancellationToken,
    /// Cancelled when it is to go at once, in the middle of an answer that its client hardly takes.
    pub cut: CancellationToken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConnectionState {
    Fresh(u64),
    AtWork,
    /// The answer is on its way; `is_whole` once nothing is added to it any more.
    Answering {
        number: u64,
        is_whole: bool,
    },
    Idle(u64),
}

impl Room {
    /// For so many; the gauge shows how many there are.
    pub fn new(most: u32, connections: Gauge) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(most as usize)),
            looks: LOOKS,
            most,
            guests: Arc::default(),
            connections,
        }
    }

    /// Waits for a place, for which another goes where one can; none once the room is shut.
    pub async fn enter(&self) -> Option<Guest> {
        let slot = self.slot().await?;
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
            cut: CancellationToken::new(),
        })
    }

    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(slot) = self.slots.clone().try_acquire_owned() {
            return Some(slot);
        }
        let mut is_asked = locked(&self.guests).make_room(self.looks.first);
        let mut slot = std::pin::pin!(self.slots.clone().acquire_owned());
        loop {
            tokio::select! {
                slot = &mut slot => return slot.ok(),
                () = tokio::time::sleep(self.looks.every) => {
                    // One that was asked is on its way out, and one is enough.
                    if !is_asked {
                        is_asked = locked(&self.guests).ask_slow(self.looks.first);
                    }
                }
            }
        }
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

    /// Asks one to go: whether there was one.
    fn make_room(&mut self, first: Duration) -> bool {
        let gone = self.fresh.pop_first().or_else(|| self.idle.pop_first());
        let is_asked = match gone {
            Some((_, guest)) => {
                guest.cancel();
                true
            }
            None => self.ask_slow(first),
        };
        self.is_awaited |= !is_asked;
        is_asked
    }

    /// Asks the first that takes its answer too slowly.
    fn ask_slow(&mut self, first: Duration) -> bool {
        let mut answered = self.answered.iter();
        let Some((number, _)) =
            answered.find(|(_, it)| is_too_slow(it.taken, it.since.elapsed(), first))
        else {
            return false;
        };
        let number = *number;
        if let Some(slow) = self.answered.remove(&number) {
            slow.cut.cancel();
            self.is_awaited = false;
        }
        true
    }
}

impl Guest {
    /// Whether it has not sent a whole request yet: who is asked to go looks again, since one may have come meanwhile.
    pub fn is_fresh(&self) -> bool {
        matches!(*locked(&self.place), ConnectionState::Fresh(_))
    }

    /// A request has come.
    pub fn begin_request(&self) {
        self.move_to(|_, _| ConnectionState::AtWork);
    }

    /// Its answer is on its way.
    pub fn begin_answer(&self) {
        self.move_to(|guests, guest| {
            let number = guests.number();
            let answering = Answering {
                since: Stopwatch::start(),
                taken: 0,
                cut: guest.cut.clone(),
            };
            guests.answered.insert(number, answering);
            ConnectionState::Answering {
                number,
                is_whole: false,
            }
        });
    }

    /// The system has taken so many bytes of what is sent.
    pub fn has_taken(&self, bytes: usize) {
        let place = *locked(&self.place);
        if let ConnectionState::Answering { number, .. } = place
            && let Some(answering) = locked(&self.guests).answered.get_mut(&number)
        {
            answering.taken += bytes as u64;
        }
    }

    /// Nothing is added to the answer any more.
    pub fn answer_is_whole(&self) {
        let mut place = locked(&self.place);
        if let ConnectionState::Answering { is_whole, .. } = &mut *place {
            *is_whole = true;
        }
    }

    /// Everything up to now is sent. Of a whole answer this is the end; where somebody waits, it was the last one.
    pub fn is_sent(&self) {
        let place = *locked(&self.place);
        if !matches!(place, ConnectionState::Answering { is_whole: true, .. }) {
            return;
        }
        self.move_to(|guests, guest| {
            if guests.is_awaited {
                guests.is_awaited = false;
                guest.asked_to_go.cancel();
            }
            let number = guests.number();
            guests.idle.insert(number, guest.asked_to_go.clone());
            ConnectionState::Idle(number)
        });
    }

    fn move_to(&self, next: impl FnOnce(&mut Guests, &Self) -> ConnectionState) {
        let (mut place, mut guests) = (locked(&self.place), locked(&self.guests));
        match *place {
            ConnectionState::Fresh(number) => drop(guests.fresh.remove(&number)),
            ConnectionState::Idle(number) => drop(guests.idle.remove(&number)),
            ConnectionState::Answering { number, .. } => drop(guests.answered.remove(&number)),
            ConnectionState::AtWork => {}
        }
        *place = next(&mut guests, self);
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

    fn answers(guest: &Guest) {
        guest.begin_answer();
        guest.answer_is_whole();
        guest.is_sent();
    }

    fn make_room(room: &Room) -> bool {
        locked(&room.guests).make_room(LOOKS.first)
    }

    #[tokio::test]
    async fn who_has_asked_for_nothing_goes_first_and_then_who_has_waited_longest() {
        let room = Room::new(3, Gauge::default());
        let first = room.enter().await.unwrap();
        first.begin_request();
        answers(&first);
        let second = room.enter().await.unwrap();
        let third = room.enter().await.unwrap();
        third.begin_request();
        answers(&third);
        // The second has sent nothing, though the first has waited longer.
        assert!(make_room(&room));
        assert!(second.asked_to_go.is_cancelled());
        assert!(second.is_fresh());
        drop(second);
        let fourth = room.enter().await.unwrap();
        fourth.begin_request();
        first.begin_request();
        answers(&first);
        assert!(make_room(&room));
        assert!(third.asked_to_go.is_cancelled());
        assert!(!third.is_fresh());
        assert!(!first.asked_to_go.is_cancelled() && !fourth.asked_to_go.is_cancelled());
    }

    /// Found by an attack: a request that comes in the moment in which its connection is asked to go is answered.
    #[tokio::test]
    async fn a_request_that_has_come_meanwhile_is_answered() {
        let room = Room::new(1, Gauge::default());
        let guest = room.enter().await.unwrap();
        assert!(make_room(&room));
        guest.begin_request();
        assert!(!guest.is_fresh());
    }

    #[tokio::test]
    async fn a_request_under_way_is_finished_and_then_gives_its_place() {
        let gauge = Gauge::default();
        let room = Room::new(1, gauge.clone());
        let working = room.enter().await.unwrap();
        working.begin_request();
        assert!(!make_room(&room));
        assert!(!working.asked_to_go.is_cancelled());
        working.begin_answer();
        working.is_sent();
        assert!(!working.asked_to_go.is_cancelled(), "more may come");
        working.answer_is_whole();
        working.is_sent();
        assert!(working.asked_to_go.is_cancelled());
        assert!(!room.is_empty());
        drop(working);
        room.emptied().await;
        assert_eq!((room.is_empty(), gauge.get()), (true, 0));
    }

    #[test]
    fn a_line_of_128_kbit_a_second_is_not_too_slow() {
        let seconds = Duration::from_secs;
        for (taken, passed, expected) in [
            (0, 0, false),
            (0, 29, false),
            (0, 30, true),
            (30 * 8 * 1024 - 1, 30, true),
            (30 * 8 * 1024, 30, false),
            (60 * 8 * 1024 - 1, 60, true),
            (3_600 * 16 * 1024, 3_600, false),
        ] {
            let found = is_too_slow(taken, seconds(passed), LOOKS.first);
            assert_eq!(found, expected, "{taken} bytes in {passed} s");
        }
    }

    /// An answer on its way goes on, and one that is hardly taken gives its place.
    #[tokio::test]
    async fn only_who_hardly_takes_an_answer_gives_way_in_the_middle_of_it() {
        let room = Room::new(2, Gauge::default());
        let (reader, sleeper) = (room.enter().await.unwrap(), room.enter().await.unwrap());
        for guest in [&reader, &sleeper] {
            guest.begin_request();
            guest.begin_answer();
        }
        reader.has_taken(1024 * 1024);
        assert!(!make_room(&room), "nobody is looked at yet");
        while !locked(&room.guests).ask_slow(Duration::from_millis(2)) {
            tokio::task::yield_now().await;
        }
        assert!(sleeper.cut.is_cancelled() && !reader.cut.is_cancelled());
        assert!(!sleeper.asked_to_go.is_cancelled() && !reader.asked_to_go.is_cancelled());
        assert!(!locked(&room.guests).ask_slow(Duration::from_millis(2)));
    }

    /// Who comes looks again until one has become too slow.
    #[tokio::test]
    async fn who_waits_is_let_in_once_one_has_become_too_slow() {
        let mut room = Room::new(1, Gauge::default());
        room.looks = Looks {
            first: Duration::from_millis(2),
            every: Duration::from_millis(1),
        };
        let room = Arc::new(room);
        let slow = room.enter().await.unwrap();
        slow.begin_request();
        slow.begin_answer();
        let waiting = tokio::spawn({
            let room = room.clone();
            async move { room.enter().await.is_some() }
        });
        slow.cut.cancelled().await;
        drop(slow);
        assert!(waiting.await.unwrap());
    }
}
