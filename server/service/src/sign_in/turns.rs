//! Turns: a queue for each address, and for each session with its step-ups, that checks only a few passwords at a time. Each
//! check takes a try until the password is known to be correct, so without the queue many correct ones at once would be
//! refused as wrong.
//! docs/decisions/0012-guessing.md
//!
//! A turn is a courtesy and never a door: whoever has waited long enough, or finds a long line, goes on without one, and
//! is then counted as if there were no turns. So nobody keeps a person from signing in by standing in their line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Looked at at once by one server. Three servers together stay below the ten tries that strangers and sessions have.
const AT_ONCE: usize = 3;
/// The longest that anybody waits.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Who finds more at an address than these goes on at once.
const MOST_AT_AN_ADDRESS: usize = 64;

/// A line for each address that strangers sign in with now, and for each session in which a step-up is given now.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Line>>>);

struct Line {
    permits: Arc<Semaphore>,
    /// How many wait or have a turn.
    present: usize,
}

/// A place in the queue of an address, until it is dropped.
pub struct Place {
    turns: Turns,
    address: String,
    permits: Arc<Semaphore>,
    is_far_back: bool,
}

/// A turn, or what stands for one after a long wait, until it is dropped.
pub struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    _place: Place,
}

impl Turn {
    /// Whether it was waited for; else its holder has gone on without one.
    pub const fn is_one(&self) -> bool {
        self.permit.is_some()
    }
}

impl Turns {
    /// Takes a place at an address, whether or not it has a user, or at another word that is no address.
    pub fn stand(&self, address: &str) -> Place {
        let mut lines = self.lines();
        let line = lines.entry(address.to_owned()).or_insert_with(|| Line {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            present: 0,
        });
        line.present += 1;
        Place {
            turns: self.clone(),
            address: address.to_owned(),
            permits: Arc::clone(&line.permits),
            is_far_back: line.present > MOST_AT_AN_ADDRESS,
        }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// A turn, where nobody has to be waited for; the place otherwise.
    pub fn at_once(self) -> Result<Turn, Self> {
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => Ok(Turn {
                permit: Some(permit),
                _place: self,
            }),
            Err(_) => Err(self),
        }
    }

    /// Waits for a turn, but not for long.
    pub async fn wait(self) -> Turn {
        self.wait_at_most(LONGEST_WAIT).await
    }

    async fn wait_at_most(self, longest: Duration) -> Turn {
        let permit = if self.is_far_back {
            None
        } else {
            let turn = Arc::clone(&self.permits).acquire_owned();
            let waited = tokio::time::timeout(longest, turn).await;
            waited.ok().and_then(Result::ok)
        };
        Turn {
            permit,
            _place: self,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = self.turns.lines();
        if let Some(line) = lines.get_mut(&self.address) {
            line.present -= 1;
            if line.present == 0 {
                lines.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada@example.org";

    fn all_turns(turns: &Turns) -> Vec<Turn> {
        let held = (0..AT_ONCE).map(|_| turns.stand(ADA).at_once().ok().unwrap());
        held.collect()
    }

    #[tokio::test]
    async fn few_have_a_turn_at_once_and_the_next_comes_when_one_is_over() {
        let turns = Turns::default();
        let mut held = all_turns(&turns);
        let place = turns.stand(ADA).at_once().err().unwrap();
        assert!(turns.stand("bob@example.org").at_once().is_ok());
        let next = tokio::spawn(place.wait_at_most(Duration::MAX));
        tokio::task::yield_now().await;
        assert!(!next.is_finished());
        held.pop();
        assert!(next.await.unwrap().is_one());
    }

    #[tokio::test]
    async fn nobody_waits_long_whoever_stands_before_them() {
        let turns = Turns::default();
        let _held = all_turns(&turns);
        let turn = turns.stand(ADA).wait_at_most(Duration::ZERO).await;
        assert!(!turn.is_one());
    }

    #[tokio::test]
    async fn who_finds_a_long_line_goes_on_at_once() {
        let turns = Turns::default();
        let _held = all_turns(&turns);
        let in_line: Vec<_> = (AT_ONCE..MOST_AT_AN_ADDRESS)
            .map(|_| turns.stand(ADA))
            .collect();
        assert!(in_line.iter().all(|place| !place.is_far_back));
        // It would wait for ever.
        let turn = turns.stand(ADA).wait_at_most(Duration::MAX).await;
        assert!(!turn.is_one());
    }

    #[tokio::test]
    async fn lines_where_nobody_stands_are_forgotten() {
        let turns = Turns::default();
        for n in 0..10 {
            drop(turns.stand(&format!("{n}@example.org")).at_once());
        }
        let held = turns.stand(ADA).at_once();
        assert_eq!(turns.lines().len(), 1);
        drop(held);
        assert!(turns.lines().is_empty());
    }
}
